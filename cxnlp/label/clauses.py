"""Sentences and contrastive clauses of a text, with character offsets.

Plain rules: spaCy's blank pipeline would do as well, but importing it takes longer than labelling a hundred items, so
spaCy is needed by its own component only.
"""

import re
from dataclasses import dataclass

SENTENCE_END = r"[.!?…]+[\"')\]]*(?=\s)|\n+"
CONTRAST = r"(?<=[\s,;])(?:but|however|although|though|whereas|except|yet|unfortunately)\b"
JOIN = r"[;:](?=\s)|\s[-–—]+\s"
BOUNDARY = re.compile(f"(?P<after>{SENTENCE_END}|{JOIN})|(?P<before>{CONTRAST})", re.IGNORECASE)
LEAST_WORDS = 2  # a piece with fewer words is joined to the one before


@dataclass(frozen=True)
class Clause:
    """A run of the text, `text[start:end]`, without white space at its ends."""

    start: int
    end: int


def split_clauses(text: str) -> list[Clause]:
    """Clauses in the order of the text; every word stands in exactly one. A text without a word has none."""
    cuts = [0, *(m.end() if m["after"] else m.start() for m in BOUNDARY.finditer(text)), len(text)]
    clauses: list[Clause] = []
    for begin, stop in zip(cuts, cuts[1:], strict=False):
        piece = text[begin:stop]
        n_words = len(piece.split(None, LEAST_WORDS)[:LEAST_WORDS])
        if n_words == 0:
            continue
        end = begin + len(piece.rstrip())
        if clauses and n_words < LEAST_WORDS:
            clauses[-1] = Clause(clauses[-1].start, end)
        else:
            clauses.append(Clause(begin + len(piece) - len(piece.lstrip()), end))
    return clauses
