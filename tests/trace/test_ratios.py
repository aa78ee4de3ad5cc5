import numpy as np
import pytest

from cxnlp.trace.ratios import discovery_values, rate_ratios


def test_the_interval_of_a_plain_count_is_jeffreys():
    # 10 contacts where 4 were expected: gamma(10.5) quantiles 5.1415 and 17.7394 (Brown, Cai and DasGupta, 2003)
    found = rate_ratios(np.array([10.0]), np.array([4.0]), np.array([0.1]))
    assert (found.low[0] * 4, found.high[0] * 4) == pytest.approx((5.1415, 17.7394), abs=1e-3)
    assert found.ratio[0] == 2.5


def test_no_contact_has_a_ratio_of_zero_and_an_upper_end():
    found = rate_ratios(np.array([0.0]), np.array([2.0]), np.array([0.0]))
    assert (found.ratio[0], found.low[0]) == (0.0, 0.0)
    assert found.high[0] == pytest.approx(2.5119 / 2, abs=1e-3)


def test_repeats_widen_the_interval():
    narrow = rate_ratios(np.array([10.0]), np.array([4.0]), np.array([0.1]))
    wide = rate_ratios(np.array([10.0]), np.array([4.0]), np.array([0.3]))
    assert wide.low[0] < narrow.low[0] and wide.high[0] > narrow.high[0] and wide.p_value[0] > narrow.p_value[0]


def test_discoveries_are_held_over_kinds_and_then_within_them():
    # kind a: Simes over (.001, .5) is .002, twice for its half .004; kind b: .8. Two kinds: .008 and 1; one chosen,
    # so a's rows count twice once more
    q_values = discovery_values(
        np.array([0.001, 0.5, 0.4, 0.8]), np.array(["a", "a", "b", "b"]), np.array([False] * 4), 0.05
    )
    assert q_values.tolist() == pytest.approx([0.008, 1.0, 1.0, 1.0])
