"""JSON lines: one object a line, nested as the source likes."""

import json
from collections.abc import Iterator
from itertools import chain, islice

from cxnlp.collect.json_cells import read_json
from cxnlp.collect.lines import MAX_LINE_CHARACTERS, Lines, is_undecodable
from cxnlp.collect.mapping import missing_column
from cxnlp.collect.nesting import MAX_DEPTH, is_too_deep
from cxnlp.collect.paths import has_path, select
from cxnlp.collect.rows import Fault, Row, Wanted
from cxnlp.collect.surrogates import holds_surrogates, without_surrogates

LOOK_AHEAD = 100  # records in which a needed column must show itself


def read_json_lines(lines: Lines, wanted: Wanted, file_name: str) -> Iterator[Row | Fault]:
    """Rows of a file with one JSON object a line; blank lines are passed over.

    A needed column that none of the first hundred objects has is a fault of the file: the others may be left
    out by a source that writes no nulls.
    """
    records = _read_objects(lines, file_name)
    head = list(islice(records, LOOK_AHEAD))
    objects = [record.fields for record in head if isinstance(record, Row)]
    absent = sorted(path for path in wanted.needed if not any(has_path(fields, path) for fields in objects))
    if objects and absent:
        yield missing_column(file_name, absent, dict.fromkeys(name for fields in objects for name in fields))
        return
    for record in chain(head, records):
        yield select(record, wanted) if isinstance(record, Row) else record


def _read_objects(lines: Lines, file_name: str) -> Iterator[Row | Fault]:
    for number, line in enumerate(lines, start=1):
        position = f"{file_name}:{number}"
        if line is None:
            yield Fault(position, "field_too_long", f"the line is longer than {MAX_LINE_CHARACTERS:,} characters")
        elif line.strip():
            yield _read_object(line, position)


def _read_object(line: str, position: str) -> Row | Fault:
    if is_undecodable(line):
        return Fault(position, "wrong_encoding", "holds bytes that the source's `encoding` does not know")
    try:
        found = read_json(line)
    except RecursionError:
        return _too_deep(position)
    except ValueError as error:
        place = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        return Fault(position, "not_json", f"not JSON{place} of {len(line)}: half-written, or not JSON lines?")
    if not isinstance(found, dict):
        return Fault(position, "not_an_object", f"found a {type(found).__name__}, wanted an object of columns")
    if line.count("[") + line.count("{") > MAX_DEPTH and is_too_deep(found):
        return _too_deep(position)
    if holds_surrogates(line):
        found = without_surrogates(found)
    return Row(position, found)


def _too_deep(position: str) -> Fault:
    return Fault(position, "too_deep", f"nested deeper than {MAX_DEPTH} levels")
