import pandas as pd
import pytest

from cxnlp.config import Costs, Trace
from cxnlp.trace.contacts import find_contacts
from cxnlp.trace.said import trace_contacts

SETTINGS = Trace(
    owners={"billing": "Finance", "service": "Care", "sales": "Sales", "cannot_tell": "not known"},
    costs=Costs(currency="GBP", per_contact={"phone": 7.0}, other=5.0, source="made up"),
)


@pytest.fixture
def items():
    rows = [
        # item, customer, channel, day, demand, domain, probability, cause, quote
        ("a", "anna", "phone", "2026-04-16", "failure", "billing", 0.7, "incorrect_charge", "charged twice"),
        ("b", "anna", "email", "2026-04-18", "failure", "service", 0.9, "unreachable", "on hold for an hour"),
        ("c", "ben", "phone", "2026-04-18", "failure", "service", 0.8, "agent_conduct", "hung up on me"),
        ("d", "cleo", "chat", "2026-04-18", "failure", None, 0.4, None, None),
        ("e", "dora", "chat", "2026-04-18", "value", "none", 0.9, "none", None),
        ("f", "emil", "chat", "2026-04-18", "none", "billing", 0.9, "incorrect_charge", "a pound too much"),
        ("g", "finn", "chat", "2026-04-18", "failure", "sales", 0.6, None, "told me it was free"),
    ]
    names = ["item_id", "customer_key", "channel", "created_at", "demand", "domain", "domain_probability"]
    frame = pd.DataFrame(rows, columns=[*names, "cause", "breakdown_quote"])
    return frame.assign(created_at=pd.to_datetime(frame["created_at"], utc=True), demand_probability=0.9)


def test_contacts_are_failure_and_value_demand_with_the_cost_of_their_channel(items):
    contacts = find_contacts(items, SETTINGS).set_index("item_id")
    assert contacts["cost"].to_dict() == {"a": 7.0, "b": 5.0, "c": 7.0, "d": 5.0, "e": 5.0, "g": 5.0}
    assert contacts["is_repeat"].to_dict() == dict.fromkeys("acdeg", False) | {"b": True}


def test_the_chain_carries_the_upstream_cause_though_service_is_surer(items):
    traces = trace_contacts(find_contacts(items, SETTINGS), items, SETTINGS).set_index("item_id")
    assert traces.loc["b", ["chain_id", "domain", "cause", "owner", "quote", "quote_item_id"]].tolist() == [
        "a",
        "billing",
        "incorrect_charge",
        "Finance",
        "charged twice",
        "a",
    ]


def test_service_is_blamed_only_where_nothing_upstream_is_told(items):
    traces = trace_contacts(find_contacts(items, SETTINGS), items, SETTINGS).set_index("item_id")
    assert traces["domain"].to_dict() == {
        "a": "billing",
        "b": "billing",
        "c": "service",
        "d": "cannot_tell",
        "g": "sales",
    }


def test_no_quote_no_blame(items):
    silent = items.assign(breakdown_quote=None)
    traces = trace_contacts(find_contacts(silent, SETTINGS), silent, SETTINGS)
    assert set(traces["domain"]) == {"cannot_tell"}
    assert set(traces["evidence"]) == {"none"}
    assert set(traces["owner"]) == {"not known"}


def test_a_sure_domain_keeps_its_place_without_a_cause(items):
    traces = trace_contacts(find_contacts(items, SETTINGS), items, SETTINGS).set_index("item_id")
    assert traces.loc["g", "domain"] == "sales"
    assert pd.isna(traces.loc["g", "cause"])
    assert traces.loc["g", "evidence"] == "said"


def test_no_contacts_give_empty_tables(items):
    none = items[items["demand"] == "none"]
    contacts = find_contacts(none, SETTINGS)
    assert len(contacts) == 0
    assert len(trace_contacts(contacts, none, SETTINGS)) == 0
