"""The marts database: one DuckDB file, built beside the old one and put in its place by a rename.

Whoever reads the old file goes on reading it undisturbed: a rename leaves open files as they are. Frames come in
as Arrow, so no stored value ever becomes part of a statement. Times are plain timestamps in UTC: a timestamp with
time zone would be grouped by the reader's own zone, and the same query would give other numbers elsewhere.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow as pa

from cxnlp.errors import LakeError
from cxnlp.lake import Lake
from cxnlp.publish.views import MACROS, PUBLISHED, SEGMENT, VIEWS
from cxnlp.tables import CUSTOMERS, FEEDBACK, Column, Table

BATCH_ROWS = 50_000


@dataclass(frozen=True)
class Marts:
    """What a build put into the database."""

    path: Path
    row_counts: dict[str, int]
    segments: tuple[str, ...]


def build_marts(lake: Lake, path: Path, time_zone: str) -> Marts:
    """Build the marts database from the lake and swap it in; the old file stays until the new one is whole.

    :param path: the database file; the new one is written beside it as `<name>.new`.
    :param time_zone: IANA zone in which the company's weeks begin.
    :returns: rows per table, and the segment fields that became columns.
    :raises LakeError: where the lake cannot be read or the file cannot be written.
    """
    new = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        with duckdb.connect(new) as connection:
            connection.begin()
            row_counts = {table.name: _create_table(connection, lake, table) for table in PUBLISHED}
            segments = _segment_fields(lake)
            _create_views(connection, segments, time_zone)
            connection.commit()
            connection.execute("CHECKPOINT")
        _swap_in(new, path)
    except (OSError, duckdb.IOException) as error:
        raise LakeError(
            f"{path}: cannot be written: {' '.join(str(error).split())[:300]}; "
            "is the folder writable and the disk not full?"
        ) from error
    return Marts(path, row_counts, segments)


def _create_table(connection: duckdb.DuckDBPyConnection, lake: Lake, table: Table) -> int:
    """Write one table in key order, so that equal lakes give equal files' contents, and describe it."""
    rows = connection.from_arrow(_in_utc(lake, table))
    rows.order(", ".join(_quoted_name(name) for name in table.key)).create(table.name)
    _describe(connection, "TABLE", table.name, table.grain, table.columns)
    counted = connection.table(table.name).count("*").fetchone()
    return counted[0] if counted else 0


def _in_utc(lake: Lake, table: Table) -> pa.RecordBatchReader:
    """Rows of a table with plain timestamps (UTC)."""
    schema = pa.schema([_without_zone(field) for field in table.schema])

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in lake.dataset(table).to_batches(columns=table.names, batch_size=BATCH_ROWS):
            yield batch.cast(schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _without_zone(field: pa.Field) -> pa.Field:
    return field.with_type(pa.timestamp("us")) if pa.types.is_timestamp(field.type) else field


def _segment_fields(lake: Lake) -> tuple[str, ...]:
    """Names of the segment fields in use, sorted; the pipeline file lets only plain names in."""
    objects = set()
    for table in (FEEDBACK, CUSTOMERS):
        for batch in lake.dataset(table).to_batches(columns=["segments"]):
            objects.update(batch["segments"].drop_null().unique().to_pylist())
    names = {name for text in objects for name in json.loads(text)}
    return tuple(sorted(name for name in names if SEGMENT.match(name)))


def _create_views(connection: duckdb.DuckDBPyConnection, segments: tuple[str, ...], time_zone: str) -> None:
    connection.execute((files("cxnlp.publish") / "sql" / "wilson.sql").read_text(encoding="utf-8"))
    for name, meaning in MACROS.items():
        connection.execute(f"COMMENT ON MACRO {_quoted_name(name)} IS {_quoted_text(meaning)}")
    for view in VIEWS:
        connection.execute(view.sql(segments, time_zone))
        _describe(connection, "VIEW", view.name, view.grain, view.described(segments))


def _describe(
    connection: duckdb.DuckDBPyConnection, kind: str, name: str, grain: str, columns: tuple[Column, ...]
) -> None:
    """Put the declared meanings into the database's own comments; they take no parameters, so they are quoted."""
    relation = _quoted_name(name)
    connection.execute(f"COMMENT ON {kind} {relation} IS {_quoted_text(grain)}")
    for column in columns:
        meaning = f"{column.meaning} Unit: {column.unit}." if column.unit else column.meaning
        connection.execute(f"COMMENT ON COLUMN {relation}.{_quoted_name(column.name)} IS {_quoted_text(meaning)}")


def _quoted_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quoted_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _swap_in(new: Path, path: Path) -> None:
    """Put the finished file in the old one's place; it is on disk before its name is."""
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.replace(path)
