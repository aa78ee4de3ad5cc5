"""`core_contacts`: the items that are addressed to customer service, in chains, with their cost."""

import pandas as pd

from cxnlp.config import Trace
from cxnlp.tables import CONTACTS
from cxnlp.trace.chains import link_chains

DEMANDS = ("failure", "value")


def find_contacts(items: pd.DataFrame, keys: pd.DataFrame, settings: Trace) -> pd.DataFrame:
    """Contacts among labelled items.

    :param items: one row per item with its current label: `item_id`, `customer_key`, `channel`, `created_at`,
        `text`, `demand`, `demand_probability`, `domain_posterior`, and where the source counts them `reopen_count`
        and `transfer_count`. An item whose demand is null (unsure) is no contact here.
    :param keys: `item_id`, `key`: numbers that the items name.
    :returns: rows of `core_contacts`.
    """
    contacts = items[items["demand"].isin(DEMANDS)]
    linked = link_chains(contacts, keys, settings.chain_days)
    return CONTACTS.typed(
        linked.assign(
            is_repeat=linked["contact_no"] > 0,
            is_reopened=_at_least(linked, "reopen_count", 1),
            is_transferred=_at_least(linked, "transfer_count", 2),
            cost=linked["channel"].map(settings.costs.per_contact).astype("float64").fillna(settings.costs.other),
        )
    )


def _at_least(contacts: pd.DataFrame, count: str, least: int) -> pd.Series:
    """Whether a count reaches `least`; null where the source does not count."""
    if count not in contacts:
        return pd.Series(None, index=contacts.index, dtype="boolean")
    return (contacts[count].astype("Int64") >= least).astype("boolean")
