"""`cxnlp label`: a file of feedback in, a file of labels out, in chunks, so that the file may be larger than memory."""

import csv
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Literal, TypedDict

import pandas as pd
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cxnlp.errors import ConfigError
from cxnlp.label.inputs import STANDARD, InputRow, read_rows
from cxnlp.label.labeler import Labeler
from cxnlp.label.records import ItemRecord, to_records
from cxnlp.label.tokens import readable

LOG = logging.getLogger(__name__)
CHUNK_ROWS = 1_000
TOLD_FAULTS = 10
COLUMNS = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FLAT_COLUMNS = (
    "id",
    "sentiment",
    "sentiment_probability",
    "demand",
    "demand_probability",
    "domain",
    "cause",
    "breakdown_probability",
    "breakdown_quote",
    "abstained",
    "mentions",
    "fault",
)
OutputFormat = Literal["jsonl", "csv", "parquet"]
Rows = Callable[[list["OutputRecord"]], None]


class FaultRecord(TypedDict):
    """A row that was passed through unlabelled: its id where it has one, and why."""

    id: str | None
    fault: str


OutputRecord = ItemRecord | FaultRecord


@dataclass(frozen=True)
class LabelCounts:
    """Rows read, and of these how many were passed through unlabelled because of a fault."""

    rows: int
    faulty: int


def label_file(source: Path, out: Path, output_format: OutputFormat, model: Path) -> LabelCounts:
    """Label a file and write one record a row, in its order.

    A row that cannot be labelled comes out as its id and `fault`. The output stands under its name only when whole.
    A bar shows the rows done where standard error is a terminal.

    :param source: file to read; JSON lines from standard input where it is `-`.
    :param out: file to write; standard output where it is `-`.
    :raises SourceError: where the source cannot be read at all.
    :raises ConfigError: where Parquet is asked for on standard output.
    :raises ModelError: where the model folder is damaged.
    """
    labeler = Labeler.load(model)
    faults: list[str] = []
    rows = 0
    with _writer(out, output_format) as write, Progress(*COLUMNS, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("labelled", total=None)
        for chunk in _chunks(read_rows(source)):
            write(label_rows(chunk, labeler))
            rows += len(chunk)
            faults += [row.fault for row in chunk if row.fault]
            bar.advance(task, len(chunk))
    if faults:
        told = "; ".join(faults[:TOLD_FAULTS]) + ("; ..." if len(faults) > TOLD_FAULTS else "")
        LOG.warning("%s: %d of %d rows passed through unlabelled: %s", source, len(faults), rows, told)
    return LabelCounts(rows, len(faults))


def label_rows(rows: list[InputRow], labeler: Labeler) -> list[OutputRecord]:
    """A record for each row, in order; ids may repeat."""
    good = [row for row in rows if row.fault is None]
    feedback = pd.DataFrame(
        {
            "item_id": [str(number) for number in range(len(good))],
            "text": pd.Series([readable(row.text) for row in good], dtype="str"),
            "source_kind": [row.source_kind for row in good],
        }
    )
    records = to_records(labeler.label(feedback))
    return [
        FaultRecord(id=row.item_id, fault=row.fault) if row.fault else _named(next(records), str(row.item_id))
        for row in rows
    ]


def _named(record: ItemRecord, item_id: str) -> ItemRecord:
    record["id"] = item_id
    return record


def _chunks(rows: Iterator[InputRow]) -> Iterator[list[InputRow]]:
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield chunk


@contextmanager
def _writer(out: Path, output_format: OutputFormat) -> Iterator[Rows]:
    if output_format == "parquet":
        if out == STANDARD:
            raise ConfigError("--format parquet: standard output takes jsonl or csv; name a file with --out")
        with _whole(out) as part, _parquet_writer(part) as write:
            yield write
    elif out == STANDARD:
        yield _text_writer(sys.stdout, output_format)
    else:
        with _whole(out) as part, part.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            yield _text_writer(stream, output_format)


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A name to write under, which becomes `out` when all went well and is removed when not."""
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _text_writer(stream: IO[str], output_format: OutputFormat) -> Rows:
    if output_format == "jsonl":
        return lambda records: stream.writelines(json.dumps(record) + "\n" for record in records)
    rows = csv.DictWriter(stream, FLAT_COLUMNS)
    rows.writeheader()
    return lambda records: rows.writerows({k: _safe_cell(v) for k, v in flatten(r).items()} for r in records)


@contextmanager
def _parquet_writer(path: Path) -> Iterator[Rows]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole, share = {"sentiment"}, {"sentiment_probability", "demand_probability", "breakdown_probability"}
    types = {
        name: pa.int64() if name in whole else pa.float64() if name in share else pa.string() for name in FLAT_COLUMNS
    }
    schema = pa.schema([pa.field(name, pa.bool_() if name == "abstained" else kind) for name, kind in types.items()])
    with pq.ParquetWriter(path, schema) as table:
        yield lambda records: table.write_table(pa.Table.from_pylist([flatten(r) for r in records], schema=schema))


def flatten(record: OutputRecord) -> dict[str, object]:
    """A record as one flat row: mentions as JSON, the breakdown as columns."""
    flat: dict[str, object] = {name: record.get(name) for name in FLAT_COLUMNS}
    if "fault" not in record:
        breakdown = record["breakdown"]
        flat["mentions"] = json.dumps(record["mentions"])
        flat["domain"], flat["cause"] = breakdown["domain"], breakdown["cause"]
        flat["breakdown_probability"], flat["breakdown_quote"] = breakdown["probability"], breakdown["quote"]
        flat["abstained"] = "abstained" in breakdown
    return flat


def _safe_cell(value: object) -> object:
    """A text that a spreadsheet would run as a formula, with an apostrophe before it (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
