"""`core_traces` from what was said: the breakdown that a chain of failure contacts tells of, with its quote.

A chain carries one cause. It is the surest upstream breakdown that any of its contacts tells of; service itself
only where no contact names anything upstream (annotation guide, rule 6); `cannot_tell` where nothing is told.
No quote, no blame.
"""

import pandas as pd

from cxnlp.config import Trace
from cxnlp.pipeline_file import CANNOT_TELL
from cxnlp.tables import TRACES


def trace_contacts(contacts: pd.DataFrame, items: pd.DataFrame, settings: Trace) -> pd.DataFrame:
    """One trace per failure contact.

    :param contacts: rows of `core_contacts`.
    :param items: one row per item with its current label: `item_id`, `domain`, `domain_probability`, `cause`,
        `breakdown_quote`.
    :returns: rows of `core_traces`, each with the cause of its chain.
    """
    failures = contacts[contacts["demand"] == "failure"]
    told = failures[["item_id", "chain_id"]].merge(items, on="item_id")
    told = told[told["domain"].notna() & (told["domain"] != "none") & told["breakdown_quote"].notna()]
    told = told.assign(upstream=told["domain"] != "service")
    best = told.sort_values(["upstream", "domain_probability", "item_id"], ascending=[False, False, True])
    cause = best.drop_duplicates("chain_id").rename(
        columns={"domain_probability": "probability", "breakdown_quote": "quote", "item_id": "quote_item_id"}
    )[["chain_id", "domain", "cause", "probability", "quote", "quote_item_id"]]
    traces = failures[["item_id", "chain_id", "cost"]].merge(cause, on="chain_id", how="left")
    is_told = traces["domain"].notna()
    domain = traces["domain"].where(is_told, CANNOT_TELL)
    return TRACES.typed(
        traces.assign(
            domain=domain,
            evidence=is_told.map({True: "said", False: "none"}),
            owner=domain.map(settings.owners),
        )
    )
