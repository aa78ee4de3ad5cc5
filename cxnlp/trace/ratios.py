"""Intervals and p-values of rate ratios with few contacts, and false discoveries over kinds, windows and domains."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, gamma
from statsmodels.stats.multitest import multipletests

from cxnlp.trace.timeline import Floats


@dataclass(frozen=True)
class Ratios:
    """Rate ratios with 95 % intervals and two-sided p-values, one element per window."""

    ratio: Floats
    low: Floats
    high: Floats
    p_value: Floats


def rate_ratios(count: Floats, expected: Floats, variance: Floats) -> Ratios:
    """Observed over expected with an interval that is sound for few contacts.

    A count with Poisson error has the variance 1/count on the log scale. Nuisance parameters and repeats make it
    larger; 1/variance then is the count that would carry as much information. The interval is Jeffreys' for a
    Poisson mean of that effective count (Brown, Cai and DasGupta, 2003, Statistica Sinica 13:19-49: near its level
    on average from counts of 1 on); the p-value is that of the same gamma distribution at ratio 1.

    :param count: contacts in the window; `expected`: had the event no effect, above 0.
    :param variance: of the log of the ratio; ignored where the count is 0.
    """
    safe = np.where(count > 0, variance, 1.0)
    effective = np.where(count > 0, np.minimum(1.0 / safe, count), 0.0)
    ratio = count / expected
    unit = np.where(count > 0, ratio / np.maximum(effective, 1e-12), 1.0 / expected)
    low = np.where(count > 0, chi2.ppf(0.025, 2 * effective + 1) / 2 * unit, 0.0)
    high = chi2.ppf(0.975, 2 * effective + 1) / 2 * unit
    below = gamma.cdf(1.0 / unit, effective + 0.5)
    return Ratios(ratio, low, high, np.minimum(1.0, 2 * np.minimum(below, 1 - below)))


def discovery_values(p_values: Floats, family: np.ndarray, is_split: np.ndarray, level: float) -> Floats:
    """q-values with the false discovery rate held over families (event kinds) and within them.

    The windows of all contacts share one half of a family's error, those of single domains the other half. A
    family's p-value is Simes' over each half; Benjamini and Hochberg (1995, JRSS B 57:289-300) choose families,
    and within a chosen one their procedure runs again at the level times the share chosen (Benjamini and Bogomolov,
    2014, JRSS B 76:297-318). So a kind without effect is found no oftener because other kinds have effects.

    :param family: event kind of each p-value; `is_split`: whether it is of a single domain.
    :returns: a q-value each; at most `level` where found.
    """
    within = np.ones(len(p_values))
    for part in (False, True):
        for name in np.unique(family[is_split == part]):
            rows = (family == name) & (is_split == part)
            within[rows] = np.minimum(1.0, 2 * multipletests(p_values[rows], method="fdr_bh")[1])
    names, number = np.unique(family, return_inverse=True)
    best = np.ones(len(names))
    np.minimum.at(best, number, within)
    across = multipletests(best, method="fdr_bh")[1] if len(names) else best
    chosen = max(1, int((across <= level).sum()))
    return np.where(across[number] <= level, np.minimum(1.0, within * len(names) / chosen), across[number])
