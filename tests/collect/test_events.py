from pathlib import Path

import pandas as pd
import pytest

from cxnlp.collect.customers import CustomerBatch, read_customers
from cxnlp.collect.events import EventBatch, read_events
from cxnlp.config import CustomerSource, EventSource
from cxnlp.tables import CUSTOMERS, EVENTS, QUARANTINE

from .conftest import source_file

EVENT = {"name": "journey", "files": "*", "format": "csv"}
EVENT_COLUMNS = {"event_id": "id", "at": "at", "kind": "what", "customer_id": "who"}
CUSTOMER = {"name": "crm", "files": "*", "format": "csv"}


@pytest.fixture
def events_of(tmp_path: Path, pseudonyms, night):
    def read(content: bytes, **settings: object) -> EventBatch:
        path = tmp_path / "e.csv"
        path.write_bytes(content)
        source = EventSource.model_validate({**EVENT, "columns": EVENT_COLUMNS, **settings})
        (batch,) = read_events(source, source_file(path), pseudonyms, night, {"parcel_lost": "onboarding"})
        return batch

    return read


@pytest.fixture
def customers_of(tmp_path: Path, pseudonyms, night):
    def read(content: bytes, **columns: str) -> CustomerBatch:
        path = tmp_path / "c.csv"
        path.write_bytes(content)
        settings = {**CUSTOMER, "columns": {"customer_id": "id", **columns}, "segments": {"plan": "plan"}}
        source = CustomerSource.model_validate(settings)
        (batch,) = read_customers(source, source_file(path), pseudonyms, night)
        return batch

    return read


def reasons(batch: EventBatch | CustomerBatch) -> list[str]:
    return QUARANTINE.check(batch.quarantine)["reason"].tolist()


def test_an_event_is_mapped_with_its_stage_and_its_own_fields(events_of, pseudonyms):
    content = b'id,what,at,who,more,area\n5,parcel_lost,2026-03-01,C1,"{""courier"": ""Red"", ""kg"": 2}",\n'
    batch = events_of(content, attributes=["more", "area"])
    row = EVENTS.check(batch.events).iloc[0].drop("raw_hash")
    assert row.to_dict() == {
        "event_id": "journey-5",
        "source": "journey",
        "customer_key": pseudonyms.customer_key("C1"),
        "kind": "parcel_lost",
        "stage": "onboarding",
        "at": pd.Timestamp("2026-03-01", tz="UTC"),
        "attributes": '{"courier": "Red", "kg": 2}',
        "position": "e.csv:2",
        "file": "e.csv",
        "night": "2026-03-05",
    }


def test_an_event_may_have_neither_customer_nor_stage_and_its_kind_from_the_source(events_of):
    batch = events_of(b"id,at\n5,2026-03-01\n", columns={"event_id": "id", "at": "at"}, kind="outage")
    row = EVENTS.check(batch.events).iloc[0]
    assert row["kind"] == "outage"
    assert row[["customer_key", "stage"]].isna().all()


def test_events_that_cannot_be_read_are_quarantined_one_by_one(events_of):
    content = (
        b"id,what,at,who,more\n"
        b"1,order,2026-03-01,C1,a\n"
        b"1,order,2026-03-01,C1,a\n"
        b"1,order,2026-03-02,C1,a\n"
        b",order,2026-03-01,C1,a\n"
        b"2,,2026-03-01,C1,a\n"
        b"3,order,,C1,a\n"
        b"4,order,03.01.26,C1,a\n"
        b"5,order,2027-03-01,C1,a\n"
        b"6,order,2026-03-01,C1,{half\n" + b"7,order,2026-03-01,C1," + b"x" * 10_001 + b"\n"
    )
    batch = events_of(content, attributes=["more"])
    assert batch.events["event_id"].tolist() == ["journey-1"]
    assert reasons(batch) == [
        "repeated_record",
        "duplicate_id",
        "bad_id",
        "missing_kind",
        "missing_date",
        "bad_date",
        "future_date",
        "bad_attributes",
        "field_too_long",
    ]
    assert batch.record_count == 10


def test_a_customer_is_mapped_with_segments_and_churn(customers_of, pseudonyms):
    content = b"id,plan,since,left,left_at\nC1,Gold,1985-05-01,yes,2026-02-01\nC2,,,,\n"
    batch = customers_of(content, since="since", churned="left", churned_at="left_at")
    rows = CUSTOMERS.check(batch.customers)
    assert rows["customer_key"].tolist() == [pseudonyms.customer_key("C1"), pseudonyms.customer_key("C2")]
    assert rows["segments"].tolist() == ['{"plan": "Gold"}', "{}"]
    assert rows["is_churned"].astype(object).tolist() == [True, pd.NA]
    assert rows["since"].tolist() == [pd.Timestamp("1985-05-01", tz="UTC"), pd.NaT]
    assert rows["churned_at"].tolist() == [pd.Timestamp("2026-02-01", tz="UTC"), pd.NaT]


def test_customers_that_cannot_be_read_are_quarantined(customers_of):
    batch = customers_of(b"id,plan,left\nC1,Gold,0\nC1,Gold,0\nC1,Tin,0\nC2,Tin,perhaps\n", churned="left")
    assert len(batch.customers) == 1
    assert reasons(batch) == ["repeated_record", "duplicate_id", "bad_flag"]


def test_the_raw_hash_does_not_give_the_customers_id_away(events_of, pseudonyms, night, tmp_path):
    content = b"id,what,at,who\n5,parcel_lost,2026-03-01,C1\n"
    before = events_of(content).events["raw_hash"].item()
    source = EventSource.model_validate({**EVENT, "columns": EVENT_COLUMNS})
    other_key = type(pseudonyms)(b"another key altogether")
    (batch,) = read_events(source, source_file(tmp_path / "e.csv"), other_key, night, {})
    assert batch.events["raw_hash"].item() != before
