"""How well each code is found: F1 with a bootstrap interval and the number of items that hold it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 500
FEWEST = 3  # items that a code needs to be scored at all


@dataclass(frozen=True)
class CodeScore:
    """F1 of one code; `low` and `high` bound it with 95 % over resampled items."""

    axis: str
    code: str
    n_gold: int
    n_said: int
    f1: float
    low: float
    high: float


def _one(record: Mapping, key: str) -> set[str]:
    return {str(record[key])}


CODES_OF: dict[str, Callable[[Mapping], set[str]]] = {
    "demand": lambda record: _one(record, "demand"),
    "sentiment": lambda record: _one(record, "sentiment"),
    "domain": lambda record: _one(record["breakdown"], "domain"),
    "cause": lambda record: {f"{record['breakdown']['domain']}/{record['breakdown']['cause']}"},
    "stage": lambda record: {mention["stage"] for mention in record["mentions"]},
    "touchpoint": lambda record: {mention["touchpoint"] for mention in record["mentions"]},
}


def score_codes(gold: Sequence[Mapping], said: Sequence[Mapping], seed: int = 0) -> list[CodeScore]:
    """Scores of every code that gold holds at least three times, by axis and then by number.

    Percentile bootstrap over items (Efron, 1979); stages and touchpoints are sets of an item's mentions.

    :param gold: records of the annotation guide; :param said: predicted ones, in the same order.
    """
    draws = np.random.default_rng(seed).multinomial(len(gold), [1 / len(gold)] * len(gold), size=DRAWS)
    scores = []
    for axis, codes_of in CODES_OF.items():
        truth, answers = [codes_of(record) for record in gold], [codes_of(record) for record in said]
        for code in sorted(set().union(*truth)):
            right, found = np.array([code in t for t in truth]), np.array([code in a for a in answers])
            if right.sum() >= FEWEST:
                scores.append(_score(axis, code, right, found, draws))
    order = list(CODES_OF)
    return sorted(scores, key=lambda score: (order.index(score.axis), -score.n_gold))


def _score(axis: str, code: str, right: np.ndarray, found: np.ndarray, draws: np.ndarray) -> CodeScore:
    both = draws @ (right & found)
    size = draws @ right.astype(int) + draws @ found.astype(int)
    spread = np.where(size > 0, 2 * both / np.maximum(size, 1), 0.0)
    f1 = 2 * int((right & found).sum()) / int(right.sum() + found.sum())
    low, high = np.percentile(spread, [2.5, 97.5])
    return CodeScore(axis, code, int(right.sum()), int(found.sum()), f1, float(low), float(high))
