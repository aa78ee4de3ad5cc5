"""The case series against a published example, another implementation and a case worked by hand."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.discrete.conditional_models import ConditionalPoisson

from cxnlp.trace import sccs
from cxnlp.trace.forms import ADDED, MULTIPLIED
from cxnlp.trace.sccs import Series, evaluate, fit_series
from cxnlp.trace.timeline import SECONDS_A_DAY, Contacts, Happenings, LagBins, draw_timeline

# Ages in days at viral meningitis and at MMR vaccination of ten children (Oxford), as printed in Whitaker,
# Farrington, Spiessens and Musonda (2006), Statistics in Medicine 25:1768-1797, section 3.
OXFORD = (
    (398, 458),
    (413, 392),
    (449, 429),
    (455, 433),
    (472, 432),
    (474, 395),
    (485, 470),
    (524, 496),
    (700, 428),
    (399, 716),
)


@pytest.fixture
def without_prior(monkeypatch):
    """The weak prior keeps empty windows finite; published figures have none, and more digits than a night needs."""
    monkeypatch.setattr(sccs, "TOLERANCE", 1e-13)
    monkeypatch.setattr(sccs, "EFFECT_SPREAD", 1e6)
    monkeypatch.setattr(sccs, "SEASON_SPREAD", 1e6)


def seconds(days):
    return np.asarray(days, dtype=np.int64) * SECONDS_A_DAY


def test_reproduces_meningitis_after_mmr_in_oxford(without_prior):
    # observed from day 366 to 730, at risk 15 to 35 days after vaccination, age groups up to day 547 and from 548
    ill, vaccinated = np.array(OXFORD).T
    children = np.arange(10)
    timeline = draw_timeline(
        seconds(np.zeros(10)),
        seconds(np.full(10, 365)),
        [Happenings("mmr", children, seconds(vaccinated - 366), LagBins.of_days(15, 36))],
    )
    older = (np.arange(365) >= 182).astype(float)[:, None]
    fit = fit_series(Series(timeline, Contacts(children, seconds(ill - 366)), older))
    error = np.sqrt(np.diag(fit.covariance))
    assert np.exp(fit.parameters).round(3).tolist() == [12.037, 0.225]
    assert np.exp(fit.parameters - 1.959964 * error).round(3).tolist() == [3.002, 0.025]
    assert np.exp(fit.parameters + 1.959964 * error).round(3).tolist() == [48.259, 2.016]


def test_one_customer_is_worked_by_hand(without_prior):
    # 10 days, an event on day 4, a window of 2 days, 3 contacts in it and 2 outside: the rate is 3/2 a day in the
    # window and 2/8 outside, so the ratio is 6; the log has variance 1/3 + 1/2
    timeline = draw_timeline(
        seconds([0]), seconds([10]), [Happenings("invoice", np.array([0]), seconds([4]), LagBins.of_days(0, 2))]
    )
    contacts = Contacts(np.zeros(5, dtype=np.int64), seconds([4, 5, 5, 1, 8]))
    fit = fit_series(Series(timeline, contacts, np.zeros((10, 0))))
    assert np.exp(fit.parameters[0]) == pytest.approx(6.0)
    assert fit.covariance[0, 0] == pytest.approx(1 / 3 + 1 / 2)


def drawn_series(seed, form=MULTIPLIED):
    """40 customers, 60 days, two kinds of events that may come again, three contacts each."""
    random = np.random.default_rng(seed)
    customer = np.repeat(np.arange(40), 3)
    kinds = [
        Happenings(kind, random.integers(0, 40, 70), seconds(random.integers(0, 60, 70)), LagBins.of_days(0, 3, 7))
        for kind in ("shipped", "delivered")
    ]
    timeline = draw_timeline(seconds(np.zeros(40)), seconds(np.full(40, 60)), kinds)
    season = np.column_stack([np.arange(60) % 7 >= 5, np.arange(60) / 60]).astype(float)
    return Series(timeline, Contacts(customer, seconds(random.integers(0, 60, 120))), season, form)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_agrees_with_conditional_poisson_of_statsmodels(seed, without_prior):
    series = drawn_series(seed)
    day_start = seconds(np.arange(60))
    rows = [
        pd.DataFrame(
            series.timeline.exposures[series.timeline.patterns_of(Contacts(np.full(60, one), day_start))]
        ).assign(weekend=series.season[:, 0], trend=series.season[:, 1], one=one)
        for one in range(40)
    ]
    days = pd.concat(rows, ignore_index=True)
    number = np.zeros(len(days))
    np.add.at(number, series.contacts.customer * 60 + series.contact_day, 1)
    columns = days.drop(columns="one")
    theirs = ConditionalPoisson(number, columns.to_numpy(), groups=days["one"].to_numpy())
    fit = fit_series(series)
    found = theirs.fit(method="newton", maxiter=100, disp=False)
    assert fit.parameters == pytest.approx(np.asarray(found.params), abs=1e-6)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(np.asarray(found.bse), abs=1e-4)


@pytest.mark.parametrize("form", [MULTIPLIED, ADDED])
def test_the_gradient_is_the_slope_of_the_likelihood(form):
    series = drawn_series(4, form)
    at = np.array([0.7, -0.4, 0.5, 0.2, -0.3, 0.6])
    gradient = evaluate(series, at).gradient
    for place, step in enumerate(np.eye(6) * 1e-5):
        rise = evaluate(series, at + step).log_likelihood - evaluate(series, at - step).log_likelihood
        assert gradient[place] == pytest.approx(rise / 2e-5, abs=1e-5)


def test_one_event_at_a_time_has_one_rate_ratio_in_both_forms(without_prior):
    timeline = draw_timeline(
        seconds([0, 0]),
        seconds([20, 20]),
        [Happenings("late", np.array([0, 1]), seconds([4, 9]), LagBins.of_days(0, 5))],
    )
    contacts = Contacts(np.array([0, 0, 0, 1, 1]), seconds([5, 7, 15, 10, 1]))
    fits = [fit_series(Series(timeline, contacts, np.zeros((20, 0)), form)) for form in (MULTIPLIED, ADDED)]
    assert fits[0].parameters == pytest.approx(fits[1].parameters, abs=1e-8)


def test_a_new_event_ends_the_bins_of_the_one_before():
    timeline = draw_timeline(
        seconds([0]), seconds([30]), [Happenings("visit", np.array([0, 0]), seconds([5, 8]), LagBins.of_days(0, 2, 7))]
    )
    states = [
        timeline.exposures[timeline.patterns_of(Contacts(np.array([0]), seconds([day])))[0]].tolist()
        for day in (4, 5, 7, 8, 10, 14, 15)
    ]
    assert states == [[0, 0], [1, 0], [0, 1], [1, 0], [0, 1], [0, 1], [0, 0]]


def test_time_that_is_not_observed_does_not_count():
    timeline = draw_timeline(
        seconds([3]), seconds([6]), [Happenings("visit", np.array([0]), seconds([2]), LagBins.of_days(0, 7))]
    )
    assert (timeline.segment_start.tolist(), timeline.segment_stop.tolist()) == ([3 * 86400], [6 * 86400])
