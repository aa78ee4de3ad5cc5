"""How the effects of several kinds of events that are near at the same time combine to one rate.

Multiplied: rate ratios multiply, as in the published method. Added: each event adds its own contacts, as it does
where different events make customers call for different reasons; rate ratios below 1 still multiply. For one event
at a time both are the same. `cxnlp.trace.windows` takes the form that fits the contacts better.
"""

from typing import Protocol

import numpy as np

from cxnlp.trace.timeline import Floats


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
    """Events that are near together add what each has more than the customer's own rate."""

    def log_rate(self, exposures: Floats, effects: Floats) -> Floats:
        """Log of 1 plus the sum of (rate ratio - 1), with what lowers the rate multiplied."""
        return np.log1p(exposures @ np.expm1(np.maximum(effects, 0))) + exposures @ np.minimum(effects, 0)

    def slopes(self, exposures: Floats, effects: Floats) -> Floats:
        """Share of the rate that each column which raises it carries; 1 for the others."""
        rises = effects > 0
        total = 1.0 + exposures @ np.expm1(np.maximum(effects, 0))
        slopes = exposures * np.where(rises, np.exp(np.maximum(effects, 0)), 1.0)
        slopes[:, rises] /= total[:, None]
        return slopes


MULTIPLIED, ADDED = Multiplied(), Added()
