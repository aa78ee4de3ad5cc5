"""Self-controlled case series: rate of contacts in windows after events against the same customers' other time.

Given how often a customer contacted us at all, when they did is multinomial over their observed time with weights
season(day) x exp(effects of the events that are near); whatever is constant in a customer cancels (Farrington, 1995,
Biometrics 51:228-235; Whitaker, Farrington, Spiessens and Musonda, 2006, Statistics in Medicine 25:1768-1797).
The likelihood is that of conditional Poisson regression, maximised by Newton steps over segments and patterns.
Intervals are robust to repeats within a customer (sandwich with customers as clusters: Liang and Zeger, 1986,
Biometrika 73:13-22).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cxnlp.trace.forms import MULTIPLIED, Form
from cxnlp.trace.timeline import SECONDS_A_DAY, Contacts, Floats, Integers, Timeline

EFFECT_SPREAD = 5.0  # standard deviation of a weak normal prior on log rate ratios; keeps empty windows finite
SEASON_SPREAD = 10.0
CELLS_A_CHUNK = 4_000_000
MAX_STEPS = 50
TOLERANCE = 1e-11  # of the log likelihood that a further step would gain, twice


@dataclass(frozen=True)
class Series:
    """What a fit reads: the timeline of customers with at least one contact, their contacts and the season's columns.

    :ivar season: (days, columns).
    :ivar form: how effects of events that are near together combine.
    """

    timeline: Timeline
    contacts: Contacts
    season: Floats
    form: Form = MULTIPLIED

    @cached_property
    def contacts_a_customer(self) -> Floats:
        """Contacts of each customer; at least 1."""
        return np.bincount(self.contacts.customer, minlength=len(self.timeline.start)).astype(float)

    @cached_property
    def contact_pattern(self) -> Integers:
        """Pattern in which each contact came."""
        return self.timeline.patterns_of(self.contacts)

    @cached_property
    def contact_day(self) -> Integers:
        """Day of the series on which each contact came."""
        return np.minimum(self.contacts.at // SECONDS_A_DAY, len(self.season) - 1)

    @property
    def contacts_a_day(self) -> Floats:
        """Contacts of all customers by day."""
        return np.bincount(self.contact_day, minlength=len(self.season)).astype(float)

    @property
    def n_effects(self) -> int:
        """Columns of events; the season's columns come after them."""
        return self.timeline.exposures.shape[1]

    def with_season(self, season: Floats) -> "Series":
        """The same with other columns of season."""
        return replace(self, season=season)

    def with_form(self, form: Form) -> "Series":
        """The same with effects combined in another way."""
        return replace(self, form=form)


@dataclass(frozen=True)
class State:
    """Gradient and information of the log likelihood at some parameters.

    :ivar effect_share: (customers, effects): share of the customer's intensity that falls in each lag bin.
    :ivar season_share: (customers, season columns): mean of the season's columns under the customer's intensity.
    :ivar slopes: (patterns, effects): derivatives of the log rate of each pattern.
    :ivar base: contacts expected in each lag bin at the customers' own rates, no event having an effect.
    :ivar fitted_a_day: contacts expected on each day.
    """

    log_likelihood: float
    gradient: Floats
    information: Floats
    effect_share: Floats
    season_share: Floats
    slopes: Floats
    base: Floats
    fitted_a_day: Floats


@dataclass(frozen=True)
class Fit:
    """Estimates with their covariance.

    :ivar parameters: log rate ratios of the effects, then the season's coefficients.
    :ivar free: which parameters were estimated; the others stayed 0.
    :ivar covariance: of all parameters, 0 where not free; from the information.
    :ivar robust: the same by the sandwich over customers.
    """

    parameters: Floats
    free: np.ndarray
    covariance: Floats
    robust: Floats
    state: State


