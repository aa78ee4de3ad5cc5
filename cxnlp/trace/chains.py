"""Contacts of one customer about one problem are one chain; the chain carries one cause.

Each contact is held against the customer's contacts before it. A number both name (order, invoice) joins them, two
different numbers part them; else what counts is how alike the words are, whether they tell of the same breakdown,
whether the later one says that it is not the first, and how much time lies between. A contact that blames service,
or does not say, fits any chain: that is what second contacts do (Price and Jaffe, 2008, The Best Service is No
Service, count such repeats as one cause). How many near contacts belong together at all is learnt from how many more
there are soon after a contact than later. The other weights were chosen on simulated companies (benchmarks/trace).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxnlp.trace.likeness import Likeness
from cxnlp.trace.posteriors import NONE, SERVICE, Floats, Posteriors, read_posteriors

EPOCH = pd.Timestamp("2000-01-01", tz="UTC")
LOOK_BACK = 6  # contacts of the customer that a contact is held against
KEY_DAYS = 180  # a number in common joins contacts that are further apart
AGAIN = (
    r"\b(?:again|still|already|chas(?:e|ed|ing)|follow(?:ing)?[ -]?up|as (?:i )?(?:said|told|explained)|"
    r"(?:second|third|fourth|fifth|2nd|3rd|4th|5th|nth) (?:time|call|contact|email|e-mail|message|chat)|"
    r"last (?:time|week|call)|no (?:reply|answer|response)|nobody|any (?:news|update)|update on|re-?open\w*|"
    r"(?:called|rang|emailed|e-mailed|wrote|contacted|messaged|spoke)\b[^.?!]{0,40}\b(?:before|ago|yesterday|"
    r"last|twice|times|already|days))\b"
)

BELIEVED = 5  # pairs of one chain to one that is not, believed before any is seen
LEAST_PRIOR, MOST_PRIOR = -1.5, 2.0  # log-odds; few contacts teach no more

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Weights:
    """Log-odds that two contacts of a customer are about one problem, by what speaks for and against it."""

    near: float = -0.9
    same_key: float = 6.0
    other_key: float = -5.0
    likeness: float = 5.0
    same_domain: float = 1.0
    other_domain: float = -1.5
    again: float = 2.0
    a_day: float = -0.13
    value: float = -0.5


WEIGHTS = Weights()


@dataclass(frozen=True)
class Pairs:
    """Each contact with one before it: positions of both in the ordered contacts, and the score of each part.

    :ivar by_key, by_words, by_time: log-odds of each kind of evidence.
    """

    later: Positions
    earlier: Positions
    by_key: Floats
    by_words: Floats
    by_time: Floats

    @property
    def score(self) -> Floats:
        """Log-odds that the two belong together."""
        return self.by_key + self.by_words + self.by_time


def link_chains(contacts: pd.DataFrame, keys: pd.DataFrame, chain_days: int) -> pd.DataFrame:
    """Give each contact its chain and its place in it.

    :param contacts: `item_id`, `customer_key` (null where unknown), `created_at` (null where unknown), `demand`,
        `channel`, `text`, `domain_posterior` (JSON); any order.
    :param keys: `item_id`, `key`: numbers that the contacts name.
    :param chain_days: contacts further apart are joined by a number only.
    :returns: the same rows and index with `chain_id` (item id of the first contact), `contact_no` from 0, `linked_by`
        (key, words or time; null for the first) and `is_channel_switched`. Contacts of unknown customers or times are
        chains of one.
    """
    may_chain = contacts["customer_key"].notna() & contacts["created_at"].notna()
    ordered = contacts[may_chain].sort_values(["customer_key", "created_at", "item_id"])
    linked_to, linked_by = _best_links(ordered, keys, chain_days)
    first = _first_of_chain(linked_to)
    item_ids = ordered["item_id"].to_numpy(dtype=object)
    number = pd.Series(first).groupby(first).cumcount().to_numpy()
    channel = ordered["channel"].astype("str").to_numpy(dtype=object)
    before = pd.Series(channel).groupby(first).shift()
    chained = pd.DataFrame(
        {
            "chain_id": item_ids[first],
            "contact_no": number,
            "linked_by": linked_by,
            "is_channel_switched": (before.notna() & (before != channel)).to_numpy(),
        },
        index=ordered.index,
    )
    alone = contacts.loc[~may_chain, "item_id"]
    rest = pd.DataFrame({"chain_id": alone, "contact_no": 0, "linked_by": None, "is_channel_switched": False})
    return contacts.join(pd.concat([chained, rest]).loc[contacts.index])


def _best_links(ordered: pd.DataFrame, keys: pd.DataFrame, chain_days: int) -> tuple[Positions, list[str | None]]:
    """Position of the contact that each one continues (its own where none), and by which evidence."""
    linked_to = np.arange(len(ordered))
    linked_by: list[str | None] = [None] * len(ordered)
    pairs = _pair(ordered, keys, chain_days)
    score = pairs.score
    order = np.lexsort((pairs.earlier, score))  # the best of a contact comes last and stays
    for place in order[score[order] > 0]:
        linked_to[pairs.later[place]] = pairs.earlier[place]
        parts = {"key": pairs.by_key[place], "words": pairs.by_words[place], "time": pairs.by_time[place]}
        linked_by[pairs.later[place]] = max(parts, key=lambda name: parts[name])
    return linked_to, linked_by


def _pair(ordered: pd.DataFrame, keys: pd.DataFrame, chain_days: int) -> Pairs:
    customer = pd.factorize(ordered["customer_key"])[0]
    day = (ordered["created_at"] - EPOCH).dt.total_seconds().to_numpy() / 86_400
    later, earlier = _near_pairs(customer, day)
    days = day[later] - day[earlier]
    by_key = _key_score(ordered["item_id"], keys, later, earlier)
    near = (days <= chain_days) | (by_key > 0)
    prior = _prior_odds(days, chain_days)
    later, earlier, days, by_key = later[near], earlier[near], days[near], by_key[near]
    value = (ordered["demand"] == "value").to_numpy()
    by_time = prior + WEIGHTS.near + WEIGHTS.a_day * days
    by_time = by_time + WEIGHTS.value * (value[later] | value[earlier])
    return Pairs(later, earlier, by_key, _word_score(ordered, later, earlier), by_time)


def _prior_odds(days: Floats, chain_days: int) -> float:
    """Log-odds that a pair within `chain_days` is of one chain: how many more there are than in the time after it.

    A customer's contacts about different problems come as often in the second stretch as in the first.
    """
    n_near = int((days <= chain_days).sum())
    n_far = int(((days > chain_days) & (days <= 2 * chain_days)).sum())
    linked = max(n_near - n_far, 0)
    return float(np.clip(np.log((linked + BELIEVED) / (n_near - linked + 1)), LEAST_PRIOR, MOST_PRIOR))


def _near_pairs(customer: Positions, day: Floats) -> tuple[Positions, Positions]:
    """Positions of each contact and of up to six of the same customer before it."""
    position = np.arange(len(customer))
    pairs = []
    for back in range(1, min(LOOK_BACK, len(customer) - 1) + 1):
        same = (customer[back:] == customer[:-back]) & (day[back:] - day[:-back] <= KEY_DAYS)
        pairs.append((position[back:][same], position[:-back][same]))
    if not pairs:
        return position[:0], position[:0]
    later, earlier = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return later, earlier


def _key_score(item_ids: pd.Series, keys: pd.DataFrame, later: Positions, earlier: Positions) -> Floats:
    named: dict[str, set[str]] = {}
    for item_id, key in zip(keys["item_id"], keys["key"], strict=True):
        named.setdefault(item_id, set()).add(key)
    sets = [named.get(item_id) for item_id in item_ids]
    return np.array([_compare(sets[a], sets[b]) for a, b in zip(later, earlier, strict=True)], dtype=float)


def _compare(one: set[str] | None, other: set[str] | None) -> float:
    if not one or not other:
        return 0.0
    return WEIGHTS.same_key if one & other else WEIGHTS.other_key


def _word_score(ordered: pd.DataFrame, later: Positions, earlier: Positions) -> Floats:
    involved = np.unique(np.concatenate([later, earlier]))
    place = np.zeros(len(ordered), dtype=np.int64)
    place[involved] = np.arange(len(involved))
    rows = ordered.iloc[involved]
    if not len(rows):
        return np.zeros(0)
    again = rows["text"].astype("str").str.contains(AGAIN, case=False, regex=True).to_numpy()
    likeness = Likeness(rows["text"]).of_pairs(place[later], place[earlier])
    same, other = _domains_agree(read_posteriors(rows["domain_posterior"]), place[later], place[earlier])
    return (
        WEIGHTS.likeness * likeness
        + WEIGHTS.same_domain * same
        + WEIGHTS.other_domain * other
        + WEIGHTS.again * again[place[later]]
    )


def _domains_agree(told: Posteriors, later: Positions, earlier: Positions) -> tuple[Floats, Floats]:
    """Probability that both tell of the same upstream breakdown, and that they surely tell of different ones.

    The latter is squared: where the labeler is unsure of either, that the two differ says next to nothing.
    """
    upstream = [number for number, code in enumerate(told.codes) if code not in (NONE, SERVICE)]
    one, other = told.matrix[later][:, upstream], told.matrix[earlier][:, upstream]
    same = (one * other).sum(axis=1)
    return same, np.square(one.sum(axis=1) * other.sum(axis=1) - same)


def _first_of_chain(linked_to: Positions) -> Positions:
    """Position of the first contact of each one's chain; links always point back."""
    first = linked_to.copy()
    for position in np.flatnonzero(linked_to != np.arange(len(linked_to))):
        first[position] = first[linked_to[position]]
    return first
