"""Cells that leave the system: none may begin like a formula, since a spreadsheet would run it.

The characters are those of the OWASP list on CSV injection and of CVE-2021-41270, with their full-width forms.
"""

import math
from datetime import date, datetime
from decimal import Decimal

FORMULA_STARTS = tuple("=+-@|%\t\r\n\uff1d\uff0b\uff0d\uff20")


def neutral_text(text: str) -> str:
    """The text with an apostrophe before it where it begins like a formula, blanks before that or not."""
    begins = text.startswith(FORMULA_STARTS) or text.lstrip(" \u00a0\ufeff\u200b'\"").startswith(FORMULA_STARTS)
    return f"'{text}" if begins else text


def plain_value(value: object) -> object:
    """The value as text, number, truth or None: dates in ISO form, missing and infinite numbers as None."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (datetime, date)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def csv_cell(value: object) -> object:
    """The value as a CSV cell: None is empty, text is neutral, numbers stay numbers.

    Line breaks become plain ones: a carriage return alone is left unquoted by Python's writer and would end the row.
    """
    plain = plain_value(value)
    if plain is None:
        return ""
    if isinstance(plain, str):
        return neutral_text(plain.replace("\r\n", "\n").replace("\r", "\n"))
    return plain
