"""Placebos: effects that cannot be, tested beside the real ones.

An excess just before the event means that contacts lead to events, or that both come from something else. An excess
with dates exchanged among customers means that the calendar does it, not the event. An excess of causes that the
event cannot produce means that its customers say more of everything. A kind that shows any of them is not used.

The first two are score tests (Rao, 1948, Proceedings of the Cambridge Philosophical Society 44:50-57) of one more
column in the fitted series, so the real effects are taken into account and nothing is fitted again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxnlp.config import Excess
from cxnlp.trace.ratios import rate_ratios
from cxnlp.trace.sccs import customer_scores
from cxnlp.trace.study import Study
from cxnlp.trace.timeline import Floats, Happenings, LagBins, draw_timeline
from cxnlp.trace.windows import Fitted, bins_of, fit_windows, happenings_of, series_of

LEAST_INFORMATION = 0.05  # of a column's own; less is left where the exchange gives back the same dates


@dataclass(frozen=True)
class Tested:
    """Rate ratio of a column that was not fitted, and the p-value of its score test; NaN where it tells nothing."""

    ratio: float
    p_value: float


def try_placebos(study: Study, kinds: Sequence[str], groups: pd.Series, settings: Excess) -> pd.DataFrame:
    """Placebos of time, on all customers or a sample of `placebo_customers`.

    :param groups: for each customer of the study, the group within which dates are exchanged.
    :returns: `kind`, `before_ratio`, `before_p`, `exchanged_ratio`, `exchanged_p`.
    """
    bins = bins_of(settings.windows)
    generator = np.random.default_rng(settings.seed)
    real = happenings_of(study, kinds, bins)
    before = [Happenings(kind.kind, kind.customer, kind.at, LagBins.of_days(-settings.before_days, 0)) for kind in real]
    whole = LagBins((bins.edges[0], bins.edges[-1]))
    exchanged = [_exchange(kind, groups, whole, generator) for kind in real]
    timeline = draw_timeline(study.start, study.stop, [*real, *before, *exchanged])
    chosen = _sampled(study, settings.placebo_customers, generator)
    series = series_of(study, timeline, chosen)
    n_kinds = len(kinds)
    fitted = fit_windows(series, np.arange(series.n_effects) < n_kinds * bins.count)
    scores = customer_scores(fitted.series, fitted.fit.state)
    tests = [score_test(fitted, scores, n_kinds * bins.count + number) for number in range(2 * n_kinds)]
    return pd.DataFrame(
        {
            "kind": list(kinds),
            "before_ratio": [test.ratio for test in tests[:n_kinds]],
            "before_p": [test.p_value for test in tests[:n_kinds]],
            "exchanged_ratio": [test.ratio for test in tests[n_kinds:]],
            "exchanged_p": [test.p_value for test in tests[n_kinds:]],
        }
    )


def _exchange(kind: Happenings, groups: pd.Series, bins: LagBins, generator: np.random.Generator) -> Happenings:
    """Give each customer the events of another one of the same group."""
    codes = pd.factorize(groups)[0]
    shuffled = generator.permutation(len(codes))
    by_group, theirs = np.argsort(codes, kind="stable"), shuffled[np.argsort(codes[shuffled], kind="stable")]
    other = np.empty(len(codes), dtype=np.int64)
    other[by_group] = theirs
    return Happenings(kind.kind, other[kind.customer], kind.at, bins)


def _sampled(study: Study, at_most: int, generator: np.random.Generator) -> np.ndarray:
    """Contacts of all customers, or of as many as allowed."""
    customer = study.contacts["customer"].to_numpy()
    if len(study.customers) <= at_most:
        return np.ones(len(customer), dtype=bool)
    drawn = np.zeros(len(study.customers), dtype=bool)
    drawn[generator.choice(len(study.customers), at_most, replace=False)] = True
    return drawn[customer]


def score_test(fitted: Fitted, scores: Floats, column: int) -> Tested:
    """Test a column that was held at 0 in the fit; repeats of a customer are allowed for as in the intervals.

    :param scores: each customer's contribution to the gradient.
    """
    state, fit = fitted.fit.state, fitted.fit
    own, shared = state.information[column, column], state.information[column]
    weights = fit.covariance @ shared
    left = own - float(shared @ weights)
    if own <= 0 or left < LEAST_INFORMATION * own:
        return Tested(float("nan"), float("nan"))
    fitted_count = float(fitted.series.contacts_a_customer @ state.effect_share[:, column])
    count = fitted_count + float(state.gradient[column] - state.gradient @ weights)
    spread = float(((scores[:, column] - scores @ weights) ** 2).sum())
    variance = max(1.0, spread / left) * own / left / max(count, 1e-9)
    tested = rate_ratios(np.array([max(count, 0.0)]), np.array([fitted_count]), np.array([variance]))
    return Tested(float(tested.ratio[0]), float(tested.p_value[0]))


def implausible_causes(by_domain: pd.DataFrame, plausible: Sequence[str], unsure: Sequence[str]) -> Tested:
    """Excess of causes that a kind cannot produce, from the rows of its domains for one window.

    :param by_domain: `domain`, `contact_count`, `expected_count`, `log_variance`.
    :param plausible: domains that the kind can produce; with none declared nothing is tested.
    :param unsure: domains that say little (service is blamed for everything) and are left out.
    """
    tried = by_domain[~by_domain["domain"].isin([*plausible, *unsure])]
    if not plausible or tried.empty:
        return Tested(float("nan"), float("nan"))
    count, expected = float(tried["contact_count"].sum()), float(tried["expected_count"].sum())
    dispersion = (tried["log_variance"] * tried["contact_count"] ** 2).sum() / max(count, 1.0)
    variance = max(1.0, dispersion) / max(count, 1.0)
    tested = rate_ratios(np.array([count]), np.array([max(expected, 1e-9)]), np.array([variance]))
    return Tested(float(tested.ratio[0]), float(tested.p_value[0]))
