"""Order, invoice and ticket numbers in what customers say that name one of their own events.

A number is compared by its digits alone: people leave out the letters and hyphens before them. Only the customer's
own events are searched, so that five digits are enough. A keyed hash that stands for a number is compared whole.
"""

import json
import re

import pandas as pd

MIN_DIGITS = 5
NUMBER = r"(?<![\w.,£$€])#?(?:[A-Za-z]{1,6}[-_ /#]{0,2})?(\d[\d-]{3,18}\d)(?![\w]|[.,]\d)"
KEYED_HASH = re.compile(r"k[0-9a-f]{8}-[0-9a-f]{32}\Z")
COLUMNS = ("item_id", "event_id", "key")


def find_keys(items: pd.DataFrame) -> pd.DataFrame:
    """Numbers of at least five digits in the words of items.

    :param items: `item_id`, `text`.
    :returns: `item_id`, `key` (digits only), one row per item and number.
    """
    found = items["text"].astype("str").str.findall(NUMBER)
    keys = pd.DataFrame({"item_id": items["item_id"], "key": found}).explode("key").dropna(subset=["key"])
    keys["key"] = keys["key"].astype("str").str.replace("-", "")
    return keys[keys["key"].str.len() >= MIN_DIGITS].drop_duplicates(ignore_index=True)


def find_event_keys(events: pd.DataFrame, attributes: tuple[str, ...] = ()) -> pd.DataFrame:
    """Numbers among the attributes of events of known customers.

    :param events: rows of `core_events`.
    :param attributes: attributes that hold keys; where none is named, every text that has the form of a key.
    :returns: `event_id`, `customer_key`, `key` (digits only, or a hash).
    """
    own = events[events["customer_key"].notna() & events["attributes"].notna()]
    rows = [
        (event_id, customer, _plain(value))
        for event_id, customer, text in zip(own["event_id"], own["customer_key"], own["attributes"], strict=True)
        for value in _values(text, attributes)
    ]
    keys = pd.DataFrame(rows, columns=["event_id", "customer_key", "key"]).astype("str")
    return keys[keys["key"].str.len() >= MIN_DIGITS].drop_duplicates(ignore_index=True)


def _values(text: str, attributes: tuple[str, ...]) -> list[str]:
    fields = json.loads(text)
    if attributes:
        return [str(fields[name]) for name in attributes if fields.get(name) is not None]
    return [value for value in fields.values() if isinstance(value, str) and _is_key(value)]


def _plain(value: str) -> str:
    return value if KEYED_HASH.match(value) else "".join(filter(str.isdigit, value))


def _is_key(value: str) -> bool:
    if KEYED_HASH.match(value):
        return True
    digits = sum(map(str.isdigit, value))
    plain = value.replace("-", "").replace("_", "").replace("/", "").removeprefix("#")
    return digits >= MIN_DIGITS and len(value) <= 32 and plain.isalnum() and not _is_date(value)


def _is_date(value: str) -> bool:
    return len(value) >= 10 and value[4] == value[7] == "-" and value[:4].isdigit()


def match_keys(contacts: pd.DataFrame, keys: pd.DataFrame, event_keys: pd.DataFrame) -> pd.DataFrame:
    """Which contact names which event of the same customer.

    :param contacts: `item_id`, `customer_key`.
    :returns: `item_id`, `event_id`, `key`.
    """
    mine = keys.merge(contacts[["item_id", "customer_key"]].dropna(), on="item_id")
    return mine.merge(event_keys, on=["customer_key", "key"])[list(COLUMNS)]
