"""Typeform against its vendor server: pulls, increments, edits, deletions, and every fault."""

from datetime import date, datetime

import pytest

from cxnlp.errors import CxnlpError
from cxnlp.night.context import Window
from cxnlp.tables import CURSORS, DROPPED, FEEDBACK, QUARANTINE
from tests.sources.bench import Bench, ask_here, read_source, same_tables
from tests.vendors.typeform import TOKEN, Response, Typeform

MAY = int(datetime.fromisoformat("2026-05-01T08:00:00+00:00").timestamp())
HOUR = 3600
PLACE = "forms/YOURFORM/responses"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch):
    monkeypatch.setenv("TYPEFORM_TOKEN", TOKEN)


def token(number):
    return f"21085286190ffad1248d17c4135ee56{number:03}"


def filled() -> Typeform:
    """Eight responses on three pages; one leaves the open question out."""
    vendor = Typeform()
    for number in range(1, 9):
        why = None if number == 5 else f"Engineer number {number} never came and nobody called me."
        vendor.put(Response(number, MAY + number * HOUR, number, why, f"C{number}"))
    return vendor


def bench_of(folder, vendor):
    return Bench(folder, {"feedback": read_source("typeform", ask_here(vendor.url, "/"))["feedback"]}, vendor)


@pytest.fixture
def typeform():
    with filled().serving() as vendor:
        yield vendor


@pytest.fixture
def bench(tmp_path, typeform):
    return bench_of(tmp_path / "one", typeform)


@pytest.fixture
def sound(tmp_path):
    """The tables of a pull without faults."""
    with filled().serving() as vendor:
        bench = bench_of(tmp_path / "sound", vendor)
        bench.pull("typeform")
        return bench.tables()


def test_a_full_pull_takes_every_response_with_its_question_and_score(bench):
    receipt = bench.pull("typeform")
    assert (receipt.records, receipt.items, receipt.dropped, receipt.quarantined) == (8, 7, 1, 0)
    row = bench.lake.read(FEEDBACK).set_index("item_id").loc[f"typeform-{token(2)}"]
    assert row["text"] == "Engineer number 2 never came and nobody called me."
    assert (row["nps"], row["channel"], row["segments"]) == (2, "survey", '{"plan": "gold"}')
    assert row["question"] == "What is the main reason for your score?"
    assert row["created_at"].isoformat() == "2026-05-01T10:00:00+00:00"
    assert bench.lake.read(FEEDBACK)["customer_key"].nunique() == 7
    dropped = bench.lake.read(DROPPED)
    assert dropped[["position", "reason"]].values.tolist() == [[f"{PLACE}:{token(5)}", "empty_text"]]


def test_a_second_pull_asks_two_hours_back_and_changes_nothing(bench, typeform):
    bench.pull("typeform")
    before, asked, version = bench.tables(), len(typeform.asked), bench.lake.version(FEEDBACK)
    assert bench.pull("typeform").items == 0
    assert typeform.asked[asked].query["since"] == "2026-05-01T14:00:00"
    assert bench.lake.version(FEEDBACK) == version
    same_tables(bench.tables(), before)


def test_an_increment_takes_what_is_new_and_what_came_late(bench, typeform):
    bench.pull("typeform")
    typeform.put(Response(9, MAY + 30 * HOUR, 1, "Charged twice for May.", "C9"))
    typeform.put(Response(10, MAY + 7 * HOUR, 3, "It showed half an hour late.", "C10"))
    bench.pull("typeform")
    assert {f"typeform-{token(9)}", f"typeform-{token(10)}"} <= set(bench.lake.read(FEEDBACK)["item_id"])


def test_a_response_that_is_filled_in_further_is_taken_as_it_is_now(bench, typeform):
    bench.pull("typeform")
    typeform.put(Response(5, MAY + 40 * HOUR, 0, "I have thought about it: never again.", "C5"))
    bench.pull("typeform")
    row = bench.lake.read(FEEDBACK).set_index("item_id").loc[f"typeform-{token(5)}"]
    assert (row["text"], row["nps"]) == ("I have thought about it: never again.", 0)
    assert bench.lake.read(DROPPED).empty


def test_a_response_deleted_at_typeform_says_so_and_keeps_its_words(bench, typeform):
    bench.pull("typeform", date(2026, 5, 3))
    said = bench.lake.read(FEEDBACK).set_index("item_id").loc[f"typeform-{token(8)}", "text"]
    del typeform.responses[8]
    bench.pull("typeform", date(2026, 5, 4))
    rows = bench.lake.read(FEEDBACK).set_index("item_id")
    assert (rows.loc[f"typeform-{token(8)}", "text"], rows.loc[f"typeform-{token(8)}", "is_deleted_at_source"]) == (
        said,
        True,
    )
    assert rows["is_deleted_at_source"].fillna(False).sum() == 1


def test_a_response_deleted_after_a_week_stays_for_nobody_asks_about_it(bench, typeform):
    bench.pull("typeform", date(2026, 5, 3))
    before = bench.tables()
    del typeform.responses[8]
    bench.pull("typeform", date(2026, 5, 24))
    same_tables(bench.tables(), before)


