"""`cxnlp label` on files: streams, keeps order, passes bad rows through."""

import csv
import gzip
import io
import json
import logging

import pandas as pd
import pytest

from cxnlp.errors import ConfigError, SourceError
from cxnlp.label.files import LabelCounts, label_file

LINES = [
    b'{"id": "a", "text": "=they charged me twice", "source_kind": "ticket"}',
    b"not json",
    b'{"id": "b", "text": ""}',
    b'{"text": "no id here"}',
    b'{"id": "c"}',
    b'{"id": "a", "text": "lovely shop, kind people"}',
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "feedback.jsonl"
    path.write_bytes(b"\n".join(LINES))
    return path


def test_writes_one_record_a_row_in_order_and_tells_of_bad_rows(source, tmp_path, model_folder, caplog):
    out = tmp_path / "labels.jsonl"
    with caplog.at_level(logging.WARNING):
        assert label_file(source, out, "jsonl", model_folder) == LabelCounts(rows=6, faulty=3)
    records = [json.loads(line) for line in out.read_text().splitlines()]
    assert [record["id"] for record in records] == ["a", None, "b", None, "c", "a"]
    assert [record.get("fault") for record in records] == [
        None,
        "row 2: not a JSON object",
        None,
        "row 4: no id",
        "row 5: no text",
        None,
    ]
    assert records[0]["breakdown"]["domain"] == "billing"
    assert records[0]["breakdown"]["quote"] in "=they charged me twice"
    assert "3 of 6 rows passed through unlabelled" in caplog.text


def test_a_cell_of_csv_never_begins_like_a_formula(tmp_path, model_folder):
    source, out = tmp_path / "feedback.csv", tmp_path / "labels.csv"
    source.write_text('id,text\n=1+1,"=HYPERLINK me, they charged me twice"\n-2,ok thanks\n')
    label_file(source, out, "csv", model_folder)
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert [row["id"] for row in rows] == ["'=1+1", "'-2"]
    assert not any(value.startswith(("=", "+", "@")) for row in rows for value in row.values())


def test_reads_parquet_and_gzip_and_writes_parquet(tmp_path, model_folder):
    source, zipped, out = tmp_path / "f.parquet", tmp_path / "f.tsv.gz", tmp_path / "labels.parquet"
    pd.DataFrame({"item_id": [7, 8], "text": ["late again", None]}).to_parquet(source)
    label_file(source, out, "parquet", model_folder)
    assert pd.read_parquet(out)["id"].tolist() == ["7", "8"]
    assert pd.read_parquet(out)["fault"].tolist()[1] == "row 2: no text"
    zipped.write_bytes(gzip.compress(b"id\ttext\n7\tlate again\n"))
    label_file(zipped, out, "parquet", model_folder)
    assert pd.read_parquet(out)["sentiment"].tolist() == [-1]


def test_names_the_missing_column_and_leaves_no_output(tmp_path, model_folder):
    source, out = tmp_path / "feedback.csv", tmp_path / "labels.jsonl"
    source.write_text("id,texts\n1,hello\n")
    with pytest.raises(SourceError, match="no column 'text'; did you mean 'texts'"):
        label_file(source, out, "jsonl", model_folder)
    assert [path.name for path in tmp_path.iterdir()] == ["feedback.csv"]


def test_refuses_parquet_on_standard_output(source, model_folder, tmp_path):
    with pytest.raises(ConfigError, match="name a file with --out"):
        label_file(source, type(source)("-"), "parquet", model_folder)
