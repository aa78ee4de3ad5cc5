"""The labeler as the rest of the system meets it."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxnlp.label.labeler import Labeler
from cxnlp.label.tokens import readable

TEXTS = [
    "Lovely lad on the phone but you charged my card twice in March and nobody can tell me why.",
    "where is my router?? ordered it three weeks ago",
    "Best broadband we ever had, would recommend to anyone",
    "",
    "Can I change the date of my engineer visit please",
    "The app logs me out every time I open it. " * 40,
    "ok",
]


KINDS = ["survey", "chat", "review", "note", "ticket", "review", np.nan]


@pytest.fixture(scope="module")
def feedback():
    return pd.DataFrame({"item_id": [str(n) for n in range(len(TEXTS))], "text": TEXTS, "source_kind": KINDS})


@pytest.fixture(scope="module")
def labelled(labeler, feedback):
    return labeler.label(feedback)


def test_gives_one_row_an_item_in_the_order_given(labelled):
    assert labelled.items["item_id"].tolist() == [str(number) for number in range(len(TEXTS))]


def test_reads_the_plain_cases_right(labelled):
    items = labelled.items
    assert items["domain"].tolist()[:3] == ["billing", "fulfilment", "none"]
    assert items["demand"].tolist()[1] == "failure"
    assert items["sentiment"].tolist()[2] == 2


def test_a_text_without_a_word_says_nothing(labelled):
    silent = labelled.items.iloc[3]
    assert (silent["sentiment"], silent["demand"], silent["domain"], silent["n_clauses"]) == (0, "none", "none", 0)
    assert "3" not in set(labelled.mentions["item_id"])


def test_every_quote_stands_in_its_text(labelled):
    for mention in labelled.mentions.itertuples():
        assert TEXTS[int(mention.item_id)][mention.quote_start : mention.quote_end] == mention.quote
    told = labelled.items[labelled.items["domain"] != "none"]
    assert len(told) > 0
    for item in told.itertuples():
        assert TEXTS[int(item.item_id)][item.breakdown_start : item.breakdown_end] == item.breakdown_quote


def test_posterior_sums_to_one_and_agrees_with_the_domain(labelled):
    for item in labelled.items.itertuples():
        posterior = json.loads(item.domain_posterior)
        assert sum(posterior.values()) == pytest.approx(1, abs=1e-9)
        assert posterior[item.domain] == pytest.approx(item.domain_probability, abs=1e-3)


def test_weights_of_an_item_sum_to_one_and_fall(labelled):
    for _, own in labelled.mentions.groupby("item_id"):
        assert own["mention_no"].tolist() == list(range(len(own)))
        assert own["weight"].is_monotonic_decreasing
        assert own["weight"].sum() == pytest.approx(1)
        assert own["touchpoint"].is_unique


def test_the_answer_does_not_depend_on_neighbours_order_or_threads(labeler, model_folder, feedback, labelled):
    backwards = Labeler.load(model_folder, threads=3).label(feedback[::-1]).items[::-1].reset_index(drop=True)
    alone = pd.concat([labeler.label(feedback[n : n + 1]).items for n in range(len(feedback))], ignore_index=True)
    for other in (backwards, alone):
        for name in ("sentiment", "demand", "domain", "cause"):
            assert other[name].tolist() == labelled.items[name].tolist()
            gap = np.abs(other[f"{name}_probability"] - labelled.items[f"{name}_probability"])
            assert gap.max() < 1e-3


def test_equal_texts_of_two_kinds_are_read_apart(labeler):
    feedback = pd.DataFrame(
        {"item_id": ["a", "b", "c"], "text": [TEXTS[4]] * 3, "source_kind": ["review", "ticket", np.nan]}
    )
    chances = labeler.label(feedback).items["demand_probability"]
    assert chances.nunique() == 3


def test_service_sentiment_is_of_support_mentions_and_experience_of_the_others(labelled):
    mentions = labelled.mentions
    for item in labelled.items.itertuples():
        own = mentions[mentions["item_id"] == item.item_id]
        support = own.loc[own["stage"] == "support", "sentiment"].mean()
        others = own.loc[own["stage"] != "support", "sentiment"].mean()
        assert item.service_sentiment == pytest.approx(support, nan_ok=True)
        assert item.experience_sentiment == pytest.approx(others, nan_ok=True)


def test_an_empty_frame_gives_empty_frames(labeler):
    labelled = labeler.label(pd.DataFrame({"item_id": [], "text": []}, dtype="str"))
    assert (len(labelled.items), len(labelled.mentions)) == (0, 0)
    assert labelled.items["breakdown_start"].dtype == "Int64"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(st.characters(codec=None), max_size=300),
        st.text(alphabet="​‍\u0000\ud800😀🤬é漢ع \n", max_size=60),
    )
)
def test_any_text_gives_a_reading_with_quotes_that_stand_in_it(labeler, text):
    labelled = labeler.label_texts([text])
    assert len(labelled.items) == 1
    for mention in labelled.mentions.itertuples():
        assert readable(text)[mention.quote_start : mention.quote_end] == mention.quote != ""


@pytest.mark.parametrize("text", ["help " * 10_000, "x" * 1_000_000, "😀" * 5_000, "a.b\n" * 20_000])
def test_a_text_far_too_long_is_read_up_to_the_limit(labeler, text):
    item = labeler.label_texts([text]).items.iloc[0]
    assert 0 <= item["domain_probability"] <= 1


def test_labels_without_torch_transformers_or_spacy(model_folder):
    code = (
        "import sys; from pathlib import Path; from cxnlp.label.labeler import Labeler; "
        f"Labeler.load(Path({str(model_folder)!r})).label_texts(['hello there']); "
        "sys.exit(bool({'torch', 'transformers', 'spacy', 'pickle5'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
