"""Records of pages to frames: the same mapping that reads files, some pages at a time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from cxnlp.calendar_day import Night
from cxnlp.collect.batches import in_batches, to_frame, to_quarantine
from cxnlp.collect.hashes import canonical, content_id
from cxnlp.collect.mapping import MappedSource, missing_column, wanted_columns
from cxnlp.collect.paths import at_path, has_path, select
from cxnlp.collect.rows import Fault, Row
from cxnlp.collect.web.bodies import plain_names
from cxnlp.collect.web.pages import Page, Record
from cxnlp.config import CustomerSource, EventSource, FeedbackSource
from cxnlp.errors import SourceError
from cxnlp.tables import Table

BATCH_RECORDS = 2_000
MANY = 20  # records of a page of which one at least should have words
MAX_POSITION_CHARACTERS = 200


@dataclass(frozen=True)
class Pull:
    """Some records of an API, and the cursor that may be stored once they are committed.

    :ivar rows: of the table that the source feeds; a record may stand there twice, the later in order is the newer.
    :ivar quarantine: of `tables.QUARANTINE`.
    :ivar cursor: None where it may not move yet.
    """

    rows: pd.DataFrame
    quarantine: pd.DataFrame
    cursor: str | None


def read_pulls(
    source: MappedSource,
    place: str,
    pages: Iterable[Page],
    table: Table,
    read: Callable[[Row], tuple[object, ...]],
    night: Night,
) -> Iterator[Pull]:
    """Read pages until there are at least 2,000 records, and hand them on together.

    :param place: name of the API in positions.
    :param read: a row's values in the order of `table`; raises `BadCell` where it cannot be taken.
    :raises SourceError: where no record of a page has what must be there: the API has changed.
    """
    held: list[Record] = []
    for page in pages:
        _refuse_other_schema(source, page.records)
        held += page.records
        if len(held) >= BATCH_RECORDS:
            yield _pull(source, place, held, page.cursor, table, read, night)
            held = []
    yield _pull(source, place, held, page.cursor, table, read, night)


def _pull(
    source: MappedSource,
    place: str,
    records: list[Record],
    cursor: str | None,
    table: Table,
    read: Callable[[Row], tuple[object, ...]],
    night: Night,
) -> Pull:
    wanted = wanted_columns(source)
    rows = [select(Row(_position(source, place, record), record), wanted) for record in records]
    values: list[tuple[object, ...]] = []
    faults: list[Fault] = []
    for taken in in_batches(rows, read, BATCH_RECORDS):
        values += taken.values
        faults += taken.faults
    last_by_position = {fault.position: fault for fault in faults}
    quarantine = to_quarantine(list(last_by_position.values()), source.name, place, night)
    return Pull(to_frame(table, values), quarantine, cursor)


def id_column(source: MappedSource) -> str:
    """The column that names a record."""
    if isinstance(source, FeedbackSource):
        return source.columns.source_id or ""
    return source.columns.event_id if isinstance(source, EventSource) else source.columns.customer_id


def _position(source: MappedSource, place: str, record: Record) -> str:
    """Where a record stands: the same place whichever page brings it."""
    named = at_path(record, id_column(source))
    text = str(named).strip()
    is_plain = isinstance(named, str | int) and text.isprintable() and 0 < len(text) <= MAX_POSITION_CHARACTERS
    if isinstance(source, CustomerSource) or not is_plain:  # a customer's id is personal data
        return f"{place}:~{content_id(canonical([named if is_plain else record]))}"
    return f"{place}:{text}"


def _refuse_other_schema(source: MappedSource, records: list[Record]) -> None:
    """
    :raises SourceError: where no record has the id, the time or the cursor; or, of many, any words.
    """
    wanted = wanted_columns(source)
    words = wanted.needed - {id_column(source), getattr(source.columns, "created_at", None)}
    needed = wanted.needed
    if isinstance(source, FeedbackSource):
        needed = (needed - words) | (_sure_words(source, words) if len(records) >= MANY else frozenset())
    where = source.api or source.resource
    if where is not None and where.cursor is not None and where.cursor.from_records is not None:
        needed = needed | {where.cursor.from_records}
    absent = sorted(path for path in needed if records and not any(has_path(record, path) for record in records))
    if absent:
        known = plain_names(dict.fromkeys(name for record in records for name in record))
        fault = missing_column("", absent, known)
        raise SourceError(f"source {source.name}: missing_column: {fault.detail}; the API has changed: mend `columns`")


def _sure_words(source: FeedbackSource, words: frozenset[str]) -> frozenset[str]:
    """Where one record of many has words; of survey answers the object around them: nobody need answer a question."""
    return frozenset(path.split(".")[0] for path in words) if source.source_kind == "survey" else words
