"""The ledger: what each breakdown costs, who owns it, and how we know; by week, group of customers and evidence."""

import json

import pandas as pd

from cxnlp.measure.intervals import with_share
from cxnlp.measure.square import place_breakdowns
from cxnlp.tables import LEDGER_AVOIDABLE, LEDGER_SEGMENT, LEDGER_WEEK
from cxnlp.weeks import week_of

UNSURE = "unsure"  # the domain is sure, the cause is not
CANNOT_TELL = "cannot_tell"
NOT_AVOIDABLE = ("external", CANNOT_TELL, "none")
UPSTREAM = "upstream"
HAPPENED_METHOD = "expected number by self-controlled case series; its 95 % interval over the base"
GRAIN = ["week", "owner", "domain", "cause"]


def traced_rows(contacts: pd.DataFrame, traces: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """Failure contacts with their trace and week.

    :param contacts: rows of `core_contacts`.
    :param traces: rows of `core_traces`.
    """
    known = contacts[["item_id", "is_repeat", "created_at", "customer_key"]]
    rows = known.merge(traces, on="item_id")
    return rows.assign(week=week_of(rows["created_at"], time_zone), cause=rows["cause"].fillna(UNSURE))


def count_ledger_week(
    contacts: pd.DataFrame, traces: pd.DataFrame, customers: pd.DataFrame, time_zone: str
) -> pd.DataFrame:
    """`mart_ledger_week`: failure contacts, chains, repeats, cost and evidence by owner and cause.

    :param contacts: rows of `core_contacts`, duplicates left out.
    :param traces: rows of `core_traces`.
    :param customers: rows of `core_customers`; those who left after a contact are counted.
    """
    rows = traced_rows(contacts, traces, time_zone).dropna(subset=["week"])
    rows = _with_evidence(rows).merge(_churn(customers), on="customer_key", how="left")
    counts = _count(rows, GRAIN).merge(_evidence(rows), on=GRAIN).merge(_customers(rows), on=GRAIN)
    counts = counts.merge(_surest(rows, "quote_item_id", "top_quote_item_id"), on=GRAIN, how="left")
    counts = counts.merge(_surest(rows, "event_id", "top_event_id"), on=GRAIN, how="left")
    base = rows.groupby("week").size().rename("base").reset_index()
    return LEDGER_WEEK.typed(with_share(place_breakdowns(counts.merge(base, on="week")), "contacts", "base"))


def count_ledger_segment(
    contacts: pd.DataFrame, traces: pd.DataFrame, items: pd.DataFrame, time_zone: str, min_customers: int
) -> pd.DataFrame:
    """`mart_ledger_segment_week`: the ledger for each value of each segment field.

    :param items: `item_id`, `segments` (JSON object).
    :param min_customers: a value of fewer customers in all the data is left out, so that nobody can be picked out.
    """
    rows = traced_rows(contacts, traces, time_zone).dropna(subset=["week"])
    rows = rows.merge(_members(items), on="item_id")
    group = ["segment", "value"]
    enough = rows.groupby(group)["customer_key"].transform("nunique") >= min_customers
    rows = rows[enough]
    counts = _count(rows, [*group, *GRAIN])
    base = rows.groupby(["week", *group]).size().rename("base").reset_index()
    return LEDGER_SEGMENT.typed(with_share(counts.merge(base, on=["week", *group]), "contacts", "base"))


def count_avoidable(traces: pd.DataFrame) -> pd.DataFrame:
    """`mart_ledger_avoidable`: share of failure contacts that each domain accounts for, by words, events and both.

    :param traces: rows of `core_traces`.
    """
    if traces.empty:
        return LEDGER_AVOIDABLE.empty()
    owners = traces.groupby("domain")["owner"].first()
    parts = [
        _shares(traces["said_domain"], "said"),
        _shares(traces["domain"], "joined"),
        _happened(traces),
    ]
    shares = pd.concat(parts, ignore_index=True)
    return LEDGER_AVOIDABLE.typed(
        shares.assign(owner=shares["domain"].map(owners), is_adjusted=False, plain_share=shares["share"])
    )


def _shares(domains: pd.Series, evidence: str) -> pd.DataFrame:
    counts = domains.value_counts().rename_axis("domain").reset_index(name="charged_contacts")
    upstream = counts.loc[~counts["domain"].isin(NOT_AVOIDABLE), "charged_contacts"].sum()
    counts = pd.concat(
        [counts, pd.DataFrame({"domain": [UPSTREAM], "charged_contacts": [upstream]})], ignore_index=True
    )
    return with_share(counts.assign(base=len(domains), evidence=evidence), "charged_contacts", "base")


def _happened(traces: pd.DataFrame) -> pd.DataFrame:
    """Expected number of contacts that events explain, with the interval of their attributable fractions."""
    rows = traces.assign(attributable=traces["attributable"].where(traces["event_id"].notna()))
    ends = {"charged_contacts": "attributable", "share_low": "attributable_low", "share_high": "attributable_high"}
    sums = rows.groupby("domain", as_index=False).agg(**{name: (column, "sum") for name, column in ends.items()})
    upstream = sums.loc[~sums["domain"].isin(NOT_AVOIDABLE), list(ends)].sum().to_frame().T.assign(domain=UPSTREAM)
    sums = pd.concat([sums, upstream], ignore_index=True)
    base = len(traces)
    scaled = {"share": sums["charged_contacts"] / base}
    scaled |= {end: sums[end] / base for end in ("share_low", "share_high")}
    return sums.assign(**scaled, base=base, evidence="happened", method=HAPPENED_METHOD)


def _count(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return rows.groupby(by, as_index=False).agg(
        contacts=("item_id", "size"), chains=("chain_id", "nunique"), repeats=("is_repeat", "sum"), cost=("cost", "sum")
    )


def _with_evidence(rows: pd.DataFrame) -> pd.DataFrame:
    explained = rows["event_id"].notna()
    ends = ("attributable", "attributable_low", "attributable_high")
    return rows.assign(
        is_said=rows["evidence"].isin(["said", "both"]),
        is_happened=rows["evidence"].isin(["happened", "both"]),
        is_both=rows["evidence"] == "both",
        **{end: rows[end].where(explained, 0.0) for end in ends},
    )


def _evidence(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby(GRAIN, as_index=False).agg(
        said_contacts=("is_said", "sum"),
        happened_contacts=("is_happened", "sum"),
        both_contacts=("is_both", "sum"),
        attributable_contacts=("attributable", "sum"),
        attributable_low=("attributable_low", "sum"),
        attributable_high=("attributable_high", "sum"),
    )


def _churn(customers: pd.DataFrame) -> pd.DataFrame:
    left = customers[customers["is_churned"].fillna(False).astype(bool)]
    return left[["customer_key", "churned_at"]].drop_duplicates("customer_key")


def _customers(rows: pd.DataFrame) -> pd.DataFrame:
    """Known customers of each row of the ledger, and those of them who left after the contact."""
    left = rows["customer_key"].where(rows["churned_at"] >= rows["created_at"])
    counted = rows.assign(left=left).groupby(GRAIN, as_index=False)
    return counted.agg(customers=("customer_key", "nunique"), churned_customers=("left", "nunique"))


def _surest(rows: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    """Of each row of the ledger, the value of a column in its surest trace that has one."""
    having = rows[rows[column].notna()].sort_values(["probability", "item_id"], ascending=[False, True])
    return having.drop_duplicates(GRAIN)[[*GRAIN, column]].rename(columns={column: name})


def _members(items: pd.DataFrame) -> pd.DataFrame:
    """One row per item, segment field and value."""
    known = items.dropna(subset=["segments"]).reset_index(drop=True)
    fields = pd.DataFrame([json.loads(segments) for segments in known["segments"]], index=known.index)
    wide = known[["item_id"]].join(fields)
    return wide.melt(id_vars=["item_id"], var_name="segment").dropna(subset=["value"])
