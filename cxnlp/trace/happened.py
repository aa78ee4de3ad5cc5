"""What happened: events before a chain's first contact that explain a part of it, and what each kind causes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxnlp.config import EventKind, Trace
from cxnlp.tables import EVENT_EXCESS
from cxnlp.trace.explain import domain_weights, explain_contacts
from cxnlp.trace.posteriors import Floats
from cxnlp.trace.reach import plain_kind, reach_customers

ALL = "all"
FRACTION = ("attributable_fraction", "attributable_low", "attributable_high")
CALM = 1.5  # a window whose rate ratio is surely below it shows no excess worth the name
KEY_SHARE = 0.6  # part of a contact that the event named by a number takes
CANDIDATES = ("item_id", "event_id", "kind", "share", "low", "high", "is_key")


@dataclass(frozen=True)
class Happened:
    """Events that may explain contacts.

    :ivar candidates: `item_id`, `event_id`, `kind`, `share` of the contact's intensity with its 95 % interval `low`
        and `high`, `is_key`: whether the contact names the event by a number.
    :ivar weights: `kind`, `domain`, `weight`: what a kind causes; the weights of a kind sum to 1.
    """

    candidates: pd.DataFrame
    weights: pd.DataFrame

    @property
    def domains(self) -> tuple[str, ...]:
        """Every domain that some kind causes."""
        return tuple(sorted(set(self.weights["domain"])))

    def weight_table(self, causes: tuple[str, ...], prior: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
        """Row of each candidate's kind in a table (kinds, causes); a kind of which nothing is known has the prior."""
        kinds, rows = np.unique(self.candidates["kind"].to_numpy(dtype=str), return_inverse=True)
        table = self.weights.pivot(index="kind", columns="domain", values="weight")
        table = table.reindex(index=kinds, columns=list(causes)).fillna(0.0)
        values = table.to_numpy(dtype=float, copy=True)
        values[values.sum(axis=1) == 0] = prior
        return rows.astype(np.int64), values


def nothing_happened() -> Happened:
    """No event explains anything."""
    candidates = pd.DataFrame({name: [] for name in CANDIDATES}).astype(
        {"item_id": "str", "event_id": "str", "kind": "str", "is_key": bool}
    )
    weights = pd.DataFrame({"kind": [], "domain": [], "weight": []}).astype({"kind": "str", "domain": "str"})
    return Happened(candidates, weights)


def find_happened(
    contacts: pd.DataFrame,
    events: pd.DataFrame,
    customers: pd.DataFrame,
    excess: pd.DataFrame,
    key_links: pd.DataFrame,
    settings: Trace,
    time_zone: str,
) -> Happened:
    """Events that explain contacts by their kind's excess, or that contacts name by a number.

    :param contacts: `item_id`, `customer_key`, `created_at`, `domain`.
    :param excess: rows of `mart_event_excess`.
    :param key_links: `item_id`, `event_id`.
    """
    if events.empty or contacts.empty:
        return nothing_happened()
    explained = explain_contacts(contacts, events, customers, sharpened(excess), settings, time_zone)
    by_kind = _with_intervals(explained, excess).assign(is_key=False)
    named = _named(contacts, events, customers, key_links, settings)
    both = pd.concat([by_kind, named], ignore_index=True).sort_values(["item_id", "event_id", "share"])
    is_key = both.groupby(["item_id", "event_id"])["is_key"].transform("any")
    candidates = both.assign(is_key=is_key.astype(bool)).drop_duplicates(["item_id", "event_id"], keep="last")
    return Happened(candidates[list(CANDIDATES)].reset_index(drop=True), _weights(candidates, excess, settings))


def sharpened(excess: pd.DataFrame) -> pd.DataFrame:
    """Excess in which a wide window no longer explains the days of a narrower one that shows no excess.

    Where customers call in the first week after an event and not in the second, the fortnight as a whole has an
    excess too; it would explain a contact of the second week.
    """
    whole = excess[excess["domain"] == ALL]
    dropped: set[tuple[str, str]] = set()
    for kind, rows in whole.groupby("kind"):
        used = rows.loc[rows["is_used"], "window"].tolist()
        calm = rows.loc[~rows["is_used"] & (rows["rate_ratio_high"] < CALM), "window"].tolist()
        wide = [window for window in used if any(_within(narrow, window) for narrow in calm)]
        dropped |= {(str(kind), window) for window in wide if any(_within(narrow, window) for narrow in used)}
    pairs = pd.Series(list(zip(excess["kind"], excess["window"], strict=True)), index=excess.index, dtype="object")
    return excess.assign(is_used=excess["is_used"] & ~pairs.isin(dropped))


def _within(narrow: str, wide: str) -> bool:
    """Whether one window (first-last, in days) lies in another, wider one."""
    first, last = map(int, narrow.split("-"))
    wide_first, wide_last = map(int, wide.split("-"))
    return narrow != wide and wide_first <= first and last <= wide_last


def _with_intervals(explained: pd.DataFrame, excess: pd.DataFrame) -> pd.DataFrame:
    """Each share with the interval of its kind's attributable fraction, in proportion."""
    whole = excess.loc[excess["domain"] == ALL, ["kind", "window", *FRACTION]]
    rows = explained.merge(whole, on=["kind", "window"], how="left")
    part = rows["share"] / rows["attributable_fraction"]
    low = (part * rows["attributable_low"]).clip(lower=0, upper=1)
    return rows.assign(low=low, high=(part * rows["attributable_high"]).clip(lower=0, upper=1))


def _named(
    contacts: pd.DataFrame, events: pd.DataFrame, customers: pd.DataFrame, key_links: pd.DataFrame, settings: Trace
) -> pd.DataFrame:
    """Events that contacts name by a number and that were before the contact, with the kind they are split into."""
    linked = events[events["event_id"].isin(set(key_links["event_id"]))]
    if linked.empty:
        return nothing_happened().candidates
    owners = pd.Index(linked["customer_key"].dropna().unique())
    kinds = reach_customers(linked, customers, owners, settings)[["event_id", "kind", "at"]]
    rows = key_links[["item_id", "event_id"]].drop_duplicates().merge(kinds, on="event_id")
    rows = rows.merge(contacts[["item_id", "created_at"]], on="item_id")
    rows = rows[rows["at"] <= rows["created_at"]]
    return rows.assign(share=0.0, low=0.0, high=0.0, is_key=True)[list(CANDIDATES)]


def _weights(candidates: pd.DataFrame, excess: pd.DataFrame, settings: Trace) -> pd.DataFrame:
    """What each kind causes: by its excess, or as declared where it has none."""
    learnt = domain_weights(excess if len(excess) else EVENT_EXCESS.empty(), settings)
    others = sorted(set(candidates["kind"]) - set(learnt["kind"]))
    declared = {kind: settings.event_kinds.get(plain_kind(kind), EventKind()).domains for kind in others}
    rows = [(kind, domain, 1 / len(domains)) for kind, domains in declared.items() for domain in domains]
    return pd.concat([learnt, pd.DataFrame(rows, columns=["kind", "domain", "weight"])], ignore_index=True)
