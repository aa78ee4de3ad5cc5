import pandas as pd
import pytest

from cxnlp.errors import SchemaError
from cxnlp.tables import CURSORS, DROPPED, MENTIONS, TABLES


def cursors(**changes):
    row = {"source": ["a"], "file": ["f.csv"], "fingerprint": ["x"], "record_count": [1], "value": ["9"]}
    return pd.DataFrame({**row, "night": ["2026-05-24"], **changes})


def test_a_frame_that_fits_comes_back_in_declared_column_order():
    frame = cursors()[["night", "value", "record_count", "fingerprint", "file", "source"]]
    assert list(CURSORS.check(frame).columns) == CURSORS.names


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (cursors().drop(columns="night"), "night is missing, not str"),
        (cursors(record_count=["1"]), "record_count is str, not int64"),
        (cursors(more=[1]), "more is not a column of it"),
        (cursors(file=pd.Series([None], dtype="str")), "holds nulls"),
        (pd.concat([cursors(), cursors()]), "repeats"),
    ],
)
def test_a_frame_that_does_not_fit_is_refused_with_every_fault(frame, told):
    with pytest.raises(SchemaError, match=told):
        CURSORS.check(frame)


def test_typed_casts_and_fills_missing_columns_with_nulls():
    typed = DROPPED.typed(pd.DataFrame({"source": ["a"], "position": ["f:1"], "stage": ["clean"]}))
    assert DROPPED.check(typed)["reason"].isna().all()


def test_label_rows_carry_their_version_in_the_key():
    assert "label_version" in MENTIONS.key


def test_every_table_and_column_says_what_it_means():
    for table in TABLES.values():
        assert table.grain.endswith(".")
        assert all(column.meaning for column in table.columns), table.name
        assert set(table.key) <= set(table.names)
        assert set(table.partition) <= set(table.names)


def test_one_column_name_has_one_dtype_in_every_table():
    dtypes: dict[str, set[str]] = {}
    for table in TABLES.values():
        for column in table.columns:
            dtypes.setdefault(column.name, set()).add(column.dtype)
    assert {name for name, found in dtypes.items() if len(found) > 1} == set()
