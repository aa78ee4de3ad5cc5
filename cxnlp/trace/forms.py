"""How the effects of several kinds of events that are near at the same time combine to one rate.

Multiplied: rate ratios multiply, as in the published method. Added: each event adds its own contacts, as it does
where different events make customers call for different reasons. For one event at a time both are the same.
`cxnlp.trace.windows` takes the form that fits the contacts better.
"""

from typing import Protocol

import numpy as np

from cxnlp.trace.timeline import Floats

LEAST = 0.05


class Form(Protocol):
    """Rate of each pattern of exposure, and its slopes."""

    def log_rate(self, exposures: Floats, effects: Floats) -> Floats:
        """Log of the rate ratio of each pattern, given the log rate ratio of each column."""
        ...

    def slopes(self, exposures: Floats, effects: Floats) -> Floats:
        """Derivatives of that by the effects: (patterns, columns)."""
        ...


class Multiplied:
    """Rate ratios of events that are near together multiply."""

    def log_rate(self, exposures: Floats, effects: Floats) -> Floats:
        """Sum of the log rate ratios."""
        return exposures @ effects

    def slopes(self, exposures: Floats, effects: Floats) -> Floats:
        """The exposures themselves."""
        return exposures


class Added:
    """Events that are near together add what each has more (or less) than the customer's own rate.

    Rates that fall together could come below 0; under `LEAST` of the own rate the log is carried on as its tangent.
    """

    def log_rate(self, exposures: Floats, effects: Floats) -> Floats:
        """Log of 1 plus the sum of (rate ratio - 1)."""
        total = 1.0 + exposures @ np.expm1(effects)
        return np.log(np.maximum(total, LEAST)) + np.minimum(total - LEAST, 0) / LEAST

    def slopes(self, exposures: Floats, effects: Floats) -> Floats:
        """Rate ratio of each column over the rate of all."""
        total = 1.0 + exposures @ np.expm1(effects)
        return exposures * (np.exp(effects)[None, :] / np.maximum(total, LEAST)[:, None])


MULTIPLIED, ADDED = Multiplied(), Added()
