"""An answer as text: a table for eyes, CSV for spreadsheets, JSON for programs, Markdown for reports.

Values are hostile text. A terminal must not obey control characters in them, a spreadsheet must not find formulas,
and Markdown must not fetch images.
"""

import csv
import io
import json
import re
from collections.abc import Sequence
from decimal import Decimal

from cxnlp.errors import QueryError, nearest
from cxnlp.publish.cells import csv_cell, plain_value
from cxnlp.publish.query import QueryResult

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
MARKDOWN = re.compile(r"([\\`*|<>\[\]])")
CELL_WIDTH = 60  # characters of one cell in the table for eyes


def render(result: QueryResult, form: str) -> str:
    """The answer as text that ends in a line break.

    :param form: table, csv, json or markdown.
    :raises QueryError: for another form.
    """
    writers = {"table": _table, "csv": _csv, "json": _json, "markdown": _markdown}
    if form not in writers:
        raise QueryError(f"format: no format {form!r}; {nearest(form, writers)}")
    return writers[form](result)


def _table(result: QueryResult) -> str:
    cells = [[_shown(value) for value in row] for row in result.rows]
    headers = [CONTROL.sub(" ", name) for name in result.columns]
    widths = [max(len(name), *(len(row[i]) for row in cells), 1) for i, name in enumerate(headers)]
    is_right = [all(_is_number(row[i]) for row in result.rows) for i in range(len(headers))]
    lines = [_line(headers, widths, is_right), "  ".join("-" * width for width in widths)]
    lines += [_line(row, widths, is_right) for row in cells]
    count = "1 row" if len(cells) == 1 else f"{len(cells):,} rows"
    lines.append(f"({count}; more were left off)" if result.is_cut else f"({count})")
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int], is_right: Sequence[bool]) -> str:
    padded = (
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(cells, widths, is_right, strict=True)
    )
    return "  ".join(padded).rstrip()


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))


def _shown(value: object) -> str:
    plain = plain_value(value)
    if plain is None:
        return ""
    text = f"{plain:.4g}" if isinstance(plain, float) and abs(plain) < 1000 else str(plain)
    text = f"{plain:.2f}" if isinstance(plain, float) and abs(plain) >= 1000 else text
    text = CONTROL.sub(" ", text)
    return text if len(text) <= CELL_WIDTH else text[: CELL_WIDTH - 3] + "..."


def _csv(result: QueryResult) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([csv_cell(name) for name in result.columns])
    writer.writerows([csv_cell(value) for value in row] for row in result.rows)
    return out.getvalue()


def _json(result: QueryResult) -> str:
    rows = [dict(zip(result.columns, map(plain_value, row), strict=True)) for row in result.rows]
    return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _markdown(result: QueryResult) -> str:
    rows = [[_escaped(name) for name in result.columns], ["---"] * len(result.columns)]
    rows += [[_escaped(plain_value(value)) for value in row] for row in result.rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _escaped(value: object) -> str:
    return "" if value is None else MARKDOWN.sub(r"\\\1", CONTROL.sub(" ", str(value)))
