"""Intercom: what a pull takes, and what an increment, an edit and a deletion do."""

import json

import pytest

from cxnlp.tables import FEEDBACK
from tests.sources.cases import HOUR, MAY, PROVED
from tests.vendors.intercom import Conversation

CASE = PROVED["intercom"]


@pytest.fixture
def intercom():
    with CASE.fill().serving() as vendor:
        yield vendor


@pytest.fixture
def items(tmp_path, intercom, monkeypatch):
    """Pull, and the feedback by item."""
    CASE.sign_in(monkeypatch)
    bench = CASE.bench(tmp_path, intercom)

    def pull():
        bench.pull("intercom")
        return bench.lake.read(FEEDBACK).set_index("item_id")

    return pull


def test_a_conversation_is_its_first_message_and_its_parts_without_notes(items):
    rows = items()
    assert [(t["who"], t["text"], t.get("at")) for t in json.loads(rows.loc["intercom-2", "turns"])] == [
        ("customer", "My parcel number 2 has not come, it is late again.", None),
        ("admin", "It left the depot this morning.", "2026-05-02T04:00:00Z"),
        ("customer", "Thank you, it came.", "2026-05-02T06:00:00Z"),
    ]
    assert rows.loc["intercom-7", "text"] == "No, I want to cancel."
    assert rows["customer_key"].nunique() == 7


def test_an_increment_takes_new_reopened_and_redacted_conversations(items, intercom):
    items()
    at = MAY + 48 * HOUR
    intercom.put(Conversation("9", "C9", "I was charged twice for May.", at, at))
    intercom.conversations["3"].reopens, intercom.conversations["3"].updated_at = 2, at
    intercom.redact("2", 2, at)
    rows = items()
    assert rows.loc["intercom-3", "reopen_count"] == 2
    assert "Thank you" not in rows.loc["intercom-2", "text"]
    assert "intercom-9" in rows.index


def test_a_conversation_that_is_found_no_more_says_that_it_is_deleted(items, intercom):
    said = items().loc["intercom-4", "text"]
    intercom.delete("4")
    row = items().loc["intercom-4"]
    assert (row["text"], row["is_deleted_at_source"]) == (said, True)
    assert items().loc["intercom-4", "is_deleted_at_source"]
