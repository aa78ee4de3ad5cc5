"""Mastodon, Bluesky and Reddit against their vendor servers: pulls, increments, edits, deletions, every fault."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from cxnlp.errors import CxnlpError
from cxnlp.night.context import Window
from cxnlp.tables import CURSORS, FEEDBACK
from tests.sources.bench import Bench, ask_here, read_source, same_tables
from tests.vendors.bluesky import HANDLE, Bluesky
from tests.vendors.mastodon import Mastodon
from tests.vendors.posts import Post, SocialVendor
from tests.vendors.reddit import CLIENT, Reddit

MAY = int(datetime.fromisoformat("2026-05-18T08:00:00+00:00").timestamp())
HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True)
class Network:
    """One entry of a file in `pipelines/sources/` and the server that it asks.

    :ivar places: what the file leaves to the user -> what the server has.
    :ivar secret: variable of the secret.
    """

    entry: str
    file: str
    vendor: Callable[[], SocialVendor]
    path: str
    places: dict[str, str]
    secret: str


NETWORKS = [
    Network("mastodon_hashtag", "mastodon", Mastodon, "/api/v1/", {"YOURTAG": "tarnlink"}, "MASTODON_TOKEN"),
    Network("mastodon_mentions", "mastodon", Mastodon, "/api/v1/", {}, "MASTODON_TOKEN"),
    Network("bluesky_posts", "bluesky", Bluesky, "/xrpc/", {"YOURNAME": "tarnlink"}, "BLUESKY_APP_PASSWORD"),
    Network("bluesky_mentions", "bluesky", Bluesky, "/xrpc/", {}, "BLUESKY_APP_PASSWORD"),
    Network("reddit_posts", "reddit", Reddit, "/", {"YOURSUBREDDIT": "tarnlink"}, "REDDIT_CLIENT_SECRET"),
    Network("reddit_comments", "reddit", Reddit, "/", {"YOURSUBREDDIT": "tarnlink"}, "REDDIT_CLIENT_SECRET"),
]
SECRET = "social-secret-1"
TOKEN_PATHS = {"bluesky": "/xrpc/com.atproto.server.createSession", "reddit": "/api/v1/access_token"}


@pytest.fixture(autouse=True)
def _credentials(monkeypatch):
    named = {"BLUESKY_HANDLE": HANDLE, "REDDIT_CLIENT_ID": CLIENT}
    for variable, value in {**named, **{network.secret: SECRET for network in NETWORKS}}.items():
        monkeypatch.setenv(variable, value)


@pytest.fixture(params=NETWORKS, ids=lambda network: network.entry)
def network(request):
    return request.param


def fill(vendor: SocialVendor) -> SocialVendor:
    """Eight posts on three pages."""
    for number in range(1, 9):
        words = f"My parcel number {number} has not come, it is late again."
        vendor.timeline.put(Post(number, f"ann{number % 3}", words, MAY + number * HOUR))
    return vendor


def bench_of(folder, network: Network, vendor: SocialVendor) -> Bench:
    """The network's entry alone, asking the server of the test."""

    def change(entry: dict) -> None:
        ask_here(vendor.url, network.path)(entry)
        api = entry["api"]
        for place, there in network.places.items():
            api["path"] = api["path"].replace(place, there)
            api["params"] = {name: there if value == place else value for name, value in api["params"].items()}
        if network.file in TOKEN_PATHS:
            api["auth"]["token_url"] = vendor.url + TOKEN_PATHS[network.file]

    entries = read_source(network.file, change)["feedback"]
    return Bench(folder, {"feedback": [entry for entry in entries if entry["name"] == network.entry]}, vendor)


@pytest.fixture
def vendor(network):
    with fill(network.vendor()).serving() as vendor:
        yield vendor


@pytest.fixture
def bench(tmp_path, network, vendor):
    return bench_of(tmp_path / "one", network, vendor)


@pytest.fixture
def sound(tmp_path, network):
    """The tables of a pull without faults."""
    with fill(network.vendor()).serving() as vendor:
        bench = bench_of(tmp_path / "sound", network, vendor)
        bench.pull(network.entry)
        return bench.tables()


