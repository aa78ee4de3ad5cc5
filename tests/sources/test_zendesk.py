"""Zendesk against its vendor server: pulls, increments, edits, deletions, and every fault."""

import json
from datetime import date, datetime

import pytest

from cxnlp.errors import CxnlpError
from cxnlp.night.context import Window
from cxnlp.tables import CURSORS, DROPPED, FEEDBACK, QUARANTINE
from tests.sources.bench import Bench, ask_here, read_source, same_tables
from tests.vendors.zendesk import AGENT, PASSWORD, USERNAME, Ticket, Zendesk, comment

MAY = int(datetime.fromisoformat("2026-05-01T08:00:00+00:00").timestamp())
HOUR = 3600


@pytest.fixture(autouse=True)
def _credentials(monkeypatch):
    monkeypatch.setenv("ZENDESK_USER", USERNAME)
    monkeypatch.setenv("ZENDESK_TOKEN", PASSWORD)


def filled() -> Zendesk:
    """Eight tickets on three pages; one is without words."""
    vendor = Zendesk(page_size=3)
    for number in range(1, 9):
        at = MAY + number * HOUR
        words = "" if number == 5 else f"My parcel number {number} has not come, it is late again."
        vendor.put(Ticket(number, 100 + number, "Late", at, at, [comment(100 + number, words, at)]))
    vendor.say(2, AGENT, "It left the depot this morning.", MAY + 20 * HOUR)
    vendor.say(2, AGENT, "Carrier lost it, do not tell.", MAY + 21 * HOUR, public=False)
    vendor.say(2, 102, "Thank you, it came.", MAY + 22 * HOUR)
    return vendor


def bench_of(folder, vendor, **bounds):
    change = ask_here(vendor.url, "/api/v2/", **bounds)
    return Bench(folder, {"feedback": read_source("zendesk", change)["feedback"]}, vendor)


@pytest.fixture
def zendesk():
    with filled().serving() as vendor:
        yield vendor


@pytest.fixture
def bench(tmp_path, zendesk):
    return bench_of(tmp_path / "one", zendesk)


@pytest.fixture
def sound(tmp_path):
    """The tables of a pull without faults."""
    with filled().serving() as vendor:
        bench = bench_of(tmp_path / "sound", vendor)
        bench.pull("zendesk")
        return bench.tables()


def test_a_full_pull_takes_every_ticket_with_its_turns(bench):
    receipt = bench.pull("zendesk")
    assert (receipt.records, receipt.items, receipt.dropped, receipt.quarantined) == (8, 7, 1, 0)
    rows = bench.lake.read(FEEDBACK).set_index("item_id")
    thread = rows.loc["zendesk-2"]
    assert thread["text"] == "My parcel number 2 has not come, it is late again.\nThank you, it came."
    assert [(turn["who"], turn["at"]) for turn in json.loads(thread["turns"])] == [
        ("customer", "2026-05-01T10:00:00Z"),
        ("agent", "2026-05-02T04:00:00Z"),
        ("customer", "2026-05-02T06:00:00Z"),
    ]
    assert (thread["channel"], thread["transfer_count"], thread["reopen_count"]) == ("email", 1, 0)
    assert thread["source_updated_at"].isoformat() == "2026-05-02T06:00:00+00:00"
    assert rows["customer_key"].nunique() == 7
    dropped = bench.lake.read(DROPPED)
    assert dropped[["position", "reason"]].values.tolist() == [["incremental/tickets/cursor:5", "empty_text"]]


def test_a_second_pull_asks_from_the_cursor_and_changes_nothing(bench, zendesk):
    bench.pull("zendesk")
    before, asked = bench.tables(), len(zendesk.asked)
    version = bench.lake.version(FEEDBACK)
    receipt = bench.pull("zendesk")
    assert (receipt.records, bench.lake.version(FEEDBACK)) == (0, version)
    assert [request.query.keys() >= {"cursor"} for request in zendesk.asked[asked:]] == [True]
    same_tables(bench.tables(), before)


def test_an_increment_takes_what_is_new_edited_reopened_and_merged(bench, zendesk):
    bench.pull("zendesk")
    at = MAY + 48 * HOUR
    zendesk.put(Ticket(9, 109, "Bill", at, at, [comment(109, "I was charged twice for May.", at)]))
    zendesk.say(3, 103, "Still nothing, day four.", at)
    zendesk.reopen(4, at)
    zendesk.merge(6, into=7, at=at)
    receipt = bench.pull("zendesk")
    assert receipt.records == 5
    rows = bench.lake.read(FEEDBACK).set_index("item_id")
    assert rows.loc["zendesk-3", "text"].endswith("Still nothing, day four.")
    assert rows.loc["zendesk-4", "reopen_count"] == 1
    assert json.loads(rows.loc["zendesk-6", "segments"]) == {"status": "closed", "tags": "closed_by_merge"}
    assert "zendesk-9" in rows.index


def test_a_deleted_ticket_keeps_its_words_and_says_that_it_is_deleted(bench, zendesk):
    bench.pull("zendesk")
    said = bench.lake.read(FEEDBACK).set_index("item_id").loc["zendesk-4", "text"]
    zendesk.delete(4, MAY + 50 * HOUR)
    zendesk.put(Ticket(10, 110, "?", MAY, MAY, []))
    zendesk.delete(10, MAY + 51 * HOUR)
    bench.pull("zendesk")
    row = bench.lake.read(FEEDBACK).set_index("item_id").loc["zendesk-4"]
    assert (row["text"], row["is_deleted_at_source"]) == (said, True)
    assert row["deleted_at"].isoformat() == "2026-05-03T10:00:00+00:00"
    dropped = bench.lake.read(DROPPED).set_index("position")["reason"]
    assert dropped["incremental/tickets/cursor:10"] == "deleted_at_source"


