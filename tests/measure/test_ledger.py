import pandas as pd
import pytest

from cxnlp.measure.ledger import count_avoidable, count_ledger_segment, count_ledger_week
from cxnlp.measure.square import count_value_irritant
from cxnlp.tables import CONTACTS, CUSTOMERS, TRACES


@pytest.fixture
def contacts():
    rows = [
        ("a", "a", "anna", False, "2026-05-18", "failure", 7.0),
        ("b", "a", "anna", True, "2026-05-20", "failure", 5.0),
        ("c", "c", "ben", False, "2026-05-21", "failure", 7.0),
        ("d", "d", "cleo", False, "2026-05-22", "failure", 7.0),
        ("e", "e", "dora", False, "2026-05-25", "failure", 7.0),
        ("v", "v", "emil", False, "2026-05-25", "value", 3.0),
    ]
    names = ["item_id", "chain_id", "customer_key", "is_repeat", "created_at", "demand", "cost"]
    return CONTACTS.typed(pd.DataFrame(rows, columns=names).assign(contact_no=0))


@pytest.fixture
def traces(contacts):
    rows = [
        ("a", "billing", "incorrect_charge", "both", "Finance", 0.9, "charged twice", "i1", "billing", 0.8, 0.6, 0.9),
        ("b", "billing", "incorrect_charge", "both", "Finance", 0.9, "charged twice", "i1", "billing", 0.8, 0.6, 0.9),
        ("c", "billing", None, "happened", "Finance", 0.6, None, "i2", "cannot_tell", 0.5, 0.2, 0.7),
        ("d", "cannot_tell", None, "none", "nobody", 0.3, None, None, "cannot_tell", None, None, None),
        ("e", "policy", "price_too_high", "said", "Policy", 0.7, "too dear", None, "policy", None, None, None),
    ]
    names = ["item_id", "domain", "cause", "evidence", "owner", "probability", "quote", "event_id", "said_domain"]
    frame = pd.DataFrame(rows, columns=[*names, "attributable", "attributable_low", "attributable_high"])
    frame["quote_item_id"] = frame["item_id"].where(frame["quote"].notna())
    return TRACES.typed(frame.merge(contacts[["item_id", "chain_id", "cost"]], on="item_id"))


@pytest.fixture
def customers():
    rows = [("anna", True, "2026-05-30"), ("ben", True, "2026-05-01"), ("cleo", False, None)]
    return CUSTOMERS.typed(pd.DataFrame(rows, columns=["customer_key", "is_churned", "churned_at"]))


def test_the_ledger_counts_contacts_chains_repeats_cost_and_evidence(contacts, traces, customers):
    ledger = count_ledger_week(contacts, traces, customers, "UTC").set_index(["week", "owner", "cause"])
    row = ledger.loc[("2026-05-18", "Finance", "incorrect_charge")]
    assert row[["contacts", "chains", "repeats", "cost", "base"]].tolist() == [2, 1, 1, 12.0, 4]
    assert row[["said_contacts", "happened_contacts", "both_contacts"]].tolist() == [2, 2, 2]
    assert row[["attributable_contacts", "attributable_low", "attributable_high"]].tolist() == [1.6, 1.2, 1.8]
    assert row[["top_quote_item_id", "top_event_id", "square"]].tolist() == ["a", "i1", "eliminate"]


def test_only_customers_who_left_after_the_contact_count_as_churned(contacts, traces, customers):
    ledger = count_ledger_week(contacts, traces, customers, "UTC").set_index(["owner", "cause"])
    assert ledger.loc[("Finance", "incorrect_charge"), ["customers", "churned_customers"]].tolist() == [1, 1]
    assert ledger.loc[("Finance", "unsure"), ["customers", "churned_customers"]].tolist() == [1, 0]


def test_a_rule_of_the_company_is_simplified_and_the_unknown_is_not_placed(contacts, traces, customers):
    ledger = count_ledger_week(contacts, traces, customers, "UTC").set_index("domain")
    assert ledger.loc["policy", "square"] == "simplify"
    assert pd.isna(ledger.loc["cannot_tell", "square"])


def test_shares_by_words_by_events_and_by_both_stand_apart(traces):
    avoidable = count_avoidable(traces).set_index(["domain", "evidence"])
    assert avoidable.loc[("billing", "said"), "charged_contacts"] == 2
    assert avoidable.loc[("billing", "joined"), "charged_contacts"] == 3
    assert avoidable.loc[("billing", "happened"), ["charged_contacts", "share"]].tolist() == pytest.approx([2.1, 0.42])
    assert avoidable.loc[("upstream", "joined"), "charged_contacts"] == 4
    assert avoidable.loc[("upstream", "happened"), ["share_low", "share_high"]].tolist() == pytest.approx([0.28, 0.5])


def test_the_ledger_of_a_group_leaves_out_groups_of_few_customers(contacts, traces):
    items = pd.DataFrame(
        {"item_id": list("abcde"), "segments": ['{"region": "north"}'] * 3 + ['{"region": "south"}'] * 2}
    )
    ledger = count_ledger_segment(contacts, traces, items, "UTC", 2)
    assert set(ledger["value"]) == {"north", "south"}
    assert count_ledger_segment(contacts, traces, items, "UTC", 3).empty
    north = ledger[(ledger["value"] == "north") & (ledger["cause"] == "incorrect_charge")]
    assert north[["segment", "contacts", "base"]].values.tolist() == [["region", 2, 3]]


def test_value_demand_is_automated_or_leveraged_by_the_stage_it_is_about(contacts, traces):
    mentions = pd.DataFrame({"item_id": ["v"], "mention_no": [0], "stage": ["purchase"]})
    placed = count_value_irritant(contacts, traces, mentions).set_index("reason")["square"]
    assert placed["purchase"] == "leverage"
    assert placed["billing/incorrect_charge"] == "eliminate"


def test_no_traces_give_empty_ledgers(contacts, customers):
    assert count_ledger_week(contacts, TRACES.empty(), customers, "UTC").empty
    assert count_avoidable(TRACES.empty()).empty
