"""Which events explain a contact: the share of the customer's intensity at that moment which each one carries."""

import numpy as np
import pandas as pd

from cxnlp.config import Trace
from cxnlp.trace.excess import ALL, SAYS_LITTLE
from cxnlp.trace.reach import plain_kind
from cxnlp.trace.study import Study, open_study
from cxnlp.trace.timeline import SECONDS_A_DAY

EXPLANATIONS = ["item_id", "event_id", "kind", "window", "lag_days", "share"]
CANNOT_TELL = "cannot_tell"


def explain_contacts(
    contacts: pd.DataFrame,
    events: pd.DataFrame,
    customers: pd.DataFrame,
    excess: pd.DataFrame,
    settings: Trace,
    time_zone: str,
) -> pd.DataFrame:
    """Share of each contact's intensity that each candidate event explains.

    With rate ratios RR_j of the kinds whose windows the contact lies in, kind k explains (RR_k - 1) / (1 + sum of
    (RR_j - 1)) and the background the rest. Of a kind the latest event before the contact counts, in the narrowest
    window that is used and holds the lag.

    :param contacts: `item_id`, `customer_key`, `created_at`, `domain`; repeats may be among them.
    :param excess: rows of `mart_event_excess`.
    :returns: `item_id`, `event_id`, `kind`, `window`, `lag_days` (days, with fractions), `share` (0 .. 1); no row for
        a contact that no event explains.
    """
    known = contacts[contacts["customer_key"].notna() & contacts["created_at"].notna()]
    used = used_windows(excess)
    if known.empty or used.empty or events.empty:
        return _typed(pd.DataFrame(columns=EXPLANATIONS))
    study = open_study(known, events, customers, settings, time_zone)
    found = [_latest(study, str(kind), windows) for kind, windows in used.groupby("kind")]
    candidates = pd.concat(found, ignore_index=True)
    total = candidates.groupby("item_id")["more"].transform("sum")
    return _typed(candidates.assign(share=candidates["more"] / (1 + total)))


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    words = rows[["item_id", "event_id", "kind", "window"]].astype("str")
    numbers = rows[["lag_days", "share"]].astype("float64")
    return pd.concat([words, numbers], axis=1).sort_values(["item_id", "event_id"], ignore_index=True)


def used_windows(excess: pd.DataFrame) -> pd.DataFrame:
    """Windows of kinds that may explain contacts, with the rate ratio of all contacts; narrowest first.

    :returns: `kind`, `window`, `first`, `last` (days), `rate_ratio`.
    """
    chosen = excess[excess["is_used"]][["kind", "window"]].drop_duplicates()
    whole = excess.loc[excess["domain"] == ALL, ["kind", "window", "rate_ratio"]]
    used = chosen.merge(whole[whole["rate_ratio"] > 1], on=["kind", "window"])
    ends = used["window"].str.split("-", expand=True).reindex(columns=[0, 1]).astype("int64")
    used = used.assign(first=ends[0], last=ends[1], width=ends[1] - ends[0])
    return used.sort_values(["kind", "width", "first"], ignore_index=True)[
        ["kind", "window", "first", "last", "rate_ratio"]
    ]


def _latest(study: Study, kind: str, windows: pd.DataFrame) -> pd.DataFrame:
    """Each contact with the latest event of the kind before it, where that lies in one of the windows."""
    events = study.events[study.events["kind"] == kind].sort_values(["customer", "at", "event_id"], ignore_index=True)
    span = int(study.stop.max()) * 2
    early = events["at"] > -span // 2
    events = events[early & (events["at"] < span)]
    contacts = study.contacts
    keys = events["customer"].to_numpy() * 4 * span + events["at"].to_numpy()
    place = np.searchsorted(keys, contacts["customer"].to_numpy() * 4 * span + contacts["at"].to_numpy(), "right") - 1
    event = events.iloc[np.maximum(place, 0)] if len(events) else events
    if event.empty:
        return pd.DataFrame(columns=[*EXPLANATIONS[:-1], "more"])
    lag = contacts["at"].to_numpy() - event["at"].to_numpy()
    theirs = (place >= 0) & (event["customer"].to_numpy() == contacts["customer"].to_numpy())
    window = _narrowest(np.where(theirs, lag, -1), windows)
    inside = window >= 0
    return pd.DataFrame(
        {
            "item_id": contacts["item_id"].to_numpy()[inside],
            "event_id": event["event_id"].to_numpy()[inside],
            "kind": kind,
            "window": windows["window"].to_numpy()[window[inside]],
            "lag_days": lag[inside] / SECONDS_A_DAY,
            "more": windows["rate_ratio"].to_numpy()[window[inside]] - 1,
        }
    )


def _narrowest(lag: np.ndarray, windows: pd.DataFrame) -> np.ndarray:
    """Row of the first (narrowest) window that holds each lag; -1 where none does."""
    row = np.full(len(lag), -1)
    for number, (first, last) in enumerate(zip(windows["first"], windows["last"], strict=True)):
        holds = (lag >= first * SECONDS_A_DAY) & (lag < (last + 1) * SECONDS_A_DAY) & (row < 0)
        row[holds] = number
    return row


def domain_weights(excess: pd.DataFrame, settings: Trace) -> pd.DataFrame:
    """What a used kind causes: its excess contacts by domain, in its widest used window.

    Only domains with an interval above 1 count (all with an excess where none has), and only plausible ones where
    the pipeline file declares them; contacts that blame service or name nothing say little about the cause.
    Where no domain is told, the declared ones share evenly, else the weight is on cannot_tell.

    :returns: `kind`, `domain`, `weight`; the weights of a kind sum to 1.
    """
    rows = []
    for kind, windows in used_windows(excess).groupby("kind"):
        widest = windows["window"].iloc[-1]
        known = settings.event_kinds.get(plain_kind(str(kind)))
        told = excess[(excess["kind"] == kind) & (excess["window"] == widest) & (excess["domain"] != ALL)]
        rows += [(kind, domain, weight) for domain, weight in _weights(told, known.domains if known else ()).items()]
    return pd.DataFrame(rows, columns=["kind", "domain", "weight"]).astype({"kind": "str", "domain": "str"})


def _weights(told: pd.DataFrame, plausible: tuple[str, ...]) -> dict[str, float]:
    allowed = told["domain"].isin(plausible) if plausible else ~told["domain"].isin(SAYS_LITTLE)
    more = (told["contact_count"] - told["expected_count"]).where(allowed, 0).clip(lower=0)
    sure = more.where(told["rate_ratio_low"] > 1, 0)
    weight = sure if sure.sum() > 0 else more
    if weight.sum() > 0:
        kept = weight[weight > 0] / weight.sum()
        return dict(zip(told.loc[kept.index, "domain"], kept.astype(float), strict=True))
    return {domain: 1 / len(plausible) for domain in plausible} or {CANNOT_TELL: 1.0}
