"""Journey event files to `core_events`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from cxnlp.calendar_day import Night
from cxnlp.collect.batches import in_batches, to_frame, to_quarantine
from cxnlp.collect.cells import known_id, optional_id, words
from cxnlp.collect.dates import EARLIEST, DateReader, date_reader, latest_for
from cxnlp.collect.files import SourceFile
from cxnlp.collect.hashes import canonical, raw_hash
from cxnlp.collect.ids import Ids, SeenIds
from cxnlp.collect.json_cells import read_json, write_json
from cxnlp.collect.mapping import hashed_columns, mapping_of
from cxnlp.collect.readers import read_rows
from cxnlp.collect.rows import BadCell, Row
from cxnlp.config import EventSource
from cxnlp.pseudonym import Pseudonyms
from cxnlp.tables import EVENTS

BATCH_ROWS = 20_000
MAX_ATTRIBUTES_CHARACTERS = 10_000
CACHED_CUSTOMERS = 65_536


@dataclass(frozen=True)
class EventBatch:
    """Some events of a file (rows of `tables.EVENTS`) and records that cannot be read (`tables.QUARANTINE`)."""

    events: pd.DataFrame
    quarantine: pd.DataFrame
    record_count: int


def read_events(
    source: EventSource, file: SourceFile, pseudonyms: Pseudonyms, night: Night, stages: Mapping[str, str]
) -> Iterator[EventBatch]:
    """Read a file in batches of at most 20,000 records; each record is a row or is in quarantine.

    An event that stands in the file twice is a row once, its second record is quarantined.

    :param stages: event kind -> journey stage.
    :raises SourceError: where the declared encoding is not one of text.
    """
    reader = EventReader(source, file.name, pseudonyms, night, stages, SeenIds())
    for taken in in_batches(read_rows(file, source), reader.read, BATCH_ROWS):
        yield EventBatch(
            to_frame(EVENTS, taken.values),
            to_quarantine(taken.faults, source.name, file.name, night),
            taken.record_count,
        )


@dataclass
class EventReader:
    """Reads the records of one file or API and remembers their ids."""

    source: EventSource
    file_name: str
    pseudonyms: Pseudonyms
    night: Night
    stages: Mapping[str, str]
    seen: Ids
    read_date: DateReader = field(init=False)
    mapping: str = field(init=False)
    hashed_columns: tuple[str, ...] = field(init=False)
    hash_customer: Callable[[str], str] = field(init=False)

    def __post_init__(self) -> None:
        self.read_date = date_reader(
            self.source.date_format,
            self.source.time_zone,
            EARLIEST,
            latest_for(self.night, is_live=self.source.files is None),
        )
        self.mapping = mapping_of(self.source)
        self.hashed_columns = hashed_columns(self.source)
        self.hash_customer = lru_cache(CACHED_CUSTOMERS)(self.pseudonyms.customer_key)

    def read(self, row: Row) -> tuple[object, ...]:
        """An event's values in the order of `tables.EVENTS`."""
        fields, columns = row.fields, self.source.columns
        source_id = known_id(fields[columns.event_id], columns.event_id)
        customer_key = self._customer_key(fields)
        kind = self._kind(fields)
        at = self.read_date(fields[columns.at])
        if at is None:
            raise BadCell("missing_date", f"{columns.at} is empty, wanted {self.source.date_format!r}")
        attributes = _attribute_json(fields, self.source.attributes)
        hashed = raw_hash(self.mapping, canonical([customer_key, *(fields[column] for column in self.hashed_columns)]))
        self.seen.refuse_repeat(source_id, hashed, columns.event_id)
        return (
            f"{self.source.name}-{source_id}",
            self.source.name,
            customer_key,
            kind,
            self.stages.get(kind),
            at,
            attributes,
            hashed,
            row.position,
            self.file_name,
            self.night.name,
        )

    def _customer_key(self, fields: dict[str, object]) -> str | None:
        column = self.source.columns.customer_id
        customer_id = optional_id(fields[column], column) if column else None
        return self.hash_customer(customer_id) if customer_id else None

    def _kind(self, fields: dict[str, object]) -> str:
        column = self.source.columns.kind
        if column is None:
            return self.source.kind or ""
        kind = optional_id(fields[column], column)
        if kind is None:
            raise BadCell("missing_kind", f"{column} is empty, wanted the kind of the event")
        return kind


def _attribute_json(fields: dict[str, object], columns: tuple[str, ...]) -> str:
    """The event's own fields as a JSON object with sorted keys; empty ones are left out, objects are opened."""
    attributes: dict[str, object] = {}
    for column in columns:
        value = _opened(fields[column], column)
        attributes |= value if isinstance(value, dict) else {column: value}
    kept = {name: value for name, value in attributes.items() if value is not None and value != ""}
    text = write_json(kept)
    if len(text) > MAX_ATTRIBUTES_CHARACTERS:
        raise BadCell("field_too_long", f"attributes are longer than {MAX_ATTRIBUTES_CHARACTERS:,} characters")
    return text


def _opened(value: object, column: str) -> object:
    """A cell's value; JSON of an object, as CSV cells hold it, is read."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            return read_json(value)
        except (ValueError, RecursionError) as error:
            raise BadCell("bad_attributes", f"{column} begins like a JSON object but is none") from error
    if value is None or isinstance(value, str | int | dict | list):
        return value
    if isinstance(value, float):
        return value if value == value else None
    return words(value)
