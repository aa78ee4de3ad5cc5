"""F1 of each code."""

from cxnlp.learn.code_scores import score_codes


def record(demand: str, touchpoints: list[str]) -> dict:
    mentions = [{"stage": "usage", "touchpoint": touchpoint, "sentiment": 0} for touchpoint in touchpoints]
    breakdown = {"domain": "none", "cause": "none"}
    return {"demand": demand, "sentiment": 0, "breakdown": breakdown, "mentions": mentions}


def test_scores_by_hand():
    gold = [record("failure", ["invoice", "pricing"])] * 3 + [record("none", ["invoice"])] * 3
    said = [record("failure", ["invoice"])] * 2 + [record("none", ["invoice", "brand"])] * 4
    scores = {(s.axis, s.code): s for s in score_codes(gold, said)}
    assert scores["demand", "failure"].f1 == 2 * 2 / (3 + 2)
    assert scores["demand", "none"].f1 == 2 * 3 / (3 + 4)
    assert scores["touchpoint", "invoice"].f1 == 1.0
    assert scores["touchpoint", "pricing"].f1 == 0.0
    assert (scores["demand", "failure"].n_gold, scores["demand", "failure"].n_said) == (3, 2)
    assert scores["demand", "failure"].low <= 0.8 <= scores["demand", "failure"].high


def test_a_code_that_gold_holds_twice_is_not_scored():
    gold = [record("value", [])] * 2 + [record("none", [])] * 4
    assert {s.code for s in score_codes(gold, gold) if s.axis == "demand"} == {"none"}