def fit_series(series: Series, free_effects: np.ndarray | None = None, start: Floats | None = None) -> Fit:
    """Maximise the likelihood (with its weak prior) by Newton steps, halved where they overshoot.

    :param free_effects: which effects are estimated; all where not given. The others are held at 0.
    :param start: parameters to begin with.
    """
    n_season = series.season.shape[1]
    chosen = np.ones(series.n_effects, dtype=bool) if free_effects is None else free_effects
    free = np.concatenate([chosen, np.ones(n_season, dtype=bool)])
    prior = np.concatenate([np.full(series.n_effects, EFFECT_SPREAD**-2), np.full(n_season, SEASON_SPREAD**-2)])
    parameters = np.zeros(len(free)) if start is None else np.where(free, start, 0.0)
    state, value = _state_and_value(series, parameters, prior)
    for _ in range(MAX_STEPS):
        hessian = state.information + np.diag(prior)
        slope = np.where(free, state.gradient - prior * parameters, 0.0)
        step = np.zeros(len(free))
        step[free] = np.linalg.solve(hessian[np.ix_(free, free)], slope[free])
        if slope @ step < TOLERANCE:
            break
        size = 1.0
        new_state, new_value = _state_and_value(series, parameters + step, prior)
        while new_value < value - 1e-9 * abs(value) and size > 1e-4:
            size /= 2
            new_state, new_value = _state_and_value(series, parameters + size * step, prior)
        if new_value < value:
            break
        parameters, state, value = parameters + size * step, new_state, new_value
    return _with_covariance(series, parameters, free, prior, state)


def _state_and_value(series: Series, parameters: Floats, prior: Floats) -> tuple[State, float]:
    state = evaluate(series, parameters)
    return state, state.log_likelihood - 0.5 * float(prior @ parameters**2)


def evaluate(series: Series, parameters: Floats) -> State:
    """Log likelihood, gradient and information at the given parameters."""
    timeline, n_effects = series.timeline, series.n_effects
    log_season = series.season @ parameters[n_effects:]
    log_season = log_season - log_season.max(initial=0.0)
    a_day = np.exp(log_season)
    log_rate = series.form.log_rate(timeline.exposures, parameters[:n_effects])
    slopes = series.form.slopes(timeline.exposures, parameters[:n_effects])
    until = np.concatenate([[0.0], np.cumsum(a_day)])
    length = _integral(until, a_day, timeline.segment_stop) - _integral(until, a_day, timeline.segment_start)
    rate = np.exp(log_rate)[timeline.segment_pattern]
    base = _integral(until, a_day, timeline.stop) - _integral(until, a_day, timeline.start)
    weight = base + np.bincount(timeline.segment_customer, (rate - 1.0) * length, minlength=len(base))
    number = series.contacts_a_customer
    value = float(log_rate[series.contact_pattern].sum() + log_season[series.contact_day].sum())
    value -= float(number @ np.log(weight))
    mass = length / weight[timeline.segment_customer]
    effect_share = _effect_share(timeline, rate * mass, slopes)
    season_share, fitted_a_day = _season_share(series, rate, a_day, weight)
    a_pattern = (number / weight)[timeline.segment_customer] * rate
    by_pattern = np.bincount(timeline.segment_pattern, a_pattern * length, minlength=len(timeline.exposures))
    crossed = _effect_days(timeline, a_pattern, slopes, a_day)  # (effects, days)
    means = np.hstack([effect_share, season_share])
    raw = np.block(
        [
            [slopes.T @ (by_pattern[:, None] * slopes), crossed @ series.season],
            [(crossed @ series.season).T, series.season.T @ (fitted_a_day[:, None] * series.season)],
        ]
    )
    seen = np.concatenate([slopes[series.contact_pattern].sum(axis=0), series.season.T @ series.contacts_a_day])
    own = np.bincount(timeline.segment_pattern, number[timeline.segment_customer] * mass, len(slopes))
    return State(
        log_likelihood=value,
        gradient=seen - number @ means,
        information=raw - means.T @ (number[:, None] * means),
        effect_share=effect_share,
        season_share=season_share,
        slopes=slopes,
        base=own @ timeline.exposures,
        fitted_a_day=fitted_a_day,
    )


def _integral(until: Floats, a_day: Floats, at: Integers) -> Floats:
    """Integral of the season from the start of the series to each second."""
    day, rest = np.divmod(at, SECONDS_A_DAY)
    inside = np.minimum(day, len(a_day) - 1)
    return until[inside] + a_day[inside] * (day - inside + rest / SECONDS_A_DAY)


