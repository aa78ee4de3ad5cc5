import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxnlp.collect import parquet, workbook


def xlsx(*rows: tuple[object, ...], title: str = "Answers") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.create_sheet("Notes").append(("nothing here",))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def parquet_of(**columns: object) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content, row_group_size=2)
    return content.getvalue()


def test_rows_of_a_sheet_are_read_and_empty_ones_passed_over(rows_of):
    content = xlsx((None, None), ("id", "text", "note"), (1, "a", "x"), (None, None), (2.0, None), (3, "=1+1"))
    assert rows_of(content, name="f.xlsx", format="xlsx") == [
        ("f.xlsx:3", "1", "a"),
        ("f.xlsx:5", "2", ""),
        ("f.xlsx:6", "3", ""),
    ]


def test_numbers_and_dates_of_a_sheet_become_ids_scores_and_times(feedback_of):
    content = xlsx(("id", "text", "at", "stars"), (17.0, 42, datetime(2026, 3, 1, 10), 4))
    columns = {"source_id": "id", "text": "text", "created_at": "at", "stars": "stars"}
    batch = feedback_of(content, "f.xlsx", format="xlsx", columns=columns, time_zone="Europe/Berlin")
    row = batch.records.iloc[0]
    assert (row["source_id"], row["text"], row["stars"]) == ("17", "42", 4)
    assert row["created_at"] == pd.Timestamp("2026-03-01T09:00:00", tz="UTC")


@pytest.mark.parametrize(
    ("content", "settings", "reason"),
    [
        (xlsx(("id", "text")), {"sheet": "Answer"}, "missing_sheet"),
        (xlsx(("id", "body"), (1, "a")), {}, "missing_column"),
        (xlsx(), {}, "empty_file"),
        (b"id,text\n1,a\n", {}, "not_xlsx"),
        (xlsx(("id", "text"), (1, "a"))[:-300], {}, "not_xlsx"),
        (b"", {}, "empty_file"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_one_fault(rows_of, content, settings, reason):
    assert rows_of(content, name="f.xlsx", format="xlsx", **settings) == [("f.xlsx", reason)]


def test_a_workbook_that_swells_is_refused_before_it_is_opened(rows_of):
    content = io.BytesIO(xlsx(("id", "text"), (1, "a")))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b" " * (workbook.RATIO_FROM_BYTES + 1))
    assert rows_of(content.getvalue(), name="f.xlsx", format="xlsx") == [("f.xlsx", "too_large")]


def test_entities_that_swell_a_sheet_are_refused(rows_of):
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(("id", "text"), (1, "harmless")))) as whole,
        zipfile.ZipFile(content, "w") as archive,
    ):
        for part in whole.namelist():
            text = whole.read(part).decode().replace("harmless", "&e8;")
            head = f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{nested}]>' if "&e8;" in text else ""
            archive.writestr(part, head + text)
    assert rows_of(content.getvalue(), name="f.xlsx", format="xlsx")[-1] == ("f.xlsx", "not_xlsx")


def test_parquet_rows_are_numbered_over_row_groups_and_paths_lead_into_structs(rows_of):
    content = parquet_of(id=[1, 2, 3], body=[{"text": "a"}, {"text": None}, None], other=[0.5, 0.5, 0.5])
    columns = {"source_id": "id", "text": "body.text"}
    assert rows_of(content, name="f.parquet", format="parquet", columns=columns) == [
        ("f.parquet:1", "1", "a"),
        ("f.parquet:2", "2", ""),
        ("f.parquet:3", "3", ""),
    ]


def test_parquet_times_and_dates_are_read(feedback_of):
    content = parquet_of(
        id=[1, 2], text=["a", "b"], at=pa.array([datetime(2026, 3, 1, tzinfo=UTC)] * 2), day=[date(2026, 3, 1)] * 2
    )
    for column in ("at", "day"):
        columns = {"source_id": "id", "text": "text", "created_at": column}
        batch = feedback_of(content, "f.parquet", format="parquet", columns=columns)
        assert batch.records["created_at"].tolist() == [pd.Timestamp("2026-03-01", tz="UTC")] * 2


def test_parquet_words_that_are_not_utf8_cost_their_row_only(rows_of):
    words = _unchecked(b"a", b"\xff", b"c")
    content = parquet_of(id=[1, 2, 3], text=words)
    assert rows_of(content, name="f.parquet", format="parquet") == [
        ("f.parquet:1", "1", "a"),
        ("f.parquet:2", "wrong_encoding"),
        ("f.parquet:3", "3", "c"),
    ]


def _unchecked(*values: bytes) -> pa.Array:
    """Words that Arrow did not check."""
    binary = pa.array(values, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(values), binary.buffers())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"id,text\n1,a\n", "not_parquet"),
        (parquet_of(id=[1], text=["a"])[:-20], "not_parquet"),
        (parquet_of(id=[1], body=["a"]), "missing_column"),
    ],
)
def test_a_parquet_file_that_cannot_be_read_is_one_fault(rows_of, content, reason):
    assert rows_of(content, name="f.parquet", format="parquet") == [("f.parquet", reason)]


def test_a_row_group_that_does_not_fit_in_memory_is_refused(rows_of, monkeypatch):
    monkeypatch.setattr(parquet, "MAX_GROUP_BYTES", 10)
    content = parquet_of(id=[1], text=["a"])
    assert rows_of(content, name="f.parquet", format="parquet") == [("f.parquet", "too_large")]
