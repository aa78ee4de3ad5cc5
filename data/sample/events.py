"""What a journey event is, and small makers of the kinds that several parts need."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

GOODS = ("new phone", "tablet", "Tarn Hub router", "two Tarn Dots", "SIM card")
NEW_BILLING = date(2026, 4, 13)
NEW_COURIER = date(2026, 4, 27)


@dataclass(frozen=True)
class Event:
    """One thing that happened, in British time; no customer where it happened to an area or to all."""

    kind: str
    at: datetime
    customer_id: str | None = None
    attributes: dict[str, object] = field(default_factory=dict)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of a day."""
    return datetime.combine(day, time(hour, minute))


def order(customer_id: str, at: datetime, **told: object) -> Event:
    """An order; `told` are order number, item, seller and channel as far as known."""
    return Event("order_placed", at, customer_id, told)


def contract(customer_id: str, ordered: Event, item: str) -> Event:
    """The contract that is signed ten minutes after an order."""
    told = {"order": ordered.attributes.get("order"), "item": item}
    return Event("contract_signed", ordered.at + timedelta(minutes=10), customer_id, told)


def parcel(customer_id: str, shipped_at: datetime, item: str, order_no: object) -> Event:
    """A parcel handed to the courier of that day."""
    told = {"order": order_no, "courier": courier_of(shipped_at.date()), "item": item}
    return Event("parcel_shipped", shipped_at, customer_id, told)


def delivery(shipped: Event, at: datetime) -> Event:
    """The courier's word that a parcel was delivered."""
    return Event("parcel_delivered", at, shipped.customer_id, shipped.attributes)


def courier_of(day: date) -> str:
    """Whom the parcels of a day go with."""
    return "swiftlane" if day >= NEW_COURIER else "bluebird"
