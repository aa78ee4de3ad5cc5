"""The whole trace: labelled items and events in; contacts in chains, the excess after events, and traces out."""

from dataclasses import dataclass

import pandas as pd

from cxnlp.config import Trace
from cxnlp.trace.contacts import find_contacts
from cxnlp.trace.excess import measure_excess
from cxnlp.trace.happened import find_happened
from cxnlp.trace.join import trace_contacts
from cxnlp.trace.keys import find_event_keys, match_keys


@dataclass(frozen=True)
class Traced:
    """Rows of `core_contacts`, `core_traces` and `mart_event_excess`."""

    contacts: pd.DataFrame
    traces: pd.DataFrame
    excess: pd.DataFrame


def trace_items(
    items: pd.DataFrame,
    events: pd.DataFrame,
    customers: pd.DataFrame,
    keys: pd.DataFrame,
    settings: Trace,
    time_zone: str,
) -> Traced:
    """Trace every failure contact among labelled items.

    :param items: one row per item with its current label, as `find_contacts` and `trace_contacts` want it.
    :param events: rows of `core_events`; `customers`: rows of `core_customers`; either may be empty.
    :param keys: `item_id`, `key`: numbers that the items name.
    :param time_zone: IANA zone in which days begin.
    """
    contacts = find_contacts(items, keys, settings)
    failures = contacts[contacts["demand"] == "failure"].merge(items[["item_id", "domain"]], on="item_id")
    left_out = [name for name, kind in settings.event_kinds.items() if not kind.is_compared]
    compared = events[~events["kind"].isin(left_out)]
    excess = measure_excess(failures, compared, customers, settings, time_zone)
    theirs = events[events["customer_key"].isin(set(failures["customer_key"].dropna()))]
    links = match_keys(failures, keys, find_event_keys(theirs, settings.key_attributes))
    happened = find_happened(failures, events, customers, excess, links, settings, time_zone)
    return Traced(contacts, trace_contacts(contacts, items, happened, settings), excess)
