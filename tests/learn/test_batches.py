"""Items as tensors."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxnlp.label.tokens import TextTokenizer
from cxnlp.learn.batches import NOWHERE, Example, group_by_length, make_batch
from cxnlp.learn.codes import codes_of
from cxnlp.learn.labels import LabelledItem, LabelledMention
from cxnlp.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[2]
TEXT = "they charged my card twice"


@pytest.fixture(scope="module")
def codes():
    return codes_of(load_taxonomy(ROOT / "pipelines" / "taxonomy.yaml"))


@pytest.fixture(scope="module")
def tokenizer():
    return TextTokenizer.load(ROOT / "models" / "default" / "tokenizer.json")


@given(st.lists(st.integers(1, 300), min_size=1, max_size=200), st.integers(0, 99))
def test_every_item_is_in_one_batch_and_no_batch_is_over_budget(lengths, seed):
    batches = group_by_length(lengths, 300, 8, np.random.default_rng(seed).permutation(len(lengths)))
    assert sorted(n for batch in batches for n in batch) == list(range(len(lengths)))
    assert all(len(batch) <= 8 and len(batch) * max(lengths[n] for n in batch) <= 300 for batch in batches)


@pytest.mark.parametrize(
    ("limit", "hidden", "evidence"),
    [(10, False, [4, 7]), (10, True, [2, 5]), (4, True, [NOWHERE, NOWHERE])],
)
def test_a_quote_is_the_first_and_last_token_after_the_prefix(codes, tokenizer, limit, hidden, evidence):
    mention = LabelledMention("payment", "invoice", -1, 5, 20)
    item = LabelledItem("a", TEXT, "ticket", "", -1, "failure", "billing", "incorrect_charge", (5, 26), (mention,))
    example = Example(item, tokenizer.tokenize([TEXT])[0], 1.0)
    batch = make_batch([example], tokenizer, codes, limit, np.array([hidden]))
    assert batch.evidence.tolist() == [evidence]
    assert batch.first.argmax(1).tolist() == [codes.touchpoints.index("invoice")]
    assert batch.cause.sum().item() == 1.0
    assert codes.causes[batch.cause.argmax().item()] == "billing/incorrect_charge"
    assert batch.sentiment.tolist() == [[0, 1, 0, 0, 0]]
