"""What the pipeline reads from the sample's feedback files."""

import json

import pytest

from cxnlp.config import Pipeline
from cxnlp.taxonomy import load_taxonomy
from tests.sample.conftest import ROOT, SAMPLE, Feedback


@pytest.fixture(scope="module")
def labels() -> list[dict]:
    return [json.loads(line) for line in (SAMPLE / "labels.jsonl").read_text(encoding="utf-8").splitlines()]


def test_there_are_at_least_800_items_of_every_kind(feedback: Feedback):
    items = feedback.records.drop_duplicates("item_id")
    assert len(items) >= 800
    assert set(items["source_kind"]) == {"survey", "ticket", "social", "review", "chat", "call", "note"}


def test_what_is_broken_on_purpose_is_quarantined_and_nothing_else(feedback: Feedback):
    reasons = feedback.quarantine.groupby(["source", "reason"]).size().to_dict()
    assert reasons == {
        ("calls", "wrong_columns"): 1,
        ("chats", "duplicate_id"): 1,
        ("nps", "bad_date"): 3,
        ("nps", "bad_score"): 2,
        ("nps", "future_date"): 1,
        ("nps", "nul_bytes"): 1,
        ("nps", "wrong_encoding"): 1,
        ("social", "not_json"): 1,
    }


def test_records_read_twice_are_the_second_export_and_the_edited_review(feedback: Feedback):
    repeated = feedback.records[feedback.records.duplicated("item_id")]
    assert repeated.groupby("source").size().to_dict() == {"tickets": 12, "product_reviews": 1}
    assert set(repeated.loc[repeated["source"] == "tickets", "file"]) == {"tickets_2026-04_second_export.jsonl"}


def test_five_items_have_no_words(feedback: Feedback):
    empty = feedback.records[feedback.records["text"].fillna("").str.strip() == ""]
    assert empty.groupby("source").size().to_dict() == {"csat": 3, "frontline": 1, "nps": 1}


def test_a_formula_typed_as_text_arrives_as_text(feedback: Feedback):
    text = feedback.records.set_index("item_id").loc["frontline-FN-9043", "text"]
    assert text.startswith("=HYPERLINK(")


def test_one_text_is_longer_than_the_pipeline_takes(feedback: Feedback, pipeline: Pipeline):
    longer = feedback.records[feedback.records["text"].str.len() > pipeline.clean.max_characters]
    assert longer["item_id"].tolist() == ["tickets-TCK-9003"]


def test_no_two_items_say_the_same_but_those_copied_on_purpose(feedback: Feedback):
    items = feedback.records.drop_duplicates("item_id")
    said = items.assign(text=items["text"].fillna("").str.strip().str.lower()).query("text != ''")
    copies = said[said.duplicated("text", keep=False)]
    assert sorted(copies["item_id"]) == ["product_reviews-PR-2188", "product_reviews-PR-9036"]


def test_every_label_belongs_to_an_item(feedback: Feedback, labels: list[dict]):
    ids = [label["id"] for label in labels]
    assert len(ids) == len(set(ids)) >= 800
    assert set(ids) <= set(feedback.records["item_id"])


def test_every_quote_stands_in_its_text(feedback: Feedback, labels: list[dict]):
    text_by_id = feedback.records.drop_duplicates("item_id").set_index("item_id")["text"].to_dict()
    quotes = [
        (label["id"], quote)
        for label in labels
        for quote in (*(mention["quote"] for mention in label["mentions"]), label["breakdown"]["quote"])
        if quote is not None
    ]
    assert [(id_, quote) for id_, quote in quotes if quote not in text_by_id[id_]] == []


def test_every_code_of_a_label_is_in_the_taxonomy(pipeline: Pipeline, labels: list[dict]):
    taxonomy = load_taxonomy(ROOT / pipeline.taxonomy)
    mentions = [mention for label in labels for mention in label["mentions"]]
    assert {mention["stage"] for mention in mentions} <= set(taxonomy.stages)
    assert {mention["touchpoint"] for mention in mentions} <= set(taxonomy.touchpoints)
    assert {label["breakdown"]["domain"] for label in labels} <= set(taxonomy.domains)
    assert {mention["sentiment"] for mention in mentions} | {label["sentiment"] for label in labels} == {
        -2,
        -1,
        0,
        1,
        2,
    }
    assert {label["demand"] for label in labels} == {"failure", "value", "none"}
    assert max(len(label["mentions"]) for label in labels) <= 4
