"""What a reader gives: rows of a file, and what could not be read, each with its place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file: the mapped columns (or dotted paths) only."""

    position: str
    fields: dict[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """A record, or a whole file, that cannot be read; its detail never holds the record's text."""

    position: str
    reason: str
    detail: str


@dataclass(frozen=True)
class Wanted:
    """Columns that a source maps.

    :ivar paths: every mapped column or dotted path, each once.
    :ivar needed: those that JSON lines must hold somewhere near the top of the file; the others may be left
        out of a record that has no value for them.
    """

    paths: tuple[str, ...]
    needed: frozenset[str]


class BadCell(ValueError):
    """A cell that does not fit its column; the record goes to quarantine."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