@pytest.mark.parametrize("fault", ["429", "500", "503", "slow", "cut", "cut_gzip"])
def test_a_fault_that_passes_leaves_no_mark(bench, zendesk, sound, fault):
    zendesk.strike(fault, times=2, after=1)
    zendesk.slow_seconds = 1.5
    bench.pull("zendesk")
    assert sum(zendesk.faults.values()) == 0
    same_tables(bench.tables(), sound)


@pytest.mark.parametrize("fault", ["500", "cut", "not_json", "redirect", "bomb"])
def test_a_fault_that_stays_stops_the_pull_and_the_next_one_catches_up(bench, zendesk, sound, fault):
    zendesk.strike(fault, times=99, after=2)
    with pytest.raises(CxnlpError, match="source zendesk"):
        bench.pull("zendesk")
    zendesk.faults.clear()
    bench.pull("zendesk")
    same_tables(bench.tables(), sound)


def test_a_token_exchanged_in_mid_run_is_read_again(bench, zendesk, sound, monkeypatch):
    def exchange():
        zendesk.password = "zd-secret-2"
        monkeypatch.setenv("ZENDESK_TOKEN", "zd-secret-2")

    zendesk.expire = exchange
    zendesk.strike("expired_token", after=1)
    bench.pull("zendesk")
    same_tables(bench.tables(), sound)


def test_a_wrong_token_is_told_in_one_line_without_the_token(bench, monkeypatch):
    monkeypatch.setenv("ZENDESK_TOKEN", "zd-wrong")
    with pytest.raises(CxnlpError, match="answered 401; is the credential right") as told:
        bench.pull("zendesk")
    assert "zd-wrong" not in str(told.value)


def test_a_missing_token_is_named(bench, monkeypatch):
    monkeypatch.delenv("ZENDESK_TOKEN")
    with pytest.raises(CxnlpError, match="environment variable ZENDESK_TOKEN is not set"):
        bench.pull("zendesk")


def test_a_page_that_comes_twice_leaves_no_mark(bench, zendesk, sound):
    zendesk.repeat_page = True
    bench.pull("zendesk")
    assert not zendesk.repeat_page
    same_tables(bench.tables(), sound)


def test_a_ticket_edited_between_two_pages_is_there_once_as_edited(bench, zendesk):
    def edit(asked):
        if "cursor" in asked.query:
            zendesk.on_answer = lambda _: None
            zendesk.say(1, 101, "Forget it, I cancel.", MAY + 30 * HOUR)

    zendesk.on_answer = edit
    bench.pull("zendesk")
    rows = bench.lake.read(FEEDBACK).set_index("item_id")
    assert (len(rows), rows.loc["zendesk-1", "text"].endswith("I cancel.")) == (7, True)


@pytest.mark.parametrize("field", ["tickets", "id", "created_at"])
def test_a_changed_schema_is_refused_and_the_cursor_waits(bench, zendesk, sound, field):
    zendesk.renamed = {field: f"{field}2"}
    with pytest.raises(CxnlpError, match=f"missing_column.*'{field}'.*did you mean '{field}2'"):
        bench.pull("zendesk")
    assert bench.lake.read(CURSORS).empty
    zendesk.renamed = {}
    bench.pull("zendesk")
    same_tables(bench.tables(), sound)


def test_a_clock_that_is_two_hours_off_loses_nothing(bench, zendesk):
    zendesk.clock_skew = 2 * HOUR
    bench.pull("zendesk")
    zendesk.clock_skew = 0
    zendesk.say(8, 108, "Now it came, in pieces.", MAY + 40 * HOUR)
    bench.pull("zendesk")
    row = bench.lake.read(FEEDBACK).set_index("item_id").loc["zendesk-8"]
    assert row["text"].endswith("in pieces.")


def test_an_empty_night_writes_an_empty_table(tmp_path):
    with Zendesk().serving() as vendor:
        bench = bench_of(tmp_path, vendor)
        assert bench.pull("zendesk").records == 0
        assert bench.lake.read(FEEDBACK).empty


def test_a_bad_record_goes_to_quarantine_and_comes_out_when_it_is_mended(bench, zendesk):
    zendesk.tickets[3].comments[0]["plain_body"] = "x" * 2_000_000
    zendesk.tickets[4].created_at = 0
    assert bench.pull("zendesk").quarantined == 2
    reasons = bench.lake.read(QUARANTINE)[["position", "reason"]].values.tolist()
    place = "incremental/tickets/cursor"
    assert reasons == [[f"{place}:3", "field_too_long"], [f"{place}:4", "bad_date"]]
    zendesk.tickets[3].comments[0]["plain_body"] = "short"
    zendesk.put(zendesk.tickets[3])
    bench.pull("zendesk")
    assert bench.lake.read(QUARANTINE)["position"].tolist() == [f"{place}:4"]


def test_a_backfill_over_the_same_days_changes_nothing(bench):
    bench.pull("zendesk")
    before, cursors = bench.tables(), bench.lake.read(CURSORS)
    bench.pull("zendesk", window=Window(date(2026, 5, 1), date(2026, 5, 31)))
    same_tables(bench.tables(), before)
    assert bench.lake.read(CURSORS).equals(cursors)
