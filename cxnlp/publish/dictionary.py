"""The data dictionary: every table, view and column of the marts database, made from their declarations."""

from collections.abc import Iterable
from pathlib import Path

from cxnlp.publish.views import MACROS, PUBLISHED, VIEWS
from cxnlp.tables import CURSORS, TIMESTAMP, Column, Table

TYPES = {
    "str": "text",
    "int64": "whole number",
    "Int64": "whole number, may be null",
    "float64": "number",
    "bool": "true or false",
    "boolean": "true or false, may be null",
    TIMESTAMP: "time (UTC)",
}
HEAD = """# Tables

Every table and view of the marts database, and of the lake below it. This page is made from `cxnlp/tables.py` and
`cxnlp/publish/views.py` by `python -m cxnlp.publish.dictionary`; the same words are the comments of the database
(`SELECT * FROM duckdb_columns()`). Start with the views: they join what analysts ask most. Times are UTC.

Every share stands beside its count, its base, the ends of its 95 % interval and the method that made it.
"""
SEGMENTS = "\nOne column `seg_<name>` per segment field of the pipeline file comes last.\n"


def data_dictionary() -> str:
    """The dictionary as Markdown."""
    parts = [HEAD, "## Views\n"]
    for view in VIEWS:
        parts.append(_section(view.name, view.grain, view.columns) + (SEGMENTS if view.has_segments else ""))
    parts.append("## Tables\n")
    parts += [_table_section(table) for table in PUBLISHED]
    parts.append("## Only in the lake\n")
    parts.append(_table_section(CURSORS))
    parts.append("## Functions\n\n" + "".join(f"- `{name}(hits, trials)`: {told}\n" for name, told in MACROS.items()))
    return "\n".join(parts)


def write_dictionary(path: Path) -> Path:
    """Write the dictionary to `path`."""
    path.write_text(data_dictionary(), encoding="utf-8")
    return path


def _table_section(table: Table) -> str:
    return _section(table.name, f"{table.grain} Key: {', '.join(f'`{name}`' for name in table.key)}.", table.columns)


def _section(name: str, grain: str, columns: Iterable[Column]) -> str:
    rows = "".join(f"| `{c.name}` | {TYPES[c.dtype]} | {c.meaning} | {c.unit} |\n" for c in columns)
    return f"### {name}\n\n{grain}\n\n| column | type | meaning | unit |\n| --- | --- | --- | --- |\n{rows}"


if __name__ == "__main__":
    write_dictionary(Path("docs/tables.md"))
