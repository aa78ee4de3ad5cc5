import pandas as pd
import pytest

from cxnlp.errors import ConfigError
from cxnlp.night.rotating import check_key, rotate
from cxnlp.night.suggesting import suggest_keys
from cxnlp.pseudonym import Pseudonyms
from cxnlp.tables import CORE_KEYS, CUSTOMERS, EVENTS, FEEDBACK

OLD = Pseudonyms(b"k" * 16)
NEW = Pseudonyms(b"k" * 16, (b"l" * 16,))


def fill(lake):
    at = pd.Timestamp("2026-05-01", tz="UTC")
    customer, order = OLD.customer_key("C1"), OLD.key_hash("order", "7")
    item = {
        "item_id": "a-1",
        "source": "a",
        "customer_key": customer,
        "text": "x",
        "is_analysed": True,
        "created_at": at,
    }
    event = {"event_id": "e-1", "source": "e", "customer_key": customer, "kind": "paid", "at": at}
    event["attributes"] = f'{{"order": "{order}"}}'
    key = {"item_id": "a-1", "placeholder": "<ORDER_1>", "key_kind": "order", "key_hash": order, "key_id": OLD.key_id}
    lake.upsert(FEEDBACK, FEEDBACK.typed(pd.DataFrame([item])))
    lake.upsert(EVENTS, EVENTS.typed(pd.DataFrame([event])))
    lake.upsert(CUSTOMERS, CUSTOMERS.typed(pd.DataFrame([{"customer_key": customer, "source": "c"}])))
    lake.upsert(CORE_KEYS, CORE_KEYS.typed(pd.DataFrame([key])))


def test_joins_survive_a_new_key_and_a_second_rotation_changes_nothing(lake):
    fill(lake)
    assert rotate(lake, NEW) == {"core_feedback": 1, "core_keys": 1, "core_events": 1, "core_customers": 1}
    assert lake.read(FEEDBACK)["customer_key"].tolist() == [NEW.customer_key("C1")]
    assert lake.read(CUSTOMERS)["customer_key"].tolist() == [NEW.customer_key("C1")]
    assert lake.read(CORE_KEYS)[["key_hash", "key_id"]].values.tolist() == [[NEW.key_hash("order", "7"), NEW.key_id]]
    assert NEW.key_hash("order", "7") in lake.read(EVENTS)["attributes"][0]
    assert rotate(lake, NEW) == {}


def test_a_run_is_refused_until_the_new_key_is_applied(lake):
    fill(lake)
    check_key(lake, OLD)
    with pytest.raises(ConfigError, match="cxnlp keys rotate"):
        check_key(lake, NEW)
    with pytest.raises(ConfigError, match="set the key the lake was written with"):
        check_key(lake, Pseudonyms(b"m" * 16))


def test_patterns_are_learnt_from_values_that_differ(lake):
    at = pd.Timestamp("2026-05-01", tz="UTC")
    rows = [
        {
            "event_id": f"e-{n}",
            "source": "e",
            "kind": "paid",
            "at": at,
            "attributes": f'{{"order_no": "TL-{n:07d}", "plan": "P100"}}',
        }
        for n in range(30)
    ]
    lake.upsert(EVENTS, EVENTS.typed(pd.DataFrame(rows)))
    assert [(found.kind, found.pattern) for found in suggest_keys(lake)] == [("order", r"TL\-\d{7}")]
