"""Train the recogniser of names: training/*.txt with names from the public lists -> cxnlp/clean/data/name_model.json.

    python benchmarks/privacy/train_names.py

No name of the test set is used as a filler, and a share of the names is hidden from the lists while learning, so that
a name in no list is recognised by its place. Takes a minute or two on one core.
"""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import yaml
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.privacy.testset import names_of, read_items
from cxnlp.clean.name_features import features, is_candidate, words_of
from cxnlp.clean.name_lists import NameLists, load_lists, load_places

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "cxnlp" / "clean" / "data" / "name_model.json"
SEED, ROUNDS_WITH, ROUNDS_WITHOUT = 7, 40, 14
HIDDEN_SHARE = 0.2  # of the names: in no list while learning
SMALLEST = 0.02  # a weight nearer to zero is left out
STRENGTH = 0.6  # inverse of the L2 penalty
THRESHOLD = 0.46
SYLLABLES = [
    "zo",
    "vex",
    "brin",
    "too",
    "qua",
    "nex",
    "tel",
    "fi",
    "lu",
    "mar",
    "o",
    "ka",
    "do",
    "vi",
    "ra",
    "ply",
    "ster",
    "byte",
    "go",
    "ly",
    "fy",
    "co",
    "net",
    "ix",
    "um",
    "on",
    "ara",
    "el",
    "tri",
    "bo",
    "ki",
]
SLOT = re.compile(r"\{(\w+)\}")
ODD = re.compile(r"(?<![\w\u27e6{])[a-z]{5,}(?![\w\u27e7}])")
OPEN, CLOSE = "\u27e6", "\u27e7"  # around a name in the filled text


class Filler:
    """Fills the slots of a carrier."""

    def __init__(self, rng: random.Random, lists: NameLists, avoid: frozenset[str]) -> None:
        self.rng = rng
        things = lists.things - load_places()
        self.first = sorted(lists.first - avoid - things)
        self.last = sorted(lists.last - avoid - things)
        # Everyday words that are names too (Grace, Hunter) are rare as names; they come less often.
        self.plain_first = [name for name in self.first if name not in lists.words]
        self.plain_last = [name for name in self.last if name not in lists.words]
        self.places = sorted(p for p in load_places() if not lists.is_listed(p))
        self.values: dict[str, list[str]] = yaml.safe_load((HERE / "training" / "fillers.yaml").read_text())

    def fill(self, carrier: str) -> str:
        """The carrier with values; names stand between the two marks."""
        return SLOT.sub(lambda slot: self._value(slot[1]), carrier)

    def _value(self, slot: str) -> str:
        makers = {
            "first": self._first,
            "last": self._last,
            "full": self._full,
            "init": self._initial,
            "Mr": self._titled,
        }
        if slot in makers:
            return makers[slot]()
        if slot in ("nfirst", "nlast"):  # a name of a thing
            return self._one(self.plain_first if slot == "nfirst" else self.plain_last, self.first)
        if slot == "nplace":
            return self.rng.choice(self.places).title()
        if slot == "brand" and self.rng.random() < 0.45:
            return "".join(self.rng.choice(SYLLABLES) for _ in range(self.rng.randrange(2, 4))).capitalize()
        return self.rng.choice(self.values[slot])

    def _one(self, plain: list[str], whole: list[str]) -> str:
        name = self.rng.choice(plain if self.rng.random() < 0.82 else whole)
        if self.rng.random() < 0.06 and len(name) > 4:
            name = misspell(name, self.rng)
        return name[0].upper() + name[1:]

    def _first(self) -> str:
        return self._marked(self._one(self.plain_first, self.first))

    def _last(self) -> str:
        return self._marked(self._one(self.plain_last, self.last))

    def _full(self) -> str:
        parts = [self._one(self.plain_first, self.first), self._one(self.plain_last, self.last)]
        chance = self.rng.random()
        if chance < 0.08:
            parts.insert(1, self.rng.choice("ABCDEFGHJKLMNPRSTW") + self.rng.choice([".", ""]))
        elif chance < 0.14:
            parts.append(self._one(self.plain_last, self.last))
        elif chance < 0.2:
            parts[1] = f"{parts[1]}-{self._one(self.plain_last, self.last)}"
        elif chance < 0.26:
            parts.insert(1, self.rng.choice(["de", "van", "van der", "von", "da", "bin", "De La"]))
        return self._marked(" ".join(parts))

    def _initial(self) -> str:
        return self._marked(
            f"{self.rng.choice('ABCDEFGHJKLMNPRSTW')}{self.rng.choice(['. ', ' ', '.'])}{self._one(self.plain_last, self.last)}"  # noqa: E501
        )

    def _titled(self) -> str:
        return f"{self.rng.choice(self.values['title'])} {self._last()}"

    @staticmethod
    def _marked(name: str) -> str:
        return f"{OPEN}{name}{CLOSE}"


