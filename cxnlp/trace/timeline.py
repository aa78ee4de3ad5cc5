"""Customers' time cut at their events: who was how long after which event, and in which state each contact came.

For every kind of event a customer's time is in one state: not after an event of the kind, or in one of the lag bins
after the latest one (a new event ends the bins of the one before). Where the states of all kinds stay the same is
a segment; equal combinations of states are one pattern. All later arithmetic runs over patterns and segments,
never over customers times days, so that it is linear in contacts and events.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

SECONDS_A_DAY = 86_400

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LagBins:
    """Neighbouring bins of lag after (or before) an event.

    :ivar edges: seconds after the event, ascending, one more than there are bins; negative before it.
    """

    edges: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many bins."""
        return len(self.edges) - 1

    @classmethod
    def of_days(cls, *edges: int) -> "LagBins":
        """From whole days."""
        return cls(tuple(day * SECONDS_A_DAY for day in edges))


@dataclass(frozen=True)
class Happenings:
    """Events of one kind: whose and when.

    :ivar customer: index of the customer; `at`: seconds since the start of the series.
    """

    kind: str
    customer: Integers
    at: Integers
    bins: LagBins


@dataclass(frozen=True)
class Contacts:
    """Contacts to be explained: whose and when, in seconds since the start of the series."""

    customer: Integers
    at: Integers

    def __len__(self) -> int:
        return len(self.at)

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Contacts":
        """Some of them."""
        return Contacts(self.customer[chosen], self.at[chosen])


@dataclass(frozen=True)
class Timeline:
    """Observed time of each customer with the segments in which some event is near.

    :ivar start: first observed second of each customer; `stop`: the one after the last.
    :ivar segment_customer: customer of each segment; `segment_start` and `segment_stop` in seconds.
    :ivar segment_pattern: row of `exposures`; time outside the segments has pattern 0.
    :ivar exposures: (patterns, columns) of 0 and 1; a column is one lag bin of one kind. Row 0 is all 0.
    :ivar columns: first column of each kind, and the number of all as last element.
    """

    start: Integers
    stop: Integers
    segment_customer: Integers
    segment_start: Integers
    segment_stop: Integers
    segment_pattern: Integers
    exposures: Floats
    columns: tuple[int, ...]

    @cached_property
    def near(self) -> list[tuple[Integers, Integers]]:
        """For each kind, the segments in one of its lag bins, and in which of them, from 0."""
        found = []
        for first, stop in zip(self.columns, self.columns[1:], strict=False):
            by_pattern = self.exposures[:, first:stop] @ np.arange(1.0, stop - first + 1)
            state = by_pattern.astype(np.int64)[self.segment_pattern]
            segments = np.flatnonzero(state).astype(np.int64)
            found.append((segments, state[segments] - 1))
        return found

    def only(self, customers: npt.NDArray[np.bool_]) -> "Timeline":
        """The same for some customers, numbered anew in their order."""
        number = np.cumsum(customers) - 1
        kept = customers[self.segment_customer]
        return Timeline(
            self.start[customers],
            self.stop[customers],
            number[self.segment_customer[kept]],
            self.segment_start[kept],
            self.segment_stop[kept],
            self.segment_pattern[kept],
            self.exposures,
            self.columns,
        )

    def patterns_of(self, contacts: Contacts) -> Integers:
        """Pattern in which each contact came; 0 where no event is near."""
        if not len(self.segment_start):
            return np.zeros(len(contacts), dtype=np.int64)
        span = int(self.stop.max()) + 1
        begins = self.segment_customer * span + self.segment_start
        place = np.searchsorted(begins, contacts.customer * span + contacts.at, side="right") - 1
        at_least_one = np.maximum(place, 0)
        inside = (
            (place >= 0)
            & (self.segment_customer[at_least_one] == contacts.customer)
            & (contacts.at < self.segment_stop[at_least_one])
        )
        return np.where(inside, self.segment_pattern[at_least_one], 0)


def draw_timeline(start: Integers, stop: Integers, happenings: list[Happenings]) -> Timeline:
    """Cut each customer's observed time where a lag bin of any kind begins or ends.

    :param start: first observed second of each customer; `stop`: the one after the last.
    :param happenings: one element per kind, in the order of the columns.
    """
    marks = [_marks(kind, start, stop) for kind in happenings]
    customer = np.concatenate([mark[0] for mark in marks]) if marks else np.zeros(0, np.int64)
    at = np.concatenate([mark[1] for mark in marks]) if marks else np.zeros(0, np.int64)
    order = np.argsort(customer * (int(stop.max(initial=0)) + 1) + at, kind="stable")
    customer, at = customer[order], at[order]
    ends = np.append(at[1:], 0)
    pattern, states = _patterns(marks, order, [kind.bins.count for kind in happenings])
    kept = (pattern > 0) & (ends > at) & (np.append(customer[1:], -1) == customer)
    columns = np.concatenate([[0], np.cumsum([kind.bins.count for kind in happenings], dtype=np.int64)])
    return Timeline(
        start,
        stop,
        customer[kept],
        at[kept],
        ends[kept],
        pattern[kept],
        _exposures(states, columns),
        tuple(int(column) for column in columns),
    )


def _marks(kind: Happenings, start: Integers, stop: Integers) -> tuple[Integers, Integers, Integers]:
    """Customer, time and change of state at each edge of each event; a later event cuts the edges of an earlier."""
    order = np.lexsort((kind.at, kind.customer))
    customer, at = kind.customer[order], kind.at[order]
    first = kind.bins.edges[0]
    following = np.append(at[1:], 0) + first
    following[np.append(customer[1:], -1) != customer] = np.iinfo(np.int64).max
    change = np.ones(kind.bins.count + 1, dtype=np.int64)
    change[-1] = -kind.bins.count
    edges = at[:, None] + np.asarray(kind.bins.edges)[None, :]  # (events, edges)
    edges = np.minimum(edges, following[:, None])
    edges = np.clip(edges, start[customer][:, None], stop[customer][:, None])
    return np.repeat(customer, edges.shape[1]), edges.ravel(), np.tile(change, len(at))


def _patterns(
    marks: list[tuple[Integers, Integers, Integers]], order: Integers, counts: list[int]
) -> tuple[Integers, Integers]:
    """Number of the combination of states after each mark, and the states of each number (0 is none)."""
    pattern = np.zeros(len(order), dtype=np.int64)
    states = np.zeros((1, 0), dtype=np.int64)
    begin = np.concatenate([[0], np.cumsum([len(mark[0]) for mark in marks], dtype=np.int64)])
    for number, mark in enumerate(marks):
        change = np.zeros(len(order), dtype=np.int64)
        change[begin[number] : begin[number + 1]] = mark[2]
        state = np.cumsum(change[order])
        joined = np.append(0, pattern * (counts[number] + 1) + state)  # the leading 0 keeps number 0 for none
        pattern, found = pd.factorize(joined)
        pattern = pattern[1:].astype(np.int64)
        states = np.column_stack([states[found // (counts[number] + 1)], found % (counts[number] + 1)])
    return pattern, states


def _exposures(states: Integers, columns: Integers) -> Floats:
    exposures = np.zeros((len(states), int(columns[-1])))
    for kind in range(states.shape[1]):
        rows = np.flatnonzero(states[:, kind])
        exposures[rows, columns[kind] + states[rows, kind] - 1] = 1.0
    return exposures
