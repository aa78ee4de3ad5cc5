import json

import pandas as pd
import pytest

from cxnlp.trace.chains import link_chains


def told(domain):
    return json.dumps({"none": 1.0} if domain == "none" else {domain: 0.95, "none": 0.05})


def contacts(*rows):
    names = ["item_id", "customer_key", "created_at", "demand", "domain", "text"]
    frame = pd.DataFrame(rows, columns=names).assign(channel="phone")
    return frame.assign(
        created_at=pd.to_datetime(frame["created_at"], utc=True), domain_posterior=frame["domain"].map(told)
    )


def keys(*rows):
    return pd.DataFrame(rows, columns=["item_id", "key"]).astype("str")


def chains(frame, named=(), days=21):
    linked = link_chains(frame, keys(*named), days)
    return dict(zip(linked["item_id"], zip(linked["chain_id"], linked["contact_no"], strict=True), strict=True))


def test_a_second_contact_that_blames_service_or_does_not_say_continues_the_chain():
    found = chains(
        contacts(
            ("b", "anna", "2026-04-20", "failure", "service", "you never rang back"),
            ("a", "anna", "2026-04-16", "failure", "billing", "charged twice for April"),
            ("c", "anna", "2026-04-25", "failure", "none", "hello??"),
        )
    )
    assert found == {"a": ("a", 0), "b": ("a", 1), "c": ("a", 2)}


def test_another_breakdown_another_customer_or_a_long_silence_starts_a_new_chain():
    found = chains(
        contacts(
            ("a", "anna", "2026-04-01", "failure", "billing", "charged twice for April"),
            ("b", "anna", "2026-04-12", "failure", "fulfilment", "the parcel is late"),
            ("c", "ben", "2026-04-02", "failure", "fulfilment", "the parcel is late"),
            ("d", "anna", "2026-05-24", "failure", "fulfilment", "the parcel is late"),
        )
    )
    assert found == {"a": ("a", 0), "b": ("b", 0), "c": ("c", 0), "d": ("d", 0)}


def test_a_number_in_common_joins_contacts_far_apart_and_two_numbers_part_near_ones():
    frame = contacts(
        ("a", "anna", "2026-04-01", "failure", "billing", "order 3159177, charged twice"),
        ("b", "anna", "2026-04-02", "failure", "billing", "order 4420011, charged twice"),
        ("c", "anna", "2026-05-20", "failure", "none", "about 3159177"),
    )
    named = [("a", "3159177"), ("b", "4420011"), ("c", "3159177")]
    assert chains(frame, named) == {"a": ("a", 0), "b": ("b", 0), "c": ("a", 1)}


def test_alike_words_of_one_problem_join_where_the_labeler_sees_two():
    words = "the engineer did not turn up on Tuesday and I took the day off"
    frame = contacts(
        ("a", "anna", "2026-04-01", "failure", "fulfilment", words),
        ("b", "anna", "2026-04-03", "failure", "sales", f"as I said, {words}"),
    )
    linked = link_chains(frame, keys(), 21).set_index("item_id")
    assert linked["chain_id"].to_dict() == {"a": "a", "b": "a"}
    assert linked["linked_by"].isna().to_dict() == {"a": True, "b": False}
    assert linked.loc["b", "linked_by"] == "words"


def test_a_change_of_channel_is_told():
    frame = contacts(
        ("a", "anna", "2026-04-01", "failure", "billing", "charged twice"),
        ("b", "anna", "2026-04-03", "failure", "billing", "charged twice"),
        ("c", "anna", "2026-04-04", "failure", "billing", "charged twice"),
    ).assign(channel=["phone", "chat", "chat"])
    switched = link_chains(frame, keys(), 21).set_index("item_id")["is_channel_switched"]
    assert switched.to_dict() == {"a": False, "b": True, "c": False}


def test_unknown_customers_and_times_are_chains_of_one():
    found = chains(
        contacts(
            ("a", None, "2026-04-01", "failure", "billing", "charged twice"),
            ("b", None, "2026-04-02", "failure", "billing", "charged twice"),
            ("c", "anna", None, "failure", "billing", "charged twice"),
        )
    )
    assert found == {"a": ("a", 0), "b": ("b", 0), "c": ("c", 0)}


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_the_order_of_rows_does_not_matter(order):
    frame = contacts(
        ("a", "anna", "2026-04-01", "failure", "billing", "charged twice"),
        ("b", "anna", "2026-04-03", "failure", "billing", "still charged twice"),
        ("c", "anna", "2026-04-05", "failure", "none", "any news"),
    )
    assert chains(frame.iloc[order]) == {"a": ("a", 0), "b": ("a", 1), "c": ("a", 2)}


def test_no_contacts_give_no_chains():
    assert chains(contacts()) == {}
