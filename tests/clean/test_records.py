import hashlib
import json

import pandas as pd
import pytest

from cxnlp.clean.privacy import load_redactor
from cxnlp.clean.records import clean_records
from cxnlp.config import Clean, Company
from cxnlp.errors import SchemaError
from cxnlp.tables import RECORDS

ACME = load_redactor(Company(name="Acme"), (), None)


def records(*rows: dict[str, object]) -> pd.DataFrame:
    """Records of a ticket source, each with its place; `rows` say what differs."""
    plain = {"source": "desk", "source_kind": "ticket", "file": "desk.csv", "night": "2025-03-02"}
    filled = [{**plain, "item_id": f"desk-{n}", "position": f"desk.csv:{n}", **row} for n, row in enumerate(rows)]
    return RECORDS.typed(pd.DataFrame(filled, columns=RECORDS.names).astype("object"))


def test_a_record_becomes_an_item_of_clean_text():
    cleaned = clean_records(
        records({"text": "<p>Where is my refund?</p>\n\nKind regards,\nJo\n", "question": "What went wrong?"}),
        Clean(),
        ACME,
    )
    item = cleaned.feedback.iloc[0]
    assert (item["text"], item["question"]) == ("Where is my refund?", "What went wrong?")
    assert (item["language"], item["is_analysed"]) == ("en", True)
    assert item["text_hash"] == hashlib.sha256(b"ticket\0Where is my refund?").hexdigest()
    assert cleaned.dropped.empty


@pytest.mark.parametrize("text", [None, "", " \n\t", "<p></p>", "\u200b\0"])
def test_a_record_without_words_is_dropped_with_its_reason(text):
    cleaned = clean_records(records({"text": text}), Clean(), ACME)
    assert cleaned.feedback.empty
    assert cleaned.dropped[["position", "stage", "reason"]].values.tolist() == [["desk.csv:0", "clean", "empty_text"]]


@pytest.mark.parametrize("text", ["!!!", "😡", "5"])
def test_signs_alone_are_feedback(text):
    assert clean_records(records({"text": text}), Clean(), ACME).feedback["text"].tolist() == [text]


def test_a_thread_keeps_all_speakers_and_its_text_is_the_customers():
    turns = [
        {"who": "customer", "text": "no line &amp; no answer, mail jo@example.org"},
        {"who": "agent", "text": "I wrote to Jo@example.org and al@example.org"},
        {"who": "customer", "text": "ok"},
        {"who": "customer", "text": "<br>"},
    ]
    cleaned = clean_records(records({"text": "as it came", "turns": json.dumps(turns)}), Clean(), ACME)
    assert cleaned.feedback["text"].tolist() == ["no line & no answer, mail <EMAIL_1>\nok"]
    assert json.loads(cleaned.feedback["turns"][0]) == [
        {"who": "customer", "text": "no line & no answer, mail <EMAIL_1>"},
        {"who": "agent", "text": "I wrote to <EMAIL_1> and <EMAIL_2>"},
        {"who": "customer", "text": "ok"},
    ]


def test_a_thread_in_which_the_customer_said_nothing_is_dropped():
    turns = json.dumps([{"who": "agent", "text": "Hello?"}, {"who": "customer", "text": ""}])
    assert clean_records(records({"text": "", "turns": turns}), Clean(), ACME).dropped["reason"].tolist() == [
        "empty_text"
    ]


def test_mail_habits_are_looked_for_in_tickets_only():
    text = "Lovely shop\nKind regards\nthe team"
    cleaned = clean_records(records({"text": text}, {"text": text, "source_kind": "review"}), Clean(), ACME)
    assert cleaned.feedback["text"].tolist() == ["Lovely shop", text]


def test_cleaning_what_was_cleaned_changes_nothing():
    texts = ["a &lt;b&gt; c", "ring 555-123-4567", "x\n\n\n\ny", "Ich warte seit drei Wochen darauf"]
    once = clean_records(records(*({"text": text} for text in texts)), Clean(), ACME).feedback
    again = clean_records(records(*({"text": text} for text in once["text"])), Clean(), ACME).feedback
    pd.testing.assert_frame_equal(again, once)


def test_no_records_give_two_empty_frames():
    cleaned = clean_records(RECORDS.empty(), Clean(), ACME)
    assert (len(cleaned.feedback), len(cleaned.dropped)) == (0, 0)


def test_an_item_id_that_repeats_is_refused():
    with pytest.raises(SchemaError, match="key .* repeats"):
        clean_records(records({"item_id": "a", "text": "x"}, {"item_id": "a", "text": "y"}), Clean(), ACME)
