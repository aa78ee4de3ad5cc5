from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from cxnlp.errors import ConfigError
from cxnlp.tables import CONTACTS, TRACES
from cxnlp.taxonomy import load_taxonomy
from cxnlp.trace.fixes import describe_fix, measure_fixes

TAXONOMY = load_taxonomy(Path("pipelines/taxonomy.yaml"))
START = date(2026, 1, 5)


def fix(cause, fixed_on):
    return describe_fix(cause, fixed_on, "mended", datetime(2026, 6, 1, tzinfo=UTC), TAXONOMY)


def frames(daily):
    """Contacts and traces with so many first contacts a day: daily(day number) -> {domain/cause: count}."""
    rows = [
        (f"{day}-{cause}-{number}", START + timedelta(days=day), *cause.split("/"))
        for day in range(140)
        for cause, count in daily(day).items()
        for number in range(count)
    ]
    frame = pd.DataFrame(rows, columns=["item_id", "created_at", "domain", "cause"])
    frame = frame.assign(chain_id=frame["item_id"], contact_no=0, is_repeat=False, cost=5.0, demand="failure")
    frame["created_at"] = pd.to_datetime(frame["created_at"], utc=True)
    return CONTACTS.typed(frame), TRACES.typed(frame)


def test_a_fix_that_halves_its_cause_is_effective_and_saves_cost(settings):
    contacts, traces = frames(lambda day: {"billing/incorrect_charge": 8 if day < 70 else 3, "sales/mis_selling": 10})
    fixes = fix("billing/incorrect_charge", START + timedelta(days=70))
    row = measure_fixes(fixes, contacts, traces, settings, "UTC").iloc[0]
    assert row["verdict"] == "effective"
    assert row["effect_low"] < 3 / 8 < row["effect_high"]
    assert row["saved_cost"] == pytest.approx(5.0 * row["saved_contacts"])
    assert row["owner"] == "Finance"


def test_a_fix_of_yesterday_is_too_early_to_tell(settings):
    contacts, traces = frames(lambda day: {"billing/incorrect_charge": 8, "sales/mis_selling": 10})
    fixes = fix("billing/incorrect_charge", START + timedelta(days=138))
    assert measure_fixes(fixes, contacts, traces, settings, "UTC")["verdict"].tolist() == ["too_early"]


def test_an_unknown_cause_is_refused_with_the_likely_one():
    with pytest.raises(ConfigError, match="did you mean 'billing/incorrect_charge'"):
        fix("billing/incorect_charge", START)


def test_no_fix_gives_no_row(settings):
    contacts, traces = frames(lambda _: {"billing/incorrect_charge": 1})
    assert measure_fixes(fix("billing/incorrect_charge", START).head(0), contacts, traces, settings, "UTC").empty
