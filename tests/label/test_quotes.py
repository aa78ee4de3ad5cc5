"""Quotes from start and end logits."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cxnlp.label.quotes import best_quote
from cxnlp.label.tokens import TokenizedText

TEXT = "they charged my card twice in March, nobody knows why"


def words_of(text: str) -> TokenizedText:
    starts, at = [], 0
    for word in text.split():
        starts.append(text.index(word, at))
        at = starts[-1] + len(word)
    ends = [start + len(word) for start, word in zip(starts, text.split(), strict=True)]
    return TokenizedText(np.arange(len(starts)), np.array(starts), np.array(ends))


def pointer(n: int, starts: dict[int, float], ends: dict[int, float]) -> np.ndarray:
    logits = np.full((2, n), -8.0)
    logits[0, list(starts)] = list(starts.values())
    logits[1, list(ends)] = list(ends.values())
    return logits


def test_takes_the_run_that_both_ends_are_sure_of():
    start, end = best_quote(pointer(10, {1: 5.0}, {4: 5.0}), words_of(TEXT), TEXT)
    assert TEXT[start:end] == "charged my card twice"


def test_takes_a_run_between_two_likely_ones_where_the_start_is_unsure():
    start, end = best_quote(pointer(10, {0: 4.9, 1: 5.0, 2: 4.9}, {4: 5.0}), words_of(TEXT), TEXT)
    assert TEXT[start:end] == "charged my card twice"


def test_an_end_before_every_start_gives_one_word():
    start, end = best_quote(pointer(10, {9: 30.0}, {0: 30.0}), words_of(TEXT), TEXT)
    assert 1 <= len(TEXT[start:end].split()) <= 15


def test_widens_a_word_piece_to_its_word():
    pieces = TokenizedText(np.arange(3), np.array([0, 6, 11]), np.array([5, 11, 13]))
    text = "some overcharging"
    start, end = best_quote(pointer(3, {1: 5.0}, {1: 5.0}), pieces, text)
    assert text[start:end] == "overcharging"


@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_a_quote_is_one_to_fifteen_words(n_words, seed):
    text = " ".join(f"word{number}" for number in range(n_words))
    logits = np.random.default_rng(seed).normal(0, 3, (2, n_words))
    start, end = best_quote(logits, words_of(text), text)
    assert 1 <= len(text[start:end].split()) <= 15
    assert set(text[start:end].split()) <= set(text.split())
