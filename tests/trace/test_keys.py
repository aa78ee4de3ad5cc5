import json

import pandas as pd
import pytest

from cxnlp.trace.keys import find_event_keys, find_keys, match_keys


def keys_of(text):
    return find_keys(pd.DataFrame({"item_id": ["a"], "text": [text]}))["key"].tolist()


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("order TL-3159177 never came", ["3159177"]),
        ("Invoice INV-861626 and order 3159177.", ["861626", "3159177"]),
        ("order no 31-59-177", ["3159177"]),
        ("#48215 again", ["48215"]),
        ("I paid 123456.50 for 80 Mbit in 2026", []),
        ("£123456 too much", []),
        ("room 1234", []),
        ("", []),
    ],
)
def test_numbers_of_five_digits_and_more_are_keys(text, keys):
    assert keys_of(text) == keys


def events(**attributes):
    row = {"event_id": ["e1"], "customer_key": ["anna"], "attributes": [json.dumps(attributes)]}
    return pd.DataFrame(row)


def test_texts_of_the_form_of_a_key_are_found_without_being_named():
    found = find_event_keys(events(order="TL-3159177", until="2026-04-09 23:40", amount=123456.5, plan="Fibre 80"))
    assert found.values.tolist() == [["e1", "anna", "3159177"]]


def test_named_attributes_only_are_read_where_some_are_named():
    found = find_event_keys(events(order_no=3159177, other="TL-4420011"), ("order_no",))
    assert found["key"].tolist() == ["3159177"]


def test_only_the_customers_own_events_match():
    contacts = pd.DataFrame({"item_id": ["a", "b"], "customer_key": ["anna", "ben"]})
    keys = pd.DataFrame({"item_id": ["a", "b"], "key": ["3159177", "3159177"]})
    matched = match_keys(contacts, keys, find_event_keys(events(order="TL-3159177")))
    assert matched.values.tolist() == [["a", "e1", "3159177"]]


def test_a_keyed_hash_is_compared_whole():
    hashed = "k0a1b2c3d-" + "3f" * 16
    found = find_event_keys(events(order=hashed))
    assert found["key"].tolist() == [hashed]
