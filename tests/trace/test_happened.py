import pandas as pd

from cxnlp.trace.happened import sharpened


def excess(*rows):
    names = ["kind", "window", "rate_ratio", "rate_ratio_high", "is_used"]
    return pd.DataFrame(rows, columns=names).assign(domain="all")


def used(frame):
    return sharpened(frame).set_index("window")["is_used"].to_dict()


def test_a_fortnight_does_not_explain_a_calm_second_week():
    found = excess(
        ("invoice", "0-6", 4.0, 5.0, True), ("invoice", "7-13", 1.0, 1.2, False), ("invoice", "0-13", 2.5, 3, True)
    )
    assert used(found) == {"0-6": True, "7-13": False, "0-13": False}


def test_a_wide_window_stays_where_no_narrow_one_is_sure():
    found = excess(
        ("invoice", "0-6", 4.0, 9.0, False), ("invoice", "7-13", 1.0, 1.2, False), ("invoice", "0-13", 2.5, 3, True)
    )
    assert used(found)["0-13"]
    undecided = excess(
        ("invoice", "0-6", 4.0, 5.0, True), ("invoice", "7-13", 2.0, 4.2, False), ("invoice", "0-13", 2.5, 3, True)
    )
    assert used(undecided)["0-13"]
