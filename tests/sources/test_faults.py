"""Every proved source under every fault: afterwards the tables equal those of a pull without one."""

from datetime import date

import pytest

from cxnlp.errors import CxnlpError
from cxnlp.night.context import Window
from cxnlp.tables import CURSORS, FEEDBACK
from tests.sources.bench import same_tables
from tests.sources.cases import PROVED

CHANGES = [(name, field) for name, case in PROVED.items() for field in case.renamed]


@pytest.fixture(params=sorted(PROVED))
def case(request, monkeypatch):
    """One proved source, its credential in the environment."""
    found = PROVED[request.param]
    found.sign_in(monkeypatch)
    return found


@pytest.fixture
def vendor(case):
    with case.fill().serving() as server:
        yield server


@pytest.fixture
def bench(case, vendor, tmp_path):
    return case.bench(tmp_path / "one", vendor)


@pytest.fixture
def sound(case, tmp_path):
    """The tables of a pull without faults."""
    with case.fill().serving() as server:
        bench = case.bench(tmp_path / "sound", server)
        receipt = bench.pull(case.name)
        assert (receipt.items, receipt.quarantined) == (case.n_items, 0)
        return bench.tables()


def test_a_second_pull_changes_nothing(case, bench):
    bench.pull(case.name)
    before, version = bench.tables(), bench.lake.version(FEEDBACK)
    assert bench.pull(case.name).items == 0
    assert bench.lake.version(FEEDBACK) == version
    same_tables(bench.tables(), before)


@pytest.mark.parametrize("fault", ["429", "500", "503", "slow", "cut", "cut_gzip"])
def test_a_fault_that_passes_leaves_no_mark(case, bench, vendor, sound, fault):
    vendor.strike(fault, times=2, after=1)
    vendor.slow_seconds = 1.5
    bench.pull(case.name)
    assert sum(vendor.faults.values()) == 0
    same_tables(bench.tables(), sound)


@pytest.mark.parametrize("fault", ["500", "cut", "not_json", "redirect", "bomb"])
def test_a_fault_that_stays_stops_the_pull_and_the_next_one_catches_up(case, bench, vendor, sound, fault):
    vendor.strike(fault, times=99, after=2)
    with pytest.raises(CxnlpError, match=f"source {case.name}"):
        bench.pull(case.name)
    vendor.faults.clear()
    bench.pull(case.name)
    same_tables(bench.tables(), sound)


def test_a_token_exchanged_in_mid_run_is_read_again(case, bench, vendor, sound, monkeypatch):
    def exchange():
        setattr(vendor, case.secret, "exchanged-2")
        monkeypatch.setenv(case.token, "exchanged-2")

    vendor.expire = exchange
    vendor.strike("expired_token", after=1)
    bench.pull(case.name)
    assert getattr(vendor, case.secret) == "exchanged-2"
    same_tables(bench.tables(), sound)


def test_a_wrong_token_is_told_in_one_line_without_the_token(case, bench, monkeypatch):
    monkeypatch.setenv(case.token, "planted-wrong")
    with pytest.raises(CxnlpError, match="answered 401; is the credential right") as told:
        bench.pull(case.name)
    assert "planted-wrong" not in str(told.value)


def test_a_missing_token_is_named(case, bench, monkeypatch):
    monkeypatch.delenv(case.token)
    with pytest.raises(CxnlpError, match=f"environment variable {case.token} is not set"):
        bench.pull(case.name)


def test_a_page_that_comes_twice_leaves_no_mark(case, bench, vendor, sound):
    vendor.repeat_page = True
    bench.pull(case.name)
    assert not vendor.repeat_page
    same_tables(bench.tables(), sound)


@pytest.mark.parametrize(("name", "field"), CHANGES, ids=[f"{name}-{field}" for name, field in CHANGES])
def test_a_changed_schema_is_refused_and_the_cursor_waits(name, field, tmp_path, monkeypatch):
    case = PROVED[name]
    case.sign_in(monkeypatch)
    with case.fill().serving() as vendor:
        bench = case.bench(tmp_path, vendor)
        vendor.renamed = {field: f"{field}2"}
        with pytest.raises(CxnlpError, match=f"missing_column.*'{field}'.*did you mean '{field}2'"):
            bench.pull(name)
        assert bench.lake.read(CURSORS).empty
        vendor.renamed = {}
        assert bench.pull(name).items == case.n_items


def test_a_clock_that_is_two_hours_off_loses_nothing(case, bench, vendor):
    vendor.clock_skew = 2 * 3600
    bench.pull(case.name)
    vendor.clock_skew = 0
    bench.pull(case.name)
    assert len(bench.lake.read(FEEDBACK)) == case.n_items


def test_an_empty_night_writes_an_empty_table(case, tmp_path):
    with type(case.fill())().serving() as vendor:
        bench = case.bench(tmp_path, vendor)
        assert bench.pull(case.name).records == 0
        assert bench.lake.read(FEEDBACK).empty


def test_a_backfill_over_the_same_days_changes_nothing(case, bench):
    bench.pull(case.name)
    before, cursors = bench.tables(), bench.lake.read(CURSORS)
    bench.pull(case.name, window=Window(date(2026, 5, 1), date(2026, 5, 31)))
    same_tables(bench.tables(), before)
    assert bench.lake.read(CURSORS).equals(cursors)
