"""Season common to all customers: columns of a smooth curve over the calendar, the weekday and single odd days.

The curve is estimated together with the effects of events, from everybody's contacts; so an event that hits many in
one week is not swallowed by the season, nor the season by the event, as far as others were not hit.
"""

import numpy as np
from scipy.interpolate import BSpline
from scipy.stats import poisson

from cxnlp.trace.timeline import Floats

DAYS_A_KNOT = 7
CONTACTS_A_COLUMN = 4  # fewer contacts than this for each column of the curve make it coarser
ODD_DAY_P = 1e-4


def season_columns(contacts_a_day: Floats, first_weekday: int) -> Floats:
    """Columns by day: cubic spline with a knot a week (fewer where contacts are few) and six weekdays.

    :param contacts_a_day: contacts of all customers on each day of the series.
    :param first_weekday: weekday of the first day, Monday 0.
    :returns: (days, columns); a constant is not among their combinations, since the case series has none.
    """
    n_days, total = len(contacts_a_day), float(contacts_a_day.sum())
    n_knots = int(min(-(-n_days // DAYS_A_KNOT), total / CONTACTS_A_COLUMN))
    curve = _spline(n_days, n_knots)[:, 1:] if n_knots >= 1 else np.zeros((n_days, 0))
    weekday = (np.arange(n_days) + first_weekday) % 7
    weekdays = (weekday[:, None] == np.arange(1, 7)[None, :]).astype(float)
    if n_days < 14 or total < 7 * CONTACTS_A_COLUMN:
        return curve
    return np.hstack([curve, weekdays])


def odd_days(contacts_a_day: Floats, fitted_a_day: Floats) -> Floats:
    """A column for each day on which far more contacts came than season and events explain (a public outage).

    :param fitted_a_day: contacts that the fitted model gives each day.
    :returns: (days, odd days) of 0 and 1.
    """
    tail = poisson.sf(contacts_a_day - 1, np.maximum(fitted_a_day, 1e-9))
    days = np.flatnonzero((tail < ODD_DAY_P) & (contacts_a_day >= 3))
    columns = np.zeros((len(contacts_a_day), len(days)))
    columns[days, np.arange(len(days))] = 1.0
    return columns


def _spline(n_days: int, n_intervals: int) -> Floats:
    """Cubic B-splines over the days with equal intervals; their sum is 1 everywhere."""
    step = n_days / n_intervals
    knots = step * np.arange(-3, n_intervals + 4)
    middle = np.arange(n_days) + 0.5
    return np.asarray(BSpline.design_matrix(middle, knots, 3).toarray())
