"""Times as sources write them, to UTC."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pandas as pd

from cxnlp.calendar_day import Night
from cxnlp.collect.cells import is_missing
from cxnlp.collect.rows import BadCell

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
GRACE = pd.Timedelta(days=1)  # clocks and zones of sources differ
EARLIEST = pd.Timestamp("1990-01-01", tz="UTC")
CACHED_VALUES = 65_536
MAX_SHAPE = 40
ALTERNATIVES = "|"
OFFSET_APART = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
ZONE_WORD = re.compile(r"\s*(UTC|GMT)$")

DateReader = Callable[[object], int | None]


def date_reader(pattern: str, zone: str, earliest: pd.Timestamp, latest: pd.Timestamp) -> DateReader:
    """A function that reads the times of one source.

    A time without an offset is one of the source's zone. Of an hour that comes twice when clocks go back the
    first is meant; an hour that is left out when they go forward is moved on by what was left out.

    :param pattern: iso, unix, unix_ms or a strptime pattern; several, parted by `|`, are tried in turn.
    :param zone: IANA zone of times that carry none.
    :param earliest: an earlier time is a bad date.
    :param latest: a later time is a future date.
    :returns: cell -> microseconds since 1970 in UTC, None where the cell is empty; it raises `BadCell`.
    """
    readers = [_reader(part.strip()) for part in pattern.split(ALTERNATIVES)]
    local = ZoneInfo(zone)
    bounds = (_microseconds(earliest.to_pydatetime(), local), _microseconds(latest.to_pydatetime(), local))

    @lru_cache(maxsize=CACHED_VALUES)
    def read(value: object) -> int | None:
        if is_missing(value):
            return None
        moment = _moment(value, readers)
        if moment is None:
            raise BadCell("bad_date", f"found a date like {shape(value)!r}, wanted {pattern!r}")
        at = _microseconds(moment, local)
        if at < bounds[0]:
            raise BadCell("bad_date", f"found a date before {earliest:%Y-%m-%d}: does `date_format` fit?")
        if at > bounds[1]:
            raise BadCell("future_date", f"found a date after {latest:%Y-%m-%d %H:%M} UTC: day and month exchanged?")
        return at

    def read_cell(value: object) -> int | None:
        if value is False:  # "edited: false"; before the cache, which takes it for 0
            return None
        if isinstance(value, dict | list):
            raise BadCell("bad_date", f"found a {type(value).__name__}, wanted a date")
        return read(value)

    return read_cell


def latest_for(night: Night, is_live: bool) -> pd.Timestamp:
    """The latest time that a record may bear.

    :param is_live: whether the source tells what is so now, whatever the night: its cursor has passed a record that
        is refused, so none may be refused for being newer than the night.
    """
    return max(night.end, pd.Timestamp.now(tz="UTC")) + GRACE if is_live else night.end + GRACE


def shape(value: object) -> str:
    """How a value is written, not what it says: digits as 9, letters as a."""
    text = str(value).strip()
    shown = "".join(_shape_of(character) for character in text[:MAX_SHAPE])
    return shown + ("..." if len(text) > MAX_SHAPE else "")


def _shape_of(character: str) -> str:
    if character.isdigit():
        return "9"
    if character.isalpha():
        return "a"
    return character if character.isascii() and character.isprintable() else "?"


def _reader(pattern: str) -> Callable[[str], datetime]:
    if pattern == "iso":
        return _from_iso
    if pattern == "unix":
        return lambda text: EPOCH + timedelta(seconds=float(text))
    if pattern == "unix_ms":
        return lambda text: EPOCH + timedelta(milliseconds=float(text))
    return lambda text: datetime.strptime(text, pattern)


def _from_iso(text: str) -> datetime:
    return datetime.fromisoformat(ZONE_WORD.sub("+00:00", OFFSET_APART.sub("", text)))


def _moment(value: object, readers: list[Callable[[str], datetime]]) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = str(value).strip()
    for reader in readers:
        try:
            return reader(text)
        except (ValueError, OverflowError):
            continue
    return None


def _microseconds(moment: datetime, local: ZoneInfo) -> int:
    """Microseconds since 1970; the ends of the calendar, which have no neighbour zone, are clipped to UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=local, fold=0)
    try:
        return (aware - EPOCH) // MICROSECOND
    except OverflowError:
        return (moment.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
