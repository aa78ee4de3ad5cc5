"""The App Store's review feed against its vendor server: pulls, increments, edits, deletions, and every fault."""

from datetime import date, datetime

import pytest
from pydantic import ValidationError

from cxnlp.errors import CxnlpError
from cxnlp.night.context import Window
from cxnlp.tables import CURSORS, DROPPED, FEEDBACK, QUARANTINE
from cxnlp.web_settings import Api
from tests.sources.bench import Bench, ask_here, read_source, same_tables
from tests.vendors.app_store import AppStore, Review

MAY = int(datetime.fromisoformat("2026-05-01T08:00:00+00:00").timestamp())
HOUR = 3600
PLACE = "gb/rss/customerreviews/page={page}/id=YOURAPP/sortby=mostrecent/json"


def filled() -> AppStore:
    """Eight reviews on three pages."""
    vendor = AppStore()
    for number in range(1, 9):
        words = f"Version {number} signs me out every few minutes."
        vendor.put(Review(number, MAY + number * 24 * HOUR, 1 + number % 5, "Signed out", words))
    return vendor


def bench_of(folder, vendor):
    return Bench(folder, {"feedback": read_source("app_store", ask_here(vendor.url, "/"))["feedback"]}, vendor)


def item(number):
    return f"app_store-{11_000_000_000 + number}"


@pytest.fixture
def store():
    with filled().serving() as vendor:
        yield vendor


@pytest.fixture
def bench(tmp_path, store):
    return bench_of(tmp_path / "one", store)


@pytest.fixture
def sound(tmp_path):
    """The tables of a pull without faults."""
    with filled().serving() as vendor:
        bench = bench_of(tmp_path / "sound", vendor)
        bench.pull("app_store")
        return bench.tables()


def test_a_full_pull_takes_every_review_with_its_stars(bench, store):
    receipt = bench.pull("app_store")
    assert (receipt.records, receipt.items, receipt.dropped, receipt.quarantined) == (8, 8, 0, 0)
    assert [asked.path.split("/")[4] for asked in store.asked] == ["page=1", "page=2", "page=3", "page=4"]
    row = bench.lake.read(FEEDBACK).set_index("item_id").loc[item(2)]
    assert row["text"] == "Version 2 signs me out every few minutes.\nSigned out"
    assert (row["stars"], row["channel"], row["segments"]) == (3, "app_store", '{"app_version": "7.2.1"}')
    assert row["created_at"].isoformat() == "2026-05-03T08:00:00+00:00"
    assert bench.lake.read(FEEDBACK)["customer_key"].nunique() == 8


def test_a_second_pull_ends_at_what_it_knows_and_changes_nothing(bench, store):
    bench.pull("app_store")
    before, asked, version = bench.tables(), len(store.asked), bench.lake.version(FEEDBACK)
    bench.pull("app_store")
    assert [request.path.split("/")[4] for request in store.asked[asked:]] == ["page=1", "page=2"]
    assert bench.lake.version(FEEDBACK) == version
    same_tables(bench.tables(), before)


def test_an_increment_takes_new_and_edited_reviews(bench, store):
    bench.pull("app_store")
    store.put(Review(9, MAY + 10 * 24 * HOUR, 1, "Charged twice", "Charged twice for May."))
    store.put(Review(2, MAY + 11 * 24 * HOUR, 5, "Mended", "The new version stays signed in."))
    bench.pull("app_store")
    rows = bench.lake.read(FEEDBACK).set_index("item_id")
    assert len(rows) == 9
    assert (rows.loc[item(2), "stars"], rows.loc[item(2), "text"].split("\n")[1]) == (5, "Mended")


def test_a_deleted_review_stays_for_the_feed_does_not_tell(bench, store):
    bench.pull("app_store")
    before = bench.tables()
    del store.reviews[8]
    bench.pull("app_store")
    same_tables(bench.tables(), before)


def test_no_page_after_the_tenth_is_asked_for(tmp_path):
    vendor = AppStore(page_size=1)
    for number in range(1, 15):
        vendor.put(Review(number, MAY + number * HOUR, 1, "Slow", f"Slow for the {number}th time."))
    with vendor.serving():
        assert bench_of(tmp_path, vendor).pull("app_store").records == 10
        assert len(vendor.asked) == 10


@pytest.mark.parametrize(("path", "kind"), [("reviews", "page_in_path"), ("page={page}", "page_number")])
def test_a_page_in_the_path_wants_its_place_there(path, kind):
    with pytest.raises(ValidationError, match=r"page_in_path wants \{page\} in path"):
        Api(base_url="https://itunes.apple.com/", path=path, records="feed.entry", paginator={"kind": kind})


