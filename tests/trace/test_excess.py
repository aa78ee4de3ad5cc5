"""Which kinds of events are used to explain contacts, and which contacts they explain."""

import pandas as pd
import pytest

from benchmarks.trace.simulator import Kind, Plan, draw_company
from cxnlp.config import Costs, EventKind, Trace
from cxnlp.tables import CUSTOMERS, EVENT_EXCESS
from cxnlp.trace.excess import measure_excess
from cxnlp.trace.explain import domain_weights, explain_contacts

KINDS = (
    Kind("invoice", 4, 3.0, (0, 6), "billing"),
    Kind("newsletter", 6),
    Kind("campaign", 0.4, on_day=60),
    Kind("credit_note", 1, after_contact=0.4),
    Kind("release", 1, 2.5, (0, 2), "digital", on_day=90, company_wide=True),
)


def settings(**event_kinds):
    costs = Costs(currency="EUR", per_contact={}, other=1, source="made up")
    return Trace(owners={}, costs=costs, event_kinds=event_kinds)


@pytest.fixture(scope="module")
def company():
    return draw_company(Plan(customers=800, days=150, calls_a_year=3, kinds=KINDS, seed=5, peak=(60, 6, 0.8)))


@pytest.fixture(scope="module")
def excess(company):
    trace = settings(invoice=EventKind(domains=("billing",)))
    return measure_excess(company.contacts, company.events, company.customers, trace, "UTC")


def row_of(excess, kind, window="0-6", domain="all"):
    rows = excess[(excess["kind"] == kind) & (excess["window"] == window) & (excess["domain"] == domain)]
    return rows.iloc[0]


def test_rows_are_those_of_the_declared_table(excess):
    EVENT_EXCESS.check(excess)


def test_a_planted_cause_is_found_with_its_rate_ratio_and_domain(excess):
    whole, billing = row_of(excess, "invoice"), row_of(excess, "invoice", domain="billing")
    assert whole["is_used"] and whole["rate_ratio_low"] < 3 < whole["rate_ratio_high"]
    assert whole["attributable_fraction"] == pytest.approx(1 - 1 / whole["rate_ratio"])
    assert billing["is_used"] and billing["rate_ratio"] > whole["rate_ratio"]


@pytest.mark.parametrize("kind", ["newsletter", "campaign"])
def test_a_harmless_kind_is_not_used_even_on_the_top_of_a_peak(excess, kind):
    assert not excess.loc[excess["kind"] == kind, "is_used"].any()


def test_an_event_that_contacts_cause_shows_its_excess_before_and_is_not_used(excess):
    credit = row_of(excess, "credit_note")
    assert credit["before_ratio"] > 2 and credit["before_p"] < 0.01
    assert not excess.loc[excess["kind"] == "credit_note", "is_used"].any()


def test_what_hits_everybody_at_once_is_not_separable(excess):
    release = row_of(excess, "release", "0-2")
    assert not release["is_separable"] and not release["is_used"]
    assert "smooth season only" in release["method"]


def test_an_outage_of_one_region_is_told_from_the_season_by_the_others():
    outage = Kind("outage", 1, 6.0, (0, 2), "product", on_day=70, company_wide=True, region="north")
    drawn = draw_company(Plan(customers=3000, days=140, calls_a_year=4, kinds=(outage,), seed=8))
    whole = row_of(
        measure_excess(drawn.contacts, drawn.events, drawn.customers, settings(), "UTC"), "outage", window="0-2"
    )
    assert whole["is_separable"] and whole["is_used"]
    assert whole["rate_ratio_low"] < 6 < whole["rate_ratio_high"]


def test_shares_are_the_excess_of_the_kind_over_all_that_is_near(company, excess):
    trace = settings(invoice=EventKind(domains=("billing",)))
    told = explain_contacts(company.contacts, company.events, company.customers, excess, trace, "UTC")
    narrow = told[told["window"] == "0-2"].iloc[0]
    more = row_of(excess, "invoice", "0-2")["rate_ratio"] - 1
    assert narrow["share"] == pytest.approx(more / (1 + more))
    assert set(told["kind"]) == {"invoice"}
    assert (told["lag_days"] >= 0).all()
    assert not told.duplicated(["item_id", "event_id"]).any()


