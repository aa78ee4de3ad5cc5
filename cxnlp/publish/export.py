"""A table or view as a file: CSV, XLSX or Parquet; no cell of it is ever run as a formula."""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cxnlp.errors import QueryError, nearest
from cxnlp.publish.cells import csv_cell, plain_value
from cxnlp.publish.query import connect

XLSX_ROWS = 1_048_575  # rows of a sheet below its header
XLSX_CHARACTERS = 32_767  # characters of a cell
BATCH_ROWS = 10_000


def export(path: Path, name: str, out: Path) -> int:
    """Write a table or view of the marts database to `out`, whole or not at all.

    :param path: the marts database.
    :param name: table or view.
    :param out: file that ends in .csv, .xlsx or .parquet.
    :returns: rows written.
    :raises QueryError: for an unknown name or ending, too many rows for a sheet, or a file that cannot be written.
    """
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx, ".parquet": _write_parquet}
    write = writers.get(out.suffix.lower())
    if write is None:
        raise QueryError(f"{out}: no format {out.suffix!r}; {nearest(out.suffix, writers)}")
    with connect(path) as connection:
        known = [row[0] for row in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()]
        if name not in known:
            raise QueryError(f"{path}: no table or view {name!r}; {nearest(name, known)}")
        return _write_whole(connection.table(name), out, write)


def _write_whole(
    relation: duckdb.DuckDBPyRelation, out: Path, write: Callable[[duckdb.DuckDBPyRelation, Path], int]
) -> int:
    new = out.with_name(out.name + ".new")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            count = write(relation, new)
            new.replace(out)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise QueryError(f"{out}: cannot be written: {error.strerror}; is the folder writable?") from error
    return count


def _rows(relation: duckdb.DuckDBPyRelation) -> Iterator[tuple[object, ...]]:
    while batch := relation.fetchmany(BATCH_ROWS):
        yield from batch


def _write_csv(relation: duckdb.DuckDBPyRelation, out: Path) -> int:
    count = 0
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([csv_cell(name) for name in relation.columns])
        for row in _rows(relation):
            writer.writerow([csv_cell(value) for value in row])
            count += 1
    return count


def _write_xlsx(relation: duckdb.DuckDBPyRelation, out: Path) -> int:
    counted = relation.count("*").fetchone()
    count = int(counted[0]) if counted else 0
    if count > XLSX_ROWS:
        raise QueryError(f"{out}: {count:,} rows do not fit a sheet of {XLSX_ROWS:,}; export to .parquet or .csv")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(str(out), options) as workbook:
        sheet = workbook.add_worksheet()
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for column, name in enumerate(relation.columns):
            sheet.write_string(0, column, name)
        for row_number, row in enumerate(_rows(relation), start=1):
            for column, value in enumerate(row):
                _write_xlsx_cell(sheet, row_number, column, value, moment)
    return count


def _write_xlsx_cell(sheet: Worksheet, row: int, column: int, value: object, moment: Format) -> None:
    plain = plain_value(value)
    if plain is None:
        return
    if isinstance(value, datetime) and value.year >= 1900:
        sheet.write_datetime(row, column, value, moment)
    elif isinstance(plain, bool):
        sheet.write_boolean(row, column, plain)
    elif isinstance(plain, int | float):
        sheet.write_number(row, column, plain)
    else:
        sheet.write_string(row, column, str(plain)[:XLSX_CHARACTERS])


def _write_parquet(relation: duckdb.DuckDBPyRelation, out: Path) -> int:
    reader = relation.fetch_arrow_reader(BATCH_ROWS)
    count = 0
    with pq.ParquetWriter(out, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
            count += batch.num_rows
    return count
