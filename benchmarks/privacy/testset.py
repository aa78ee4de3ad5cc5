"""The test set: items written whole by hand, and carriers filled with values that stand in no training text.

A value stands in double square brackets with its kind; `@name` in place of a value is a number with right check
digits, made anew from a fixed seed.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.privacy import values
from cxnlp.config import Company
from cxnlp.privacy_settings import JoinKey

FILES = Path(__file__).parent / "items"
SEED = 20261122
COPIES, PLAIN_COPIES = 8, 14
MARK = re.compile(r"\[\[([A-Z_]+):([^\]]+)\]\]")
SLOT = re.compile(r"\{(\w+)\}")
TITLE = re.compile(r"(?:Mrs?|Ms|Miss|Dr)\.? ", re.IGNORECASE)
COMPANY = Company(name="Acme", handles=("@acmehelp",))
JOIN_KEYS = (
    JoinKey(kind="order", pattern=r"AC-(?P<number>\d{7})", bare=r"\d{7}", cues=("order", "parcel")),
    JoinKey(kind="invoice", pattern=r"INV-\d{4}-\d{5}"),
    JoinKey(kind="ticket", pattern=r"TK\d{6}|#TK\d{6}"),
    JoinKey(kind="contract", pattern=r"CT/\d{5}/[A-Z]"),
    JoinKey(kind="tracking", pattern=r"1Z[0-9A-Z]{15,16}"),
    JoinKey(kind="flight", pattern=r"ZQ ?\d{3,4}"),
    JoinKey(kind="campaign", pattern=r"(?:SPRING|LOYAL)-\d{4}-[A-C]"),
)
KEY_KINDS = frozenset(key.kind.upper() for key in JOIN_KEYS)
MADE: dict[str, Callable[[random.Random, str], str]] = {
    "CARD": values.card,
    "IBAN": values.iban,
    "NATIONAL_ID": values.national_id,
}


@dataclass(frozen=True)
class Span:
    """A value in a text."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class TestItem:
    """One item with the values in it; `written` says whether it was written whole by hand."""

    text: str
    spans: tuple[Span, ...]
    written: bool


def read_items() -> list[TestItem]:
    """Every item of the test set, the same each time."""
    rng = random.Random(SEED)
    hand = [_item(line, rng, written=True) for line in _lines("hand.txt")]
    names = {kind: choices.split("|") if "|" in choices else choices.split() for kind, choices in _named("names.txt")}
    filler = _Filler(rng, names)
    filled = [_item(filler.fill(line), rng, written=False) for line in _lines("carriers.txt") * COPIES]
    filled += [_item(filler.fill(line), rng, written=False) for line in _lines("plain.txt") * PLAIN_COPIES]
    return hand + filled


def names_of(items: list[TestItem]) -> frozenset[str]:
    """Lower-cased parts of every name in the items."""
    spoken = (item.text[span.start : span.end] for item in items for span in item.spans if span.kind == "PERSON")
    return frozenset(part for name in spoken for part in re.findall(r"[^\W\d_]+", name.lower()))


class _Filler:
    """Fills carriers with marked values."""

    def __init__(self, rng: random.Random, names: dict[str, list[str]]) -> None:
        self.rng, self.names = rng, names

    def fill(self, carrier: str) -> str:
        filled = SLOT.sub(lambda slot: self._value(slot[1]), carrier)
        chance = self.rng.random()
        if chance < 0.25:  # names as people type them
            return MARK.sub(lambda m: f"[[{m[1]}:{m[2].lower()}]]" if m[1] == "PERSON" else m[0], filled)
        return filled

    def _value(self, slot: str) -> str:
        pick, rng = self.rng.choice, self.rng
        first, last = pick(self.names["first"]), pick(self.names["last"])
        makers: dict[str, Callable[[], str]] = {
            "person": lambda: (
                f"[[PERSON:{pick([f'{first} {last}', f'{first} {last}', f'{first[0]}. {last}', f'Mrs {last}'])}]]"
            ),
            "first": lambda: f"[[PERSON:{first}]]",
            "last": lambda: f"[[PERSON:{last}]]",
            "place_word": lambda: pick(self.names["place"]),
            "email": lambda: (
                f"[[EMAIL:{first.lower()}{pick(['.', '_', ''])}{last.lower()}@{pick(['post', 'web', 'mail'])}.example.{pick(['com', 'de', 'fr', 'co.uk'])}]]"  # noqa: E501
            ),
            "phone": lambda: f"[[PHONE:{values.phone(rng)}]]",
            "address": lambda: f"[[ADDRESS:{values.address(rng)}]]",
            "birth": lambda: f"[[BIRTH_DATE:{values.birth(rng)}]]",
            "card": lambda: f"[[CARD:{values.card(rng)}]]",
            "iban": lambda: f"[[IBAN:{values.iban(rng)}]]",
            "account": lambda: f"[[ACCOUNT:{values.account(rng)}]]",
            "nid": lambda: f"[[NATIONAL_ID:{values.national_id(rng)}]]",
            "plate": lambda: f"[[PLATE:{values.plate(rng)}]]",
            "ip": lambda: f"[[IP:{values.ip(rng)}]]",
            "mac": lambda: f"[[MAC:{values.mac(rng)}]]",
            "handle": lambda: f"[[HANDLE:@{first.lower()}{pick(['_', '', 'x'])}{rng.randrange(10, 99)}]]",
            "url": lambda: (
                f"[[URL:https://{pick(['my', 'go', 'id'])}.example.com/{pick(['r?token=', 'x?sid=', 'o?session='])}{values.digits(rng, 6)}ab{values.digits(rng, 4)}]]"  # noqa: E501
            ),
            "order": lambda: f"[[ORDER:{pick(['AC-', 'ac-'])}{values.digits(rng, 7)}]]",
            "invoice": lambda: f"[[INVOICE:INV-{rng.randrange(2019, 2027)}-{values.digits(rng, 5)}]]",
            "ticket": lambda: f"[[TICKET:#TK{values.digits(rng, 6)}]]",
            "price": lambda: pick(["$", "£", "€"]) + f"{rng.randrange(3, 900)}.{rng.randrange(10, 99)}",
            "n": lambda: str(rng.randrange(2, 60)),
            "date": lambda: f"{rng.randrange(1, 29):02d}/{rng.randrange(1, 13):02d}/{rng.randrange(2020, 2027)}",
            "number": lambda: values.digits(rng, rng.randrange(6, 12)),
            "version": lambda: ".".join(str(rng.randrange(0, 20)) for _ in range(3)),
        }
        return makers[slot]() if slot in makers else pick(self.names[slot])


def _item(marked: str, rng: random.Random, written: bool) -> TestItem:
    """Text and spans of a marked line; a title is no part of a name."""
    text, spans, last = "", [], 0
    marked = marked.replace("\\n", "\n")
    for found in MARK.finditer(marked):
        kind, value = found[1], found[2]
        if value.startswith("@") and kind in MADE:
            value = MADE[kind](rng, value[1:])
        text += marked[last : found.start()]
        title = TITLE.match(value) if kind == "PERSON" else None
        spans.append(Span(kind, len(text) + (title.end() if title else 0), len(text) + len(value)))
        text += value
        last = found.end()
    return TestItem(text + marked[last:], tuple(spans), written)


def _lines(name: str) -> list[str]:
    return [line for line in (FILES / name).read_text(encoding="utf-8").splitlines() if line]


def _named(name: str) -> list[tuple[str, str]]:
    return [(kind, choices) for kind, choices in (line.split(": ", 1) for line in _lines(name))]
