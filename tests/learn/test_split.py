"""Held-out items."""

from cxnlp.learn.labels import LabelledItem
from cxnlp.learn.split import group_items, split_items


def item(item_id: str, text: str) -> LabelledItem:
    return LabelledItem(item_id, text, None, "", 0, "none", "none", "none", None)


ORIGINAL = "my parcel has been sat in the depot since last tuesday and nobody rings back"


def test_an_edited_copy_is_in_the_group_of_its_original():
    items = [
        item("a", ORIGINAL),
        item("b", f"RT {ORIGINAL}"),
        item("c", "a parcel in the depot is another matter altogether for me"),
    ]
    assert group_items(items) == {"a": "a", "b": "a", "c": "c"}


def test_copies_are_never_on_both_sides():
    items = [item(f"{number}-{copy}", f"{ORIGINAL} {number} {number}") for number in range(40) for copy in "xy"]
    items = [item(i.item_id, " ".join(f"{word}{i.item_id.split('-')[0]}" for word in ORIGINAL.split())) for i in items]
    learnt, held = split_items(items, share=0.3, seed=1)
    assert len(learnt) + len(held) == 80
    assert not {i.text for i in learnt} & {i.text for i in held}
    assert held


def test_a_new_item_moves_no_old_one():
    items = [item(str(number), f"text about number {number} and thing {number * 7}") for number in range(50)]
    before = {i.item_id for i in split_items(items, 0.2, 1)[1]}
    after = {i.item_id for i in split_items([*items, item("new", "something else entirely, never seen")], 0.2, 1)[1]}
    assert after - {"new"} == before
