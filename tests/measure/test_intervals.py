import pandas as pd
import pytest

from cxnlp.measure.intervals import with_rate_ratio, with_share


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_agree_with_newcombe_1998(hits, trials, low, high):
    row = with_share(pd.DataFrame({"hits": [hits], "trials": [trials]}), "hits", "trials").iloc[0]
    assert (row["share_low"], row["share_high"]) == pytest.approx((low, high), abs=5e-5)
    assert row["share"] == hits / trials
    assert "sampling error only" in row["method"]


def test_a_rate_that_did_not_change_has_ratio_one_and_a_large_p():
    row = with_rate_ratio(pd.DataFrame({"now": [10], "before": [40]}), "now", "before", 7, 28).iloc[0]
    assert row["rate_ratio"] == pytest.approx(1.0)
    assert row["rate_ratio_low"] < 1 < row["rate_ratio_high"]
    assert row["p_value"] > 0.9


def test_the_ratio_interval_is_wilsons_on_the_split():
    # 10 of 20 fall in a fifth of the time: share .5, Wilson .2993 to .7007, odds times 4
    row = with_rate_ratio(pd.DataFrame({"now": [10], "before": [10]}), "now", "before", 7, 28).iloc[0]
    assert (row["rate_ratio_low"], row["rate_ratio_high"]) == pytest.approx(
        (4 * 0.2993 / 0.7007, 4 * 0.7007 / 0.2993), rel=1e-3
    )


def test_the_mid_p_value_is_the_binomials_by_hand():
    # 3 now, 0 before, a fifth of the time: the mid-P of binomial(3, .2) at 3 is half of .008; no outcome is as rare
    row = with_rate_ratio(pd.DataFrame({"now": [3], "before": [0]}), "now", "before", 7, 28).iloc[0]
    assert row["p_value"] == pytest.approx(0.004, abs=1e-9)
    assert row["rate_ratio_high"] == float("inf")


def test_q_values_hold_the_false_discovery_rate_over_all_rows():
    rows = with_rate_ratio(pd.DataFrame({"now": [9, 1, 1, 1], "before": [2, 4, 4, 4]}), "now", "before", 7, 28)
    assert rows["q_value"].iloc[0] == pytest.approx(rows["p_value"].iloc[0] * 4)
    assert (rows["q_value"] >= rows["p_value"]).all()


def test_no_rows_stay_no_rows():
    empty = pd.DataFrame({"now": pd.Series(dtype="int64"), "before": pd.Series(dtype="int64")})
    assert len(with_rate_ratio(empty, "now", "before", 7, 28)) == 0
    assert len(with_share(empty, "now", "before")) == 0
