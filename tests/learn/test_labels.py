"""Label files in."""

import gzip
import json
from pathlib import Path

import pytest

from cxnlp.errors import CxnlpError, UnknownCode
from cxnlp.learn.labels import LabelledItem, LabelledMention, read_labels
from cxnlp.taxonomy import load_taxonomy

TEXT = "they charged my card twice"
LABEL = {
    "id": "a",
    "sentiment": -1,
    "mentions": [{"quote": "charged my card", "stage": "payment", "touchpoint": "invoice", "sentiment": -1}],
    "demand": "failure",
    "breakdown": {"domain": "billing", "cause": "incorrect_charge", "quote": "card twice"},
}
ITEM = LabelledItem(
    item_id="a",
    text=TEXT,
    source_kind="ticket",
    dataset="",
    sentiment=-1,
    demand="failure",
    domain="billing",
    cause="incorrect_charge",
    evidence=(16, 26),
    mentions=(LabelledMention("payment", "invoice", -1, 5, 20),),
)


@pytest.fixture(scope="module")
def taxonomy():
    return load_taxonomy(Path(__file__).parents[2] / "pipelines" / "taxonomy.yaml")


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps({"id": "a", "text": TEXT, "source_kind": "ticket"}).encode()))
    return path


def written(path, **changes):
    path.write_text(json.dumps({**LABEL, **changes}) + "\n")
    return path


def test_joins_the_text_by_id_and_finds_the_quotes(tmp_path, texts, taxonomy):
    assert read_labels([written(tmp_path / "labels.jsonl")], [texts], taxonomy) == [ITEM]


def test_reads_quotes_given_as_offsets(tmp_path, texts, taxonomy):
    labels = written(
        tmp_path / "labels.jsonl",
        mentions=[{"start": 5, "end": 20, "stage": "payment", "touchpoint": "invoice", "sentiment": -1}],
        breakdown={"domain": "billing", "cause": "incorrect_charge", "quote": [16, 26]},
    )
    assert read_labels([labels], [texts], taxonomy) == [ITEM]


def test_a_later_label_of_an_item_replaces_the_earlier(tmp_path, texts, taxonomy):
    old, new = written(tmp_path / "old.jsonl"), written(tmp_path / "new.jsonl", sentiment=-2)
    assert [item.sentiment for item in read_labels([old, new], [texts], taxonomy)] == [-2]


def test_names_file_line_and_nearest_code(tmp_path, texts, taxonomy):
    labels = written(tmp_path / "labels.jsonl", breakdown={"domain": "billing", "cause": "incorect_charge"})
    with pytest.raises(UnknownCode, match=r"labels.jsonl:1: .*did you mean 'incorrect_charge'"):
        read_labels([labels], [texts], taxonomy)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sentiment": 3}, "sentiment is 3; a whole number from -2 to 2"),
        ({"id": "b"}, "no text for this id"),
        ({"breakdown": {"domain": "billing", "cause": "incorrect_charge", "quote": "thrice"}}, "does not stand in the"),
    ],
)
def test_refuses_what_cannot_be_learnt_from(tmp_path, texts, taxonomy, changes, message):
    with pytest.raises(CxnlpError, match=message):
        read_labels([written(tmp_path / "labels.jsonl", **changes)], [texts], taxonomy)
