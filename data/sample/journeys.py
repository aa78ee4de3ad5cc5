"""Twelve weeks of ordinary events for every customer, and the incidents that hit those who never write."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from customers import DOUBLE_CHARGED_DAYS, DOUBLE_CHARGED_PLANS, END, START, Customer
from events import GOODS, NEW_BILLING, Event, contract, delivery, moment, order, parcel
from incidents import CAMPAIGN, story_events, told_events

DAY = timedelta(days=1)
CAMPAIGNS = {  # name: first day, days it is sent over, share of customers
    "fibre-welcome": (date(2026, 3, 9), 1, 0.15),
    CAMPAIGN: (date(2026, 3, 16), 3, 0.45),
    "perks-april": (date(2026, 4, 7), 2, 0.20),
    "summer-roaming": (date(2026, 5, 11), 3, 0.20),
}
SEEN_SHARE = 0.22
KESTREL_DAYS = (date(2026, 3, 30), date(2026, 4, 19))
SWIFTLANE_DAYS = (date(2026, 4, 26), date(2026, 5, 16))
MIS_SOLD_SHARE, PARCEL_SHARE, ORDER_SHARE, CART_SHARE = 0.08, 0.16, 0.20, 0.06
NEVER_CAME, CAME_LATE = 0.16, 0.22
PAYMENT_FAILED_SHARE = 0.015
PRICE_RISE_DAY, PRICE_RISE = date(2026, 4, 1), 0.079
UNHIT_CHURN = 0.015
CHURN = {"promo": 0.07, "missell": 0.17, "billing": 0.10, "courier": 0.16, "other": 0.04}
LONG_STORY_CHURN = 0.12
OUTAGES = (
    ("Coast", datetime(2026, 4, 9, 18, 10), datetime(2026, 4, 9, 23, 40)),
    ("North", datetime(2026, 5, 6, 7, 0), datetime(2026, 5, 6, 11, 30)),
)
RELEASES = (("7.2", datetime(2026, 3, 24, 6, 0)), ("7.3", datetime(2026, 5, 4, 6, 0)))


@dataclass(frozen=True)
class Hit:
    """What went wrong for a customer and when."""

    incident: str
    day: date


@dataclass(frozen=True)
class Journey:
    """A customer's events in order of time, what hit them, and the day they left, if they did."""

    customer: Customer
    events: tuple[Event, ...]
    hits: tuple[Hit, ...]
    left_on: date | None


def make_journey(customer: Customer) -> Journey:
    """Everything that happens to one customer."""
    told = [*story_events(customer), *told_events(customer)]
    bought = _purchases(customer) if customer.is_silent else []
    mailed = _mailings(customer, {str(event.attributes.get("campaign")) for event in told})
    events = [*told, *bought, *mailed, *_invoices(customer), *_price_rise(customer)]
    events = [event for event in events if _is_possible(event, customer)]
    hits = _hits(customer, events)
    leaving = next((event for event in events if event.kind == "cancelled" and _ends_all(event, customer)), None)
    left_on = leaving.at.date() if leaving else _leaving_day(customer, hits)
    kept = [event for event in events if left_on is None or event.at.date() <= left_on]
    if left_on and leaving is None:
        kept.append(Event("cancelled", moment(left_on, 23, 30), customer.id, {"item": customer.plan}))
    return Journey(customer, tuple(sorted(kept, key=lambda event: event.at)), tuple(hits), left_on)


def company_events() -> list[Event]:
    """Outages of an area and releases of the app, which have no customer."""
    outages = [
        Event("outage", at, None, {"region": area, "until": f"{until:%Y-%m-%d %H:%M}"}) for area, at, until in OUTAGES
    ]
    return [*outages, *(Event("app_release", at, None, {"version": version}) for version, at in RELEASES)]


def _is_possible(event: Event, customer: Customer) -> bool:
    """Nothing but advertising and carts comes before a customer joins; nothing after the twelve weeks."""
    is_before = event.kind not in ("campaign_sent", "offer_seen", "cart_abandoned") and event.at.date() < customer.since
    return not is_before and event.at.date() <= END


def _ends_all(event: Event, customer: Customer) -> bool:
    """Whether a cancellation is the customer's own last word: nobody writes weeks after leaving."""
    return all(item.at.date() <= event.at.date() for item in customer.items)


