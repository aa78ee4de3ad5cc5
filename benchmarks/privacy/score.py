"""Compare what a redactor took with what should be taken."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from statsmodels.stats.proportion import proportion_confint

from benchmarks.privacy.testset import KEY_KINDS, Span, TestItem
from cxnlp.clean.numbering import PLACEHOLDER

FOUND_SHARE = 0.8  # of a value's letters and digits that must be gone
RIGHT_SHARE = 0.5  # of what was taken that must be personal
Finds = Callable[[str], list[Span]]


@dataclass(frozen=True)
class Score:
    """Recall and precision of one kind, with 95 % intervals (Wilson)."""

    kind: str
    n_values: int
    recall: float
    recall_low: float
    recall_high: float
    removed: float  # share of values gone, under whatever kind
    n_taken: int
    precision: float
    precision_low: float
    precision_high: float


def spans_of(original: str, redacted: str) -> list[Span]:
    """Where the placeholders of a redacted text stood in the original."""
    pieces, kinds, last = [], [], 0
    for found in PLACEHOLDER.finditer(redacted):
        pieces.append(redacted[last : found.start()])
        kinds.append(found[1])
        last = found.end()
    pieces.append(redacted[last:])
    aligned = re.fullmatch("(.+?)".join(map(re.escape, pieces)), original, re.DOTALL)
    if aligned is None:
        raise ValueError(f"not a redaction of {original!r}: {redacted!r}")
    return [Span(kind, *aligned.span(number)) for number, kind in enumerate(kinds, 1)]


def score(items: Iterable[TestItem], finds: Finds, kinds: Iterable[str]) -> tuple[list[Score], list[str]]:
    """Scores by kind and a line for each fault.

    A value counts as found when at least 80 % of its letters and digits are taken under its own kind.
    """
    found, gone, right, taken, wanted = (dict.fromkeys(kinds, 0) for _ in range(5))
    faults = []
    for item in items:
        spans = finds(item.text)
        for gold in item.spans:
            wanted[gold.kind] += 1
            is_found = _covered(item.text, gold, [s for s in spans if s.kind == gold.kind]) >= FOUND_SHARE
            found[gold.kind] += is_found
            gone[gold.kind] += _covered(item.text, gold, spans) >= FOUND_SHARE
            if not is_found:
                faults.append(f"missed {gold.kind} {item.text[gold.start : gold.end]!r} in {item.text!r}")
        for span in spans:
            if span.kind not in taken:
                continue
            taken[span.kind] += 1
            same = [gold for gold in item.spans if gold.kind == span.kind]
            is_right = _covered(item.text, span, same) >= RIGHT_SHARE
            right[span.kind] += is_right
            if not is_right:
                faults.append(f"wrong {span.kind} {item.text[span.start : span.end]!r} in {item.text!r}")
    return [_score(kind, wanted[kind], found[kind], gone[kind], taken[kind], right[kind]) for kind in kinds], faults


def pooled(name: str, scores: Iterable[Score]) -> Score:
    """One score over several kinds."""
    kinds = list(scores)
    wanted, taken = sum(s.n_values for s in kinds), sum(s.n_taken for s in kinds)
    found = round(sum(s.recall * s.n_values for s in kinds))
    gone = round(sum(s.removed * s.n_values for s in kinds))
    return _score(name, wanted, found, gone, taken, round(sum(s.precision * s.n_taken for s in kinds)))


def pattern_kinds(kinds: Iterable[str]) -> list[str]:
    """Kinds of personal data that patterns find."""
    return [kind for kind in kinds if kind != "PERSON" and kind not in KEY_KINDS]


def _covered(text: str, span: Span, by: list[Span]) -> float:
    places = [n for n in range(span.start, span.end) if text[n].isalnum()]
    return sum(any(s.start <= n < s.end for s in by) for n in places) / max(len(places), 1)


def _score(kind: str, wanted: int, found: int, gone: int, taken: int, right: int) -> Score:
    recall = proportion_confint(found, wanted, method="wilson") if wanted else (0.0, 1.0)
    precision = proportion_confint(right, taken, method="wilson") if taken else (0.0, 1.0)
    shares = (found / max(wanted, 1), *recall, gone / max(wanted, 1))
    return Score(kind, wanted, *shares, taken, right / taken if taken else 0.0, *precision)
