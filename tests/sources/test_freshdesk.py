"""Freshdesk: what a pull takes, and what an increment, an edit and a deletion do."""

import json

import pytest

from cxnlp.tables import FEEDBACK
from tests.sources.cases import HOUR, MAY, PROVED
from tests.vendors.freshdesk import PHONE, Ticket

CASE = PROVED["freshdesk"]


@pytest.fixture
def freshdesk():
    with CASE.fill().serving() as vendor:
        yield vendor


@pytest.fixture
def items(tmp_path, freshdesk, monkeypatch):
    """Pull, and the feedback by item."""
    CASE.sign_in(monkeypatch)
    bench = CASE.bench(tmp_path, freshdesk)

    def pull():
        bench.pull("freshdesk")
        return bench.lake.read(FEEDBACK).set_index("item_id")

    return pull


def test_a_ticket_is_its_description_and_its_conversation_without_notes(items):
    thread = items().loc["freshdesk-2"]
    assert [(turn["who"], turn["text"]) for turn in json.loads(thread["turns"])] == [
        ("customer", "My parcel number 2 has not come, it is late again."),
        ("agent", "It left the depot this morning."),
        ("customer", "Still nothing here."),
        ("customer", "Thank you, it came."),
    ]
    assert (thread["channel"], thread["source_updated_at"].isoformat()) == ("email", "2026-05-02T07:00:00+00:00")


def test_an_increment_asks_from_the_last_change_and_takes_new_and_edited_tickets(items, freshdesk):
    items()
    asked, at = len(freshdesk.asked), MAY + 48 * HOUR
    freshdesk.put(Ticket(9, 509, "I was charged twice for May.", at, at, source=PHONE))
    freshdesk.say(3, "Still nothing, day four.", at, incoming=True)
    rows = items()
    assert rows.loc["freshdesk-3", "text"].endswith("Still nothing, day four.")
    assert rows.loc["freshdesk-9", "channel"] == "phone"
    assert freshdesk.asked[asked].query["updated_since"] == "2026-05-02T06:00:00Z"


def test_a_deleted_ticket_keeps_its_words_and_says_that_it_is_deleted(items, freshdesk):
    said = items().loc["freshdesk-4", "text"]
    freshdesk.delete(4, MAY + 50 * HOUR)
    row = items().loc["freshdesk-4"]
    assert (row["text"], row["is_deleted_at_source"]) == (said, True)
    assert row["deleted_at"].isoformat() == "2026-05-03T10:00:00+00:00"
