"""Zendesk against its vendor server: pulls, increments, edits, deletions, and every fault."""

import json

import pytest

from cxnlp.tables import DROPPED, FEEDBACK, QUARANTINE
from tests.sources.cases import HOUR, MAY, PROVED
from tests.vendors.zendesk import Ticket, comment

CASE = PROVED["zendesk"]


@pytest.fixture
def zendesk():
    with CASE.fill().serving() as vendor:
        yield vendor


@pytest.fixture
def bench(tmp_path, zendesk, monkeypatch):
    CASE.sign_in(monkeypatch)
    return CASE.bench(tmp_path, zendesk)


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


def test_an_increment_takes_what_is_new_edited_reopened_and_merged(bench, zendesk):
    bench.pull("zendesk")
    at = MAY + 48 * HOUR
    zendesk.put(Ticket(9, 10_009, "Bill", at, at, [comment(10_009, "I was charged twice for May.", at)]))
    zendesk.say(3, 10_003, "Still nothing, day four.", at)
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
    zendesk.put(Ticket(10, 10_010, "?", MAY, MAY, []))
    zendesk.delete(10, MAY + 51 * HOUR)
    bench.pull("zendesk")
    row = bench.lake.read(FEEDBACK).set_index("item_id").loc["zendesk-4"]
    assert (row["text"], row["is_deleted_at_source"]) == (said, True)
    assert row["deleted_at"].isoformat() == "2026-05-03T10:00:00+00:00"
    dropped = bench.lake.read(DROPPED).set_index("position")["reason"]
    assert dropped["incremental/tickets/cursor:10"] == "deleted_at_source"


def test_a_ticket_edited_between_two_pages_is_there_once_as_edited(bench, zendesk):
    def edit(asked):
        if "cursor" in asked.query:
            zendesk.on_answer = lambda _: None
            zendesk.say(1, 10_001, "Forget it, I cancel.", MAY + 30 * HOUR)

    zendesk.on_answer = edit
    bench.pull("zendesk")
    rows = bench.lake.read(FEEDBACK).set_index("item_id")
    assert (len(rows), rows.loc["zendesk-1", "text"].endswith("I cancel.")) == (7, True)


def test_a_clock_that_is_two_hours_off_loses_nothing(bench, zendesk):
    zendesk.clock_skew = 2 * HOUR
    bench.pull("zendesk")
    zendesk.clock_skew = 0
    zendesk.say(8, 10_008, "Now it came, in pieces.", MAY + 40 * HOUR)
    bench.pull("zendesk")
    row = bench.lake.read(FEEDBACK).set_index("item_id").loc["zendesk-8"]
    assert row["text"].endswith("in pieces.")


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
