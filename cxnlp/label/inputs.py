"""Files of feedback as a stream of rows: CSV, TSV, JSON lines (gzipped or not), Parquet or standard input.

A row that cannot be read is a row with a fault: it keeps its place, so that the output lines up with the input.
"""

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cxnlp.errors import SourceError, nearest

ID_COLUMNS, TEXT_COLUMN, KIND_COLUMN = ("id", "item_id"), "text", "source_kind"
STANDARD = Path("-")  # standard input or output
PARQUET_ROWS = 2_000  # of one read


@dataclass(frozen=True)
class InputRow:
    """One row of the input; `fault` says why it cannot be labelled, None where it can."""

    item_id: str | None
    text: str
    source_kind: str | None
    fault: str | None = None


def read_rows(source: Path) -> Iterator[InputRow]:
    """Rows of a file by the ending of its name; JSON lines from standard input where it is `-`.

    :raises SourceError: where the file is missing, of another kind, or lacks `id` or `text`.
    """
    if source == STANDARD:
        yield from _json_rows(sys.stdin.buffer)
        return
    if not source.is_file():
        raise SourceError(f"{source}: no such file; a CSV, TSV, JSON-lines or Parquet file is wanted")
    kind = source.name.removesuffix(".gz").rsplit(".", 1)[-1].lower()
    if kind == "parquet":
        yield from _parquet_rows(source)
        return
    if kind not in ("csv", "tsv", "jsonl", "ndjson"):
        raise SourceError(
            f"{source}: ends in .{kind}; .csv, .tsv, .jsonl, .ndjson (or these with .gz) or .parquet is wanted"
        )
    opener = gzip.open if source.suffix == ".gz" else open
    with opener(source, "rb") as stream:
        if kind in ("csv", "tsv"):
            yield from _csv_rows(stream, "," if kind == "csv" else "\t", str(source))
        else:
            yield from _json_rows(stream)


def _json_rows(stream: Iterable[bytes]) -> Iterator[InputRow]:
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except UnicodeDecodeError:
            yield _faulty(number, "not UTF-8")
        except (json.JSONDecodeError, RecursionError):
            yield _faulty(number, "not a JSON object")
        else:
            yield _row(record, number) if isinstance(record, dict) else _faulty(number, "not a JSON object")


def _csv_rows(stream: BinaryIO | gzip.GzipFile, separator: str, name: str) -> Iterator[InputRow]:
    csv.field_size_limit(2**31 - 1)
    words = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    rows = csv.DictReader((line.replace("\0", "") for line in words), delimiter=separator)
    _check_columns(rows.fieldnames or [], name)
    for number, row in enumerate(rows, 2):
        yield _row(row, number)


def _parquet_rows(source: Path) -> Iterator[InputRow]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(source)
    except pa.ArrowInvalid as error:
        raise SourceError(f"{source}: not a Parquet file, or a broken one; write it again") from error
    _check_columns(table.schema_arrow.names, str(source))
    wanted = [name for name in table.schema_arrow.names if name in (*ID_COLUMNS, TEXT_COLUMN, KIND_COLUMN)]
    number = 0
    for batch in table.iter_batches(PARQUET_ROWS, columns=wanted):
        for record in batch.to_pylist():
            number += 1
            yield _row(record, number)


def _check_columns(names: Iterable[str], where: str) -> None:
    names = list(names)
    if TEXT_COLUMN not in names:
        raise SourceError(f"{where}: no column 'text'; {nearest('text', names)}")
    if not set(ID_COLUMNS) & set(names):
        raise SourceError(f"{where}: no column 'id' or 'item_id'; {nearest('id', names)}")


def _row(record: dict, number: int) -> InputRow:
    found = next((record[name] for name in ID_COLUMNS if record.get(name) is not None), None)
    if found is None:
        return _faulty(number, "no id")
    text, kind = record.get(TEXT_COLUMN), record.get(KIND_COLUMN)
    if not isinstance(text, str):
        return InputRow(str(found), "", None, f"row {number}: no text")
    return InputRow(str(found), text, kind if isinstance(kind, str) and kind else None)


def _faulty(number: int, why: str) -> InputRow:
    return InputRow(None, "", None, f"row {number}: {why}")