@pytest.mark.parametrize("fault", ["429", "500", "503", "slow", "cut", "cut_gzip"])
def test_a_fault_that_passes_leaves_no_mark(bench, typeform, sound, fault):
    typeform.strike(fault, times=2, after=1)
    typeform.slow_seconds = 1.5
    bench.pull("typeform")
    assert sum(typeform.faults.values()) == 0
    same_tables(bench.tables(), sound)


@pytest.mark.parametrize("fault", ["429", "500", "cut", "not_json", "redirect", "bomb"])
def test_a_fault_that_stays_stops_the_pull_and_the_next_one_catches_up(bench, typeform, sound, fault):
    typeform.strike(fault, times=99, after=2)
    with pytest.raises(CxnlpError, match="source typeform"):
        bench.pull("typeform")
    assert bench.lake.read(CURSORS).empty
    typeform.faults.clear()
    bench.pull("typeform")
    same_tables(bench.tables(), sound)


def test_a_token_exchanged_in_mid_run_is_read_again(bench, typeform, sound, monkeypatch):
    def exchange():
        typeform.token = "tfp_secret_2"
        monkeypatch.setenv("TYPEFORM_TOKEN", "tfp_secret_2")

    typeform.expire = exchange
    typeform.strike("expired_token", after=1)
    bench.pull("typeform")
    same_tables(bench.tables(), sound)


def test_a_wrong_token_is_told_without_the_token(bench, monkeypatch):
    monkeypatch.setenv("TYPEFORM_TOKEN", "tfp_wrong")
    with pytest.raises(CxnlpError, match="answered 401; is the credential right") as told:
        bench.pull("typeform")
    assert "tfp_wrong" not in str(told.value)


def test_a_missing_token_is_named(bench, monkeypatch):
    monkeypatch.delenv("TYPEFORM_TOKEN")
    with pytest.raises(CxnlpError, match="environment variable TYPEFORM_TOKEN is not set"):
        bench.pull("typeform")


def test_a_page_that_comes_twice_leaves_no_mark(bench, typeform, sound):
    typeform.repeat_page = True
    bench.pull("typeform")
    assert not typeform.repeat_page
    same_tables(bench.tables(), sound)


def test_a_response_changed_between_two_pages_is_there_once_as_changed(bench, typeform):
    def edit(asked):
        if "before" in asked.query:
            typeform.on_answer = lambda _: None
            typeform.put(Response(1, MAY + 1 * HOUR, 1, "Forget it, I cancel.", "C1"))

    typeform.on_answer = edit
    bench.pull("typeform")
    rows = bench.lake.read(FEEDBACK).set_index("item_id")
    assert (len(rows), rows.loc[f"typeform-{token(1)}", "text"]) == (7, "Forget it, I cancel.")


@pytest.mark.parametrize("field", ["items", "response_id", "submitted_at"])
def test_a_changed_schema_is_refused_and_the_cursor_waits(bench, typeform, sound, field):
    typeform.renamed = {field: f"{field}2"}
    with pytest.raises(CxnlpError, match=f"missing_column.*'{field}'.*did you mean '{field}2'"):
        bench.pull("typeform")
    assert bench.lake.read(CURSORS).empty
    typeform.renamed = {}
    bench.pull("typeform")
    same_tables(bench.tables(), sound)


def test_answers_under_another_name_are_refused_where_there_are_many(tmp_path):
    vendor = Typeform(page_size=50)
    for number in range(1, 31):
        vendor.put(Response(number, MAY + number * HOUR, 5, None))
    with vendor.serving():
        bench = bench_of(tmp_path, vendor)
        assert bench.pull("typeform").dropped == 30
        vendor.renamed = {"answers": "replies"}
        vendor.put(Response(31, MAY + 31 * HOUR, 5, "So slow."))
        with pytest.raises(CxnlpError, match="missing_column.*'answer'"):
            bench.pull("typeform", window=Window(date(2026, 5, 1), date(2026, 5, 31)))


def test_a_clock_that_is_two_hours_off_loses_nothing(bench, typeform):
    typeform.clock_skew = 2 * HOUR
    bench.pull("typeform")
    typeform.clock_skew = 0
    typeform.put(Response(11, MAY + 8 * HOUR + 60, 2, "Still no signal.", "C11"))
    bench.pull("typeform")
    assert f"typeform-{token(11)}" in set(bench.lake.read(FEEDBACK)["item_id"])


def test_an_empty_night_writes_an_empty_table(tmp_path):
    with Typeform().serving() as vendor:
        bench = bench_of(tmp_path, vendor)
        assert bench.pull("typeform").records == 0
        assert bench.lake.read(FEEDBACK).empty


def test_bad_records_go_to_quarantine_and_the_rest_stays(bench, typeform):
    typeform.responses[3].why = "x" * 2_000_000
    typeform.responses[4].score = 44
    assert bench.pull("typeform").quarantined == 2
    reasons = dict(bench.lake.read(QUARANTINE)[["position", "reason"]].values.tolist())
    assert reasons == {f"{PLACE}:{token(3)}": "field_too_long", f"{PLACE}:{token(4)}": "bad_score"}


def test_a_backfill_over_the_same_days_changes_nothing(bench):
    bench.pull("typeform")
    before, cursors = bench.tables(), bench.lake.read(CURSORS)
    bench.pull("typeform", window=Window(date(2026, 5, 1), date(2026, 5, 31)))
    same_tables(bench.tables(), before)
    assert bench.lake.read(CURSORS).equals(cursors)
