"""Events of those who tell of them: storylines, and single items with events of their own."""

from datetime import datetime, timedelta

from customers import Customer
from events import Event, contract, courier_of, delivery, moment, order, parcel
from written import OwnEvent, Story

CAMPAIGN = "spring-double"
LATE_AFTER_LAST_CONTACT = timedelta(days=3)
DAY = timedelta(days=1)
EXTRAS = {"Tarn Dots": "two Tarn Dots", "device cover": "device cover"}


def story_events(customer: Customer) -> list[Event]:
    """Events of the customer's storyline but invoices, which everybody has."""
    story = customer.story
    if story is None:
        return []
    makers = {"promo": _promotion, "missell": _mis_sold, "courier": _lost_parcel, "other": _other}
    return makers[story.kind](customer, story) if story.kind in makers else []


def _promotion(customer: Customer, story: Story) -> list[Event]:
    sent = Event(
        "campaign_sent", moment(story.fact_day, 8, 15), customer.id, {"campaign": CAMPAIGN, "channel": "email"}
    )
    seen_at = max(sent.at + timedelta(hours=3), moment(story.days[0] - DAY, 17, 30))
    if "refused" in story.facts:
        return [sent, _offer(customer, min(seen_at, customer.items[0].at - timedelta(minutes=45)), "shop")]
    if "code rejected" in story.facts:
        tried_at = min(seen_at, min(item.at for item in customer.items) - timedelta(minutes=20))
        return [
            sent,
            Event("cart_abandoned", tried_at, customer.id, {"item": customer.plan, "reason": "code_rejected"}),
        ]
    if "new customer" in story.facts:
        told = {"item": customer.plan, "seller": "web", "channel": "web"}
        placed = order(customer.id, moment(customer.since, 11, 40), **told)
        return [sent, placed, contract(customer.id, placed, customer.plan)]
    return [sent, _offer(customer, seen_at, "email")]


def _offer(customer: Customer, at: datetime, place: str) -> Event:
    return Event("offer_seen", at, customer.id, {"campaign": CAMPAIGN, "place": place})


def _mis_sold(customer: Customer, story: Story) -> list[Event]:
    lot = customer.random("story")
    extra = next((item for words, item in EXTRAS.items() if words in story.facts), None)
    told = {"order": story.found(r"TL-\d+"), "item": "Fibre 900 Max", "seller": "kestrel", "channel": "phone"}
    placed_at = moment(story.fact_day, lot.randint(10, 18), lot.randint(0, 59))
    placed = order(customer.id, placed_at, **told, **({"extra": extra} if extra else {}))
    goods = "two Tarn Dots" if extra == "two Tarn Dots" else "Tarn Hub router"
    shipped = parcel(customer.id, moment(story.fact_day + DAY, 15, 10), goods, told["order"])
    delivered = delivery(shipped, moment(story.fact_day + 3 * DAY, 11, 25))
    return [placed, contract(customer.id, placed, "Fibre 900 Max"), shipped, delivered]


def _lost_parcel(customer: Customer, story: Story) -> list[Event]:
    lot = customer.random("story")
    item, order_no = story.found(r"\(([^)]+)\)"), story.found(r"TL-\d+")
    told = {"order": order_no, "item": item, "seller": lot.choice(["web", "heron", "wren", "shop"]), "channel": "web"}
    told["channel"] = {"heron": "phone", "wren": "phone"}.get(told["seller"], told["seller"])
    placed = order(customer.id, moment(story.fact_day - DAY, lot.randint(9, 20), lot.randint(0, 59)), **told)
    shipped = parcel(customer.id, moment(story.fact_day, 15, lot.randint(0, 59)), item, order_no)
    if "marked delivered" in story.facts:
        day = min(story.fact_day + 2 * DAY, story.days[0] - DAY)
        return [placed, shipped, delivery(shipped, moment(day, 11, lot.randint(0, 59)))]
    if "tracking stopped" in story.facts:
        return [placed, shipped]
    return [placed, shipped, delivery(shipped, moment(story.days[-1], 13, 40) + LATE_AFTER_LAST_CONTACT)]


def _other(customer: Customer, story: Story) -> list[Event]:
    before = moment(story.days[0] - DAY, 19, 20)
    if "checkout error" in story.facts:
        return [Event("cart_abandoned", before, customer.id, {"item": "tablet", "reason": "page_error"})]
    if "eSIM" in story.facts:
        return [order(customer.id, before, item="eSIM", seller="app", channel="app")]
    if "engineer" in story.facts:
        placed = order(customer.id, before - 9 * DAY, item="Fibre 300", seller="wren", channel="phone")
        return [placed, contract(customer.id, placed, "Fibre 300")]
    if "moving abroad" in story.facts:
        return [Event("cancelled", moment(story.days[-1] + DAY, 10, 5), customer.id, {"reason": "moving_abroad"})]
    return []


def told_events(customer: Customer) -> list[Event]:
    """Events that single items tell of, with the steps that must have come before; invoices are not among them."""
    own = [event for item in customer.items for event in item.events if event.kind != "invoice_issued"]
    found = [_told(customer.id, event) for event in own]
    return [*found, *_steps_before(customer.id, found)]


def _told(customer_id: str, event: OwnEvent) -> Event:
    """The same event with one name per field."""
    told = dict(event.attributes)
    item = told.pop("product", None) or told.pop("plan", None)
    if item and "item" not in told:
        told["item"] = item
    if event.kind == "order_placed":
        told.setdefault("seller", "web")
        told.setdefault("channel", "phone" if told["seller"] in ("kestrel", "heron", "wren") else "web")
    return Event(event.kind, event.at, customer_id, told)


def _steps_before(customer_id: str, found: list[Event]) -> list[Event]:
    """A parcel that was delivered was shipped, one that was shipped was ordered."""
    by_kind = {event.kind: event for event in found}
    ordered, shipped = by_kind.get("order_placed"), by_kind.get("parcel_shipped")
    delivered = by_kind.get("parcel_delivered")
    steps = []
    if delivered and not shipped:
        day = ordered.at.date() + DAY if ordered else delivered.at.date() - 2 * DAY
        item = delivered.attributes.get("item") or (ordered.attributes.get("item") if ordered else None)
        told = {"courier": delivered.attributes.get("courier", courier_of(day)), "item": item or "phone"}
        shipped = Event("parcel_shipped", moment(day, 15, 5), customer_id, told)
        steps.append(shipped)
    if shipped and not ordered:
        told = {"item": shipped.attributes.get("item", "phone"), "seller": "web", "channel": "web"}
        steps.append(order(customer_id, moment(shipped.at.date() - DAY, 18, 35), **told))
    return steps