def rows_by_words(bench) -> dict[int, dict]:
    """Rows by the number that their words name."""
    rows = bench.lake.read(FEEDBACK).to_dict("records")
    return {int(row["text"].split("number ")[1].split()[0]): row for row in rows}


def test_a_full_pull_takes_every_post(bench, network):
    receipt = bench.pull(network.entry)
    assert (receipt.records, receipt.items, receipt.quarantined) == (8, 8, 0)
    row = rows_by_words(bench)[4]
    assert "My parcel number 4 has not come, it is late again." in row["text"]
    assert "<" not in row["text"]
    assert row["created_at"].isoformat() == "2026-05-18T12:00:00+00:00"
    assert (row["channel"], row["source_kind"]) == (network.file, "social")
    assert bench.lake.read(FEEDBACK)["customer_key"].nunique() == 3


def test_a_second_pull_changes_nothing(bench, network):
    bench.pull(network.entry)
    before, version = bench.tables(), bench.lake.version(FEEDBACK)
    bench.pull(network.entry)
    assert bench.lake.version(FEEDBACK) == version
    same_tables(bench.tables(), before)


def test_an_increment_asks_for_the_overlap_and_what_is_new_only(bench, network, vendor):
    bench.pull(network.entry)
    for number in range(11, 31):
        vendor.timeline.put(Post(number, "bob", f"Invoice number {number} is wrong.", MAY + 6 * DAY + number))
    bench.pull(network.entry)
    for number in range(31, 33):
        vendor.timeline.put(Post(number, "bob", f"Invoice number {number} is wrong.", MAY + 6 * DAY + number))
    receipt = bench.pull(network.entry)
    assert receipt.items == 2
    assert 22 <= receipt.records <= 22 + 2 * vendor.page_size  # the overlap, and the pages that show its end
    assert len(bench.lake.read(FEEDBACK)) == 30


def test_a_post_that_comes_late_is_taken(bench, network, vendor):
    bench.pull(network.entry)
    vendor.timeline.put(Post(9, "bob", "Invoice number 9 is wrong.", MAY + 2 * HOUR))
    assert bench.pull(network.entry).items == 1


def test_an_edited_post_is_there_once_as_edited(bench, network, vendor):
    bench.pull(network.entry)
    if not vendor.has_edits:
        return
    vendor.timeline.edit(7, "My parcel number 7 came, but it was empty.", MAY + 20 * HOUR)
    assert bench.pull(network.entry).items == 1
    row = rows_by_words(bench)[7]
    assert "it was empty" in row["text"]
    assert row["source_updated_at"].isoformat() == "2026-05-19T04:00:00+00:00"
    assert len(bench.lake.read(FEEDBACK)) == 8


def test_a_deleted_post_keeps_its_words_and_says_that_it_is_deleted(bench, network, vendor):
    bench.pull(network.entry)
    said = rows_by_words(bench)[6]["text"]
    vendor.timeline.delete(6)
    bench.pull(network.entry)
    rows = rows_by_words(bench)
    assert (rows[6]["text"], rows[6]["is_deleted_at_source"]) == (said, True)
    assert [number for number, row in rows.items() if row["is_deleted_at_source"] is True] == [6]
    before = bench.tables()
    bench.pull(network.entry)
    same_tables(bench.tables(), before)


@pytest.mark.parametrize("fault", ["429", "500", "503", "slow", "cut", "cut_gzip"])
def test_a_fault_that_passes_leaves_no_mark(bench, network, vendor, sound, fault):
    vendor.strike(fault, times=2, after=1)
    vendor.slow_seconds = 1.5
    bench.pull(network.entry)
    assert sum(vendor.faults.values()) == 0
    same_tables(bench.tables(), sound)


@pytest.mark.parametrize("fault", ["500", "cut", "not_json", "redirect", "bomb"])
def test_a_fault_that_stays_stops_the_pull_and_the_next_one_catches_up(bench, network, vendor, sound, fault):
    vendor.strike(fault, times=99, after=2)
    with pytest.raises(CxnlpError, match=f"source {network.entry}"):
        bench.pull(network.entry)
    assert bench.lake.read(CURSORS).empty
    vendor.faults.clear()
    bench.pull(network.entry)
    same_tables(bench.tables(), sound)


