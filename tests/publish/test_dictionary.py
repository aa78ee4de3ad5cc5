from pathlib import Path

from cxnlp.publish.dictionary import data_dictionary
from cxnlp.publish.views import VIEWS
from cxnlp.tables import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


def test_the_page_is_as_fresh_as_the_declarations():
    assert PAGE.read_text(encoding="utf-8") == data_dictionary(), "run: python -m cxnlp.publish.dictionary"


def test_every_table_view_and_column_is_in_it():
    page = data_dictionary()
    for described in (*TABLES.values(), *VIEWS):
        section = page.split(f"### {described.name}\n")[1].split("\n### ")[0]
        for column in described.columns:
            assert f"| `{column.name}` |" in section
            assert column.meaning in section
