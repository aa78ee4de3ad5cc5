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
KEPT_WHILE = 0.2  # of the gain of the step before
SMALL = 1e-4  # a gain that rounding of the likelihood may hide; such a step is taken unseen
TOLERANCE = 1e-6  # of the log likelihood that a step gains, twice; the last one is still taken


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
    """Log likelihood and gradient at some parameters; what costs more is computed when asked for.

    :ivar a_day: factor of the season on each day.
    :ivar rate: rate ratio in each segment; `length`: its days, weighted by the season.
    :ivar weight: the same, summed over all observed time of each customer.
    :ivar slopes: (patterns, effects): derivatives of the log rate of each pattern.
    :ivar fitted_a_day: contacts expected on each day.
    """

    series: Series
    log_likelihood: float
    gradient: Floats
    a_day: Floats
    rate: Floats
    length: Floats
    weight: Floats
    slopes: Floats
    fitted_a_day: Floats

    @cached_property
    def effect_share(self) -> Floats:
        """(customers, effects): share of the customer's intensity that falls in each lag bin, times its slope."""
        timeline = self.series.timeline
        mass = self.rate * self.length / self.weight[timeline.segment_customer]
        share = np.zeros((len(timeline.start), self.slopes.shape[1]))
        for (segments, bins), first, stop in zip(timeline.near, timeline.columns, timeline.columns[1:], strict=False):
            steep = self.slopes[timeline.segment_pattern[segments], first + bins]
            place = timeline.segment_customer[segments] * (stop - first) + bins
            cell = np.bincount(place, mass[segments] * steep, minlength=len(share) * (stop - first))
            share[:, first:stop] = cell.reshape(len(share), stop - first)
        return share

    @cached_property
    def season_share(self) -> Floats:
        """(customers, season columns): mean of the season's columns under the customer's intensity."""
        timeline, n_days = self.series.timeline, len(self.a_day)
        share = np.zeros((len(self.weight), self.series.season.shape[1]))
        size = max(1, CELLS_A_CHUNK // (n_days + 2))
        for first in range(0, len(share), size):
            last = min(first + size, len(share))
            low, high = np.searchsorted(timeline.segment_customer, [first, last])
            day_share = _spread(
                np.concatenate([np.arange(last - first), timeline.segment_customer[low:high] - first]),
                np.concatenate([timeline.start[first:last], timeline.segment_start[low:high]]),
                np.concatenate([timeline.stop[first:last], timeline.segment_stop[low:high]]),
                np.concatenate([np.ones(last - first), self.rate[low:high] - 1.0]),
                (last - first, n_days),
            )
            share[first:last] = day_share @ (self.a_day[:, None] * self.series.season)
        return share / self.weight[:, None]

    @cached_property
    def information(self) -> Floats:
        """Expected curvature of the log likelihood: (parameters, parameters)."""
        timeline, season, number = self.series.timeline, self.series.season, self.series.contacts_a_customer
        height = (number / self.weight)[timeline.segment_customer] * self.rate
        by_pattern = np.bincount(timeline.segment_pattern, height * self.length, minlength=len(self.slopes))
        crossed = _effect_days(timeline, height, self.slopes, self.a_day) @ season
        raw = np.block(
            [
                [self.slopes.T @ (by_pattern[:, None] * self.slopes), crossed],
                [crossed.T, season.T @ (self.fitted_a_day[:, None] * season)],
            ]
        )
        means = np.hstack([self.effect_share, self.season_share])
        return raw - means.T @ (number[:, None] * means)

    @property
    def base(self) -> Floats:
        """Contacts expected in each lag bin at the customers' own rates, no event having an effect."""
        timeline = self.series.timeline
        own = (self.series.contacts_a_customer / self.weight)[timeline.segment_customer] * self.length
        by_pattern = np.bincount(timeline.segment_pattern, own, minlength=len(self.slopes))
        return np.asarray(by_pattern @ timeline.exposures)


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

    The curvature costs more than all the rest, so it is kept while steps with it still shrink fast.

    :param free_effects: which effects are estimated; all where not given. The others are held at 0.
    :param start: parameters to begin with.
    """
    n_season = series.season.shape[1]
    chosen = np.ones(series.n_effects, dtype=bool) if free_effects is None else free_effects
    free = np.concatenate([chosen, np.ones(n_season, dtype=bool)])
    prior = np.concatenate([np.full(series.n_effects, EFFECT_SPREAD**-2), np.full(n_season, SEASON_SPREAD**-2)])
    parameters = np.zeros(len(free)) if start is None else np.where(free, start, 0.0)
    state, curvature, gain = evaluate(series, parameters), np.zeros((0, 0)), 0.0
    for _ in range(MAX_STEPS):
        slope = np.where(free, state.gradient - prior * parameters, 0.0)
        step = _solve(curvature, slope, free) if gain else slope
        if not gain or slope @ step > KEPT_WHILE * gain:
            curvature = state.information + np.diag(prior)
            step = _solve(curvature, slope, free)
        gain = float(slope @ step)
        if gain < SMALL:
            parameters, state = parameters + step, evaluate(series, parameters + step)
            if gain < TOLERANCE:
                break
            continue
        moved, moved_state = _climb(series, parameters, state, step, prior)
        if moved_state is state:
            break
        parameters, state = moved, moved_state
    return _with_covariance(series, parameters, free, prior, state)


def _solve(curvature: Floats, slope: Floats, free: np.ndarray) -> Floats:
    step = np.zeros(len(free))
    step[free] = np.linalg.solve(curvature[np.ix_(free, free)], slope[free])
    return step


def _climb(series: Series, parameters: Floats, state: State, step: Floats, prior: Floats) -> tuple[Floats, State]:
    """Take the step, or a half, a quarter, ... of it, so that the likelihood rises; stay where none does."""
    value = state.log_likelihood - 0.5 * float(prior @ parameters**2)
    size = 1.0
    while size > 1e-4:
        moved = parameters + size * step
        moved_state = evaluate(series, moved)
        if moved_state.log_likelihood - 0.5 * float(prior @ moved**2) >= value - 1e-12 * abs(value):
            return moved, moved_state
        size /= 2
    return parameters, state


def evaluate(series: Series, parameters: Floats) -> State:
    """Log likelihood and gradient at the given parameters."""
    timeline, n_effects, number = series.timeline, series.n_effects, series.contacts_a_customer
    log_season = series.season @ parameters[n_effects:]
    log_season = log_season - log_season.max(initial=0.0)
    a_day = np.exp(log_season)
    until = np.concatenate([[0.0], np.cumsum(a_day)])
    length = _integral(until, a_day, timeline.segment_stop) - _integral(until, a_day, timeline.segment_start)
    log_rate = series.form.log_rate(timeline.exposures, parameters[:n_effects])
    slopes = series.form.slopes(timeline.exposures, parameters[:n_effects])
    rate = np.exp(log_rate)[timeline.segment_pattern]
    weight = _integral(until, a_day, timeline.stop) - _integral(until, a_day, timeline.start)
    weight = weight + np.bincount(timeline.segment_customer, (rate - 1.0) * length, minlength=len(weight))
    own = number / weight
    fitted_a_day = _fitted_a_day(timeline, own, rate, a_day)
    height = own[timeline.segment_customer] * rate * length
    fitted = np.bincount(timeline.segment_pattern, height, minlength=len(slopes)) @ slopes
    seen = slopes[series.contact_pattern].sum(axis=0)
    return State(
        series=series,
        log_likelihood=float(
            log_rate[series.contact_pattern].sum() + log_season[series.contact_day].sum() - number @ np.log(weight)
        ),
        gradient=np.concatenate([seen - fitted, series.season.T @ (series.contacts_a_day - fitted_a_day)]),
        a_day=a_day,
        rate=rate,
        length=length,
        weight=weight,
        slopes=slopes,
        fitted_a_day=fitted_a_day,
    )


def _fitted_a_day(timeline: Timeline, own: Floats, rate: Floats, a_day: Floats) -> Floats:
    """Contacts expected on each day, at each customer's own rate a weighted day and the rate ratio of each segment."""
    height = np.concatenate([own, own[timeline.segment_customer] * (rate - 1.0)])
    start = np.concatenate([timeline.start, timeline.segment_start])
    stop = np.concatenate([timeline.stop, timeline.segment_stop])
    return _spread(np.zeros(len(start), dtype=np.int64), start, stop, height, (1, len(a_day)))[0] * a_day


def _integral(until: Floats, a_day: Floats, at: Integers) -> Floats:
    """Integral of the season from the start of the series to each second."""
    day, rest = np.divmod(at, SECONDS_A_DAY)
    inside = np.minimum(day, len(a_day) - 1)
    return until[inside] + a_day[inside] * (day - inside + rest / SECONDS_A_DAY)


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
