import numpy as np
import pandas as pd
import pytest

from cxnlp.measure.adjusted import Confusion, adjusted_shares, likeliest_shares


def confusion(counts):
    return Confusion(("failure", "value"), ("failure", "value"), np.array(counts, dtype=float))


def test_two_codes_give_the_adjusted_count_of_forman():
    # found with 80 % of true failures and 10 % of true values: (.45 - .10) / (.80 - .10) = .5
    predicted = pd.Series(["failure"] * 450 + ["value"] * 550)
    found = adjusted_shares(predicted, confusion([[8000, 2000], [1000, 9000]]))
    assert found["share"].tolist() == pytest.approx([0.5, 0.5], abs=1e-3)
    assert found["plain_share"].tolist() == [0.45, 0.55]
    assert (found["share_low"] < found["share"]).all() and (found["share"] < found["share_high"]).all()


def test_a_share_never_leaves_its_range():
    # fewer failures are predicted than false ones alone would give
    found = adjusted_shares(pd.Series(["failure"] * 5 + ["value"] * 95), confusion([[80, 20], [20, 80]]))
    assert found["share"].iloc[0] == pytest.approx(0.0, abs=1e-3)
    assert found["share"].sum() == pytest.approx(1.0)


def test_few_labels_make_a_wide_interval():
    predicted = pd.Series(["failure"] * 450 + ["value"] * 550)
    few, many = (
        adjusted_shares(predicted, confusion(np.array([[8, 2], [1, 9]]) * times)).iloc[0] for times in (1, 100)
    )
    assert few["share_high"] - few["share_low"] > 2 * (many["share_high"] - many["share_low"])


def test_an_unsure_prediction_is_a_code_of_its_own():
    human, predicted = pd.Series(["a", "a", "b", "b"]), pd.Series(["a", "unsure", "b", "unsure"])
    table = Confusion.of(human, predicted, ("a", "b"))
    assert table.predicted_codes == ("a", "b", "unsure")
    assert table.counts.tolist() == [[1, 0, 1], [0, 1, 1]]


def test_an_unknown_prediction_is_refused():
    with pytest.raises(ValueError, match="refund"):
        adjusted_shares(pd.Series(["refund"]), confusion([[8, 2], [1, 9]]))


def test_a_perfect_labeler_changes_nothing():
    shares = likeliest_shares(np.array([[30.0, 70.0]]), np.eye(2)[None] * 0.999998 + 0.000001)
    assert shares[0].tolist() == pytest.approx([0.3, 0.7], abs=1e-4)
