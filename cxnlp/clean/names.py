"""Names of people: a gate, a logistic model on hand-made features, and one placeholder for one person.

Read from left to right, each word knowing whether the one before was a name (a maximum-entropy Markov model: McCallum,
Freitag and Pereira, 2000, read greedily). Only words that the gate lets through are judged, a few in a text, which is
what makes it quick enough to run on every item.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from cxnlp.clean.name_features import Word, features, is_candidate, words_of
from cxnlp.clean.name_lists import NameLists, load_lists
from cxnlp.clean.numbering import Numbering

KIND = "PERSON"
PARTICLE_TEXT = "de da di del della van von der den bin ibn al el la le dos du ter ten san"
PARTICLES = frozenset(PARTICLE_TEXT.split())
JOINTS = ("_", ".", "-", "0")  # signs that may stand inside one name
MAX_WORDS = 5


@dataclass(frozen=True)
class NameModel:
    """Weight of each feature, and the probability from which on a word is taken for a name."""

    weights: Mapping[str, float] = field(repr=False)
    threshold: float

    def is_name(self, found: Iterable[str]) -> bool:
        """Whether the features speak for a name."""
        score = sum(self.weights.get(feature, 0.0) for feature in found)
        return score > math.log(self.threshold / (1 - self.threshold))


@dataclass(frozen=True)
class NameFinder:
    """Finds names of people in texts; `own` are words of the company's own name, which are never one."""

    model: NameModel
    lists: NameLists = field(repr=False)
    own: frozenset[str] = frozenset()

    def replace(self, texts: Sequence[str], numbering: Numbering) -> list[str]:
        """Each text of one item with `<PERSON_1>` for a name; a first name said again is the same person."""
        spans = [self.find(text) for text in texts]
        if not any(spans):
            return list(texts)
        people = _People(numbering)
        names = [text[start:end] for text, found in zip(texts, spans, strict=True) for start, end in found]
        for name in sorted(names, key=lambda name: -len(name.split())):
            people.meet(name)
        return [_without(text, found, people) for text, found in zip(texts, spans, strict=True)]

    def find(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in a text, from left to right."""
        words = words_of(text)
        spans: list[tuple[int, int]] = []
        was_name, n_in_name = False, 0
        for place, word in enumerate(words):
            if was_name and (word.before not in JOINTS or n_in_name >= MAX_WORDS):
                was_name, n_in_name = False, 0
            if was_name and self._joins(words, place):
                continue
            is_name = (
                is_candidate(words, place, was_name, self.lists)
                and word.low not in self.own
                and self.model.is_name(features(words, place, was_name, n_in_name, self.lists))
            )
            if is_name:
                n_in_name += 1
                start = spans.pop()[0] if was_name else word.start
                spans.append((start, word.end))
            was_name = is_name and not word.is_possessive
            n_in_name = n_in_name if was_name else 0
        return [span for span in spans if span[1] - span[0] > 1]

    def _joins(self, words: Sequence[Word], place: int) -> bool:
        """Whether a particle stands between two parts of a name."""
        is_particle = words[place].low in PARTICLES and place + 1 < len(words)
        return is_particle and is_candidate(words, place + 1, True, self.lists)


class _People:
    """Who is who in one item: a part of a name that was said in full is the same person."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._by_part: dict[str, str] = {}

    def meet(self, name: str) -> None:
        """Note a name, the longest ones first."""
        parts = [part for part in words_of(name) if len(part.low) > 1] or words_of(name)
        known = self._by_part.get(parts[0].low) if len(parts) == 1 else None
        value = known or " ".join(part.low for part in parts)
        for part in parts:
            self._by_part.setdefault(part.low, value)

    def placeholder(self, name: str) -> str:
        """What stands for a name."""
        parts = [part for part in words_of(name) if len(part.low) > 1] or words_of(name)
        whole = " ".join(part.low for part in parts)
        value = self._by_part.get(whole, whole) if len(parts) == 1 else whole
        return self._numbering.placeholder(KIND, value)


def _without(text: str, spans: Sequence[tuple[int, int]], people: _People) -> str:
    kept, last = [], 0
    for start, end in spans:
        kept += [text[last:start], people.placeholder(text[start:end])]
        last = end
    return "".join([*kept, text[last:]])


@lru_cache(1)
def load_model() -> NameModel:
    """The weights that are shipped; benchmarks/privacy/train_names.py makes them."""
    stored = json.loads((files("cxnlp") / "clean" / "data" / "name_model.json").read_text(encoding="utf-8"))
    return NameModel(stored["weights"], stored["threshold"])


def load_names(own: Iterable[str] = ()) -> NameFinder:
    """The recogniser as it is shipped.

    :param own: the company's name and handles.
    """
    words = frozenset(word.low for name in own for word in words_of(name.lstrip("@")))
    return NameFinder(load_model(), load_lists(), words)
