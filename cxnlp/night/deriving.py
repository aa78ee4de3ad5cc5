"""What follows: duplicates, contacts and traces, marts; each table is derived whole from the core tables."""

import pandas as pd

from cxnlp.clean.dedupe import mark_duplicates
from cxnlp.lake import Lake
from cxnlp.measure.breakdowns import count_breakdown_week, find_change
from cxnlp.measure.journey import count_segment_stage, count_source_week, count_stage_touchpoint, count_stage_week
from cxnlp.measure.ledger import count_avoidable, count_ledger_segment, count_ledger_week
from cxnlp.measure.square import count_value_irritant
from cxnlp.night.context import Context
from cxnlp.night.current import current_items, current_mentions
from cxnlp.tables import (
    BREAKDOWN_WEEK,
    CHANGE,
    CONTACTS,
    CORE_KEYS,
    CUSTOMERS,
    DUPLICATES,
    EVENT_EXCESS,
    EVENTS,
    FEEDBACK,
    FIX_EFFECT,
    FIXES,
    LEDGER_AVOIDABLE,
    LEDGER_SEGMENT,
    LEDGER_WEEK,
    SEGMENT_STAGE,
    SOURCE_WEEK,
    STAGE_TOUCHPOINT,
    STAGE_WEEK,
    TRACES,
    VALUE_IRRITANT,
)
from cxnlp.trace.fixes import measure_fixes
from cxnlp.trace.keys import find_keys
from cxnlp.trace.tracing import trace_items


def derive_duplicates(context: Context) -> int:
    """Write `core_duplicates`; returns the items that say again what an earlier one said."""
    settings = context.pipeline.clean
    feedback = context.lake.read(FEEDBACK, ["item_id", "created_at", "text"])
    copies = mark_duplicates(feedback, settings.near_duplicate_likeness, settings.near_duplicate_days)
    context.lake.replace_all(DUPLICATES, copies)
    return len(copies)


def derive_traces(context: Context) -> int:
    """Write `core_contacts`, `core_traces` and `mart_event_excess`; returns the failure contacts traced."""
    lake, settings = context.lake, context.pipeline.trace
    items = current_items(lake)
    events, customers = lake.read(EVENTS), lake.read(CUSTOMERS)
    traced = trace_items(items, events, customers, _keys(lake, items), settings, context.pipeline.time_zone)
    lake.replace_all(CONTACTS, traced.contacts)
    lake.replace_all(TRACES, traced.traces)
    lake.replace_all(EVENT_EXCESS, traced.excess)
    return len(traced.traces)


def _keys(lake: Lake, items: pd.DataFrame) -> pd.DataFrame:
    """Numbers that items name: keyed hashes where cleaning recognised them, else what still stands in the text."""
    hashed = lake.read(CORE_KEYS, ["item_id", "key_hash"]).rename(columns={"key_hash": "key"})
    return pd.concat([hashed[["item_id", "key"]], find_keys(items)], ignore_index=True)


def derive_marts(context: Context) -> None:
    """Write every `mart_` table."""
    lake, zone = context.lake, context.pipeline.time_zone
    items = current_items(lake)
    mentions = current_mentions(lake, items)
    contacts, traces = lake.read(CONTACTS), lake.read(TRACES)
    lake.replace_all(STAGE_TOUCHPOINT, count_stage_touchpoint(mentions))
    lake.replace_all(STAGE_WEEK, count_stage_week(mentions, items, zone))
    lake.replace_all(SOURCE_WEEK, count_source_week(items, zone))
    lake.replace_all(SEGMENT_STAGE, count_segment_stage(mentions, items, context.pipeline.measure))
    lake.replace_all(BREAKDOWN_WEEK, count_breakdown_week(items, zone))
    derive_ledger(context, items, mentions)
    lake.replace_all(CHANGE, find_change(contacts, traces, context.night.day, zone))


def derive_ledger(context: Context, items: pd.DataFrame, mentions: pd.DataFrame) -> None:
    """Write the ledger by week, by group of customers and by evidence, and Price and Jaffe's square."""
    lake, zone = context.lake, context.pipeline.time_zone
    contacts, traces = lake.read(CONTACTS), lake.read(TRACES)
    least = context.pipeline.measure.min_customers
    lake.replace_all(LEDGER_WEEK, count_ledger_week(contacts, traces, lake.read(CUSTOMERS), zone))
    lake.replace_all(LEDGER_SEGMENT, count_ledger_segment(contacts, traces, items, zone, least))
    lake.replace_all(LEDGER_AVOIDABLE, count_avoidable(traces))
    lake.replace_all(VALUE_IRRITANT, count_value_irritant(contacts, traces, mentions))
    fixes = measure_fixes(lake.read(FIXES), contacts, traces, context.pipeline.trace, zone)
    lake.replace_all(FIX_EFFECT, fixes)
