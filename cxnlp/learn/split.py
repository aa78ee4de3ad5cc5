"""Which items are held out: near-duplicates and one conversation never stand on both sides."""

import hashlib
import re
from collections import defaultdict

from cxnlp.learn.labels import LabelledItem

SHINGLE_WORDS = 4


def split_items(items: list[LabelledItem], share: float, seed: int) -> tuple[list[LabelledItem], list[LabelledItem]]:
    """Items to learn from and items held out, by a hash of the group, so that new labels move no old item.

    :param share: of the groups that are held out, 0 .. 1.
    :returns: learnt and held-out items in the order given.
    """
    group_by_id = group_items(items)
    held = {
        item_id: int(hashlib.sha256(f"{seed}:{group}".encode()).hexdigest()[:8], 16) / 0x100000000 < share
        for item_id, group in group_by_id.items()
    }
    return [i for i in items if not held[i.item_id]], [i for i in items if held[i.item_id]]


def group_items(items: list[LabelledItem], likeness: float = 0.5) -> dict[str, str]:
    """Group of each item: the smallest id among the items that share most of their word sequences with it.

    Two items are one group where the Jaccard likeness of their sets of 4-word sequences is at least `likeness`,
    and so on transitively. Texts shorter than four words stand alone unless equal.
    """
    shingles = {item.item_id: _shingles(item.text) for item in items}
    holders: dict[str, list[str]] = defaultdict(list)
    parent = {item.item_id: item.item_id for item in items}
    for item_id, own in shingles.items():
        shared: dict[str, int] = defaultdict(int)
        for shingle in own:
            for other in holders[shingle][:50]:  # a phrase that fifty items share tells nothing of being a copy
                shared[other] += 1
            holders[shingle].append(item_id)
        for other, count in shared.items():
            if count >= likeness * (len(own) + len(shingles[other]) - count):
                _join(parent, item_id, other)
    return {item_id: _root(parent, item_id) for item_id in parent}


def _shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(max(1, len(words) - SHINGLE_WORDS + 1))}


def _root(parent: dict[str, str], item_id: str) -> str:
    while parent[item_id] != item_id:
        item_id = parent[item_id]
    return item_id


def _join(parent: dict[str, str], one: str, other: str) -> None:
    first, second = sorted((_root(parent, one), _root(parent, other)))
    parent[second] = first
