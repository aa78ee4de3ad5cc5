"""A quote as a reader wants it: the evidence marked inside the sentence it stands in."""

import re
from dataclasses import dataclass
from datetime import datetime

SENTENCE_END = re.compile(r"[.!?]+[\s\"')\]]+|\n+")
REACH = 180  # characters of the sentence shown on each side of the evidence
EVIDENCE = 400  # characters of the evidence itself
WHOLE = 220  # a text of at most so many characters is shown whole
ELLIPSIS = "\u2026"


@dataclass(frozen=True)
class Quote:
    """A sentence in three parts, and where it was said."""

    before: str
    evidence: str
    after: str
    item_id: str
    source: str
    said_at: datetime | None


def quote_in_sentence(
    text: str, evidence: str, start: int | None, item_id: str, source: str, said_at: datetime | None
) -> Quote:
    """Cut the sentence around the evidence out of the item's text.

    :param start: where the evidence begins in `text`; looked up where it does not stand there.
    """
    if start is None or text[start : start + len(evidence)] != evidence:
        start = text.find(evidence)
    if start < 0 or not evidence:
        return Quote("", _cut(evidence or text, EVIDENCE), "", item_id, source, said_at)
    end = start + len(evidence)
    first, last = (0, len(text)) if len(text) <= WHOLE else _sentence(text, start, end)
    before, after = text[first:start].lstrip(), text[end:last].rstrip()
    if len(before) > REACH:
        before = ELLIPSIS + before[-REACH:].partition(" ")[2]
    if len(after) > REACH:
        after = after[:REACH].rpartition(" ")[0] + ELLIPSIS
    return Quote(before, _cut(evidence, EVIDENCE), after, item_id, source, said_at)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Begin and end of the sentence around `start` .. `end`; a little past `REACH` where it has none."""
    ends = [match.end() for match in SENTENCE_END.finditer(text, max(0, start - 2 * REACH), start)]
    following = SENTENCE_END.search(text, max(start, end - 1), end + 2 * REACH)
    first = ends[-1] if ends else max(0, start - 2 * REACH)
    return first, max(end, following.end() if following else min(len(text), end + 2 * REACH))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + ELLIPSIS
