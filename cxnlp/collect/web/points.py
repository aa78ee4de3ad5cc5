"""The point that a pull goes on from: what it asks for, and where it stands after each page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pandas as pd

from cxnlp.collect.dates import DateReader, date_reader
from cxnlp.collect.paths import at_path
from cxnlp.collect.rows import BadCell
from cxnlp.collect.web.bodies import value_at
from cxnlp.errors import SourceError
from cxnlp.web_settings import Cursor, Scalar

PLACE = "{cursor}"
EARLIEST, LATEST = pd.Timestamp("1970-01-01", tz="UTC"), pd.Timestamp("2200-01-01", tz="UTC")
NUMBERS = frozenset({"unix", "unix_ms", "number"})


@dataclass(frozen=True)
class Asked:
    """What a pull asks for first: query fields and, for a POST, the body."""

    params: dict[str, Scalar]
    body: dict[str, object] | None


@dataclass
class Point:
    """Where one pull stands.

    :ivar stored: the cursor that the last pull left; None where there was none.
    :ivar value: the cursor that this pull may leave, as far as it has come.
    """

    source_name: str
    settings: Cursor | None
    date_format: str
    time_zone: str
    stored: str | None
    since: date | None = None
    value: str | None = field(init=False)
    read_date: DateReader = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.value = self.stored
        self.read_date = date_reader(self.date_format, self.time_zone, EARLIEST, LATEST)

    def ask(self, params: Mapping[str, Scalar], body: Mapping[str, object] | None) -> Asked:
        """Fill the cursor's place in what the pipeline file asks for."""
        if self.settings is None:
            return Asked(dict(params), None if body is None else dict(body))
        is_first = self.stored is None or self.since is not None
        begin = self.begin()
        asked = {**params, **(self.settings.first if is_first else self.settings.next)}
        filled = {name: _filled(value, begin) for name, value in asked.items()}
        return Asked(filled, _filled_object(body, begin) if body is not None else None)  # type: ignore[arg-type]

    def begin(self) -> Scalar:
        """The cursor as the API wants it written; times lie the overlap before where the last pull ended."""
        settings = self.settings
        if settings is None:
            return ""
        if self.since is not None:
            return _written(datetime(self.since.year, self.since.month, self.since.day, tzinfo=UTC), settings.format)
        if self.stored is None:
            return self._initial(settings)
        if settings.from_page is not None or settings.format == "number":
            return self.stored
        return _written(self._moment(self.stored) - timedelta(minutes=settings.overlap_minutes), settings.format)

    def move(self, body: object, records: Sequence[Mapping[str, object]]) -> None:
        """Go on to where a page ends."""
        settings = self.settings
        if settings is None:
            return
        if settings.from_page is not None:
            found = value_at(body, settings.from_page)
            self.value = str(found) if found not in (None, "") else self.value
        else:
            marks = [mark for mark in (self._mark(record) for record in records) if mark is not None]
            self.value = max([*marks, *([self.value] if self.value else [])], key=self._rank, default=None)

    def is_passed_by(self, records: Sequence[Mapping[str, object]]) -> bool:
        """Whether a page that is not empty holds only what is older than this pull asks for; newest come first."""
        settings = self.settings
        if settings is None or not settings.newest_first:
            return False
        marks = [self._mark(record) for record in records]
        return bool(marks) and all(mark is not None and self._rank(mark) < self._earliest(settings) for mark in marks)

    def _earliest(self, settings: Cursor) -> int:
        """Rank of what a pull begins with: the stored cursor less the overlap, or the first day that is asked for."""
        if settings.format == "number":
            return int(self.stored or settings.initial)
        if self.since is not None:
            return self._rank(datetime(self.since.year, self.since.month, self.since.day, tzinfo=UTC).isoformat())
        if self.stored is None:
            return self._rank(self._first_moment(settings).isoformat())
        return self._rank(self.stored) - settings.overlap_minutes * 60 * 1_000_000

    def _initial(self, settings: Cursor) -> Scalar:
        return (
            settings.initial if settings.format == "number" else _written(self._first_moment(settings), settings.format)
        )

    def _first_moment(self, settings: Cursor) -> datetime:
        """
        :raises SourceError: where `initial` is no time.
        """
        try:
            moment = datetime.fromisoformat(settings.initial)
        except ValueError as error:
            raise SourceError(
                f"source {self.source_name}: cursor.initial is {settings.initial!r}, wanted an ISO date or time"
            ) from error
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _mark(self, record: Mapping[str, object]) -> str | None:
        """A record's own value of the cursor: a time as ISO in UTC, never later than now; or a number."""
        settings = self.settings
        value = at_path(dict(record), settings.from_records or "") if settings else None
        if value is None or settings is None:
            return None
        if settings.format == "number":
            return str(value) if str(value).isdigit() else None
        try:
            at = self.read_date(value)
        except BadCell:
            return None
        if at is None:
            return None
        moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=at)
        return min(moment, datetime.now(UTC)).isoformat()

    def _rank(self, value: str) -> int:
        if self.settings is not None and self.settings.format == "number":
            return int(value)
        return (self._moment(value) - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)

    def _moment(self, stored: str) -> datetime:
        return datetime.fromisoformat(stored)


def _written(moment: datetime, pattern: str) -> Scalar:
    utc = moment.astimezone(UTC)
    if pattern == "unix":
        return int(utc.timestamp())
    if pattern == "unix_ms":
        return int(utc.timestamp() * 1000)
    if pattern == "iso":
        return utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    return utc.strftime(pattern)


def _filled(value: Scalar, cursor: Scalar) -> Scalar:
    if value == PLACE:
        return cursor
    return value.replace(PLACE, str(cursor)) if isinstance(value, str) else value


def _filled_object(value: object, cursor: Scalar) -> object:
    if isinstance(value, Mapping):
        return {name: _filled_object(inner, cursor) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_filled_object(inner, cursor) for inner in value]
    return _filled(value, cursor) if isinstance(value, str) else value
