"""The current label of each item: of the latest night, and of the model in use where a night had two."""

import json

import pandas as pd

from cxnlp.lake import Lake
from cxnlp.tables import CUSTOMERS, DUPLICATES, FEEDBACK, ITEMS, MENTIONS

ITEM_COLUMNS = (
    "item_id",
    "source",
    "source_kind",
    "channel",
    "created_at",
    "customer_key",
    "segments",
    "text",
    "text_hash",
    "reopen_count",
    "transfer_count",
)


def current_version(items: pd.DataFrame) -> pd.DataFrame:
    """Of several label versions of an item, the one of the latest night.

    :param items: rows with `item_id` and `label_version` (`model@night`).
    :returns: one row per item.
    """
    night = items["label_version"].str.rsplit("@", n=1).str[-1]
    ordered = items.assign(_night=night).sort_values(["item_id", "_night", "label_version"])
    return ordered.drop_duplicates("item_id", keep="last").drop(columns="_night")


def current_items(lake: Lake) -> pd.DataFrame:
    """Feedback with its current labels, duplicates left out: one row per item.

    An item whose text changed since it was labelled has no current label until it is labelled again.
    """
    feedback = lake.read(FEEDBACK, ITEM_COLUMNS)
    copies = set(lake.read(DUPLICATES, ["item_id"])["item_id"])
    labels = current_version(lake.read(ITEMS)).drop(columns="source")
    items = feedback.merge(labels, on=["item_id", "text_hash"])
    items = items[~items["item_id"].isin(copies)].reset_index(drop=True)
    return items.assign(segments=_with_customers(items, lake.read(CUSTOMERS, ["customer_key", "segments"])))


def _with_customers(items: pd.DataFrame, customers: pd.DataFrame) -> pd.Series:
    """Segment fields of each item as JSON: its own, and its customer's where it has none of its own."""
    theirs = items["customer_key"].map(customers.set_index("customer_key")["segments"]).fillna("{}")
    both = zip(items["segments"].fillna("{}"), theirs, strict=True)
    merged = [json.dumps({**json.loads(customer), **json.loads(own)}, sort_keys=True) for own, customer in both]
    return pd.Series(merged, index=items.index, dtype="str")


def current_mentions(lake: Lake, items: pd.DataFrame) -> pd.DataFrame:
    """Mentions of the current labels of `items`."""
    return lake.read(MENTIONS).merge(items[["item_id", "label_version"]], on=["item_id", "label_version"])
