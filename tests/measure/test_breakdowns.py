from datetime import date

import pandas as pd
import pytest

from cxnlp.measure.breakdowns import count_breakdown_week, find_change


@pytest.fixture
def contacts():
    rows = [
        ("a", False, "2026-05-18"),
        ("b", True, "2026-05-20"),
        ("c", False, "2026-05-21"),
        ("d", False, "2026-05-01"),
        ("e", False, "2026-03-01"),
        ("f", False, "2026-05-25"),
    ]
    frame = pd.DataFrame(rows, columns=["item_id", "is_repeat", "created_at"])
    return frame.assign(created_at=pd.to_datetime(frame["created_at"], utc=True), customer_key=None)


@pytest.fixture
def traces():
    rows = [
        ("a", "a", "billing", "incorrect_charge", "Finance", 7.0),
        ("b", "a", "billing", "incorrect_charge", "Finance", 5.0),
        ("c", "c", "billing", None, "Finance", 7.0),
        ("d", "d", "billing", "incorrect_charge", "Finance", 7.0),
        ("e", "e", "billing", "incorrect_charge", "Finance", 7.0),
        ("f", "f", "sales", "mis_selling", "Sales", 7.0),
    ]
    return pd.DataFrame(rows, columns=["item_id", "chain_id", "domain", "cause", "owner", "cost"])


def test_change_compares_first_contacts_of_seven_days_with_the_twenty_eight_before(contacts, traces):
    change = find_change(contacts, traces, date(2026, 5, 24), "UTC").set_index(["owner", "cause"])
    row = change.loc[("Finance", "incorrect_charge")]
    assert row[["contacts", "contacts_before", "cost", "rate_ratio"]].tolist() == [1, 1, 12.0, 4.0]
    assert ("Sales", "mis_selling") not in change.index  # said after the night


def test_breakdowns_are_counted_for_every_item_that_tells_of_one():
    items = pd.DataFrame(
        {
            "item_id": ["a", "b", "c", "d"],
            "created_at": pd.to_datetime(["2026-05-18"] * 4, utc=True),
            "domain": ["billing", "none", None, "billing"],
            "cause": ["incorrect_charge", "none", None, None],
        }
    )
    weeks = count_breakdown_week(items, "UTC").set_index(["domain", "cause"])
    assert weeks["item_count"].to_dict() == {("billing", "incorrect_charge"): 1, ("billing", "unsure"): 1}
    assert set(weeks["base"]) == {4}