def test_a_kind_gives_its_weight_to_the_domains_it_can_cause(excess):
    weights = domain_weights(excess, settings(invoice=EventKind(domains=("billing", "policy"))))
    assert weights.groupby("kind")["weight"].sum().tolist() == [pytest.approx(1.0)]
    assert weights.loc[weights["domain"] == "billing", "weight"].iloc[0] > 0.9


def test_a_dose_raises_the_rate():
    drawn = draw_company(
        Plan(800, 150, 3, (Kind("small_rise", 3, 1.0), Kind("big_rise", 3, 5.0, (0, 6), "billing")), seed=3)
    )
    dose = drawn.events["kind"].map({"small_rise": '{"percent": 1}', "big_rise": '{"percent": 10}'})
    events = drawn.events.assign(kind="price_changed", attributes=dose.astype("str"))
    trace = settings(price_changed=EventKind(dose="percent"))
    found = row_of(measure_excess(drawn.contacts, events, drawn.customers, trace, "UTC"), "price_changed")
    assert found["dose_attribute"] == "percent"
    assert 1 < found["dose_low"] < found["dose_ratio"] < found["dose_high"] < 1.4


def test_a_kind_is_split_by_the_attribute_that_the_settings_name():
    kinds = (Kind("old", 3), Kind("new", 3, 5.0, (0, 6), "fulfilment"))
    drawn = draw_company(Plan(800, 150, 3, kinds, seed=4))
    courier = drawn.events["kind"].map({"old": '{"courier": "Post"}', "new": '{"courier": "Swift"}'}).astype("str")
    events = drawn.events.assign(kind="parcel_shipped", attributes=courier)
    trace = settings(parcel_shipped=EventKind(split_by="courier"))
    found = measure_excess(drawn.contacts, events, drawn.customers, trace, "UTC")
    assert row_of(found, "parcel_shipped courier=swift")["is_used"]
    assert not found.loc[found["kind"] == "parcel_shipped courier=post", "is_used"].any()


def test_no_contacts_or_no_events_give_no_rows(company):
    trace = settings()
    nobody = company.contacts.head(0)
    assert measure_excess(nobody, company.events, company.customers, trace, "UTC").empty
    assert measure_excess(company.contacts, company.events.head(0), CUSTOMERS.empty(), trace, "UTC").empty


def test_repeats_count_at_the_first_contact_of_their_chain():
    contacts = pd.DataFrame(
        {
            "item_id": ["a", "b", "c"],
            "customer_key": ["c1", "c1", "c2"],
            "created_at": pd.to_datetime(["2026-03-02 10:00", "2026-03-12 10:00", "2026-03-20 10:00"], utc=True),
            "chain_id": ["a", "a", "c"],
            "domain": pd.Series([None, "billing", None], dtype="str"),
        }
    )
    events = pd.DataFrame(
        {
            "event_id": ["e1"],
            "customer_key": ["c1"],
            "kind": ["invoice"],
            "at": pd.to_datetime(["2026-03-01 14:00"], utc=True),
            "attributes": ["{}"],
        }
    )
    found = measure_excess(contacts, events, CUSTOMERS.empty(), settings(), "UTC")
    assert row_of(found, "invoice", "0-2")["contact_count"] == 2
    assert row_of(found, "invoice", "7-13")["contact_count"] == 0


def test_contacts_with_days_only_follow_events_of_the_same_day():
    contacts = pd.DataFrame(
        {
            "item_id": ["a", "b"],
            "customer_key": ["c1", "c2"],
            "created_at": pd.to_datetime(["2026-03-02", "2026-03-20"], utc=True),
            "chain_id": ["a", "b"],
            "domain": pd.Series([None, None], dtype="str"),
        }
    )
    events = pd.DataFrame(
        {
            "event_id": ["e1"],
            "customer_key": ["c1"],
            "kind": ["invoice"],
            "at": pd.to_datetime(["2026-03-02 14:00"], utc=True),
            "attributes": ["{}"],
        }
    )
    found = measure_excess(contacts, events, CUSTOMERS.empty(), settings(), "UTC")
    assert row_of(found, "invoice", "0-2")["contact_count"] == 1
