"""Feedback files to the one record form."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from cxnlp.calendar_day import Night
from cxnlp.collect.batches import in_batches, to_frame, to_quarantine
from cxnlp.collect.cells import check_sizes, is_missing, known_id, optional_id, score, segment_json, too_long, words
from cxnlp.collect.dates import EARLIEST, DateReader, date_reader, latest_for
from cxnlp.collect.deleted import says_deleted
from cxnlp.collect.files import SourceFile
from cxnlp.collect.hashes import canonical, raw_hash
from cxnlp.collect.ids import Ids, SeenIds
from cxnlp.collect.mapping import hashed_columns, mapping_of, text_columns
from cxnlp.collect.readers import read_rows
from cxnlp.collect.rows import BadCell, Row
from cxnlp.collect.turns import read_thread
from cxnlp.config import FeedbackSource
from cxnlp.pseudonym import Pseudonyms
from cxnlp.tables import RECORDS

BATCH_RECORDS = 2_000
MAX_COUNT = 1_000_000
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "stars": (1, 5)}


@dataclass(frozen=True)
class FeedbackBatch:
    """Some records of a file (rows of `tables.RECORDS`) and those that cannot be read (`tables.QUARANTINE`)."""

    records: pd.DataFrame
    quarantine: pd.DataFrame
    record_count: int


def read_feedback(
    source: FeedbackSource, file: SourceFile, pseudonyms: Pseudonyms, night: Night, max_field_bytes: int
) -> Iterator[FeedbackBatch]:
    """Read a file in batches of at most 2,000 records; each record is a row or is in quarantine.

    A record that stands in the file twice is there twice, under one item id where the source gives the id.

    :param max_field_bytes: a record with more bytes of words in one field is quarantined.
    :raises SourceError: where the declared encoding is not one of text.
    """
    reader = RecordReader(source, file.name, pseudonyms, night, max_field_bytes, SeenIds())
    for taken in in_batches(read_rows(file, source), reader.read, BATCH_RECORDS):
        yield FeedbackBatch(
            to_frame(RECORDS, taken.values),
            to_quarantine(taken.faults, source.name, file.name, night),
            taken.record_count,
        )


@dataclass
class RecordReader:
    """Reads the records of one file or API and remembers their ids."""

    source: FeedbackSource
    file_name: str
    pseudonyms: Pseudonyms
    night: Night
    max_field_bytes: int
    seen: Ids
    read_date: DateReader = field(init=False)
    mapping: str = field(init=False)
    hashed_columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.read_date = date_reader(
            self.source.date_format,
            self.source.time_zone,
            EARLIEST,
            latest_for(self.night, is_live=self.source.files is None),
        )
        self.mapping = mapping_of(self.source)
        self.hashed_columns = hashed_columns(self.source)

    def read(self, row: Row) -> tuple[object, ...]:
        """A record's values in the order of `tables.RECORDS`."""
        fields, columns, constants = row.fields, self.source.columns, self.source.constants
        check_sizes(fields, self.max_field_bytes)
        text, turns = self._words(fields)
        customer_key = self._customer_key(fields)
        content = canonical([customer_key, *(fields[column] for column in self.hashed_columns)])
        hashed = raw_hash(self.mapping, content)
        deleted = self.source.deleted
        is_deleted = says_deleted(fields[deleted.column], deleted) if deleted else None
        values = (
            self.source.source_kind,
            self._channel(fields),
            self._created_at(fields, is_wanted=not is_deleted),
            customer_key,
            segment_json(fields, self.source.segments),
            *(_score(fields, getattr(columns, name), name) for name in SCALES),
            _named(fields, columns.question) or constants.question,
            text,
            turns,
            _count(fields, columns.reopen_count),
            _count(fields, columns.transfer_count),
            self._time(fields, columns.updated_at),
            is_deleted,
            self._deleted_at(fields) if is_deleted else None,
            hashed,
            row.position,
            self.file_name,
            self.night.name,
        )
        source_id = self._source_id(fields, content, hashed)  # last: a refused record leaves no id behind
        return (f"{self.source.name}-{source_id}", self.source.name, source_id, *values)

    def _channel(self, fields: dict[str, object]) -> str | None:
        named = _named(fields, self.source.columns.channel)
        return self.source.channel_names.get(named, named) if named else self.source.constants.channel

    def _words(self, fields: dict[str, object]) -> tuple[str, str | None]:
        settings = self.source.turns
        if settings is not None:
            first, speaker = (fields.get(path) if path else None for path in (settings.first, settings.first_speaker))
            thread = read_thread(fields[settings.path], settings, self.read_date, first, speaker)
            if len(thread.turns.encode()) > self.max_field_bytes:
                raise too_long(settings.path, self.max_field_bytes)
            return thread.text, thread.turns
        parts = [words(fields[column]) for column in text_columns(self.source)]
        return "\n".join(part for part in parts if part.strip()), None

    def _time(self, fields: dict[str, object], column: str | None) -> int | None:
        return self.read_date(fields[column]) if column else None

    def _deleted_at(self, fields: dict[str, object]) -> int | None:
        """When the record was deleted; its last change where it does not say."""
        columns = self.source.columns
        return self._time(fields, columns.deleted_at or columns.updated_at)

    def _created_at(self, fields: dict[str, object], is_wanted: bool) -> int | None:
        column = self.source.columns.created_at
        if column is None:
            return None
        at = self.read_date(fields[column])
        if at is None and is_wanted:
            raise BadCell("missing_date", f"{column} is empty, wanted {self.source.date_format!r}")
        return at

    def _customer_key(self, fields: dict[str, object]) -> str | None:
        column = self.source.columns.customer_id
        customer_id = optional_id(fields[column], column) if column else None
        return self.pseudonyms.customer_key(customer_id) if customer_id else None

    def _source_id(self, fields: dict[str, object], content: str, hashed: str) -> str:
        column = self.source.columns.source_id
        if column is None:
            return self.seen.made_from(content)
        source_id = known_id(fields[column], column)
        self.seen.is_repeat(source_id, hashed, column)
        return source_id


def _named(fields: dict[str, object], column: str | None) -> str | None:
    return (words(fields[column]).strip() or None) if column else None


def _score(fields: dict[str, object], column: str | None, name: str) -> int | None:
    if column is None:
        return None
    value = fields[column]
    if not isinstance(value, str | float | int | None):
        raise BadCell("bad_score", f"{name} is a {type(value).__name__}, wanted a number")
    return score(value, name, *SCALES[name])


def _count(fields: dict[str, object], column: str | None) -> int | None:
    if column is None or is_missing(fields[column]):
        return None
    value = fields[column]
    if not isinstance(value, str | float | int):
        raise BadCell("bad_count", f"{column} is a {type(value).__name__}, wanted a number")
    return score(value, column, 0, MAX_COUNT)
