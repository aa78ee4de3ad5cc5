"""Contacts of one customer about one problem are one chain; the chain carries one cause.

Here a chain is told by time and by what the contacts say: a failure contact continues the customer's last chain
where it comes within `chain_days` and does not plainly name another breakdown. A contact that blames service, or
does not say, fits any chain: that is what second contacts do (Price and Jaffe, 2008, The Best Service is No
Service, count such repeats as one cause).
"""

from dataclasses import dataclass

import pandas as pd

FITS_ANY = {"none", "service"}


@dataclass
class OpenChain:
    """The chain of a customer that a next contact may continue."""

    chain_id: str
    domain: str
    last_at: pd.Timestamp
    length: int

    def continues(self, domain: str, at: pd.Timestamp, chain_days: int) -> bool:
        """Whether a contact at `at` that tells of `domain` belongs to this chain."""
        soon = at - self.last_at <= pd.Timedelta(days=chain_days)
        return soon and (domain == self.domain or domain in FITS_ANY or self.domain in FITS_ANY)


def link_chains(contacts: pd.DataFrame, chain_days: int) -> pd.DataFrame:
    """Give each contact its chain and its place in it.

    :param contacts: `item_id`, `customer_key` (null where unknown), `created_at` (null where unknown), `demand`,
        `domain` (null where unsure); any order.
    :param chain_days: a contact later than this after the one before starts a new chain.
    :returns: the same rows and index with `chain_id` (item id of the first contact) and `contact_no` from 0.
        Contacts of unknown customers or times, and value contacts, are chains of one.
    """
    linked = contacts.assign(chain_id=contacts["item_id"], contact_no=0)
    may_chain = contacts["customer_key"].notna() & contacts["created_at"].notna() & (contacts["demand"] == "failure")
    ordered = contacts[may_chain].sort_values(["customer_key", "created_at", "item_id"])
    chain_ids: list[str] = []
    numbers: list[int] = []
    last_customer, chain = "", None
    for item_id, customer, at, domain in zip(
        ordered["item_id"],
        ordered["customer_key"],
        ordered["created_at"],
        ordered["domain"].fillna("none"),
        strict=True,
    ):
        if customer != last_customer or chain is None or not chain.continues(domain, at, chain_days):
            chain = OpenChain(item_id, domain, at, 0)
        chain_ids.append(chain.chain_id)
        numbers.append(chain.length)
        chain.domain = domain if chain.domain in FITS_ANY else chain.domain
        chain.last_at, chain.length, last_customer = at, chain.length + 1, customer
    linked.loc[ordered.index, "chain_id"] = pd.Series(chain_ids, index=ordered.index, dtype="str")
    linked.loc[ordered.index, "contact_no"] = pd.Series(numbers, index=ordered.index, dtype="int64")
    return linked
