"""Lag windows of one fit: contacts seen and expected, and the rate ratio of each kind and window.

All windows of all kinds come from one fit in the bins that the windows' ends make, so that kinds that follow each
other (shipped, delivered) do not take each other's contacts, and no window counts another's effect as normal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cxnlp.config import LagWindow
from cxnlp.trace.forms import ADDED, MULTIPLIED
from cxnlp.trace.ratios import rate_ratios
from cxnlp.trace.sccs import Fit, Series, fit_series
from cxnlp.trace.seasonality import odd_days, season_columns
from cxnlp.trace.study import Study
from cxnlp.trace.timeline import SECONDS_A_DAY, Contacts, Floats, Happenings, LagBins, Timeline, draw_timeline


@dataclass(frozen=True)
class Fitted:
    """A series with its fit."""

    series: Series
    fit: Fit

    @cached_property
    def dispersion(self) -> float:
        """How much wider repeats make the variances, over all bins: the sandwich alone is unsure in a small one.

        Mean of robust over plain variance, bins weighted by the contacts expected in them; at least 1.
        """
        free = self.fit.free[: self.series.n_effects]
        weight = self.fit.state.base[free]
        plain, robust = (np.diag(matrix)[: len(free)][free] for matrix in (self.fit.covariance, self.fit.robust))
        return max(1.0, float(weight @ (robust / plain) / max(weight.sum(), 1e-9))) if len(weight) else 1.0


def bins_of(windows: Sequence[LagWindow]) -> LagBins:
    """Neighbouring bins, from which every window can be put together."""
    ends = {window.first for window in windows} | {window.last + 1 for window in windows}
    return LagBins.of_days(*sorted(ends))


def draw_kinds(study: Study, kinds: Sequence[str], bins: LagBins) -> Timeline:
    """Timeline of the study's customers with the lag bins of each kind."""
    return draw_timeline(study.start, study.stop, happenings_of(study, kinds, bins))


def happenings_of(study: Study, kinds: Sequence[str], bins: LagBins) -> list[Happenings]:
    """Events of each kind, as a timeline takes them."""
    by_kind = dict(list(study.events.groupby("kind")))
    return [
        Happenings(kind, by_kind[kind]["customer"].to_numpy(), by_kind[kind]["at"].to_numpy(), bins) for kind in kinds
    ]


def series_of(study: Study, timeline: Timeline, chosen: np.ndarray) -> Series:
    """Series of some of the study's contacts; customers without one tell nothing and are left out.

    :param chosen: for each contact of the study, whether it counts.
    """
    customer = study.contacts["customer"].to_numpy()[chosen]
    at = study.contacts["at"].to_numpy()[chosen]
    concerned = np.zeros(len(study.customers), dtype=bool)
    concerned[customer] = True
    contacts = Contacts((np.cumsum(concerned) - 1)[customer], at)
    a_day = np.bincount(at // SECONDS_A_DAY, minlength=study.n_days).astype(float)
    return Series(timeline.only(concerned), contacts, season_columns(a_day, study.first_weekday))


def fit_better_form(series: Series) -> Fitted:
    """Fit with effects that add up and with effects that multiply; the likelier of the two."""
    multiplied = fit_windows(series.with_form(MULTIPLIED))
    same = multiplied.series.with_form(ADDED)
    added = Fitted(same, fit_series(same, start=multiplied.fit.parameters))
    return max(added, multiplied, key=lambda fitted: fitted.fit.state.log_likelihood)


def fit_windows(series: Series, free_effects: np.ndarray | None = None) -> Fitted:
    """Fit effects and season; days that stay far above it get a level of their own, and the fit is made again."""
    fit = fit_series(series, free_effects)
    odd = odd_days(series.contacts_a_day, fit.state.fitted_a_day)
    if not odd.shape[1]:
        return Fitted(series, fit)
    widened = series.with_season(np.hstack([series.season, odd]))
    begin = np.concatenate([fit.parameters, np.zeros(odd.shape[1])])
    return Fitted(widened, fit_series(widened, free_effects, begin))


def estimate_windows(fitted: Fitted, kinds: Sequence[str], windows: Sequence[LagWindow], bins: LagBins) -> pd.DataFrame:
    """Contacts seen and expected with rate ratio, interval, p-value and variance, one row per kind and window.

    The rate ratio is the mean over the window's days; expected is what is seen divided by it.
    """
    rows = [(kind, window) for kind in range(len(kinds)) for window in windows]
    counts, expected, variance = np.array(
        [_seen_and_expected(fitted, kind * bins.count + _bins_in(window, bins)) for kind, window in rows]
    ).T
    ratios = rate_ratios(counts, np.maximum(expected, 1e-9), variance)
    return pd.DataFrame(
        {
            "kind": [kinds[kind] for kind, _ in rows],
            "window": [window.name for _, window in rows],
            "contact_count": counts.astype(np.int64),
            "expected_count": expected,
            "rate_ratio": ratios.ratio,
            "rate_ratio_low": ratios.low,
            "rate_ratio_high": ratios.high,
            "p_value": ratios.p_value,
            "log_variance": variance,
        }
    )


def _bins_in(window: LagWindow, bins: LagBins) -> np.ndarray:
    begins = np.asarray(bins.edges[:-1])
    inside = (begins >= window.first * SECONDS_A_DAY) & (begins < (window.last + 1) * SECONDS_A_DAY)
    return np.flatnonzero(inside)


def _seen_and_expected(fitted: Fitted, columns: np.ndarray) -> tuple[float, float, float]:
    """Contacts in the columns, contacts expected there, and the variance of the log of their ratio."""
    seen = float(fitted.series.timeline.exposures[fitted.series.contact_pattern][:, columns].sum())
    base = fitted.fit.state.base[columns]
    raised = base * np.exp(fitted.fit.parameters[columns])
    ratio = raised.sum() / max(base.sum(), 1e-9)
    share = raised / max(raised.sum(), 1e-9)
    inside = np.ix_(columns, columns)
    variance = max(
        fitted.dispersion * float(share @ fitted.fit.covariance[inside] @ share),
        float(share @ fitted.fit.robust[inside] @ share),
    )
    return seen, seen / ratio if seen else float(base.sum()), float(variance)


def reach_at_once(timeline: Timeline, n_days: int) -> Floats:
    """For each kind, the share of customers that are in its window on a day when one of them is; mean over such.

    Near 1 the kind hits everybody at once, and nobody is left to tell it from the season.
    """
    observed = np.maximum(np.bincount(timeline.start // SECONDS_A_DAY, minlength=n_days + 1), 0).cumsum()[:n_days]
    left = np.bincount(timeline.stop // SECONDS_A_DAY, minlength=n_days + 1).cumsum()[:n_days]
    observed = np.maximum(observed - left, 1)
    shares = np.zeros(len(timeline.columns) - 1)
    for kind, (first, stop) in enumerate(zip(timeline.columns, timeline.columns[1:], strict=False)):
        near = (timeline.exposures[:, first:stop].sum(axis=1) > 0)[timeline.segment_pattern]
        begins = np.bincount(timeline.segment_start[near] // SECONDS_A_DAY, minlength=n_days + 2)
        ends = np.bincount(timeline.segment_stop[near] // SECONDS_A_DAY, minlength=n_days + 2)
        hit = np.cumsum(begins - ends)[:n_days]
        shares[kind] = (hit * np.minimum(hit / observed, 1.0)).sum() / max(hit.sum(), 1)
    return shares
