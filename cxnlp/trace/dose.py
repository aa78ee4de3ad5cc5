"""Dose: whether more of an attribute (size of the price rise, days late) goes with more contacts after the event."""

import numpy as np
import pandas as pd

from cxnlp.config import LagWindow, Trace
from cxnlp.trace.reach import plain_kind
from cxnlp.trace.study import Study
from cxnlp.trace.timeline import SECONDS_A_DAY, Floats, Integers
from cxnlp.trace.windows import Fitted

COLUMNS = ["kind", "window", "dose_attribute", "dose_ratio", "dose_low", "dose_high"]
NORMAL_95 = 1.959964
STEPS = 25


def estimate_doses(fitted: Fitted, study: Study, settings: Trace) -> pd.DataFrame:
    """Factor on the rate for one unit more of the declared attribute, within each window.

    Log-linear within the window; season, other kinds and the mean effect of the window are as the case series fitted
    them, so contacts in the window are spread over its exposures by dose (a Poisson likelihood given their total).

    :returns: one row per kind with a declared dose and window.
    """
    rows = []
    for kind in study.kinds:
        known = settings.event_kinds.get(plain_kind(kind))
        if known is None or known.dose is None:
            continue
        events = study.events[(study.events["kind"] == kind) & study.events["dose"].notna()]
        if events["dose"].nunique() < 2:
            continue
        for window in settings.excess.windows:
            rows.append((kind, window.name, known.dose, *_slope(fitted, study, events, window)))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"kind": "str", "window": "str", "dose_attribute": "str"})


def _slope(fitted: Fitted, study: Study, events: pd.DataFrame, window: LagWindow) -> tuple[float, float, float]:
    """Ratio per unit of dose with its 95 % interval; NaN where the window holds no contact.

    Within the window, given its contacts, the event that one follows is multinomial over events with weights
    intensity x exp(slope x dose); the intensity of an event is its customer's own rate over the window's days.
    """
    first, last = window.first * SECONDS_A_DAY, (window.last + 1) * SECONDS_A_DAY
    customer, at, dose = (events[name].to_numpy() for name in ("customer", "at", "dose"))
    seen = _contacts_after(study, customer, at, first, last)
    customers_rate = np.bincount(study.contacts["customer"], minlength=len(study.customers)) / (
        study.stop - study.start
    )
    begin = np.clip(at + first, study.start[customer], study.stop[customer])
    end = np.clip(at + last, study.start[customer], study.stop[customer])
    mass = customers_rate[customer] * _season(fitted, begin, end)
    if not seen.sum() or not mass.sum():
        return float("nan"), float("nan"), float("nan")
    return _conditional_slope(seen, mass, dose.astype(float))


def _conditional_slope(seen: Floats, mass: Floats, dose: Floats) -> tuple[float, float, float]:
    centred = dose - np.average(dose, weights=mass)
    scale = float(np.sqrt(np.average(centred**2, weights=mass))) or 1.0
    slope, information = 0.0, 1.0
    for _ in range(STEPS):
        weight = mass * np.exp(np.clip(slope * centred / scale, -30, 30))
        weight = weight / weight.sum()
        mean = float(weight @ centred) / scale
        information = float(seen.sum()) * max(float(weight @ (centred / scale) ** 2) - mean**2, 1e-9)
        slope += float(np.clip((seen @ centred / scale - seen.sum() * mean) / information, -1, 1))
    reach = NORMAL_95 / np.sqrt(information)
    low, ratio, high = np.exp(np.array([slope - reach, slope, slope + reach]) / scale)
    return float(ratio), float(low), float(high)


def _contacts_after(study: Study, customer: Integers, at: Integers, first: int, last: int) -> Floats:
    """Contacts of the same customer in the window after each event."""
    span = int(study.stop.max()) * 2 + last
    keys = study.contacts["customer"].to_numpy() * span + study.contacts["at"].to_numpy()
    begin = np.searchsorted(keys, customer * span + np.maximum(at + first, 0), side="left")
    end = np.searchsorted(keys, customer * span + np.maximum(at + last, 0), side="left")
    return (end - begin).astype(float)


def _season(fitted: Fitted, begin: Integers, end: Integers) -> Floats:
    """Season summed over the days of each stretch."""
    log_season = fitted.series.season @ fitted.fit.parameters[fitted.series.n_effects :]
    until = np.concatenate([[0.0], np.cumsum(np.exp(log_season - log_season.max()))])
    days = np.arange(len(until))
    return np.interp(end / SECONDS_A_DAY, days, until) - np.interp(begin / SECONDS_A_DAY, days, until)
