"""The hand-written items and storylines, as they stand under written/."""

import csv
import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

WRITTEN = Path(__file__).parent / "written"
CUSTOMER = "customer"
ISO_DAY = re.compile(r"20\d\d-\d\d-\d\d")
FIRST_NUMBER = {"w1": 1000, "w2": 2000, "w3": 3000, "w4": 4000, "p": 9000}


@dataclass(frozen=True)
class Turn:
    """Who spoke (customer, agent or bot) and what."""

    speaker: str
    text: str


@dataclass(frozen=True)
class OwnEvent:
    """An event that an item's text tells of; `at` is British time."""

    kind: str
    at: datetime
    attributes: dict[str, object]


@dataclass(frozen=True)
class Item:
    """One written piece of feedback; `at` is British time."""

    feed: str
    id: str
    at: datetime
    text: str
    customer_id: str | None = None
    story: str | None = None
    contact_no: int | None = None
    score: int | None = None
    question: str | None = None
    turns: tuple[Turn, ...] = ()
    events: tuple[OwnEvent, ...] = ()
    label: dict[str, object] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """A number that stays the same when other items are added."""
        prefix, number = self.id.split("-")
        return FIRST_NUMBER[prefix] + int(number)

    @property
    def thread(self) -> tuple[Turn, ...]:
        """The turns; a lone text is one turn of the customer."""
        return self.turns or (Turn(CUSTOMER, self.text),)

    @property
    def customer_words(self) -> str:
        """What the customer said, as the pipeline joins it."""
        return "\n".join(turn.text for turn in self.thread if turn.speaker == CUSTOMER)


@dataclass(frozen=True)
class Story:
    """A storyline: what happened to one customer and the days on which they got in touch."""

    name: str
    customer_id: str
    region: str
    facts: str
    days: tuple[date, ...]

    @property
    def kind(self) -> str:
        """promo, missell, billing, courier or other."""
        return self.name.split("-")[0]

    @property
    def fact_day(self) -> date:
        """The first day that the facts name."""
        return date.fromisoformat(ISO_DAY.findall(self.facts)[0])

    def found(self, pattern: str) -> str:
        """The part of the facts that `pattern` matches, its first group where it has one."""
        match = re.search(pattern, self.facts)
        if match is None:
            raise ValueError(f"{self.name}: no {pattern!r} in its facts")
        return match[match.lastindex or 0]


def read_items() -> list[Item]:
    """All written items, in order of their ids."""
    lines = [
        line
        for path in sorted(WRITTEN.glob("w*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return sorted((_item(json.loads(line)) for line in lines), key=lambda item: item.number)


def _item(record: dict) -> Item:
    turns = tuple(Turn(turn["from"], turn["text"]) for turn in record["turns"] or ())
    events = tuple(
        OwnEvent(event["kind"], datetime.fromisoformat(event["at"]), event.get("attributes") or {})
        for event in record["events"]
    )
    plain = {name: record[name] for name in ("feed", "id", "customer_id", "story", "contact_no", "score", "question")}
    at = datetime.fromisoformat(record["at"])
    return Item(**plain, at=at, text=record["text"] or "", turns=turns, events=events, label=record["label"])


def read_stories() -> list[Story]:
    """All storylines, one per story."""
    with (WRITTEN / "stories.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    names = list(dict.fromkeys(row["story"] for row in rows))
    return [_story([row for row in rows if row["story"] == name]) for name in names]


def _story(rows: list[dict[str, str]]) -> Story:
    first = rows[0]
    days = tuple(date.fromisoformat(row["day"]) for row in rows)
    return Story(first["story"], first["customer_id"], first["region"], first["facts"], days)
