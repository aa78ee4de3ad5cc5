"""Temperatures and thresholds."""

import numpy as np
import pytest

from cxnlp.label.heads import softmax
from cxnlp.learn.calibrate import _least_cost, _softmax_temperature


def test_finds_the_temperature_that_overconfident_logits_were_sharpened_by():
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 2, (20_000, 4))
    truth = np.array([rng.choice(4, p=chance) for chance in softmax(honest)])
    assert _softmax_temperature(honest * 2.5, truth) == pytest.approx(2.5, rel=0.05)


def test_a_wrong_answer_that_costs_two_abstentions_puts_the_threshold_at_one_half():
    rng = np.random.default_rng(0)
    probability = rng.uniform(0, 1, 200_000)
    right = rng.uniform(0, 1, 200_000) < probability
    assert _least_cost(probability, right, wrong_cost=2.0) == pytest.approx(0.5, abs=0.03)


def test_answers_that_are_always_right_are_never_withheld():
    assert _least_cost(np.linspace(0.1, 1, 500), np.ones(500, dtype=bool), wrong_cost=2.0) == 0.0


def test_too_few_doubtful_answers_leave_the_threshold_to_theory():
    assert _least_cost(np.linspace(0.49, 1, 500), np.ones(500, dtype=bool), wrong_cost=4.0) == 0.0
    assert _least_cost(np.linspace(0.745, 1, 500), np.ones(500, dtype=bool), wrong_cost=4.0) == 0.75
