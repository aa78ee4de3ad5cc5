import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxnlp.clean.dedupe import mark_duplicates

LINE = "the new router drops every evening at eight and nobody at the help desk rings back"
DAY = pd.Timestamp("2025-03-01", tz="UTC")


def items(*rows: tuple[str, int | None, str]) -> pd.DataFrame:
    """Items by id, day from 1 March 2025 (None: no time) and text."""
    times = [pd.NaT if day is None else DAY + pd.Timedelta(days=day) for _, day, _ in rows]
    return pd.DataFrame(
        {
            "item_id": pd.Series([row[0] for row in rows], dtype="str"),
            "created_at": pd.Series(times, dtype="datetime64[us, UTC]"),
            "text": pd.Series([row[2] for row in rows], dtype="str"),
        }
    )


def marked(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    found = mark_duplicates(frame, 0.85, 14)
    return list(found[["item_id", "duplicate_of", "duplicate_kind"]].itertuples(index=False, name=None))


def test_a_retweet_is_an_exact_copy_of_the_earlier_item():
    assert marked(items(("b", 1, f"RT @jo: {LINE.upper()}! https://t.example/x"), ("a", 0, LINE))) == [
        ("b", "a", "exact")
    ]


def test_an_edited_copy_is_near_and_its_likeness_is_the_true_one():
    found = mark_duplicates(items(("a", 0, LINE), ("b", 1, f"{LINE} please")), 0.85, 14)
    assert found["duplicate_kind"].tolist() == ["near"]
    assert found["likeness"].tolist() == pytest.approx([14 / 15])


def test_short_texts_and_other_texts_are_no_copies():
    other = "my bill was wrong again this month and the agent could not tell me why"
    assert (
        marked(
            items(
                ("a", 0, "great service thank you"),
                ("b", 0, "great service thank you"),
                ("c", 0, LINE),
                ("d", 0, other),
            )
        )
        == []
    )


def test_copies_too_far_apart_are_told_apart_and_a_chain_holds_them_together():
    assert marked(items(("a", 0, LINE), ("b", 20, LINE))) == []
    assert marked(items(("a", 0, LINE), ("b", 10, LINE), ("c", 20, LINE))) == [("b", "a", "exact"), ("c", "a", "exact")]


def test_an_item_without_a_time_is_compared_with_all_and_is_the_later_one():
    assert marked(items(("a", None, LINE), ("b", 3, LINE))) == [("a", "b", "exact")]


def test_no_items_give_no_rows():
    assert marked(items()) == []


WORDS = st.lists(st.sampled_from(["line", "bill", "late", "dead", "agent", "refund"]), min_size=8, max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30) | st.none(), WORDS.map(" ".join)), max_size=12), st.randoms())
def test_row_order_changes_nothing(rows, random):
    frame = items(*((f"i{number}", day, text) for number, (day, text) in enumerate(rows)))
    order = list(range(len(frame)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(mark_duplicates(frame, 0.5, 14), mark_duplicates(frame.iloc[order], 0.5, 14))


@settings(max_examples=100, deadline=None)
@given(WORDS, WORDS)
def test_two_texts_are_near_exactly_when_their_grams_are_as_like_as_asked(one, other):
    grams, others = (set(zip(words, words[1:], words[2:], strict=False)) for words in (one, other))
    is_like = len(grams & others) / len(grams | others) >= 0.5
    found = mark_duplicates(items(("a", 0, " ".join(one)), ("b", 0, " ".join(other))), 0.5, 14)
    assert bool(len(found)) == is_like
