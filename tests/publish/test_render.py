import csv
import io
import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxnlp.errors import QueryError
from cxnlp.publish.cells import FORMULA_STARTS
from cxnlp.publish.query import QueryResult
from cxnlp.publish.render import render

RESULT = QueryResult(
    columns=("owner", "contacts", "share", "at"),
    types=("VARCHAR", "BIGINT", "DOUBLE", "TIMESTAMP"),
    rows=(
        ("Logistics", 199, 0.3394, datetime(2026, 5, 24, 9, 30)),
        ("=HYPERLINK(1)|x", -5, float("nan"), None),
    ),
    is_cut=False,
)


def test_a_table_lines_up_and_says_how_many_rows():
    assert render(RESULT, "table") == (
        "owner            contacts   share  at\n"
        "---------------  --------  ------  -------------------\n"
        "Logistics             199  0.3394  2026-05-24 09:30:00\n"
        "=HYPERLINK(1)|x        -5\n"
        "(2 rows)\n"
    )


def test_csv_neutralises_formulas_and_leaves_nothing_empty_but_missing_values():
    assert render(RESULT, "csv") == (
        "owner,contacts,share,at\nLogistics,199,0.3394,2026-05-24 09:30:00\n'=HYPERLINK(1)|x,-5,,\n"
    )


def test_json_is_strict():
    assert json.loads(render(RESULT, "json")) == [
        {"owner": "Logistics", "contacts": 199, "share": 0.3394, "at": "2026-05-24 09:30:00"},
        {"owner": "=HYPERLINK(1)|x", "contacts": -5, "share": None, "at": None},
    ]


def test_markdown_fetches_nothing_and_breaks_no_row():
    hostile = QueryResult(("text",), ("VARCHAR",), (("![x](http://192.0.2.1/p.png)|<b>\nnext",),), False)
    assert render(hostile, "markdown") == "| text |\n| --- |\n| !\\[x\\](http://192.0.2.1/p.png)\\|\\<b\\> next |\n"


def test_a_terminal_gets_no_control_character():
    hostile = QueryResult(("te\x1bxt",), ("VARCHAR",), (("\x1b]0;owned\x07\x1b[31mred\u202e\r\nx",),), True)
    shown = render(hostile, "table")
    assert not set(shown) & {"\x1b", "\x07", "\r", "\u202e"}
    assert shown.endswith("(1 row; more were left off)\n")


def test_an_unknown_format_is_told_with_the_nearest():
    with pytest.raises(QueryError, match="no format 'cvs'; did you mean 'csv'"):
        render(RESULT, "cvs")


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=5))
def test_no_csv_cell_begins_like_a_formula_and_the_text_survives(texts):
    result = QueryResult(("text",), ("VARCHAR",), tuple((text,) for text in texts), False)
    cells = [row[0] if row else "" for row in csv.reader(io.StringIO(render(result, "csv"), newline=""))][1:]
    assert not any(cell.startswith(FORMULA_STARTS) for cell in cells)
    plain = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    assert [cell.removeprefix("'") for cell in cells] == [text.removeprefix("'") for text in plain]
