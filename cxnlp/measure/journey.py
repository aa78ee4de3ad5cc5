"""Counts along the journey: by stage, touchpoint, week, source and segment.

Duplicates are counted once, and items in a language the model does not read are in no base.
"""

import json

import pandas as pd

from cxnlp.config import Measure
from cxnlp.measure.intervals import with_share
from cxnlp.tables import SEGMENT_STAGE, SOURCE_WEEK, STAGE_TOUCHPOINT, STAGE_WEEK
from cxnlp.weeks import week_of


def count_stage_touchpoint(mentions: pd.DataFrame) -> pd.DataFrame:
    """`mart_stage_touchpoint`: the journey map.

    :param mentions: current mentions with `item_id`, `stage`, `touchpoint`, `sentiment`; a mention whose stage or
        touchpoint is unsure is in no cell.
    """
    placed = mentions.dropna(subset=["stage", "touchpoint"])
    counts = _count_mentions(placed, ["stage", "touchpoint"])
    counts = counts.rename(columns={"n_mentions": "mention_count", "n_negative_mentions": "negative_count"})
    return STAGE_TOUCHPOINT.typed(with_share(counts, "negative_count", "mention_count"))


def count_stage_week(mentions: pd.DataFrame, items: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """`mart_stage_week`: share of a week's items that mention a stage negatively."""
    weeks = items.assign(week=week_of(items["created_at"], time_zone)).dropna(subset=["week"])
    base = weeks.groupby("week").size().rename("base").reset_index()
    placed = mentions.dropna(subset=["stage"]).merge(weeks[["item_id", "week"]], on="item_id")
    counts = _count_mentions(placed, ["week", "stage"]).merge(base, on="week")
    counts = counts.rename(columns={"n_negative_items": "negative_count"})
    return STAGE_WEEK.typed(with_share(counts, "negative_count", "base"))


def count_source_week(items: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """`mart_source_week`: sentiment and failure demand of each source, week by week."""
    rows = items.assign(
        week=week_of(items["created_at"], time_zone),
        is_negative=(items["sentiment"] < 0).fillna(False).astype(bool),
        is_failure=items["demand"] == "failure",
    ).dropna(subset=["week"])
    counts = rows.groupby(["week", "source"], as_index=False).agg(
        base=("item_id", "size"),
        negative_count=("is_negative", "sum"),
        failure_count=("is_failure", "sum"),
        sentiment_mean=("sentiment", "mean"),
        service_sentiment_mean=("service_sentiment", "mean"),
        experience_sentiment_mean=("experience_sentiment", "mean"),
    )
    return SOURCE_WEEK.typed(with_share(counts, "negative_count", "base"))


def count_segment_stage(mentions: pd.DataFrame, items: pd.DataFrame, settings: Measure) -> pd.DataFrame:
    """`mart_segment_stage`: share of items that mention a stage negatively, by segment value.

    :param items: with `segments`, a JSON object per item. Values with fewer items or customers than `settings`
        asks for are left out, so that nobody can be picked out.
    """
    members = _segment_members(items)
    placed = mentions.dropna(subset=["stage"]).merge(members, on="item_id")
    counts = _count_mentions(placed, ["segment", "value", "stage"])
    customers = placed.groupby(["segment", "value", "stage"], as_index=False).agg(
        n_customers=("customer_key", "nunique")
    )
    counts = counts.merge(customers, on=["segment", "value", "stage"])
    shown = counts[(counts["item_count"] >= settings.min_items) & (counts["n_customers"] >= settings.min_customers)]
    shown = shown.rename(columns={"n_negative_items": "negative_count"})
    return SEGMENT_STAGE.typed(with_share(shown, "negative_count", "item_count"))


def _segment_members(items: pd.DataFrame) -> pd.DataFrame:
    """One row per item, segment field and value."""
    known = items.dropna(subset=["segments"]).reset_index(drop=True)
    fields = pd.DataFrame([json.loads(segments) for segments in known["segments"]], index=known.index)
    wide = known[["item_id", "customer_key"]].join(fields)
    return wide.melt(id_vars=["item_id", "customer_key"], var_name="segment").dropna(subset=["value"])


def _count_mentions(mentions: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Mentions and items per group, in all and negative, and the mean sentiment."""
    rows = mentions.assign(is_negative=(mentions["sentiment"] < 0).fillna(False).astype(bool))
    per_item = rows.groupby([*by, "item_id"], as_index=False).agg(is_negative=("is_negative", "max"))
    items = per_item.groupby(by, as_index=False).agg(
        item_count=("item_id", "size"), n_negative_items=("is_negative", "sum")
    )
    counts = rows.groupby(by, as_index=False).agg(
        n_mentions=("item_id", "size"), n_negative_mentions=("is_negative", "sum"), sentiment_mean=("sentiment", "mean")
    )
    return counts.merge(items, on=by)
