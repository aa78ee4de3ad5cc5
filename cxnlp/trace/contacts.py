"""`core_contacts`: the items that are addressed to customer service, in chains, with their cost."""

import pandas as pd

from cxnlp.config import Trace
from cxnlp.tables import CONTACTS
from cxnlp.trace.chains import link_chains

DEMANDS = ("failure", "value")


def find_contacts(items: pd.DataFrame, settings: Trace) -> pd.DataFrame:
    """Contacts among labelled items.

    :param items: one row per item with its current label: `item_id`, `customer_key`, `channel`, `created_at`,
        `demand`, `demand_probability`, `domain`. An item whose demand is null (unsure) is no contact here.
    :returns: rows of `core_contacts`.
    """
    contacts = items[items["demand"].isin(DEMANDS)]
    linked = link_chains(contacts, settings.chain_days)
    return CONTACTS.typed(
        linked.assign(
            is_repeat=linked["contact_no"] > 0,
            cost=linked["channel"].map(settings.costs.per_contact).astype("float64").fillna(settings.costs.other),
        )
    )
