from datetime import date

import pandas as pd
import pytest

from benchmarks.trace.fixes import draw_counts
from cxnlp.trace.interrupted import measure_fix

FIXED_ON = date(2026, 3, 2)


def daily(before, after, others, weeks_before=8, weeks_after=8):
    days = pd.date_range(end="2026-03-01", periods=7 * weeks_before).append(
        pd.date_range("2026-03-02", periods=7 * weeks_after)
    )
    ours = [before] * (7 * weeks_before) + [after] * (7 * weeks_after)
    return pd.concat(
        [
            pd.DataFrame({"day": days.strftime("%Y-%m-%d"), "cause": "double_charge", "contact_count": ours}),
            pd.DataFrame({"day": days.strftime("%Y-%m-%d"), "cause": "late", "contact_count": others}),
        ]
    )


def test_a_steady_series_that_halves_has_the_ratio_one_half():
    effect = measure_fix(daily(4, 2, 10), "double_charge", FIXED_ON)
    assert effect.ratio == pytest.approx(0.5, rel=1e-6)
    assert effect.verdict == "effective"
    assert effect.saved_contacts == pytest.approx(7 * 8 * 2, rel=1e-6)
    assert effect.saved_low < effect.saved_contacts < effect.saved_high


def test_a_fall_of_all_causes_is_not_the_fix():
    counts = daily(6, 3, 10)
    counts.loc[(counts["cause"] == "late") & (counts["day"] >= "2026-03-02"), "contact_count"] = 5
    effect = measure_fix(counts, "double_charge", FIXED_ON)
    assert effect.ratio == pytest.approx(1.0, rel=1e-6)
    assert effect.verdict == "no_effect_seen"


def test_one_week_after_the_fix_is_too_early():
    assert measure_fix(daily(4, 2, 10, weeks_after=1), "double_charge", FIXED_ON).verdict == "too_early"


def test_a_cause_that_nobody_told_of_is_too_early():
    assert measure_fix(daily(4, 2, 10), "unheard_of", FIXED_ON).verdict == "too_early"


def test_a_drawn_fix_is_found_with_its_size():
    counts, day = draw_counts(seed=12, ratio=0.4, noise=0.0)
    effect = measure_fix(counts, "fixed", day)
    assert effect.low < 0.4 < effect.high < 1
