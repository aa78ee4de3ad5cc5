"""Single cells: ids, scores, flags, words; a cell that does not fit raises `BadCell`."""

import unicodedata
from functools import lru_cache

from cxnlp.collect.json_cells import write_json
from cxnlp.collect.rows import BadCell

MISSING_WORDS = frozenset({"", "-", "na", "n/a", "nan", "nat", "null", "none"})
TRUE_WORDS = frozenset({"yes", "y", "true", "t", "1"})
FALSE_WORDS = frozenset({"no", "n", "false", "f", "0"})
MAX_ID_CHARACTERS = 200
MAX_SEGMENT_CHARACTERS = 200
CACHED_VALUES = 4_096


def check_sizes(fields: dict[str, object], max_bytes: int) -> None:
    """
    :raises BadCell: where a field of words is longer than `max_bytes` in UTF-8.
    """
    for path, value in fields.items():
        if isinstance(value, str) and len(value) * 4 > max_bytes and len(value.encode()) > max_bytes:
            raise too_long(path, max_bytes)


def too_long(path: str, max_bytes: int) -> BadCell:
    """The fault of a field that is longer than the pipeline file allows."""
    return BadCell("field_too_long", f"{path} is longer than {max_bytes:,} bytes (clean.max_field_bytes)")


def is_missing(value: object) -> bool:
    """Whether a cell says that there is no value (empty, null, n/a); not for words, ids and channels."""
    return value is None or value != value or (isinstance(value, str) and value.strip().lower() in MISSING_WORDS)


def words(value: object) -> str:
    """A cell as text, as it came; a number without its needless fraction."""
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dict | list | bytes):
        raise BadCell("bad_text", f"found a {type(value).__name__}, wanted words; a dotted path leads into an object")
    return str(value)


def known_id(value: object, column: str) -> str:
    """An id that must be there."""
    found = optional_id(value, column)
    if found is None:
        raise BadCell("bad_id", f"{column} is empty")
    return found


def optional_id(value: object, column: str) -> str | None:
    """An id, stripped; None where the cell is empty."""
    if isinstance(value, dict | list | bytes):
        raise BadCell("bad_id", f"{column} is a {type(value).__name__}, wanted a number or words")
    found = words(value).strip()
    if len(found) > MAX_ID_CHARACTERS:
        raise BadCell("bad_id", f"{column} is {len(found)} characters long, wanted at most {MAX_ID_CHARACTERS}")
    if not found.isprintable() and any(unicodedata.category(character) == "Cc" for character in found):
        raise BadCell("bad_id", f"{column} holds a control character")
    return found or None


@lru_cache(maxsize=CACHED_VALUES)
def score(value: str | float | None, name: str, lowest: int, highest: int) -> int | None:
    """A whole number on a scale; None where the cell is empty."""
    if is_missing(value):
        return None
    try:
        number = float(value or 0)
    except ValueError:
        number = float("nan")
    if not (number.is_integer() and lowest <= number <= highest):
        raise BadCell("bad_score", f"{name} is not a whole number from {lowest} to {highest}")
    return int(number)


def flag(value: object, column: str) -> bool | None:
    """Yes or no; None where the cell is empty."""
    if is_missing(value):
        return None
    word = words(value).strip().lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise BadCell("bad_flag", f"{column} is neither yes, true, 1 nor no, false, 0")
    return word in TRUE_WORDS


def segment_json(fields: dict[str, object], columns: dict[str, str]) -> str:
    """Segment fields as a JSON object with sorted keys; empty ones are left out.

    :param columns: segment field -> column.
    """
    named = {name: _segment(fields[column]) for name, column in columns.items()}
    return write_json({name: value for name, value in named.items() if value})


def _segment(value: object) -> str:
    """A segment's value in words; a list (of tags) is joined by commas."""
    found = ", ".join(words(part) for part in value) if isinstance(value, list) else words(value)
    return found.strip()[:MAX_SEGMENT_CHARACTERS]
