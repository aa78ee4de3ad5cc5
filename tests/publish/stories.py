"""What customers of Oakline, a made-up furniture shop, said: the rows of the fixture lake, written by hand."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Said:
    """One mention of an item."""

    quote: str
    stage: str
    touchpoint: str
    sentiment: int


@dataclass(frozen=True)
class Story:
    """One item with its label; `days` before the night; `cause` is domain/cause."""

    source: str
    kind: str
    channel: str | None
    days: int
    customer: str | None
    text: str
    sentiment: int
    demand: str
    cause: str
    said: tuple[Said, ...]
    region: str


def _story(line: str) -> Story:
    values = json.loads(line)
    return Story(**{**values, "said": tuple(Said(*said) for said in values["said"])})


STORIES = tuple(map(_story, (Path(__file__).parent / "stories.jsonl").read_text(encoding="utf-8").splitlines()))
