"""Sentences and contrastive clauses, with offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxnlp.label.clauses import split_clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("", []),
        (" \n ", []),
        ("Late again.", ["Late again."]),
        ("Lovely lad on the phone, but the bill is wrong.", ["Lovely lad on the phone,", "but the bill is wrong."]),
        ("First line\nsecond line here", ["First line", "second line here"]),
        ("It cost 3.50 a month! Why is it 5.00 now?", ["It cost 3.50 a month!", "Why is it 5.00 now?"]),
        ("The app is fine - the shop was shut.", ["The app is fine -", "the shop was shut."]),
        ("No signal for days. Awful.", ["No signal for days. Awful."]),
    ],
)
def test_splits_at_sentences_and_contrasts(text, clauses):
    assert [text[c.start : c.end] for c in split_clauses(text)] == clauses


@given(st.text())
def test_every_word_stands_in_exactly_one_clause(text):
    pieces = [text[c.start : c.end] for c in split_clauses(text)]
    assert " ".join(pieces).split() == text.split()
