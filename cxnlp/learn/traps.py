"""Hard sentences written for the project: sarcasm, praise mixed with blame, and faults that service gets the blame for.

None is learnt from. What a model gets wrong is told in its card.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxnlp.label.labeler import Labeler
from cxnlp.learn.labels import read_records


@dataclass(frozen=True)
class Miss:
    """An answer that is not the right one."""

    trap_id: str
    text: str
    axis: str
    right: str
    said: str


def find_misses(labeler: Labeler, path: Path) -> list[Miss]:
    """Read every trap and list the wrong answers.

    :param path: JSON lines of `id`, `text` and the right answer on some of the axes polarity, domain, demand, service
        and experience (signs of sentiment).
    """
    traps = [record for _, record in read_records(path)]
    items = labeler.label_texts([str(trap["text"]) for trap in traps]).items
    return [
        Miss(str(trap["id"]), str(trap["text"]), axis, str(trap[axis]), said)
        for trap, item in zip(traps, items.to_dict("records"), strict=True)
        for axis, said in _answers(item)
        if axis in trap and str(trap[axis]) != said
    ]


def _answers(item: dict) -> Iterator[tuple[str, str]]:
    yield "polarity", _sign(item["sentiment"])
    yield "domain", item["domain"]
    yield "demand", item["demand"]
    yield "service", _sign(item["service_sentiment"])
    yield "experience", _sign(item["experience_sentiment"])


def _sign(sentiment: float) -> str:
    return "none" if np.isnan(sentiment) else str(int(np.sign(sentiment)))
