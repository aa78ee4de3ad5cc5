import json

import pandas as pd
import pytest

from cxnlp.errors import SourceError
from cxnlp.trace.files import read_input, write_table

FEEDBACK = pd.DataFrame(
    {
        "id": ["a", "b"],
        "customer_id": ["1", None],
        "created_at": ["2026-04-15T09:30:00+01:00", "2026-04-16"],
        "channel": ["phone", "chat"],
        "text": ["charged twice", None],
        "segment": ["north", None],
    }
)
EVENTS = pd.DataFrame(
    {
        "event_id": ["e1", "e2"],
        "customer_id": ["1", None],
        "kind": ["invoice", "outage"],
        "at": ["2026-04-14T00:00:00Z", "2026-04-15T00:00:00Z"],
        "segment": [None, "north"],
        "attributes": ['{"amount": 22.5}', None],
    }
)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_every_format_gives_the_same_rows(tmp_path, ending):
    for name, rows in (("feedback", FEEDBACK), ("events", EVENTS)):
        write_table(rows, tmp_path / f"{name}.{ending}")
    given = read_input(tmp_path / f"feedback.{ending}", tmp_path / f"events.{ending}")
    assert given.feedback["created_at"].astype("str").tolist() == [
        "2026-04-15 08:30:00+00:00",
        "2026-04-16 00:00:00+00:00",
    ]
    assert given.feedback["customer_key"].isna().tolist() == [False, True]
    assert given.feedback["text"].tolist() == ["charged twice", ""]
    assert [json.loads(text) for text in given.events["attributes"]] == [{"amount": 22.5}, {"segment": "north"}]
    assert given.customers[["customer_key", "segments"]].values.tolist() == [["1", '{"segment": "north"}']]


def test_a_missing_column_is_named_with_the_likely_one(tmp_path):
    write_table(FEEDBACK.rename(columns={"customer_id": "customer_di"}), tmp_path / "f.csv")
    write_table(EVENTS, tmp_path / "e.csv")
    with pytest.raises(SourceError, match=r"no column customer_id; did you mean 'customer_di'\?"):
        read_input(tmp_path / "f.csv", tmp_path / "e.csv")


def test_a_repeated_id_a_strange_ending_and_no_file_are_refused(tmp_path):
    write_table(pd.concat([FEEDBACK, FEEDBACK]), tmp_path / "f.csv")
    write_table(EVENTS, tmp_path / "e.csv")
    with pytest.raises(SourceError, match="2 rows repeat an id"):
        read_input(tmp_path / "f.csv", tmp_path / "e.csv")
    with pytest.raises(SourceError, match=r"\.xls; \.csv, \.jsonl or \.parquet"):
        write_table(FEEDBACK, tmp_path / "f.xls")
    with pytest.raises(SourceError, match="no such file"):
        read_input(tmp_path / "none.csv", tmp_path / "e.csv")


def test_formulas_are_neutralised_in_csv(tmp_path):
    write_table(pd.DataFrame({"quote": ["=HYPERLINK(1)"]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "quote\n'=HYPERLINK(1)\n"
