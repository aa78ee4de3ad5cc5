"""Remove items and customers from every table, its versions and its log.

Deleting rows is not enough: older versions of a Delta table and its log still hold them. So the log is cut at the
newest version, and files that no version needs are removed.
"""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from cxnlp.lake import Lake
from cxnlp.tables import EVENTS, FEEDBACK, TABLES, TOMBSTONES, Table

KEPT = frozenset({TOMBSTONES.name})


@dataclass(frozen=True)
class Whose:
    """What is to be forgotten."""

    customer_keys: frozenset[str]
    item_ids: frozenset[str]
    event_ids: frozenset[str]
    positions: frozenset[str]


def belongings(lake: Lake, customer_key: str) -> Whose:
    """Items, events and source positions of one customer."""
    items = lake.read(FEEDBACK, ["item_id", "customer_key", "position"])
    events = lake.read(EVENTS, ["event_id", "customer_key", "position"])
    ours, happened = items[items["customer_key"] == customer_key], events[events["customer_key"] == customer_key]
    positions = frozenset(ours["position"]) | frozenset(happened["position"])
    return Whose(frozenset([customer_key]), frozenset(ours["item_id"]), frozenset(happened["event_id"]), positions)


def matching_rows(lake: Lake, whose: Whose) -> dict[str, pd.DataFrame]:
    """Table -> keys of its rows that belong to the person; tables without any are left out."""
    found = {name: _keys(lake, table, whose) for name, table in TABLES.items() if name not in KEPT}
    return {name: keys for name, keys in found.items() if len(keys)}


def forget(lake: Lake, whose: Whose) -> dict[str, int]:
    """Delete every row of the person, then every older version of every table that ever held one.

    :returns: table -> rows removed.
    """
    rows = matching_rows(lake, whose)
    for name, keys in rows.items():
        lake.delete(TABLES[name], keys)
    lake.forget_versions([table for name, table in TABLES.items() if name not in KEPT])
    return {name: len(keys) for name, keys in rows.items()}


def _keys(lake: Lake, table: Table, whose: Whose) -> pd.DataFrame:
    """Keys of the rows that name one of the person's items, events, positions or the person."""
    wanted: dict[str, Collection[str]] = {
        "customer_key": whose.customer_keys,
        "item_id": whose.item_ids,
        "duplicate_of": whose.item_ids,
        "quote_item_id": whose.item_ids,
        "chain_id": whose.item_ids,
        "event_id": whose.event_ids,
    }
    if table.name in ("core_dropped", "quarantine"):
        wanted["position"] = whose.positions
    asked = [name for name in wanted if name in table.names]
    if not asked:
        return table.empty()[list(table.key)]
    stored = lake.read(table, [*table.key, *(name for name in asked if name not in table.key)])
    is_theirs = pd.concat([stored[name].isin(list(wanted[name])) for name in asked], axis=1).any(axis=1)
    return stored.loc[is_theirs, list(table.key)]
