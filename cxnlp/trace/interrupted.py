"""Did a fix work: interrupted time series of a cause, with the other causes as controls.

Given the contacts of a week, the share that tells of the fixed cause is binomial; its odds are the rate of the cause
over that of all others, so whatever moves all causes alike (season, volume, a campaign for self-service) cancels. On
the log odds stand a level, a trend and a step at the fix (Bernal, Cummins and Gasparrini, 2017, International Journal
of Epidemiology 46:348-355; controls: 2018, 47:2082-2093). Weeks are counted from the day of the fix.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import statsmodels.api as sm
from scipy.stats import t as student

WEEKS_BEFORE, WEEKS_AFTER = 4, 2  # fewer tell no trend, or no effect
LEAST_CONTACTS = 10  # of the cause before the fix
METHOD = "interrupted time series on weekly odds against the other causes, trend kept, 95 % interval"

Verdict = Literal["effective", "no_effect_seen", "worse", "too_early"]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FixEffect:
    """Effect of a fix.

    :ivar ratio: rate of the cause after the fix over what it would have been; below 1 is better. NaN where too early.
    :ivar saved_contacts: contacts not made since the fix; with the ends of its 95 % interval.
    :ivar weeks_before: whole weeks of data before the fix; `weeks_after` likewise.
    """

    ratio: float
    low: float
    high: float
    p_value: float
    saved_contacts: float
    saved_low: float
    saved_high: float
    weeks_before: int
    weeks_after: int
    verdict: Verdict
    method: str = METHOD


def measure_fix(daily_counts: pd.DataFrame, cause: str, fixed_on: date) -> FixEffect:
    """Effect of a fix of `cause` made on a day.

    :param daily_counts: `day` (ISO date), `cause`, `contact_count`: all causes; a day or cause without contact may be
        missing. The first and last day named bound the data.
    """
    week, ours, others = _weeks(daily_counts, cause, fixed_on)
    before, after = int((week < 0).sum()), int((week >= 0).sum())
    if before < WEEKS_BEFORE or after < WEEKS_AFTER or ours[week < 0].sum() < LEAST_CONTACTS or not others.sum():
        nothing = float("nan")
        return FixEffect(nothing, nothing, nothing, nothing, nothing, nothing, nothing, before, after, "too_early")
    step, error, freedom = _step(week, ours, others)
    reach = float(student.ppf(0.975, freedom)) * error
    ratio, low, high = (float(np.exp(end)) for end in (step, step - reach, step + reach))
    seen = float(ours[week >= 0].sum())
    p_value = float(2 * student.sf(abs(step) / error, freedom))
    saved, saved_low, saved_high = (seen * (1 / end - 1) for end in (ratio, high, low))
    return FixEffect(ratio, low, high, p_value, saved, saved_low, saved_high, before, after, _verdict(low, high))


def _verdict(low: float, high: float) -> Verdict:
    if high < 1:
        return "effective"
    return "worse" if low > 1 else "no_effect_seen"


def _weeks(daily_counts: pd.DataFrame, cause: str, fixed_on: date) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """Whole weeks from the fix (week 0 begins with it): their number, contacts of the cause and of all others."""
    day = (pd.to_datetime(daily_counts["day"]) - pd.Timestamp(fixed_on)).dt.days
    week = day // 7
    first = int(-(-day.min() // 7)) if len(day) else 0
    last = int((day.max() + 1) // 7) if len(day) else 0
    numbers = np.arange(first, max(first, last))
    is_ours = daily_counts["cause"] == cause
    counts = [
        daily_counts["contact_count"][rows].groupby(week[rows]).sum().reindex(numbers, fill_value=0).to_numpy(float)
        for rows in (is_ours, ~is_ours)
    ]
    return numbers, counts[0], counts[1]


def _step(week: npt.NDArray[np.int64], ours: Floats, others: Floats) -> tuple[float, float, int]:
    """Step of the log odds at the fix, its standard error, and degrees of freedom.

    The error is the larger of two: with the dispersion of the residuals (at least 1), and that times the inflation
    that first-order autocorrelation of the residuals gives a mean (1 + r) / (1 - r).
    """
    kept = ours + others > 0
    week, ours, others = week[kept], ours[kept], others[kept]
    columns = np.column_stack([np.ones(len(week)), week / max(len(week), 1), week >= 0])
    fitted = sm.GLM(np.column_stack([ours, others]), columns, family=sm.families.Binomial()).fit()
    freedom = max(len(week) - columns.shape[1], 1)
    dispersion = max(1.0, float(fitted.pearson_chi2) / freedom)
    residual = np.asarray(fitted.resid_pearson)
    lagged = float(residual[1:] @ residual[:-1] / (residual @ residual)) if len(residual) > 3 else 0.0
    likeness = float(np.clip(lagged + 2 / len(week), 0, 0.8))  # the estimate is low by about 2/n with a trend fitted
    inflation = (1 + likeness) / (1 - likeness) if dispersion > 1 else 1.0
    return float(fitted.params[2]), float(fitted.bse[2]) * np.sqrt(dispersion * inflation), freedom
