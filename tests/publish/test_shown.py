import math
from datetime import date, datetime

import pytest

from cxnlp.publish import shown


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.3394, "34%"), (0.0831, "8.3%"), (0.0, "0.0%"), (1.0, "100%"), (None, "\u2013"), (0.0997, "10%")],
)
def test_a_share_is_a_percentage(share, text):
    assert shown.percent(share) == text


@pytest.mark.parametrize(
    ("mean", "text"),
    [(-1.26, "\u22121.3"), (0.04, "0.0"), (-0.04, "0.0"), (2, "+2.0"), (math.nan, "\u2013"), (None, "\u2013")],
)
def test_a_sentiment_has_its_sign(mean, text):
    assert shown.signed(mean) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1234.4, "GBP", "£1,234"),
        (5.5, "EUR", "€5.50"),
        (20, "NOK", "20 NOK"),
        (0, "USD", "$0"),
        (None, "GBP", "\u2013"),
    ],
)
def test_money_has_its_currency(amount, currency, text):
    assert shown.money(amount, currency) == text


def test_a_ratio_without_end_is_shown_as_such_and_drawn_at_the_edge():
    assert shown.ratio(math.inf) == "\u221e"
    assert [shown.ratio_x(value, 300) for value in (0, 0.25, 1, 16, math.inf)] == [0, 0, 100, 300, 300]


def test_the_area_of_a_bubble_is_its_number():
    assert shown.radius(100, 100, 20) == 20
    assert shown.radius(25, 100, 20) == 10
    assert shown.radius(1, 10_000, 20) == 3


@pytest.mark.parametrize(
    ("mean", "name"),
    [
        (-2, "very-negative"),
        (-1, "negative"),
        (-0.4, "neutral"),
        (0.4, "neutral"),
        (1, "positive"),
        (1.2, "very-positive"),
        (None, "unknown"),
    ],
)
def test_a_mood_has_a_name(mean, name):
    assert shown.mood(mean) == name


def test_days_are_written_as_people_do():
    assert [shown.day(d) for d in (date(2026, 5, 4), datetime(2026, 5, 14, 3), "2026-01-02", None)] == [
        "4 May 2026",
        "14 May 2026",
        "2 Jan 2026",
        "no date",
    ]
