"""Breakdowns: how often they are told of, what their contacts cost, and what got worse."""

from datetime import date, timedelta

import pandas as pd

from cxnlp.measure.intervals import with_rate_ratio, with_share
from cxnlp.measure.ledger import UNSURE, traced_rows
from cxnlp.tables import BREAKDOWN_WEEK, CHANGE
from cxnlp.weeks import day_of, week_of

DAYS_NOW, DAYS_BEFORE = 7, 28


def count_breakdown_week(items: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """`mart_breakdown_week`: share of a week's items that tell of a breakdown, contact or not."""
    weeks = items.assign(week=week_of(items["created_at"], time_zone)).dropna(subset=["week"])
    base = weeks.groupby("week").size().rename("base").reset_index()
    told = weeks[weeks["domain"].notna() & (weeks["domain"] != "none")]
    told = told.assign(cause=told["cause"].fillna(UNSURE))
    counts = told.groupby(["week", "domain", "cause"], as_index=False).agg(item_count=("item_id", "size"))
    return BREAKDOWN_WEEK.typed(with_share(counts.merge(base, on="week"), "item_count", "base"))


def find_change(contacts: pd.DataFrame, traces: pd.DataFrame, night: date, time_zone: str) -> pd.DataFrame:
    """`mart_change`: the last seven days against the four weeks before, cause by cause.

    Only first contacts of chains are compared: a customer who asks three times is one event, not three.

    :param night: last day of the seven.
    """
    rows = traced_rows(contacts, traces, time_zone)
    day = day_of(rows["created_at"], time_zone)
    start_now = (night - timedelta(days=DAYS_NOW - 1)).isoformat()
    start_before = (night - timedelta(days=DAYS_NOW + DAYS_BEFORE - 1)).isoformat()
    is_now = (day >= start_now) & (day <= night.isoformat())
    is_before = (day >= start_before) & (day < start_now)
    first = ~rows["is_repeat"]
    rows = rows.assign(
        contacts=(is_now & first).astype("int64"),
        contacts_before=(is_before & first).astype("int64"),
        cost=rows["cost"].where(is_now, 0.0),
    )
    summed = rows.groupby(["owner", "domain", "cause"], as_index=False)[["contacts", "contacts_before", "cost"]].sum()
    summed = summed[summed["contacts"] + summed["contacts_before"] > 0].assign(week_end=night.isoformat())
    return CHANGE.typed(with_rate_ratio(summed, "contacts", "contacts_before", DAYS_NOW, DAYS_BEFORE))