def misspell(name: str, rng: random.Random) -> str:
    """Two letters turned round, one left out or one doubled."""
    place = rng.randrange(1, len(name) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    return name[:place] + name[place + 1 :] if kind == 1 else name[:place] + name[place] + name[place:]


def disturb(text: str, rng: random.Random) -> str:
    """As people type: lower case, capitals, no full stop, something before or after."""
    chance = rng.random()
    if chance < 0.3:
        text = text.lower()
    elif chance < 0.35:
        text = text.upper()
    if rng.random() < 0.2:
        text = text.rstrip(".!")
    if rng.random() < 0.25:  # misspelt words that are no name
        text = ODD.sub(lambda word: misspell(word[0], rng) if rng.random() < 0.15 else word[0], text)
    return text


def split_marks(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without marks, and where its names stand."""
    spans, text = [], ""
    for piece in re.split(f"({OPEN}|{CLOSE})", marked):
        if piece == OPEN:
            spans.append((len(text), -1))
        elif piece == CLOSE:
            spans[-1] = (spans[-1][0], len(text))
        else:
            text += piece
    return text, spans


def examples(text: str, spans: list[tuple[int, int]], lists: NameLists) -> list[tuple[list[str], bool]]:
    """Features and truth of every word that the gate lets through."""
    words, found = words_of(text), []
    was_name, n_in_name = False, 0
    for place, word in enumerate(words):
        is_name = any(start <= word.start < end for start, end in spans)
        starts = any(start == word.start for start, _ in spans)
        if starts or word.before not in ("_", ".", "-", "0"):
            was_name, n_in_name = (False, 0) if starts or was_name else (was_name, n_in_name)
        if is_candidate(words, place, was_name, lists):
            found.append((features(words, place, was_name, n_in_name, lists), is_name))
        was_name = is_name and not word.is_possessive
        n_in_name = n_in_name + 1 if was_name else 0
    return found


def carriers(name: str) -> list[str]:
    """Lines of a training file; a written line break is one."""
    return [line.replace("\\n", "\n") for line in (HERE / "training" / name).read_text().splitlines() if line]


def make_texts(rng: random.Random, filler: Filler) -> list[str]:
    """Filled and disturbed carriers, alone or two or three in a row."""
    with_names, without = carriers("with_names.txt"), carriers("without_names.txt")
    texts = [disturb(filler.fill(carrier), rng) for carrier in with_names * ROUNDS_WITH]
    texts += [disturb(filler.fill(carrier), rng) for carrier in without * ROUNDS_WITHOUT]
    both = with_names + without * 2
    for _ in range(6_000):
        drawn = " ".join(filler.fill(rng.choice(both)) for _ in range(rng.randrange(2, 5)))
        texts.append(disturb(drawn, rng))
    return texts


def main() -> None:
    """Train and write the weights."""
    rng, lists = random.Random(SEED), load_lists()
    avoid = names_of(read_items())
    texts = make_texts(rng, Filler(rng, lists, avoid))
    rows, truth = [], []
    everybody = sorted(lists.first | lists.last)
    for text in texts:
        if len(rows) % 50 == 0:
            hidden = frozenset(name for name in everybody if rng.random() < HIDDEN_SHARE)
            seen = replace(lists, first=lists.first - hidden, last=lists.last - hidden)
        for found, is_name in examples(*split_marks(text), seen):
            # A filler's own letters are not learnt: only everyday words and things are known by themselves.
            rows.append({f: 1.0 for f in found if not (f.startswith("w=") and is_name)})
            truth.append(is_name)
    vectorizer = DictVectorizer(sparse=True)
    matrix = vectorizer.fit_transform(rows)
    often = (matrix.sum(axis=0).A1 >= 3).nonzero()[0]
    model = LogisticRegression(C=STRENGTH, max_iter=200).fit(matrix[:, often], truth)
    names = vectorizer.get_feature_names_out()[often]
    weights = {str(n): round(float(w), 2) for n, w in zip(names, model.coef_[0], strict=True) if abs(w) >= SMALLEST}
    weights["bias"] = round(weights.get("bias", 0.0) + float(model.intercept_[0]), 2)
    OUT.write_text(
        json.dumps({"threshold": THRESHOLD, "weights": dict(sorted(weights.items()))}, ensure_ascii=False, indent=0)
        + "\n"
    )
    print(f"{len(rows)} words of {len(texts)} texts, {sum(truth)} in names; {len(weights)} weights")


if __name__ == "__main__":
    main()