def _effect_share(timeline: Timeline, mass: Floats, slopes: Floats) -> Floats:
    """Mass of each customer's segments times the slopes, summed by column of the effects."""
    n_customers, n_effects = len(timeline.start), timeline.exposures.shape[1]
    share = np.zeros((n_customers, n_effects))
    for (segments, bins), first, stop in zip(timeline.near, timeline.columns, timeline.columns[1:], strict=False):
        place = timeline.segment_customer[segments] * (stop - first) + bins
        steep = slopes[timeline.segment_pattern[segments], first + bins]
        cell = np.bincount(place, mass[segments] * steep, minlength=n_customers * (stop - first))
        share[:, first:stop] = cell.reshape(n_customers, stop - first)
    return share


def _spread(row: Integers, start: Integers, stop: Integers, height: Floats, shape: tuple[int, int]) -> Floats:
    """Add `height` to a row over [start, stop) in days, in proportion to the part of each day: shape (rows, days)."""
    width = shape[1] + 2
    cells = np.zeros(shape[0] * width)
    for at, sign in ((start, 1.0), (stop, -1.0)):
        day, rest = np.divmod(at, SECONDS_A_DAY)
        part = rest / SECONDS_A_DAY
        place = row * width + day
        cells += np.bincount(place, sign * height * (1.0 - part), minlength=len(cells))
        cells += np.bincount(place + 1, sign * height * part, minlength=len(cells))
    return np.cumsum(cells.reshape(shape[0], width), axis=1)[:, : shape[1]]


def _effect_days(timeline: Timeline, height: Floats, slopes: Floats, a_day: Floats) -> Floats:
    """Contacts fitted on each day times the slopes, by column of the effects: (effects, days)."""
    fitted = np.zeros((timeline.exposures.shape[1], len(a_day)))
    for (segments, bins), first, stop in zip(timeline.near, timeline.columns, timeline.columns[1:], strict=False):
        fitted[first:stop] = _spread(
            bins,
            timeline.segment_start[segments],
            timeline.segment_stop[segments],
            height[segments] * slopes[timeline.segment_pattern[segments], first + bins],
            (stop - first, len(a_day)),
        )
    return fitted * a_day[None, :]


def _season_share(series: Series, rate: Floats, a_day: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Mean of the season's columns under each customer's intensity, and contacts fitted on each day."""
    timeline, n_days = series.timeline, len(a_day)
    share = np.zeros((len(weight), series.season.shape[1]))
    fitted = np.zeros(n_days)
    size = max(1, CELLS_A_CHUNK // (n_days + 2))
    for first in range(0, len(weight), size):
        last = min(first + size, len(weight))
        low, high = np.searchsorted(timeline.segment_customer, [first, last])
        day_share = _spread(
            np.concatenate([np.arange(last - first), timeline.segment_customer[low:high] - first]),
            np.concatenate([timeline.start[first:last], timeline.segment_start[low:high]]),
            np.concatenate([timeline.stop[first:last], timeline.segment_stop[low:high]]),
            np.concatenate([np.ones(last - first), rate[low:high] - 1.0]),
            (last - first, n_days),
        )
        day_share *= a_day[None, :] / weight[first:last, None]
        share[first:last] = day_share @ series.season
        fitted += series.contacts_a_customer[first:last] @ day_share
    return share, fitted


def customer_scores(series: Series, state: State) -> Floats:
    """Each customer's contribution to the gradient: (customers, parameters)."""
    n_customers = len(series.timeline.start)
    seen = np.hstack([state.slopes[series.contact_pattern], series.season[series.contact_day]])
    order = np.argsort(series.contacts.customer, kind="stable")
    begins = np.searchsorted(series.contacts.customer[order], np.arange(n_customers))
    summed = np.add.reduceat(seen[order], begins, axis=0)
    means = np.hstack([state.effect_share, state.season_share])
    return summed - series.contacts_a_customer[:, None] * means


def _with_covariance(series: Series, parameters: Floats, free: np.ndarray, prior: Floats, state: State) -> Fit:
    covariance = np.zeros((len(free), len(free)))
    inside = np.ix_(free, free)
    covariance[inside] = np.linalg.inv((state.information + np.diag(prior))[inside])
    scores = customer_scores(series, state)
    n_customers = len(scores)
    spread = scores.T @ scores * (n_customers / max(n_customers - 1, 1))
    return Fit(parameters, free, covariance, covariance @ spread @ covariance, state)
