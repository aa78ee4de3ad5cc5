"""Qualtrics against its vendor server: exports, increments, edits, deletions, and every fault."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cxnlp.collect.web.qualtrics import unpack
from cxnlp.environment import read_environment
from cxnlp.errors import CxnlpError, SourceError
from cxnlp.night.connecting import try_sources
from cxnlp.night.context import Window
from cxnlp.tables import CURSORS, DROPPED, FEEDBACK, QUARANTINE
from tests.sources.bench import Bench, ask_here, read_source, same_tables
from tests.vendors.qualtrics import TOKEN, Qualtrics, Response

MAY = int(datetime.fromisoformat("2026-05-01T08:00:00+00:00").timestamp())
HOUR = 3600
PLACE = "surveys/SV_YOURSURVEY/export-responses"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch):
    monkeypatch.setenv("QUALTRICS_TOKEN", TOKEN)


def filled() -> Qualtrics:
    """Eight responses; one leaves the open question out, one is a preview."""
    vendor = Qualtrics()
    for number in range(1, 9):
        why = None if number == 5 else f"Bill number {number} was wrong, I paid twice."
        status = 1 if number == 8 else 0
        vendor.put(Response(number, MAY + number * HOUR, number, why, f"C{number}", status))
    return vendor


def bench_of(folder, vendor, **bounds):
    change = ask_here(vendor.url, "/API/v3/", **bounds)
    return Bench(folder, {"feedback": read_source("qualtrics", change)["feedback"]}, vendor)


@pytest.fixture
def qualtrics():
    with filled().serving() as vendor:
        yield vendor


@pytest.fixture
def bench(tmp_path, qualtrics):
    return bench_of(tmp_path / "one", qualtrics)


@pytest.fixture
def sound(tmp_path):
    """The tables of a pull without faults."""
    with filled().serving() as vendor:
        bench = bench_of(tmp_path / "sound", vendor)
        bench.pull("qualtrics")
        return bench.tables()


def test_an_export_is_started_waited_for_and_read(bench, qualtrics):
    receipt = bench.pull("qualtrics")
    assert (receipt.records, receipt.items, receipt.dropped, receipt.quarantined) == (8, 6, 2, 0)
    assert [(asked.method, asked.path.rpartition("/")[2]) for asked in qualtrics.asked] == [
        ("POST", "export-responses"),
        ("GET", "ES_0001"),
        ("GET", "ES_0001"),
        ("GET", "ES_0001"),
        ("GET", "file"),
    ]
    row = bench.lake.read(FEEDBACK).set_index("item_id").loc["qualtrics-R_002"]
    assert (row["text"], row["nps"]) == ("Bill number 2 was wrong, I paid twice.", 2)
    assert (row["channel"], row["segments"]) == ("survey", '{"plan": "gold"}')
    assert row["question"] == "What is the main reason for your score?"
    assert row["created_at"].isoformat() == "2026-05-01T10:00:00+00:00"
    dropped = bench.lake.read(DROPPED)[["position", "reason"]].values.tolist()
    assert dropped == [[f"{PLACE}:R_005", "empty_text"], [f"{PLACE}:R_008", "deleted_at_source"]]


def test_a_second_export_begins_two_hours_back_and_changes_nothing(bench, qualtrics):
    bench.pull("qualtrics")
    before, asked, version = bench.tables(), len(qualtrics.asked), bench.lake.version(FEEDBACK)
    assert bench.pull("qualtrics").items == 0
    assert qualtrics.asked[asked].json()["startDate"] == "2026-05-01T14:00:00Z"
    assert bench.lake.version(FEEDBACK) == version
    same_tables(bench.tables(), before)


def test_an_increment_takes_what_is_new_and_what_was_edited_since(bench, qualtrics):
    bench.pull("qualtrics")
    qualtrics.put(Response(9, MAY + 30 * HOUR, 1, "Nobody answers the phone.", "C9"))
    edited = Response(1, MAY + HOUR, 10, "All is well now.", "C1", modified_at=MAY + 40 * HOUR)
    qualtrics.put(edited)
    bench.pull("qualtrics")
    rows = bench.lake.read(FEEDBACK).set_index("item_id")
    assert (rows.loc["qualtrics-R_001", "text"], rows.loc["qualtrics-R_001", "nps"]) == ("All is well now.", 10)
    assert rows.loc["qualtrics-R_009", "text"] == "Nobody answers the phone."


def test_a_response_found_to_be_spam_later_says_so(bench, qualtrics):
    bench.pull("qualtrics")
    qualtrics.put(Response(2, MAY + 2 * HOUR, 2, "Buy now.", "C2", status=8, modified_at=MAY + 40 * HOUR))
    bench.pull("qualtrics")
    row = bench.lake.read(FEEDBACK).set_index("item_id").loc["qualtrics-R_002"]
    assert (row["is_deleted_at_source"], row["text"]) == (True, "Bill number 2 was wrong, I paid twice.")


def test_a_response_deleted_at_qualtrics_says_so_and_keeps_its_words(bench, qualtrics):
    bench.pull("qualtrics", date(2026, 5, 3))
    said = bench.lake.read(FEEDBACK).set_index("item_id").loc["qualtrics-R_007", "text"]
    del qualtrics.responses[7]
    bench.pull("qualtrics", date(2026, 5, 4))
    rows = bench.lake.read(FEEDBACK).set_index("item_id")
    assert (rows.loc["qualtrics-R_007", "text"], rows.loc["qualtrics-R_007", "is_deleted_at_source"]) == (said, True)
    assert rows["is_deleted_at_source"].fillna(False).sum() == 1


def test_a_response_deleted_after_a_week_stays_for_nobody_asks_about_it(bench, qualtrics):
    bench.pull("qualtrics", date(2026, 5, 3))
    before = bench.tables()
    del qualtrics.responses[7]
    bench.pull("qualtrics", date(2026, 5, 24))
    same_tables(bench.tables(), before)


@pytest.mark.parametrize("fault", ["429", "500", "503", "slow", "cut", "cut_gzip"])
@pytest.mark.parametrize("after", [1, 4])
def test_a_fault_that_passes_leaves_no_mark(bench, qualtrics, sound, fault, after):
    qualtrics.strike(fault, times=2, after=after)
    qualtrics.slow_seconds = 1.5
    bench.pull("qualtrics")
    assert sum(qualtrics.faults.values()) == 0
    same_tables(bench.tables(), sound)


@pytest.mark.parametrize("fault", ["429", "500", "cut", "not_json", "redirect", "bomb"])
@pytest.mark.parametrize("after", [0, 4])
def test_a_fault_that_stays_stops_the_pull_and_the_next_one_catches_up(bench, qualtrics, sound, fault, after):
    qualtrics.strike(fault, times=99, after=after)
    with pytest.raises(CxnlpError, match="source qualtrics"):
        bench.pull("qualtrics")
    assert bench.lake.read(CURSORS).empty
    qualtrics.faults.clear()
    bench.pull("qualtrics")
    same_tables(bench.tables(), sound)


def test_a_try_exports_one_response_and_stores_nothing(bench, tmp_path):
    (reached,) = try_sources(bench.settings, tmp_path, read_environment)
    assert (reached.is_ok, reached.told[-len("answered with 1 records") :]) == (True, "answered with 1 records")
    assert bench.lake.read(FEEDBACK).empty


def test_an_export_that_fails_is_asked_for_anew_by_the_next_pull(bench, qualtrics, sound):
    qualtrics.failing = 1
    with pytest.raises(CxnlpError, match="Qualtrics says the export is 'failed'"):
        bench.pull("qualtrics")
    bench.pull("qualtrics")
    same_tables(bench.tables(), sound)


def test_an_export_that_is_never_ready_has_an_end(tmp_path, qualtrics):
    bench = bench_of(tmp_path, qualtrics, pages=2)
    with pytest.raises(CxnlpError, match="was not ready after 2 questions"):
        bench.pull("qualtrics")


def test_an_export_that_opens_to_more_than_the_bounds_is_refused(tmp_path, qualtrics):
    qualtrics.responses[3].why = "late " * 400_000
    bench = bench_of(tmp_path, qualtrics, response_bytes=1_000_000)
    with pytest.raises(CxnlpError, match="opens to more than 1,000,000 bytes; raise bounds.response_bytes"):
        bench.pull("qualtrics")


@pytest.mark.parametrize(("fault", "told"), [("damaged", "is not a sound zip"), ("members", "holds 2 files, wanted")])
def test_an_archive_that_is_not_as_promised_is_refused(bench, qualtrics, sound, fault, told):
    setattr(qualtrics, fault, 2)
    with pytest.raises(CxnlpError, match=told):
        bench.pull("qualtrics")
    qualtrics.damaged, qualtrics.members = False, 1
    bench.pull("qualtrics")
    same_tables(bench.tables(), sound)


@settings(max_examples=60, deadline=None)
@given(some.integers(min_value=0, max_value=140), some.binary(max_size=12))
def test_no_damage_to_an_archive_comes_through_as_another_error(place, damage):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("survey.json", '{"responses": []}')
    content = packed.getvalue()
    try:
        found = unpack("qualtrics", content[:place] + damage + content[place + len(damage) :], 1_000)
    except SourceError:
        return
    assert found == b'{"responses": []}'


def test_a_token_exchanged_in_mid_run_is_read_again(bench, qualtrics, sound, monkeypatch):
    def exchange():
        qualtrics.token = "qx-secret-2"
        monkeypatch.setenv("QUALTRICS_TOKEN", "qx-secret-2")

    qualtrics.expire = exchange
    qualtrics.strike("expired_token", after=2)
    bench.pull("qualtrics")
    same_tables(bench.tables(), sound)


def test_a_wrong_token_is_told_without_the_token(bench, monkeypatch):
    monkeypatch.setenv("QUALTRICS_TOKEN", "qx-wrong")
    with pytest.raises(CxnlpError, match="answered 401; is the credential right") as told:
        bench.pull("qualtrics")
    assert "qx-wrong" not in str(told.value)


def test_a_missing_token_is_named(bench, monkeypatch):
    monkeypatch.delenv("QUALTRICS_TOKEN")
    with pytest.raises(CxnlpError, match="environment variable QUALTRICS_TOKEN is not set"):
        bench.pull("qualtrics")


def test_a_response_that_stands_in_the_file_twice_leaves_no_mark(bench, qualtrics, sound):
    qualtrics.twice = True
    bench.pull("qualtrics")
    same_tables(bench.tables(), sound)


def test_a_response_edited_while_the_export_is_made_is_there_once_as_edited(bench, qualtrics):
    def edit(asked):
        if asked.path.endswith("/file"):
            qualtrics.responses[1].why = "Forget it, I cancel."

    qualtrics.on_answer = edit
    bench.pull("qualtrics")
    rows = bench.lake.read(FEEDBACK).set_index("item_id")
    assert (len(rows), rows.loc["qualtrics-R_001", "text"]) == (6, "Forget it, I cancel.")


@pytest.mark.parametrize(
    ("field", "path"),
    [("responses", "responses"), ("responseId", "responseId"), ("recordedDate", "values.recordedDate")],
)
def test_a_changed_schema_is_refused_and_the_cursor_waits(bench, qualtrics, sound, field, path):
    qualtrics.renamed = {field: f"{field}2"}
    with pytest.raises(CxnlpError, match=f"missing_column.*'{path}'"):
        bench.pull("qualtrics")
    assert bench.lake.read(CURSORS).empty
    qualtrics.renamed = {}
    bench.pull("qualtrics")
    same_tables(bench.tables(), sound)


def test_a_clock_that_is_two_hours_off_loses_nothing(bench, qualtrics):
    qualtrics.clock_skew = 2 * HOUR
    bench.pull("qualtrics")
    qualtrics.clock_skew = 0
    qualtrics.put(Response(11, MAY + 8 * HOUR + 60, 2, "Still no signal.", "C11"))
    bench.pull("qualtrics")
    assert "qualtrics-R_011" in set(bench.lake.read(FEEDBACK)["item_id"])


def test_an_empty_night_writes_an_empty_table(tmp_path):
    with Qualtrics().serving() as vendor:
        bench = bench_of(tmp_path, vendor)
        assert bench.pull("qualtrics").records == 0
        assert bench.lake.read(FEEDBACK).empty


def test_many_responses_without_an_answer_to_the_open_question_are_no_fault(tmp_path):
    vendor = Qualtrics()
    for number in range(1, 31):
        vendor.put(Response(number, MAY + number * HOUR, 5, None))
    with vendor.serving():
        assert bench_of(tmp_path, vendor).pull("qualtrics").dropped == 30


def test_bad_records_go_to_quarantine_and_come_out_when_they_are_mended(bench, qualtrics):
    qualtrics.responses[3].why = "x" * 2_000_000
    qualtrics.responses[4].score = 44
    assert bench.pull("qualtrics").quarantined == 2
    reasons = dict(bench.lake.read(QUARANTINE)[["position", "reason"]].values.tolist())
    assert reasons == {f"{PLACE}:R_003": "field_too_long", f"{PLACE}:R_004": "bad_score"}
    qualtrics.put(Response(4, MAY + 4 * HOUR, 4, "Fine again.", "C4", modified_at=MAY + 50 * HOUR))
    bench.pull("qualtrics")
    assert bench.lake.read(QUARANTINE)["position"].tolist() == [f"{PLACE}:R_003"]


def test_a_backfill_over_the_same_days_changes_nothing(bench):
    bench.pull("qualtrics")
    before, cursors = bench.tables(), bench.lake.read(CURSORS)
    bench.pull("qualtrics", window=Window(date(2026, 5, 1), date(2026, 5, 31)))
    same_tables(bench.tables(), before)
    assert bench.lake.read(CURSORS).equals(cursors)
