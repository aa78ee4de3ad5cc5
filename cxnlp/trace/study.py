"""Frames to the arrays of a case series: who, when, over which observed time.

Times are seconds of the company's own clock since the midnight before the first contact. A customer is observed
from the first contact of anybody to the last, or from when they came and to when they left, where that is known.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxnlp.config import Trace
from cxnlp.trace.reach import reach_customers
from cxnlp.trace.timeline import SECONDS_A_DAY, Integers


@dataclass(frozen=True)
class Study:
    """First contacts of chains with the events that reached the same customers.

    :ivar customers: keys of the customers with a contact; arrays refer to their positions.
    :ivar contacts: `item_id`, `customer` (position), `at` (seconds), `domain`.
    :ivar events: `event_id`, `customer`, `at`, `kind`, `dose`, of these customers.
    :ivar first_weekday: weekday of the first day, Monday 0.
    """

    customers: pd.Index
    start: Integers
    stop: Integers
    contacts: pd.DataFrame
    events: pd.DataFrame
    first_weekday: int

    @property
    def kinds(self) -> list[str]:
        """Kinds of events, in the order of names."""
        return sorted(self.events["kind"].unique())

    @property
    def n_days(self) -> int:
        """Days of the series."""
        return int(-(-int(self.stop.max()) // SECONDS_A_DAY))


def open_study(
    contacts: pd.DataFrame, events: pd.DataFrame, customers: pd.DataFrame, settings: Trace, time_zone: str
) -> Study:
    """Number the customers and bring all times on one clock.

    Where the contacts carry days only (all at one midnight), events are taken at their midnight too, because an
    event at noon would otherwise come after every contact of its day.

    :param contacts: at least one row: `item_id`, `customer_key`, `created_at` (both not null), `domain`.
    """
    local = _local_seconds(contacts["created_at"], time_zone)
    origin = int(local.min()) // SECONDS_A_DAY * SECONDS_A_DAY
    position, keys = pd.factorize(contacts["customer_key"], sort=True)
    at = local - origin
    numbered = pd.DataFrame(
        {
            "item_id": contacts["item_id"].to_numpy(),
            "customer": position.astype(np.int64),
            "at": at,
            "domain": contacts["domain"].to_numpy(),
        }
    ).sort_values(["customer", "at", "item_id"], ignore_index=True)
    reached = reach_customers(events, customers, pd.Index(keys), settings)
    event_at = _local_seconds(reached["at"], time_zone) - origin
    if (at % SECONDS_A_DAY == 0).all():
        event_at = event_at // SECONDS_A_DAY * SECONDS_A_DAY
    start, stop = _observed(pd.Index(keys), customers, numbered, origin, time_zone)
    happened = pd.DataFrame(
        {
            "event_id": reached["event_id"].to_numpy(),
            "customer": pd.Index(keys).get_indexer(reached["customer_key"]),
            "at": event_at,
            "kind": reached["kind"].to_numpy(),
            "dose": reached["dose"].to_numpy(float),
        }
    )
    weekday = int(pd.Timestamp(origin, unit="s").weekday())
    return Study(pd.Index(keys), start, stop, numbered, happened, weekday)


def _local_seconds(moments: pd.Series, time_zone: str) -> Integers:
    """Seconds of the wall clock of the zone since 1970."""
    local = moments.dt.tz_convert(time_zone).dt.tz_localize(None).astype("datetime64[s]")
    return local.to_numpy().astype("int64")


def _observed(
    keys: pd.Index, customers: pd.DataFrame, contacts: pd.DataFrame, origin: int, time_zone: str
) -> tuple[Integers, Integers]:
    """First observed second of each customer and the one after the last; every contact lies between."""
    whole = (int(contacts["at"].max()) // SECONDS_A_DAY + 1) * SECONDS_A_DAY
    start, stop = np.zeros(len(keys), np.int64), np.full(len(keys), whole)
    known = customers.drop_duplicates("customer_key").set_index("customer_key").reindex(keys)
    for column, bound in (("since", start), ("churned_at", stop)):
        told = known[column].notna().to_numpy() if column in known else np.zeros(len(keys), bool)
        if told.any():
            bound[told] = _local_seconds(pd.to_datetime(known.loc[told, column], utc=True), time_zone) - origin
    by_customer = contacts.groupby("customer")["at"]
    first = by_customer.min().to_numpy() // SECONDS_A_DAY * SECONDS_A_DAY
    last = (by_customer.max().to_numpy() // SECONDS_A_DAY + 1) * SECONDS_A_DAY
    return np.minimum(np.clip(start, 0, whole), first), np.maximum(np.clip(stop, 0, whole), last)
