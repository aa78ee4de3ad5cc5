"""Customer files to `core_customers`."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from cxnlp.calendar_day import Night
from cxnlp.collect.batches import in_batches, to_frame, to_quarantine
from cxnlp.collect.cells import flag, known_id, segment_json
from cxnlp.collect.dates import DateReader, date_reader
from cxnlp.collect.files import SourceFile
from cxnlp.collect.hashes import canonical, raw_hash
from cxnlp.collect.ids import Ids, SeenIds
from cxnlp.collect.mapping import hashed_columns, mapping_of
from cxnlp.collect.readers import read_rows
from cxnlp.collect.rows import Row
from cxnlp.config import CustomerSource
from cxnlp.pseudonym import Pseudonyms
from cxnlp.tables import CUSTOMERS

BATCH_ROWS = 20_000
EARLIEST = pd.Timestamp("1900-01-01", tz="UTC")  # old customers are older than any feedback
NOTICE = pd.Timedelta(days=3_653)  # contracts begin and end on days to come


@dataclass(frozen=True)
class CustomerBatch:
    """Some customers of a file (rows of `tables.CUSTOMERS`) and records that cannot be read (`tables.QUARANTINE`)."""

    customers: pd.DataFrame
    quarantine: pd.DataFrame
    record_count: int


def read_customers(
    source: CustomerSource, file: SourceFile, pseudonyms: Pseudonyms, night: Night
) -> Iterator[CustomerBatch]:
    """Read a file in batches of at most 20,000 records; each record is a row or is in quarantine.

    A customer who stands in the file twice is a row once, the second record is quarantined.

    :raises SourceError: where the declared encoding is not one of text.
    """
    reader = CustomerReader(source, file.name, pseudonyms, night, SeenIds())
    for taken in in_batches(read_rows(file, source), reader.read, BATCH_ROWS):
        yield CustomerBatch(
            to_frame(CUSTOMERS, taken.values),
            to_quarantine(taken.faults, source.name, file.name, night),
            taken.record_count,
        )


@dataclass
class CustomerReader:
    """Reads the records of one file or API and remembers their customers."""

    source: CustomerSource
    file_name: str
    pseudonyms: Pseudonyms
    night: Night
    seen: Ids
    read_date: DateReader = field(init=False)
    mapping: str = field(init=False)
    hashed_columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.read_date = date_reader(self.source.date_format, self.source.time_zone, EARLIEST, self.night.end + NOTICE)
        self.mapping = mapping_of(self.source)
        self.hashed_columns = hashed_columns(self.source)

    def read(self, row: Row) -> tuple[object, ...]:
        """A customer's values in the order of `tables.CUSTOMERS`."""
        fields, columns = row.fields, self.source.columns
        customer_key = self.pseudonyms.customer_key(known_id(fields[columns.customer_id], columns.customer_id))
        since = self.read_date(fields[columns.since]) if columns.since else None
        is_churned = flag(fields[columns.churned], columns.churned) if columns.churned else None
        churned_at = self.read_date(fields[columns.churned_at]) if columns.churned_at else None
        segments = segment_json(fields, self.source.segments)
        hashed = raw_hash(self.mapping, canonical([customer_key, *(fields[column] for column in self.hashed_columns)]))
        self.seen.refuse_repeat(customer_key, hashed, columns.customer_id)
        return (
            customer_key,
            self.source.name,
            segments,
            since,
            is_churned,
            churned_at,
            hashed,
            row.position,
            self.file_name,
            self.night.name,
        )
