"""Tarnlink's customers: those who write, as their texts and storylines tell, and many who never do."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from written import Item, Story

SEED = 20260302
START, END = date(2026, 3, 2), date(2026, 5, 24)
SILENT_CUSTOMERS = 1_900
REGIONS = {"North": 26, "Coast": 24, "Midlands": 28, "Capital": 22}
PLANS = {
    "Fibre 80": 19,
    "Fibre 300": 16,
    "Fibre 900 Max": 7,
    "Legacy Copper": 17,
    "Pocket 5 GB": 18,
    "Pocket 50 GB": 13,
    "Unlimited": 10,
}
PRICES = {
    "Fibre 80": (27.50, 29.00, 31.50),
    "Fibre 300": (34.50, 37.00, 39.99),
    "Fibre 900 Max": (52.00, 55.00, 58.50),
    "Legacy Copper": (22.50, 27.99, 31.40, 41.20),
    "Pocket 5 GB": (12.00, 18.00, 22.50, 36.75),
    "Pocket 50 GB": (16.00, 24.00, 38.50),
    "Unlimited": (29.00, 33.00, 46.00),
}
SOLD_THROUGH = {"web": 34, "shop": 31, "phone": 29, "app": 6}
DOUBLE_CHARGED_PLANS = frozenset({"Legacy Copper", "Pocket 5 GB"})
DOUBLE_CHARGED_DAYS = range(15, 23)
SHOP_REGION = {"ashby": "North", "colme": "Midlands", "dunmere": "Capital", "port ellis": "Coast", "wexholt": "Capital"}
PLAN_WORDS = {
    r"fibre 80\b": "Fibre 80",
    r"fibre 300\b": "Fibre 300",
    r"900 max": "Fibre 900 Max",
    r"legacy copper": "Legacy Copper",
    r"pocket 5\b|pocket 5 ?gb": "Pocket 5 GB",
    r"pocket 50": "Pocket 50 GB",
    r"\bunlimited\b": "Unlimited",
}
SAID_SINCE = {  # years that customers name in their own texts
    "T10437": 2017, "T10474": 2020, "T10622": 2014, "T10696": 2017, "T10770": 2019, "T10918": 2019, "T11103": 2020,
    "T12250": 1996, "T16320": 2020, "T28190": 1998, "T30702": 2023, "T33265": 2025, "T33790": 2015, "T43650": 2024,
    "T45990": 2007, "T52216": 2018, "T59031": 2015, "T64121": 2018, "T80144": 2016,
}  # fmt: skip


@dataclass(frozen=True)
class Customer:
    """One customer; `price` is what a month costs from April on, in pounds."""

    id: str
    region: str
    plan: str
    price: float
    bill_day: int
    since: date
    sold_through: str
    story: Story | None
    items: tuple[Item, ...]

    @property
    def is_silent(self) -> bool:
        """Whether the customer never writes."""
        return not self.items

    def random(self, purpose: str) -> random.Random:
        """Chance of the customer's own, which no other customer's lot can change."""
        return random.Random(f"{SEED}:{purpose}:{self.id}")


def make_customers(items: list[Item], stories: list[Story]) -> list[Customer]:
    """Everybody who writes and `SILENT_CUSTOMERS` who do not, in order of their ids."""
    by_customer: dict[str, list[Item]] = {}
    for item in items:
        if item.customer_id:
            by_customer.setdefault(item.customer_id, []).append(item)
    story_of = {story.customer_id: story for story in stories}
    writing = [_customer(id_, tuple(own), story_of.get(id_)) for id_, own in by_customer.items()]
    silent = [_customer(id_, (), None) for id_ in _silent_ids(by_customer)]
    return sorted([*writing, *silent], key=lambda customer: customer.id)


def _silent_ids(taken: Iterable[str]) -> list[str]:
    free = sorted({f"T{number}" for number in range(17_000, 99_000)} - set(taken))
    return random.Random(f"{SEED}:silent").sample(free, SILENT_CUSTOMERS)


def _customer(id_: str, items: tuple[Item, ...], story: Story | None) -> Customer:
    lot = random.Random(f"{SEED}:customer:{id_}")
    words = " ".join(turn.text for item in items for turn in item.thread).lower()
    region, plan = _region(lot, words, story), _plan(lot, words, story)
    bill_day, sold = lot.randint(1, 28), lot.choices(list(SOLD_THROUGH), list(SOLD_THROUGH.values()))[0]
    forced_day = _told_bill_day(items, story)
    is_billing = story is not None and story.kind == "billing"
    if items and not is_billing and not _is_double_charged(items):
        plan, bill_day = _spared(plan, forced_day or bill_day, forced_day is not None)
    elif items and not is_billing:
        plan = plan if plan in DOUBLE_CHARGED_PLANS else "Pocket 5 GB"
    bill_day = forced_day or bill_day
    price = float(story.found(r"([\d.]+) pounds")) if story and is_billing else lot.choice(PRICES[plan])
    return Customer(id_, region, plan, price, bill_day, _since(lot, id_, story), sold, story, items)


def _region(lot: random.Random, words: str, story: Story | None) -> str:
    drawn = lot.choices(list(REGIONS), list(REGIONS.values()))[0]
    if story:
        return story.region
    named = [shop_region for shop, shop_region in SHOP_REGION.items() if shop in words]
    return (named or [drawn])[0]


def _plan(lot: random.Random, words: str, story: Story | None) -> str:
    drawn = lot.choices(list(PLANS), list(PLANS.values()))[0]
    if story and story.kind == "billing":
        return story.found(r"plan ([^)]+)")
    if story and story.kind == "missell":
        return "Fibre 900 Max"
    named = [plan for pattern, plan in PLAN_WORDS.items() if re.search(pattern, words)]
    return (named or [drawn])[0]


def _told_bill_day(items: tuple[Item, ...], story: Story | None) -> int | None:
    """Day of the month of the invoice that the customer tells of."""
    if story and story.kind == "billing":
        return story.fact_day.day
    if story and "first bill shows full price" in story.facts:
        return min(28, (story.days[0] - timedelta(days=1)).day)
    if story and "direct debit declined" in story.facts:
        return min(28, (story.days[0] - timedelta(days=3)).day)
    own = [event.at.day for item in items for event in item.events if event.kind == "invoice_issued"]
    return own[0] if own else None


def _is_double_charged(items: tuple[Item, ...]) -> bool:
    return any(event.attributes.get("taken_twice") for item in items for event in item.events)


def _spared(plan: str, bill_day: int, is_told: bool) -> tuple[str, int]:
    """Plan and bill day of somebody who writes and does not tell of a double charge: they have none."""
    if plan not in DOUBLE_CHARGED_PLANS or bill_day not in DOUBLE_CHARGED_DAYS:
        return plan, bill_day
    return ("Fibre 80", bill_day) if is_told else (plan, bill_day - 14 if bill_day > 18 else bill_day + 8)


def _since(lot: random.Random, id_: str, story: Story | None) -> date:
    """Nobody joins after February but those whose storyline says so."""
    years_ago = min(lot.expovariate(1 / 4.5), 24)
    drawn = date(2026, 2, 1) - timedelta(days=int(years_ago * 365.25))
    if id_ in SAID_SINCE:
        return drawn.replace(year=SAID_SINCE[id_], month=11 if SAID_SINCE[id_] == 2025 else drawn.month, day=1)
    if story and ("two providers" in story.facts):
        return story.fact_day
    if story and ("joined because" in story.facts or "new customer" in story.facts):
        return story.days[0] - timedelta(days=1)
    return drawn