def _mailings(customer: Customer, known: set[str]) -> list[Event]:
    lot, events = customer.random("mailings"), []
    for name, (first, days, share) in CAMPAIGNS.items():
        is_sent, day, seen = lot.random() < share, first + lot.randrange(days) * DAY, lot.random() < SEEN_SHARE
        hour, minute, later = lot.randint(7, 10), lot.randint(0, 59), timedelta(minutes=lot.randint(20, 4_000))
        if name in known or not is_sent:
            continue
        sent = Event("campaign_sent", moment(day, hour, minute), customer.id, {"campaign": name, "channel": "email"})
        place = lot.choice(["web", "app", "shop", "email"])
        events.append(sent)
        if seen and customer.is_silent:
            events.append(Event("offer_seen", sent.at + later, customer.id, {"campaign": name, "place": place}))
    return events


def _purchases(customer: Customer) -> list[Event]:
    lot = customer.random("purchases")
    fate = lot.random()
    if fate < MIS_SOLD_SHARE and customer.plan != "Unlimited":
        return _order(customer, lot, _day_between(lot, *KESTREL_DAYS), "Fibre 900 Max", "kestrel")
    if fate < MIS_SOLD_SHARE + PARCEL_SHARE:
        day = _day_between(lot, *SWIFTLANE_DAYS)
        return _order(customer, lot, day, lot.choice(GOODS), _seller(lot, day))
    if fate < MIS_SOLD_SHARE + PARCEL_SHARE + ORDER_SHARE:
        day, item = (
            _day_between(lot, START, END - 3 * DAY),
            lot.choice([*GOODS, "Fibre 300", "Pocket 50 GB", "Unlimited"]),
        )
        return _order(customer, lot, day, item, _seller(lot, day))
    if fate < MIS_SOLD_SHARE + PARCEL_SHARE + ORDER_SHARE + CART_SHARE:
        at = moment(_day_between(lot, START, END), lot.randint(8, 22), lot.randint(0, 59))
        return [Event("cart_abandoned", at, customer.id, {"item": lot.choice(GOODS), "reason": "none_given"})]
    return []


def _day_between(lot: Random, first: date, last: date) -> date:
    return first + lot.randint(0, (last - first).days) * DAY


def _seller(lot: Random, day: date) -> str:
    """Kestrel sells as the other teams do outside its three bad weeks, whose orders `_purchases` makes."""
    kestrel = 0 if KESTREL_DAYS[0] <= day <= KESTREL_DAYS[1] else 12
    return lot.choices(["web", "shop", "app", "heron", "wren", "kestrel"], [38, 22, 10, 15, 15, kestrel])[0]


def _order(customer: Customer, lot: Random, day: date, item: str, seller: str) -> list[Event]:
    channel = "phone" if seller in ("kestrel", "heron", "wren") else seller
    told = {"item": item, "seller": seller, "channel": channel}
    is_mis_sold = seller == "kestrel" and KESTREL_DAYS[0] <= day <= KESTREL_DAYS[1]
    if is_mis_sold:
        told["extra"] = lot.choice(["device cover", "two Tarn Dots", "none"])
    placed = order(customer.id, moment(day, lot.randint(9, 18), lot.randint(0, 49)), **told)
    events = [placed] if item in ("SIM card", "two Tarn Dots") else [placed, contract(customer.id, placed, item)]
    if item in GOODS or is_mis_sold:
        goods = item if item in GOODS else "Tarn Hub router"
        events += _parcel(customer, lot, day + DAY, goods)
    return events


def _parcel(customer: Customer, lot: Random, day: date, item: str) -> list[Event]:
    shipped = parcel(customer.id, moment(day, lot.randint(13, 17), lot.randint(0, 59)), item, None)
    fate, days = lot.random(), lot.randint(1, 3)
    if shipped.attributes["courier"] == "swiftlane" and day <= SWIFTLANE_DAYS[1] + DAY:
        if fate < NEVER_CAME:
            return [shipped]
        days = lot.randint(7, 14) if fate < NEVER_CAME + CAME_LATE else days
    return [shipped, delivery(shipped, moment(day + days * DAY, lot.randint(9, 17), lot.randint(0, 59)))]


