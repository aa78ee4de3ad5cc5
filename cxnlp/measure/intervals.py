"""Intervals for shares and rates; every published figure has one, with its method beside it."""

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import test_poisson_2indep

SAMPLING_ONLY = "Wilson 95 %; sampling error only"
RATE_METHOD = "mid-P test of two Poisson rates, Wilson 95 % on the split; sampling error only"


def with_share(counts: pd.DataFrame, count: str, base: str) -> pd.DataFrame:
    """Add `share`, `share_low`, `share_high` and `method` to each row.

    Score interval of Wilson (1927), JASA 22(158):209-212: sound at the small counts of one touchpoint in one week
    (Brown, Cai and DasGupta, 2001, Statistical Science 16(2):101-133). It knows the sampling error only, not the
    labeler's own errors.

    :param counts: rows with the columns `count` (0 .. base) and `base` (at least 1).
    """
    hits, trials = counts[count].to_numpy(float), counts[base].to_numpy(float)
    low, high = proportion_confint(hits, trials, alpha=0.05, method="wilson") if len(counts) else (hits, hits)
    return counts.assign(
        share=hits / trials,
        share_low=np.minimum(low, hits / trials),
        share_high=np.maximum(high, hits / trials),
        method=SAMPLING_ONLY,
    )


def with_rate_ratio(counts: pd.DataFrame, now: str, before: str, days_now: float, days_before: float) -> pd.DataFrame:
    """Compare two Poisson rates in each row: add `rate_ratio` with interval, `p_value`, `q_value` and `method`.

    Given the total, the count of the later days is binomial (Przyborowski and Wilenski, 1940, Biometrika
    31:313-323); the interval is Wilson's on that share, carried over to the ratio; the test is its mid-P form.
    `q_value` holds the false discovery rate over all rows (Benjamini and Hochberg, 1995, JRSS B 57:289-300).

    :param counts: rows with two columns of counts, not both 0.
    :param days_now: exposure of the column `now`, in days; `days_before` likewise.
    """
    if counts.empty:
        numbers = dict.fromkeys(("rate_ratio", "rate_ratio_low", "rate_ratio_high", "p_value", "q_value"), 0.0)
        return counts.assign(**numbers, method=RATE_METHOD)
    later, earlier = counts[now].to_numpy(int), counts[before].to_numpy(int)
    scale = days_before / days_now
    low, high = proportion_confint(later, later + earlier, alpha=0.05, method="wilson")
    with np.errstate(divide="ignore"):
        p_values = [
            float(test_poisson_2indep(a, days_now, b, days_before, method="cond-midp").pvalue)
            for a, b in zip(later.tolist(), earlier.tolist(), strict=True)
        ]
    with np.errstate(divide="ignore"):
        ratio = later / earlier * scale
        return counts.assign(
            rate_ratio=ratio,
            rate_ratio_low=np.clip(low, 0, 1) / (1 - np.clip(low, 0, 1)) * scale,
            rate_ratio_high=np.where(earlier == 0, np.inf, np.clip(high, 0, 1) / (1 - np.clip(high, 0, 1)) * scale),
            p_value=p_values,
            q_value=multipletests(p_values, method="fdr_bh")[1],
            method=RATE_METHOD,
        )
