"""Clean records and keep their join keys; whoever was erased, and what is too old, does not come back."""

from datetime import timedelta

import pandas as pd

from cxnlp.clean.records import Cleaned, clean_records
from cxnlp.night.context import Context
from cxnlp.tables import CORE_KEYS, DROPPED, TOMBSTONES

ERASED, TOO_OLD = "erased", "past_retention"


def clean(context: Context, records: pd.DataFrame) -> Cleaned:
    """Clean records and commit their join keys, before the items themselves are committed.

    :param records: rows of `records` that are new or changed.
    :returns: items, and dropped rows of records that left no text, belong to an erased person or are too old.
    """
    is_erased = records["customer_key"].isin(context.lake.read(TOMBSTONES, ["customer_key"])["customer_key"])
    is_old = is_too_old(context, records) & ~is_erased
    cleaned = clean_records(records[~(is_erased | is_old)], context.pipeline.clean, context.redactor)
    items = cleaned.feedback[["item_id"]]
    if len(items):
        context.lake.replace_groups(CORE_KEYS, cleaned.keys, items)
    dropped = [cleaned.dropped, _without_id(records[is_erased], ERASED), _without_id(records[is_old], TOO_OLD)]
    return Cleaned(cleaned.feedback, pd.concat(dropped, ignore_index=True), cleaned.keys)


def is_too_old(context: Context, records: pd.DataFrame) -> pd.Series:
    """Whether each record is older than its kind of source is kept; a record without a time is kept."""
    days = records["source_kind"].map(context.pipeline.retention.days())
    kept_since = pd.Timestamp(context.night.day, tz="UTC") - pd.to_timedelta(days.astype("float64"), unit="D")
    return (records["created_at"] < kept_since + timedelta(days=1)).fillna(False).astype(bool)


def without_erased(context: Context, rows: pd.DataFrame) -> pd.DataFrame:
    """Events or customers that are not an erased person's."""
    return rows[~rows["customer_key"].isin(context.lake.read(TOMBSTONES, ["customer_key"])["customer_key"])]


def hash_event_keys(context: Context, events: pd.DataFrame) -> pd.DataFrame:
    """Events with the hash of each join key in place of the number, so that they join `core_keys`."""
    if not context.pipeline.join_keys:
        return events
    keys = context.redactor.keys
    return events.assign(attributes=[keys.hash_attributes(text) for text in events["attributes"]]).astype(
        {"attributes": "str"}
    )


def _without_id(records: pd.DataFrame, reason: str) -> pd.DataFrame:
    """Dropped rows that say where the record stood and nothing of whose it was."""
    return DROPPED.typed(records.assign(stage="clean", reason=reason, item_id=None))