def _invoices(customer: Customer) -> list[Event]:
    lot, events = customer.random("invoices"), []
    told = {event.at.month: event for item in customer.items for event in item.events if event.kind == "invoice_issued"}
    for month in (3, 4, 5):
        day = date(2026, month, customer.bill_day)
        if not max(START, customer.since + 7 * DAY) <= day <= END:
            continue
        invoice = _invoice(customer, day)
        if month in told:
            invoice = replace(
                invoice, at=told[month].at, attributes={**invoice.attributes, **_amount(told[month].attributes)}
            )
        events.append(invoice)
        must_fail = (
            customer.story and "direct debit declined" in customer.story.facts and month == customer.story.days[0].month
        )
        if (lot.random() < PAYMENT_FAILED_SHARE and customer.is_silent) or must_fail:
            events.append(
                Event(
                    "payment_failed",
                    invoice.at + DAY,
                    customer.id,
                    {"amount": invoice.attributes["amount"], "reason": "refused"},
                )
            )
    return events


def _amount(told: dict[str, object]) -> dict[str, object]:
    return {"amount": told["amount"]} if "amount" in told else {}


def _invoice(customer: Customer, day: date) -> Event:
    is_new = day >= NEW_BILLING
    price = customer.price if day >= PRICE_RISE_DAY else round(customer.price / (1 + PRICE_RISE), 2)
    is_twice = day.month == 4 and day.day in DOUBLE_CHARGED_DAYS and customer.plan in DOUBLE_CHARGED_PLANS
    told = {"amount": price, "system": "new" if is_new else "old", "taken_twice": is_twice}
    if customer.story and customer.story.kind == "billing" and is_twice:
        told["invoice"] = customer.story.found(r"INV-\d+")
    return Event("invoice_issued", moment(day, 6), customer.id, told)


def _price_rise(customer: Customer) -> list[Event]:
    if customer.since >= date(2026, 2, 1):
        return []
    told = {
        "percent": 7.9,
        "plan": customer.plan,
        "from": round(customer.price / (1 + PRICE_RISE), 2),
        "to": customer.price,
    }
    return [Event("price_changed", moment(PRICE_RISE_DAY, 0, 5), customer.id, told)]


def _hits(customer: Customer, events: list[Event]) -> list[Hit]:
    """What of the incidents hit the customer, by story or by events alone."""
    if customer.story:
        return [Hit(customer.story.kind, customer.story.days[-1])]
    found = [Hit("billing", event.at.date()) for event in events if event.attributes.get("taken_twice")]
    found += [Hit("missell", event.at.date() + 10 * DAY) for event in events if _is_mis_sold(event)]
    found += [
        Hit("promo", e.at.date()) for e in events if e.kind == "offer_seen" and e.attributes["campaign"] == CAMPAIGN
    ]
    arrived = {event.at for event in events if event.kind == "parcel_delivered"}
    for event in (e for e in events if e.kind == "parcel_shipped" and e.attributes["courier"] == "swiftlane"):
        if not any(event.at < at <= event.at + 5 * DAY for at in arrived) and event.at.date() < END - 5 * DAY:
            found.append(Hit("courier", event.at.date() + 5 * DAY))
    return found


def _is_mis_sold(event: Event) -> bool:
    is_in_time = KESTREL_DAYS[0] <= event.at.date() <= KESTREL_DAYS[1]
    return event.kind == "order_placed" and event.attributes.get("seller") == "kestrel" and is_in_time


def _leaving_day(customer: Customer, hits: list[Hit]) -> date | None:
    """The day a customer leaves: some days after what hit them and after the last time they write."""
    lot = customer.random("leaving")
    share = max([CHURN[hit.incident] for hit in hits], default=UNHIT_CHURN)
    if customer.story and len(customer.story.days) >= 3:
        share += LONG_STORY_CHURN
    if lot.random() >= share:
        return None
    earliest = max([START, *(hit.day for hit in hits), *(item.at.date() for item in customer.items)])
    day = earliest + lot.randint(2, 20) * DAY if hits or customer.items else _day_between(lot, START + 7 * DAY, END)
    return day if day <= END and day > customer.since else None
