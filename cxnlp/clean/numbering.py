"""Placeholders of one item: `<PERSON_1>` twice is one person."""

import re
from collections.abc import Sequence

PLACEHOLDER = re.compile(r"<([A-Z][A-Z_]{1,30})_(\d{1,6})>")


class Numbering:
    """Gives each value of one item its placeholder; numbers already in the text are not used again."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._placeholder_by_value: dict[tuple[str, str], str] = {}
        self._last: dict[str, int] = {}
        for text in texts:
            for kind, number in PLACEHOLDER.findall(text) if "<" in text else ():
                self._last[kind] = max(self._last.get(kind, 0), int(number))

    def placeholder(self, kind: str, value: str) -> str:
        """The placeholder of a value, the same each time."""
        if (kind, value) not in self._placeholder_by_value:
            self._last[kind] = self._last.get(kind, 0) + 1
            self._placeholder_by_value[kind, value] = f"<{kind}_{self._last[kind]}>"
        return self._placeholder_by_value[kind, value]

    def count_by_kind(self) -> dict[str, int]:
        """How many values of each kind were replaced."""
        counts: dict[str, int] = {}
        for kind, _ in self._placeholder_by_value:
            counts[kind] = counts.get(kind, 0) + 1
        return counts
