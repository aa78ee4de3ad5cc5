import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxnlp.trace.contacts import find_contacts
from cxnlp.trace.happened import Happened, nothing_happened
from cxnlp.trace.join import join_evidence, trace_contacts


@pytest.fixture
def contacts(items, no_keys, settings):
    return find_contacts(items, no_keys, settings)


def traced(contacts, items, settings, happened=None):
    return trace_contacts(contacts, items, happened or nothing_happened(), settings).set_index("item_id")


def events(*rows):
    """Candidates: item, event, kind, share, whether named by a number; kinds cause what their name says."""
    frame = pd.DataFrame(rows, columns=["item_id", "event_id", "kind", "share", "is_key"])
    weights = pd.DataFrame({"kind": frame["kind"].unique()}).assign(weight=1.0)
    return Happened(frame.assign(low=frame["share"] / 2, high=frame["share"]), weights.assign(domain=weights["kind"]))


def test_contacts_are_failure_and_value_demand_with_the_cost_of_their_channel(contacts):
    by_item = contacts.set_index("item_id")
    assert by_item["cost"].to_dict() == {"a": 7.0, "b": 5.0, "c": 7.0, "d": 5.0, "e": 5.0, "g": 5.0}
    assert by_item["is_repeat"].to_dict() == dict.fromkeys("acdeg", False) | {"b": True}
    assert by_item["is_channel_switched"].to_dict() == dict.fromkeys("acdeg", False) | {"b": True}


def test_the_chain_carries_the_upstream_cause_though_a_repeat_blames_service(contacts, items, settings):
    row = traced(contacts, items, settings).loc["b"]
    assert row[["chain_id", "domain", "cause", "owner", "quote", "quote_item_id", "evidence"]].tolist() == [
        "a",
        "billing",
        "incorrect_charge",
        "Finance",
        "charged twice",
        "a",
        "said",
    ]


def test_without_events_what_was_said_stands(contacts, items, settings):
    traces = traced(contacts, items, settings)
    assert traces["domain"].to_dict() == {
        "a": "billing",
        "b": "billing",
        "c": "service",
        "d": "cannot_tell",
        "g": "sales",
    }
    np.testing.assert_allclose(traces.loc["g", "probability"], traces.loc["g", "said_probability"])


def test_no_quote_and_no_event_is_cannot_tell(contacts, items, settings):
    traces = traced(contacts, items.assign(breakdown_quote=None), settings)
    assert set(traces["domain"]) == {"cannot_tell"}
    assert set(traces["evidence"]) == {"none"}
    assert set(traces["owner"]) == {"not known"}


def test_an_event_that_explains_most_of_a_silent_contact_gives_its_cause(contacts, items, settings):
    row = traced(contacts, items, settings, events(("d", "invoice-1", "billing", 0.8, False))).loc["d"]
    assert row[["domain", "evidence", "event_id", "event_kind", "said_domain"]].tolist()[:4] == [
        "billing",
        "happened",
        "invoice-1",
        "billing",
    ]
    assert row[["attributable", "attributable_low", "attributable_high"]].tolist() == pytest.approx([0.8, 0.4, 0.8])


def test_words_and_event_that_agree_are_both_and_surer_than_either(contacts, items, settings):
    row = traced(contacts, items, settings, events(("g", "order-1", "sales", 0.6, False))).loc["g"]
    assert row["evidence"] == "both"
    assert row["probability"] > max(row["said_probability"], row["happened_probability"])


def test_a_weak_event_is_not_named(contacts, items, settings):
    row = traced(contacts, items, settings, events(("g", "order-1", "sales", 0.1, False))).loc["g"]
    assert row["evidence"] == "said"
    assert pd.isna(row["event_id"])


def test_a_number_that_names_an_event_settles_the_link(contacts, items, settings):
    found = events(("d", "invoice-1", "billing", 0.0, True), ("d", "order-1", "sales", 0.3, False))
    row = traced(contacts, items, settings, found).loc["d"]
    assert row[["domain", "event_id", "is_key_matched"]].tolist() == ["billing", "invoice-1", True]


def test_the_joined_probability_is_the_designs_formula(contacts, items, settings):
    settings = settings.model_copy(update={"join": settings.join.model_copy(update={"mistold": 0.0})})
    failures = contacts.head(1).merge(items[["item_id", "domain_posterior"]], on="item_id")
    one = join_evidence(failures, events(("a", "invoice-1", "billing", 0.5, False)), settings)
    billing = one.causes.index("billing")
    share = 0.5 * np.eye(len(one.causes))[billing] + 0.5 * one.prior
    expected = one.ratio[0] * share / (one.ratio[0] * share).sum()
    np.testing.assert_allclose(one.joined.matrix[0], expected)
    np.testing.assert_allclose(one.said.matrix[0], one.ratio[0] * one.prior / (one.ratio[0] * one.prior).sum())


def test_posteriors_sum_to_one(contacts, items, settings):
    for text in traced(contacts, items, settings)["posterior"]:
        assert sum(json.loads(text).values()) == pytest.approx(1, abs=1e-3)


def test_a_happening_of_an_unknown_kind_says_nothing(contacts, items, settings):
    found = events(("g", "event-1", "strange", 0.9, False))
    blank = replace(found, weights=found.weights.iloc[:0])
    traces = traced(contacts, items, settings, blank)
    assert traces["domain"].to_dict() == traced(contacts, items, settings)["domain"].to_dict()


def test_no_contacts_give_empty_tables(items, no_keys, settings):
    none = items[items["demand"] == "none"]
    contacts = find_contacts(none, no_keys, settings)
    assert len(contacts) == 0
    assert len(trace_contacts(contacts, none, nothing_happened(), settings)) == 0
