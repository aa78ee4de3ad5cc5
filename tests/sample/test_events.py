"""Events agree with the storylines, with the planted incidents and with each other."""

import re

import pandas as pd

from cxnlp.collect.events import read_events
from cxnlp.collect.files import list_files
from cxnlp.config import Pipeline
from cxnlp.pseudonym import Pseudonyms
from tests.sample.conftest import LAST_NIGHT, ROOT, Story, rows

WORSE_THAN_UNHIT = 3  # times as many leave


def of_kind(stories: list[Story], kind: str) -> list[Story]:
    return [story for story in stories if story.name.startswith(f"{kind}-")]


def test_there_are_at_least_10_000_events_of_every_kind(pipeline: Pipeline):
    pseudonyms = Pseudonyms(b"a key of the tests, 32 bytes long")
    batches = [
        batch
        for source in pipeline.events
        for file in list_files(source, ROOT)
        for batch in read_events(source, file, pseudonyms, LAST_NIGHT, pipeline.event_stages)
    ]
    events = pd.concat([batch.events for batch in batches])
    assert len(events) >= 10_000
    assert set(events["kind"]) == set(pipeline.event_stages)
    assert [reason for batch in batches for reason in batch.quarantine["reason"]] == ["bad_date", "bad_date"]


def test_every_billing_story_has_its_invoice_taken_twice(stories: list[Story], invoices: pd.DataFrame):
    twice = invoices[invoices["taken_twice"]].set_index("customer")
    for story in of_kind(stories, "billing"):
        number, day, amount = re.search(r"invoice (\S+) of (\S+), (\S+) pounds", story.facts).groups()
        invoice = twice.loc[story.customer_no]
        assert (invoice["invoice"], f"{invoice['at']:%Y-%m-%d}", invoice["amount"]) == (number, day, float(amount))


def test_invoices_are_taken_twice_on_two_plans_in_eight_days_only(customers: pd.DataFrame, invoices: pd.DataFrame):
    plan = invoices["customer"].map(customers["plan"])
    in_days = invoices["at"].between("2026-04-15", "2026-04-23")
    hit = plan.isin(["Legacy Copper", "Pocket 5 GB"]) & in_days
    assert invoices["taken_twice"].equals(hit.rename("taken_twice"))
    assert hit.sum() > 200


def test_every_mis_selling_story_has_its_order_by_team_kestrel(stories: list[Story], orders: pd.DataFrame):
    placed = orders[orders["event_type"] == "order_placed"].set_index("order_no")
    for story in of_kind(stories, "missell"):
        number, day = re.search(r"order (\S+) by phone with team Kestrel on (\S+);", story.facts).groups()
        order = placed.loc[number]
        found = (order["customer_no"], order["seller"], order["event_time"][:10])
        assert found == (story.customer_no, "kestrel", day)


def test_every_courier_story_has_its_parcel(stories: list[Story], parcels: pd.DataFrame):
    shipped = parcels[parcels["status"] == "parcel_shipped"].set_index("order_no")
    delivered = parcels[parcels["status"] == "parcel_delivered"].set_index("order_no")
    for story in of_kind(stories, "courier"):
        number, item, day = re.search(r"order (\S+) \((.+)\) shipped (\S+) with Swiftlane", story.facts).groups()
        scan = shipped.loc[number]
        found = (scan["account"], scan["contents"], scan["scanned_at"][:10], scan["courier"])
        assert found == (story.customer_no, item, day, "swiftlane")
        if "marked delivered" in story.facts:
            assert delivered.loc[number, "scanned_at"][:10] < f"{story.days[0]}"
        else:
            assert number not in delivered.index or delivered.loc[number, "scanned_at"][:10] > f"{story.days[-1]}"


def test_every_promotion_story_was_sent_the_campaign(stories: list[Story]):
    sent = {(row["contact"], row["when"][:10]) for row in rows("marketing.csv") if row["campaign"] == "spring-double"}
    for story in of_kind(stories, "promo"):
        year, month, day = re.search(r"received (\d+)-(\d+)-(\d+)", story.facts).groups()
        assert (story.customer_no, f"{day}/{month}/{year}") in sent


def test_a_contact_never_comes_before_what_it_is_about(stories: list[Story]):
    for story in stories:
        told = re.findall(r"20\d\d-\d\d-\d\d", story.facts)
        assert not told or told[0] <= f"{story.days[0]}"
    first_day = {"outage Coast 9 April": "2026-04-09", "outage North 6 May": "2026-05-06", "app 7.2": "2026-03-24"}
    for words, day in first_day.items():
        assert all(f"{story.days[0]}" >= day for story in stories if words in story.facts)


def test_orders_parcels_and_deliveries_come_in_their_order(orders: pd.DataFrame, parcels: pd.DataFrame):
    placed = orders[orders["event_type"] == "order_placed"].set_index("order_no")["event_time"]
    shipped = parcels[parcels["status"] == "parcel_shipped"].set_index("order_no")["scanned_at"]
    delivered = parcels[parcels["status"] == "parcel_delivered"].set_index("order_no")["scanned_at"]
    assert placed.index.is_unique and shipped.index.is_unique and delivered.index.is_unique
    assert set(delivered.index) <= set(shipped.index) <= set(placed.index)
    placed_at = pd.to_datetime(placed).dt.tz_localize("Europe/London")
    shipped_at, delivered_at = pd.to_datetime(shipped), pd.to_datetime(delivered)
    assert (shipped_at > placed_at.reindex(shipped.index)).all()
    assert (delivered_at > shipped_at.reindex(delivered.index)).all()


def test_invoice_numbers_are_used_once_and_no_customer_is_invoiced_twice_a_month(invoices: pd.DataFrame):
    assert invoices["invoice"].is_unique
    assert not invoices.assign(month=invoices["at"].dt.month).duplicated(["customer", "month"]).any()


def test_nothing_happens_to_customers_before_they_join_or_after_they_leave(
    customers: pd.DataFrame, invoices: pd.DataFrame, orders: pd.DataFrame, last_written: dict
):
    joined, left_on = customers["joined"], customers["left_on"]
    assert (invoices["at"] >= invoices["customer"].map(joined)).all()
    assert not (invoices["at"].dt.normalize() > invoices["customer"].map(left_on)).any()
    cancelled = set(orders.loc[orders["event_type"] == "cancelled", "customer_no"])
    assert set(left_on.dropna().index) <= cancelled
    wrote = pd.Series({customer: pd.Timestamp(at).normalize() for customer, at in last_written.items()})
    assert not (wrote > left_on.reindex(wrote.index)).any()
    assert (customers["left_on"].notna() == (customers["churned"] == "yes")).all()


def test_double_charged_customers_leave_more_often(customers: pd.DataFrame, invoices: pd.DataFrame):
    is_hit = customers.index.isin(invoices.loc[invoices["taken_twice"], "customer"])
    has_left = customers["left_on"].notna()
    assert has_left[is_hit].mean() > WORSE_THAN_UNHIT * has_left[~is_hit].mean()


def test_there_are_at_least_2_400_customers_and_most_never_write(customers: pd.DataFrame, last_written: dict):
    assert len(customers) >= 2_400
    assert set(last_written) <= set(customers.index)
    assert len(last_written) < len(customers) / 2
