"""Customers and events as five systems of Tarnlink export them."""

import csv
import io
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from customers import SEED
from events import Event
from journeys import Journey

LONDON = ZoneInfo("Europe/London")
SYSTEM_OF_KIND = {
    "order_placed": "orders",
    "contract_signed": "orders",
    "cart_abandoned": "orders",
    "cancelled": "orders",
    "parcel_shipped": "parcels",
    "parcel_delivered": "parcels",
    "invoice_issued": "billing",
    "payment_failed": "billing",
    "price_changed": "billing",
    "campaign_sent": "marketing",
    "offer_seen": "marketing",
    "outage": "network",
    "app_release": "network",
}
ORDER_FIELDS = ("order", "item", "seller", "channel", "extra", "reason")
BAD_ORDERS = (  # on purpose: no such day, and a time in words
    "ORD-90001,2026-04-31 10:15,order_placed,T90126,TL-3190001,tablet,web,web,,",
    "ORD-90002,last tuesday,order_placed,T57744,TL-3190002,SIM card,shop,shop,,",
)


def numbered(journeys: Iterable[Journey]) -> list[Event]:
    """All customers' events in order of time; orders and invoices without a number get one nobody else has."""
    by_customer = [list(journey.events) for journey in journeys]
    taken = {str(e.attributes.get(name)) for events in by_customer for e in events for name in ("order", "invoice")}
    orders = _free_numbers("TL-", range(3_010_000, 3_090_000), taken)
    old_invoices = _free_numbers("INV-", range(860_000, 879_999), taken)
    new_invoices = _free_numbers("INV-", range(880_000, 899_999), taken)
    for events in by_customer:
        _number_orders(events, orders)
        for place, event in enumerate(events):
            if event.kind == "invoice_issued" and "invoice" not in event.attributes:
                series = new_invoices if event.attributes["system"] == "new" else old_invoices
                events[place] = replace(event, attributes={"invoice": next(series), **event.attributes})
    return sorted((e for events in by_customer for e in events), key=lambda e: (e.at, e.customer_id, e.kind))


def _free_numbers(prefix: str, numbers: range, taken: set[str]) -> Iterator[str]:
    drawn = random.Random(f"{SEED}:{prefix}:{numbers.start}").sample(numbers, len(numbers))
    return (f"{prefix}{number}" for number in drawn if f"{prefix}{number}" not in taken)


def _number_orders(events: list[Event], orders: Iterator[str]) -> None:
    """Give each order a number and each later step the number of the order before it, in place."""
    known: str | None = None
    for place, event in enumerate(events):
        if event.kind == "order_placed":
            known = str(event.attributes.get("order") or next(orders))
            events[place] = replace(event, attributes={**event.attributes, "order": known})
        elif event.kind in ("contract_signed", "parcel_shipped", "parcel_delivered"):
            number = event.attributes.get("order") or known
            events[place] = replace(event, attributes={**event.attributes, "order": number})


def write_events(events: list[Event], folder: Path) -> None:
    """Write the five systems' files, those of orders, parcels and billing by month."""
    for system, write in (("orders", _orders), ("parcels", _parcels), ("billing", _billing)):
        own = [(f"{number:05d}", event) for number, event in enumerate(_of(events, system), 1)]
        for month in (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)):
            rows = [(number, event) for number, event in own if event.at.month == month.month]
            if rows:
                write(rows, folder / f"{system}_{month:%Y-%m}")
    _marketing(_of(events, "marketing"), folder / "marketing.csv")
    _network(_of(events, "network"), folder / "network.csv")


def _of(events: list[Event], system: str) -> list[Event]:
    return [event for event in events if SYSTEM_OF_KIND[event.kind] == system]


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=LONDON).astimezone(UTC)


def _table(rows: Iterable[Iterable[object]], separator: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _orders(rows: list[tuple[str, Event]], path: Path) -> None:
    header = ("event_no", "event_time", "event_type", "customer_no", "order_no", *ORDER_FIELDS[1:])
    table = [
        (f"ORD-{number}", f"{e.at:%Y-%m-%d %H:%M}", e.kind, e.customer_id, *(e.attributes.get(f) for f in ORDER_FIELDS))
        for number, e in rows
    ]
    bad = "".join(f"{line}\n" for line in BAD_ORDERS) if path.name.endswith("2026-05") else ""
    path.with_suffix(".csv").write_text(_table([header, *table]) + bad, encoding="utf-8")


def _parcels(rows: list[tuple[str, Event]], path: Path) -> None:
    header = ("scan", "scanned_at", "status", "account", "order_no", "courier", "contents")
    table = [
        (f"S{number}", f"{_utc(e.at):%Y-%m-%dT%H:%M:%SZ}", e.kind, e.customer_id)
        + tuple(e.attributes.get(name) for name in ("order", "courier", "item"))
        for number, e in rows
    ]
    path.with_suffix(".csv").write_text(_table([header, *table], ";"), encoding="utf-8")


def _billing(rows: list[tuple[str, Event]], path: Path) -> None:
    records = (
        {
            "id": int(number),
            "ts": int(_utc(e.at).timestamp() * 1000),
            "type": e.kind,
            "account": e.customer_id,
            "data": e.attributes,
        }
        for number, e in rows
    )
    lines = (json.dumps(record, separators=(",", ":")) for record in records)
    path.with_suffix(".jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _marketing(events: list[Event], path: Path) -> None:
    table = [
        (f"M{number:05d}", f"{e.at:%d/%m/%Y %H:%M}", e.kind, e.customer_id, e.attributes["campaign"])
        + (e.attributes.get("channel") or e.attributes.get("place"),)
        for number, e in enumerate(events, 1)
    ]
    path.write_text(_table([("send_id", "when", "what", "contact", "campaign", "place"), *table]), encoding="utf-8")


def _network(events: list[Event], path: Path) -> None:
    table = [
        (
            f"N{number}",
            f"{e.at:%Y-%m-%d %H:%M}",
            e.kind,
            *(e.attributes.get(name) for name in ("region", "until", "version")),
        )
        for number, e in enumerate(events, 1)
    ]
    path.write_text(_table([("ref", "start", "type", "region", "until", "version"), *table]), encoding="utf-8")


def write_customers(journeys: list[Journey], path: Path) -> None:
    """Write the customers file."""
    header = ("customer_no", "region", "plan", "tenure", "sold_through", "joined", "churned", "left_on")
    table = [
        (c.id, c.region, c.plan, tenure(c.since), c.sold_through, f"{c.since:%d/%m/%Y}")
        + (("yes", f"{journey.left_on:%d/%m/%Y}") if journey.left_on else ("no", ""))
        for journey in journeys
        for c in (journey.customer,)
    ]
    path.write_text(_table([header, *table]), encoding="utf-8")


def tenure(since: date) -> str:
    """How long a customer had been one when the twelve weeks began, in bands."""
    years = (date(2026, 3, 2) - since).days / 365.25
    return next(
        band
        for limit, band in ((1, "under 1 year"), (3, "1 to 3 years"), (6, "3 to 6 years"), (99, "over 6 years"))
        if years < limit
    )
