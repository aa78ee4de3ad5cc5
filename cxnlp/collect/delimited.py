"""CSV and its kin: one row per record, whatever stands inside quotes.

Python's csv module reads the cells. Around it: the line a record begins in, bounds, and recovery: a quote that is
never closed costs its own record, and reading goes on in the next line.
"""

import csv
from collections import deque
from collections.abc import Iterator, Mapping

from cxnlp.collect.lines import MAX_LINE_CHARACTERS, Lines, is_undecodable
from cxnlp.collect.mapping import column_places
from cxnlp.collect.rows import Fault, Row, Wanted

MAX_RECORD_LINES = 2_000_000  # short lines weigh more than their characters
MAX_REREAD_CHARACTERS = 64_000_000  # a file made of stray quotes is not read again and again


class RecordTooLong(Exception):
    """A record that does not fit in memory."""


class RecordLines:
    """Feeds lines to a csv reader and knows which of them make up the record being read."""

    def __init__(self, lines: Lines) -> None:
        self._lines = iter(lines)
        self._again: deque[str | None] = deque()
        self._held: list[str | None] = []
        self._size = 0
        self._may_reread = MAX_REREAD_CHARACTERS
        self.first_line = 1
        self.is_cut = False

    def __iter__(self) -> "RecordLines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines, "")
        if line == "":
            self.is_cut = bool(self._held)
            raise StopIteration
        self._held.append(line)
        self._size += len(line or "")
        if line is None or self._size > MAX_LINE_CHARACTERS or len(self._held) > MAX_RECORD_LINES:
            raise RecordTooLong
        return line

    @property
    def line_count(self) -> int:
        """Lines of the record so far."""
        return len(self._held)

    def begin(self) -> None:
        """Begin the next record after the lines of the last one."""
        self.first_line += len(self._held)
        self._held, self._size, self.is_cut = [], 0, False

    def retry_after_first(self) -> None:
        """Give the record only its first line; its other lines are read again, as long as that is bounded."""
        if self._size > self._may_reread:
            return
        self._may_reread -= self._size
        self._again.extendleft(reversed(self._held[1:]))
        self._held = self._held[:1]

    def is_badly_quoted(self, separator: str) -> bool:
        """Whether a record of several lines holds together only by a quote that closes in mid-cell."""
        if len(self._held) < 2:
            return False
        try:
            list(csv.reader([line for line in self._held if line], delimiter=separator, strict=True))
        except csv.Error:
            return True
        return False


def read_delimited(lines: Lines, wanted: Wanted, separator: str, file_name: str) -> Iterator[Row | Fault]:
    """Rows of a file whose first record is its header; blank lines are passed over."""
    csv.field_size_limit(MAX_LINE_CHARACTERS + 1)
    records = RecordLines(lines)
    reader = csv.reader(records, delimiter=separator)
    places: Mapping[str, int] | None = None
    width = 0
    while (cells := _next_record(reader, records, separator, file_name)) is not None:
        if isinstance(cells, Fault):
            yield cells
        elif len(cells) < 2 and not "".join(cells).strip():
            continue
        elif places is not None:
            yield _row(cells, places, width, f"{file_name}:{records.first_line}")
        else:
            found = column_places(cells, wanted, file_name)
            if isinstance(found, Fault):
                yield found
                return
            places, width = found, len(cells)


def _next_record(
    reader: Iterator[list[str]], records: RecordLines, separator: str, file_name: str
) -> list[str] | Fault | None:
    """Cells of the next record, its fault, or None at the end."""
    records.begin()
    position = f"{file_name}:{records.first_line}"
    try:
        cells = next(reader, None)
    except RecordTooLong:
        records.retry_after_first()
        return Fault(
            position,
            "field_too_long",
            f"the record is longer than {MAX_LINE_CHARACTERS:,} characters or {MAX_RECORD_LINES:,} lines",
        )
    except csv.Error as error:
        return Fault(position, "broken_quoting", f"not a record: {error}")
    if cells is None or not (records.is_cut or records.is_badly_quoted(separator)):
        return cells
    line_count = records.line_count
    records.retry_after_first()
    return Fault(
        position,
        "broken_quoting",
        f"a quote opens and does not close properly within {line_count} lines; double the quotes inside a cell",
    )


def _row(cells: list[str], places: Mapping[str, int], width: int, position: str) -> Row | Fault:
    if len(cells) != width and (len(cells) < width or any(cells[width:])):
        return Fault(position, "wrong_columns", f"found {len(cells)} cells, wanted {width} as in the header")
    everything = "".join(cells)
    if is_undecodable(everything):
        return Fault(position, "wrong_encoding", "holds bytes that the source's `encoding` does not know")
    if "\0" in everything:
        return Fault(position, "nul_bytes", "holds NUL bytes: a damaged file, or one in UTF-16?")
    return Row(position, {column: cells[place] for column, place in places.items()})
