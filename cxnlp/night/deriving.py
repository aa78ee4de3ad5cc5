"""What follows: duplicates, contacts and traces, marts; each table is derived whole from the core tables."""

from cxnlp.clean.dedupe import mark_duplicates
from cxnlp.measure.breakdowns import count_breakdown_week, count_ledger_week, find_change
from cxnlp.measure.journey import count_segment_stage, count_source_week, count_stage_touchpoint, count_stage_week
from cxnlp.night.context import Context
from cxnlp.night.current import current_items, current_mentions
from cxnlp.tables import (
    BREAKDOWN_WEEK,
    CHANGE,
    CONTACTS,
    DUPLICATES,
    FEEDBACK,
    LEDGER_WEEK,
    SEGMENT_STAGE,
    SOURCE_WEEK,
    STAGE_TOUCHPOINT,
    STAGE_WEEK,
    TRACES,
)
from cxnlp.trace.contacts import find_contacts
from cxnlp.trace.said import trace_contacts


def derive_duplicates(context: Context) -> int:
    """Write `core_duplicates`; returns the items that say again what an earlier one said."""
    settings = context.pipeline.clean
    feedback = context.lake.read(FEEDBACK, ["item_id", "created_at", "text"])
    copies = mark_duplicates(feedback, settings.near_duplicate_likeness, settings.near_duplicate_days)
    context.lake.replace_all(DUPLICATES, copies)
    return len(copies)


def derive_traces(context: Context) -> int:
    """Write `core_contacts` and `core_traces`; returns the failure contacts traced."""
    items = current_items(context.lake)
    contacts = find_contacts(items, context.pipeline.trace)
    traces = trace_contacts(contacts, items, context.pipeline.trace)
    context.lake.replace_all(CONTACTS, contacts)
    context.lake.replace_all(TRACES, traces)
    return len(traces)


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
    lake.replace_all(LEDGER_WEEK, count_ledger_week(contacts, traces, zone))
    lake.replace_all(CHANGE, find_change(contacts, traces, context.night.day, zone))
