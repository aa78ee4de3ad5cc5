from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxnlp.calendar_day import Night
from cxnlp.collect.dates import date_reader, shape
from cxnlp.collect.rows import BadCell

EARLIEST = pd.Timestamp("1990-01-01", tz="UTC")
LATEST = pd.Timestamp("2030-01-01", tz="UTC")
FORMATS = ["iso", "unix", "unix_ms", "%d/%m/%Y", "%a %b %d %H:%M:%S %z %Y | iso"]


def read(value: object, pattern: str = "iso", zone: str = "UTC") -> str:
    at = date_reader(pattern, zone, EARLIEST, LATEST)(value)
    return pd.Timestamp(at, unit="us").isoformat()


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("2026-03-01", "2026-03-01T00:00:00"),
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00"),
        ("2026-03-01 10:00:00.123 +0100", "2026-03-01T09:00:00.123000"),
        ("2026-03-01 10:00:00 UTC", "2026-03-01T10:00:00"),
        (" 20260301 ", "2026-03-01T00:00:00"),
        (datetime(2026, 3, 1, 10), "2026-03-01T10:00:00"),
        (date(2026, 3, 1), "2026-03-01T00:00:00"),
    ],
)
def test_iso_dates_are_read_as_people_write_them(value, wanted):
    assert read(value) == wanted


@pytest.mark.parametrize(
    ("value", "pattern", "wanted"),
    [
        ("1767225600", "unix", "2026-01-01T00:00:00"),
        (1767225600.5, "unix", "2026-01-01T00:00:00.500000"),
        (1767225600500, "unix_ms", "2026-01-01T00:00:00.500000"),
        ("01/03/26 7.05", "%d/%m/%y %H.%M", "2026-03-01T07:05:00"),
        ("Sun Mar 01 10:00:00 +0200 2026", "iso | %a %b %d %H:%M:%S %z %Y", "2026-03-01T08:00:00"),
        ("06-12-2026", "%m-%d-%Y | %d-%m-%Y", "2026-06-12T00:00:00"),
        ("13-06-2026", "%m-%d-%Y | %d-%m-%Y", "2026-06-13T00:00:00"),
    ],
)
def test_other_forms_are_read_by_their_pattern_or_by_the_first_that_fits(value, pattern, wanted):
    assert read(value, pattern) == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("2026-01-15 12:00", "2026-01-15T11:00:00"),
        ("2026-07-15 12:00", "2026-07-15T10:00:00"),
        ("2026-07-15 12:00Z", "2026-07-15T12:00:00"),
        ("2026-03-29 02:30", "2026-03-29T01:30:00"),  # left out: 03:30 in summer time
        ("2026-10-25 02:30", "2026-10-25T00:30:00"),  # twice: the first
        (datetime(2026, 1, 15, 12), "2026-01-15T11:00:00"),
    ],
)
def test_times_without_an_offset_are_of_the_sources_zone(value, wanted):
    assert read(value, zone="Europe/Berlin") == wanted


@pytest.mark.parametrize("value", [None, "", "  ", "null", "N/A", float("nan")])
def test_an_empty_cell_has_no_time(value):
    assert date_reader("iso", "UTC", EARLIEST, LATEST)(value) is None


@pytest.mark.parametrize(
    ("value", "pattern", "reason"),
    [
        ("2026-02-30", "iso", "bad_date"),
        ("03/04/2026", "iso", "bad_date"),
        ("1989-12-31", "iso", "bad_date"),
        ("0001-01-01", "iso", "bad_date"),
        ("2030-01-02", "iso", "future_date"),
        ("9999-12-31T23:59:59", "iso", "future_date"),
        ("1e30", "unix", "bad_date"),
        ("1767225600500", "unix", "bad_date"),
        (["2026-03-01"], "iso", "bad_date"),
        (True, "unix", "bad_date"),
    ],
)
def test_what_is_no_date_of_this_time_is_refused(value, pattern, reason):
    with pytest.raises(BadCell, match=reason):
        date_reader(pattern, "America/New_York", EARLIEST, LATEST)(value)


@given(st.text() | st.integers() | st.floats() | st.datetimes(), st.sampled_from(FORMATS))
def test_any_cell_is_a_time_within_bounds_or_refused(value, pattern):
    try:
        at = date_reader(pattern, "Europe/London", EARLIEST, LATEST)(value)
    except BadCell:
        return
    assert at is None or EARLIEST <= pd.Timestamp(at, unit="us", tz="UTC") <= LATEST


def test_a_shape_tells_how_it_was_written_and_nothing_more():
    assert shape("Tue 3 Mär, 07:05 ☎") == "aaa 9 aaa, 99:99 ?"
    assert shape("x" * 50) == "a" * 40 + "..."


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        ("2026-03-05", "UTC", "2026-03-06T00:00:00+00:00"),
        ("2026-03-29", "Europe/Berlin", "2026-03-29T22:00:00+00:00"),
        ("2026-10-25", "Europe/Berlin", "2026-10-25T23:00:00+00:00"),
        ("2028-02-29", "America/New_York", "2028-03-01T05:00:00+00:00"),
    ],
)
def test_a_night_ends_where_its_zones_next_day_begins(day, zone, end):
    assert Night(date.fromisoformat(day), zone).end == pd.Timestamp(end)