def test_the_app_itself_at_the_head_of_the_feed_is_no_review(bench, store, sound):
    store.tells_app = True
    receipt = bench.pull("app_store")
    assert (receipt.items, receipt.quarantined) == (8, 0)
    assert bench.lake.read(FEEDBACK).drop(columns="night").equals(sound["core_feedback"])
    assert bench.lake.read(DROPPED)["reason"].tolist() == ["deleted_at_source"]


@pytest.mark.parametrize("fault", ["429", "500", "503", "slow", "cut", "cut_gzip"])
def test_a_fault_that_passes_leaves_no_mark(bench, store, sound, fault):
    store.strike(fault, times=2, after=1)
    store.slow_seconds = 1.5
    bench.pull("app_store")
    assert sum(store.faults.values()) == 0
    same_tables(bench.tables(), sound)


@pytest.mark.parametrize("fault", ["429", "500", "cut", "not_json", "redirect", "bomb"])
def test_a_fault_that_stays_stops_the_pull_and_the_next_one_catches_up(bench, store, sound, fault):
    store.strike(fault, times=99, after=2)
    with pytest.raises(CxnlpError, match="source app_store"):
        bench.pull("app_store")
    assert bench.lake.read(CURSORS).empty
    store.faults.clear()
    bench.pull("app_store")
    same_tables(bench.tables(), sound)


def test_a_page_that_comes_twice_leaves_no_mark(bench, store):
    store.repeat_page = True
    bench.pull("app_store")
    assert not store.repeat_page
    bench.pull("app_store")
    assert bench.lake.read(FEEDBACK)["item_id"].is_unique


def test_a_review_that_comes_between_two_pages_is_taken_by_the_next_pull(bench, store):
    def write(asked):
        if "page=2" in asked.path:
            store.on_answer = lambda _: None
            store.put(Review(9, MAY + 20 * 24 * HOUR, 1, "Late", "It came while you were reading."))

    store.on_answer = write
    bench.pull("app_store")
    assert set(bench.lake.read(FEEDBACK)["item_id"]) == {item(number) for number in range(1, 9)}
    bench.pull("app_store")
    assert item(9) in set(bench.lake.read(FEEDBACK)["item_id"])


@pytest.mark.parametrize(("field", "path"), [("entry", "feed.entry"), ("id", "id.label"), ("updated", "updated.label")])
def test_a_changed_schema_is_refused_and_the_cursor_waits(bench, store, sound, field, path):
    store.renamed = {field: f"{field}2"}
    with pytest.raises(CxnlpError, match=f"missing_column.*'{path}'"):
        bench.pull("app_store")
    assert bench.lake.read(CURSORS).empty
    store.renamed = {}
    bench.pull("app_store")
    same_tables(bench.tables(), sound)


def test_a_clock_that_is_two_hours_off_loses_nothing(bench, store):
    store.clock_skew = 2 * HOUR
    bench.pull("app_store")
    store.clock_skew = 0
    store.put(Review(9, MAY + 8 * 24 * HOUR + 60, 2, "No signal", "Still no signal."))
    bench.pull("app_store")
    assert item(9) in set(bench.lake.read(FEEDBACK)["item_id"])


def test_an_empty_feed_writes_an_empty_table_and_a_single_review_is_taken(tmp_path):
    with AppStore().serving() as vendor:
        bench = bench_of(tmp_path, vendor)
        assert bench.pull("app_store").records == 0
        assert bench.lake.read(FEEDBACK).empty
        vendor.put(Review(1, MAY, 3, "Fine", "Works for me."))
        assert bench.pull("app_store").items == 1


def test_bad_records_go_to_quarantine_and_come_out_when_they_are_mended(bench, store):
    store.reviews[7].text = "x" * 2_000_000
    store.reviews[8].stars = 44
    assert bench.pull("app_store").quarantined == 2
    reasons = dict(bench.lake.read(QUARANTINE)[["position", "reason"]].values.tolist())
    assert reasons == {f"{PLACE}:{11_000_000_007}": "field_too_long", f"{PLACE}:{11_000_000_008}": "bad_score"}
    store.reviews[8].stars = 4
    bench.pull("app_store")
    assert bench.lake.read(QUARANTINE)["position"].tolist() == [f"{PLACE}:{11_000_000_007}"]


def test_a_backfill_over_the_same_days_changes_nothing(bench):
    bench.pull("app_store")
    before, cursors = bench.tables(), bench.lake.read(CURSORS)
    bench.pull("app_store", window=Window(date(2026, 5, 1), date(2026, 5, 31)))
    same_tables(bench.tables(), before)
    assert bench.lake.read(CURSORS).equals(cursors)
