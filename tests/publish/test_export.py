import csv

import openpyxl
import pyarrow.parquet as pq
import pytest

from cxnlp.errors import QueryError
from cxnlp.publish.export import export
from cxnlp.publish.marts import build_marts
from cxnlp.tables import QUARANTINE
from tests.publish.oakline import build_lake

FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\uff1d1", "=cmd|' /C calc'!A0", "http://192.0.2.1/", " =2")


@pytest.fixture
def hostile(tmp_path):
    """Marts whose quarantine holds a formula in each row's detail."""
    lake = build_lake(tmp_path / "lake")
    row = lake.read(QUARANTINE).head(1)
    for number, formula in enumerate(FORMULAS):
        lake.upsert(QUARANTINE, QUARANTINE.typed(row.assign(position=f"x:{number}", detail=formula, source="hostile")))
    return build_marts(lake, tmp_path / "marts.duckdb", "UTC").path


def test_csv_cells_begin_no_formula(hostile, tmp_path):
    assert export(hostile, "quarantine", tmp_path / "q.csv") == 11
    with (tmp_path / "q.csv").open(newline="", encoding="utf-8") as file:
        details = [row["detail"] for row in csv.DictReader(file) if row["source"] == "hostile"]
    assert details == [f if f.startswith("http") else f"'{f}" for f in FORMULAS]


def test_xlsx_cells_are_text_without_links(hostile, tmp_path):
    export(hostile, "quarantine", tmp_path / "q.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "q.xlsx").active
    cells = [row[4] for row in sheet.iter_rows(min_row=2) if row[0].value == "hostile"]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(f, "s", None) for f in FORMULAS]


def test_xlsx_keeps_numbers_truths_and_times(marts, tmp_path):
    export(marts, "contacts", tmp_path / "c.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "c.xlsx").active.iter_rows(values_only=True))
    first = dict(zip(rows[0], next(row for row in rows if row[0] == "tickets-02"), strict=True))
    assert (first["cost"], first["is_repeat"], first["duplicate_of"]) == (5.5, False, None)
    assert first["created_at"].isoformat() == "2026-05-15T09:00:00"


def test_parquet_keeps_types(marts, tmp_path):
    assert export(marts, "mart_ledger_week", tmp_path / "l.parquet") == 133
    schema = pq.read_schema(tmp_path / "l.parquet")
    assert (str(schema.field("week").type), str(schema.field("cost").type)) == ("string", "double")


@pytest.mark.parametrize(
    ("name", "file", "told"),
    [
        ("core_itms", "x.csv", "did you mean 'core_items'"),
        ("core_items", "x.xls", "did you mean '.xlsx'"),
        ("runs; DROP TABLE runs", "x.csv", "no table or view"),
        ("runs", "missing/../file/x.csv", "cannot be written"),
    ],
)
def test_what_cannot_be_exported_is_told(marts, tmp_path, name, file, told):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(QueryError, match=told):
        export(marts, name, tmp_path / file)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "missing") == ["file"]