def test_a_token_that_expires_in_mid_run_is_obtained_again(bench, network, vendor, sound, monkeypatch):
    if network.file == "mastodon":
        monkeypatch.setattr(vendor, "expire", lambda: _exchange(vendor, monkeypatch, network))
    vendor.strike("expired_token", after=1)
    bench.pull(network.entry)
    assert vendor.faults == {"expired_token": 0}
    same_tables(bench.tables(), sound)


def _exchange(vendor, monkeypatch, network):
    vendor.secret = "social-secret-2"
    monkeypatch.setenv(network.secret, "social-secret-2")


def test_a_wrong_secret_is_told_in_one_line_without_it(bench, network, monkeypatch):
    monkeypatch.setenv(network.secret, "planted-wrong")
    with pytest.raises(CxnlpError, match="answered 401; is the credential right") as told:
        bench.pull(network.entry)
    assert "planted" not in str(told.value)


def test_a_missing_secret_is_named(bench, network, monkeypatch):
    monkeypatch.delenv(network.secret)
    with pytest.raises(CxnlpError, match=f"environment variable {network.secret} is not set"):
        bench.pull(network.entry)


def test_a_page_that_comes_twice_leaves_no_mark(bench, network, vendor, sound):
    vendor.repeat_page = True
    bench.pull(network.entry)
    assert not vendor.repeat_page
    same_tables(bench.tables(), sound)


def test_posts_written_between_two_pages_push_none_out(bench, network, vendor):
    def write(asked):
        if {"max_id", "cursor", "after"} & asked.query.keys():
            vendor.on_answer = lambda _: None
            vendor.timeline.put(Post(9, "bob", "Invoice number 9 is wrong.", MAY + 30 * HOUR))

    vendor.on_answer = write
    bench.pull(network.entry)
    assert set(range(1, 9)) <= rows_by_words(bench).keys()
    bench.pull(network.entry)
    assert rows_by_words(bench).keys() == set(range(1, 10))


def test_a_changed_schema_is_refused_and_the_cursor_waits(bench, network, vendor, sound):
    names = {"mastodon": "created_at", "bluesky": "indexedAt", "reddit": "created_utc"}
    vendor.timeline.renamed = {names[network.file]: "when"}
    with pytest.raises(CxnlpError, match="missing_column"):
        bench.pull(network.entry)
    assert bench.lake.read(CURSORS).empty
    vendor.timeline.renamed = {}
    bench.pull(network.entry)
    same_tables(bench.tables(), sound)


def test_a_clock_that_was_two_hours_ahead_loses_nothing(bench, network, vendor):
    vendor.timeline.clock_skew = 2 * HOUR
    bench.pull(network.entry)
    vendor.timeline.clock_skew = 0
    vendor.timeline.put(Post(9, "bob", "Invoice number 9 is wrong.", MAY + 9 * HOUR))
    bench.pull(network.entry)
    assert 9 in rows_by_words(bench)


def test_an_empty_night_writes_an_empty_table(tmp_path, network):
    with network.vendor().serving() as vendor:
        bench = bench_of(tmp_path, network, vendor)
        assert bench.pull(network.entry).records == 0
        assert bench.lake.read(FEEDBACK).empty


def test_a_backfill_over_the_same_days_changes_nothing(bench, network):
    bench.pull(network.entry)
    before, cursors = bench.tables(), bench.lake.read(CURSORS)
    bench.pull(network.entry, window=Window(date(2026, 5, 1), date(2026, 5, 31)))
    same_tables(bench.tables(), before)
    assert bench.lake.read(CURSORS).equals(cursors)


def test_the_first_pull_goes_back_to_the_day_it_is_told(bench, network, vendor):
    for number in range(40, 60):
        vendor.timeline.put(Post(number, "old", f"Order number {number} is old.", MAY - 200 * DAY - number))
    bench.pull(network.entry)
    assert len(bench.lake.read(FEEDBACK)) < 8 + 2 * vendor.page_size  # the pages that show that the rest is older
