"""The evidence for a chain's domain: the words that tell it, the event that explains it, and the cause within it."""

import numpy as np
import pandas as pd

from cxnlp.config import Trace
from cxnlp.trace.happened import Happened
from cxnlp.trace.posteriors import CANNOT_TELL, read_posteriors

LEAST_TOLD = 0.25  # words that tell the domain with less are no quote for it
LEAST_AGREEMENT = 0.6  # of chains that name the cause after events of one kind
LEAST_NAMED = 5
QUOTE_COLUMNS = ("chain_id", "quote", "quote_item_id", "breakdown_start", "breakdown_end")
EVENT_COLUMNS = (
    "chain_id",
    "event_id",
    "event_kind",
    "is_key_matched",
    "attributable",
    "attributable_low",
    "attributable_high",
)


def choose_quotes(failures: pd.DataFrame, chains: pd.DataFrame) -> pd.DataFrame:
    """The surest words of each chain that tell its domain.

    :param failures: failure contacts with `domain_posterior`, `breakdown_quote`, `breakdown_start`, `breakdown_end`.
    :param chains: `chain_id`, `domain`.
    :returns: `QUOTE_COLUMNS`, one row for each chain with such words.
    """
    told = failures.drop(columns="domain").merge(chains, on="chain_id")
    told = told[told["breakdown_quote"].notna() & (told["domain"] != CANNOT_TELL)]
    posteriors = read_posteriors(told["domain_posterior"])
    told = told.assign(told=_of_each(posteriors.codes, posteriors.matrix, told["domain"]))
    strong = told[told["told"] >= LEAST_TOLD].sort_values(["told", "item_id"], ascending=[False, True])
    chosen = strong.drop_duplicates("chain_id").rename(
        columns={
            "breakdown_quote": "quote",
            "item_id": "quote_item_id",
        }
    )
    return chosen[list(QUOTE_COLUMNS)]


def _of_each(codes: tuple[str, ...], matrix: np.ndarray, wanted: pd.Series) -> np.ndarray:
    """Probability of each row's own code."""
    place = {code: number for number, code in enumerate(codes)}
    column = np.array([place.get(code, -1) for code in wanted], dtype=np.int64)
    return np.where(column >= 0, matrix[np.arange(len(matrix)), column], 0.0)


def choose_events(failures: pd.DataFrame, chains: pd.DataFrame, happened: Happened, settings: Trace) -> pd.DataFrame:
    """The event that explains most of each chain's domain, and how much all of them explain, with interval.

    :returns: `EVENT_COLUMNS`, one row for each chain with an event that explains at least `min_share` or that is named
        by a number.
    """
    weights = happened.weights.rename(columns={"weight": "kind_weight"})
    rows = happened.candidates.merge(failures[["item_id", "chain_id"]], on="item_id").merge(chains, on="chain_id")
    rows = rows.merge(weights, on=["kind", "domain"])
    rows = rows[rows["kind_weight"] > 0]
    part = rows["share"] * rows["kind_weight"]
    rows = rows.assign(part=part, low=rows["low"] * rows["kind_weight"], high=rows["high"] * rows["kind_weight"])
    rows = rows[rows["is_key"] | (rows["part"] >= settings.join.min_share)]
    ordered = rows.sort_values(["is_key", "part", "event_id"], ascending=[False, False, True])
    chosen = ordered.drop_duplicates("chain_id").rename(columns={"kind": "event_kind", "is_key": "is_key_matched"})
    named = ["chain_id", "event_id", "event_kind", "is_key_matched"]
    return chosen[named].merge(_attributable(rows), on="chain_id")[list(EVENT_COLUMNS)]


def _attributable(rows: pd.DataFrame) -> pd.DataFrame:
    """Part of each chain that its events explain, by the excess of their kinds, with interval."""
    ends = {"attributable": "part", "attributable_low": "low", "attributable_high": "high"}
    sums = rows.groupby("chain_id", as_index=False).agg(**{end: (column, "sum") for end, column in ends.items()})
    return sums.assign(**{end: sums[end].clip(upper=1.0) for end in ends})


def choose_causes(failures: pd.DataFrame, chains: pd.DataFrame) -> pd.DataFrame:
    """The cause of each chain within its domain: the surest that its words name; of silent ones, by their event.

    Where an event alone says what broke, the cause is that which most chains after events of its kind name.

    :param chains: `chain_id`, `domain`, `event_kind`.
    :returns: `chain_id`, `cause`; chains without a cause are left out.
    """
    named = failures.rename(columns={"domain": "told"}).merge(chains, on="chain_id")
    named = named[(named["told"] == named["domain"]) & named["cause"].notna()]
    named = named.sort_values(["domain_probability", "item_id"], ascending=[False, True]).drop_duplicates("chain_id")
    silent = chains[~chains["chain_id"].isin(set(named["chain_id"])) & chains["event_kind"].notna()]
    by_kind = silent[["chain_id", "domain", "event_kind"]].merge(_usual_causes(named), on=["domain", "event_kind"])
    return pd.concat([named[["chain_id", "cause"]], by_kind[["chain_id", "cause"]]], ignore_index=True)


def _usual_causes(named: pd.DataFrame) -> pd.DataFrame:
    """The cause that most chains of a domain name after events of a kind: `domain`, `event_kind`, `cause`."""
    counts = named.groupby(["domain", "event_kind", "cause"], as_index=False).agg(count=("chain_id", "size"))
    total = counts.groupby(["domain", "event_kind"])["count"].transform("sum")
    usual = counts[(counts["count"] >= LEAST_AGREEMENT * total) & (total >= LEAST_NAMED)]
    return usual[["domain", "event_kind", "cause"]]
