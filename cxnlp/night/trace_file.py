"""`cxnlp trace`: contacts and events from files, labelled, traced and written, without a lake."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cxnlp.config import Costs, Trace
from cxnlp.label.labeler import Labeler
from cxnlp.label.rows import to_rows
from cxnlp.pipeline_file import load_pipeline
from cxnlp.trace.files import FURTHER_COLUMNS, OUT_COLUMNS, read_input, write_table
from cxnlp.trace.keys import find_keys
from cxnlp.trace.tracing import trace_items

NO_CONTACT_CHANNELS = ("survey", "nps", "csat", "review", "app_store", "web_shop", "social")
SURELY_VALUE = 0.8
PLAIN = Trace(owners={}, costs=Costs(currency="", per_contact={}, other=0.0, source="none given"))


@dataclass(frozen=True)
class TraceCounts:
    """Rows read, contacts traced, and of these how many have a cause."""

    rows: int
    traced: int
    explained: int


def trace_file(
    feedback: Path,
    events: Path,
    out: Path,
    model: Path,
    excess: Path | None = None,
    customers: Path | None = None,
    pipeline: Path | None = None,
) -> TraceCounts:
    """Trace the contacts of a file and write one row for each of its rows, in its order.

    :param excess: where to write the table of event kinds.
    :param pipeline: pipeline file with owners and what is known of event kinds; without it all is learnt.
    """
    settings = load_pipeline(pipeline) if pipeline else None
    given = read_input(feedback, events, customers)
    items = _label(given.feedback, Labeler.load(model))
    traced = trace_items(
        items,
        given.events,
        given.customers,
        find_keys(items),
        settings.trace if settings else PLAIN,
        settings.time_zone if settings else "UTC",
    )
    rows = given.feedback[["item_id"]].merge(traced.traces.drop(columns=["cost", "chain_id"]), on="item_id", how="left")
    chains = traced.contacts[["item_id", "chain_id", "contact_no", "demand"]]
    rows = rows.merge(chains, on="item_id", how="left")
    rows["evidence"] = rows["evidence"].fillna("none")
    write_table(rows[[*OUT_COLUMNS, *FURTHER_COLUMNS]], out)
    if excess:
        write_table(traced.excess, excess)
    explained = int((rows["evidence"] != "none").sum())
    return TraceCounts(len(rows), len(traced.traces), explained)


def _label(feedback: pd.DataFrame, labeler: Labeler) -> pd.DataFrame:
    """Feedback with its labels; what comes by a channel of service is a contact, whatever its words."""
    whole = feedback.assign(source="file", text_hash="")
    labels = to_rows(labeler.label(whole), whole, labeler.model_id, f"{labeler.model_id}@file").items
    items = feedback.merge(labels.drop(columns=["source", "text_hash"]), on="item_id")
    by_service = ~items["channel"].fillna("").str.lower().isin(NO_CONTACT_CHANNELS)
    asks = (items["demand"] == "value") & (items["demand_probability"] >= SURELY_VALUE)
    return items.assign(demand=items["demand"].where(~by_service | asks, "failure"))
