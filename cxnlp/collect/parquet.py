"""Parquet: mapped columns only, a thousand rows at a time."""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from cxnlp.collect.jsonlines import select
from cxnlp.collect.mapping import missing_column
from cxnlp.collect.rows import Fault, Row, Wanted

BATCH_ROWS = 1_000
MAX_GROUP_BYTES = 1_000_000_000


def read_parquet(handle: BinaryIO, wanted: Wanted, file_name: str) -> Iterator[Row | Fault]:
    """Rows of a Parquet file, numbered from 1; dotted paths lead into structs."""
    try:
        file = pq.ParquetFile(handle)
        columns = {path: _top_column(path, file.schema_arrow.names) for path in wanted.paths}
        absent = [path for path, column in columns.items() if not column]
        if absent:
            yield missing_column(file_name, absent, file.schema_arrow.names)
            return
        if _largest_group(file) > MAX_GROUP_BYTES:
            yield Fault(file_name, "too_large", f"a row group opens to more than {MAX_GROUP_BYTES:,} bytes")
            return
        number = 1
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=sorted(set(columns.values()))):
            yield from _rows(batch, number, wanted, file_name)
            number += batch.num_rows
    except (pa.ArrowException, EOFError) as error:
        yield Fault(file_name, "not_parquet", f"not a whole Parquet file ({type(error).__name__}); export it again")


def _top_column(path: str, names: list[str]) -> str:
    """The column that a path begins in; empty where there is none."""
    return next((name for name in (path, path.split(".")[0]) if name in names), "")


def _largest_group(file: pq.ParquetFile) -> int:
    groups = (file.metadata.row_group(number) for number in range(file.num_row_groups))
    return max((group.total_byte_size for group in groups), default=0)


def _rows(batch: pa.RecordBatch, first: int, wanted: Wanted, file_name: str) -> Iterator[Row | Fault]:
    try:
        records = batch.to_pylist()
    except UnicodeDecodeError:
        yield from _rows_one_by_one(batch, first, wanted, file_name)
        return
    for number, fields in enumerate(records, start=first):
        yield select(Row(f"{file_name}:{number}", fields), wanted)


def _rows_one_by_one(batch: pa.RecordBatch, first: int, wanted: Wanted, file_name: str) -> Iterator[Row | Fault]:
    for offset in range(batch.num_rows):
        position = f"{file_name}:{first + offset}"
        try:
            fields = batch.slice(offset, 1).to_pylist()[0]
        except UnicodeDecodeError:
            yield Fault(position, "wrong_encoding", "holds bytes that are not UTF-8, as Parquet wants it")
        else:
            yield select(Row(position, fields), wanted)
