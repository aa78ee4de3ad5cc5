"""Patterns for `join_keys`, learnt from the attributes of events."""

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from cxnlp.lake import Lake
from cxnlp.tables import EVENTS

MOST_EVENTS = 20_000
SMALLEST_SHARE = 0.95  # of an attribute's values that one pattern must fit
FEWEST_VALUES = 20
MOST_REPEATED = 0.5  # a value that stands in more of the events is a category, not a number
RUN = re.compile(r"\d+|[A-Za-z]+|[^A-Za-z\d]+")


@dataclass(frozen=True)
class Suggestion:
    """A pattern that fits the values of one attribute."""

    kind: str
    pattern: str
    n_values: int

    def as_yaml(self) -> str:
        """A line to paste under `join_keys`."""
        return f"  - {{kind: {self.kind}, pattern: '{self.pattern}'}}   # fits {self.n_values} values of events"


def suggest_keys(lake: Lake) -> list[Suggestion]:
    """Patterns of attributes whose values are numbers that differ from event to event."""
    values: dict[str, list[str]] = defaultdict(list)
    for text in lake.read(EVENTS, ["attributes"])["attributes"].dropna().head(MOST_EVENTS):
        for name, value in json.loads(text).items():
            if isinstance(value, str) and re.search(r"\d{3}", value) and len(value) <= 40:
                values[name].append(value)
    found = (_suggest(name, strings) for name, strings in sorted(values.items()))
    return [suggestion for suggestion in found if suggestion is not None]


def _suggest(name: str, values: list[str]) -> Suggestion | None:
    if len(values) < FEWEST_VALUES or len(set(values)) < MOST_REPEATED * len(values):
        return None
    shapes = Counter(_shape(value) for value in values)
    shape, count = shapes.most_common(1)[0]
    if count < SMALLEST_SHARE * len(values):
        return None
    kind = re.sub(r"_(?:no|number|id|ref)$", "", re.sub(r"\W+", "_", name.lower())).strip("_") or "number"
    return Suggestion(kind, shape, count)


def _shape(value: str) -> str:
    """A value as a pattern: letters as they are, digits by their count."""
    return "".join(f"\\d{{{len(run)}}}" if run[0].isdecimal() else re.escape(run) for run in RUN.findall(value))
