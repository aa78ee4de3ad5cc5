"""`cxnlp clean`: a file of texts in, the same texts without personal data out."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from cxnlp.clean.dedupe import mark_duplicates
from cxnlp.clean.language import detect_languages
from cxnlp.clean.privacy import Redactor
from cxnlp.clean.text import clean_text
from cxnlp.config import Clean

STANDARD = Path("-")
Row = tuple[str, str]


@dataclass(frozen=True)
class CleanText:
    """One text without personal data."""

    id: str
    text: str
    placeholders: dict[str, int]
    language: str | None
    duplicate_of: str | None


def clean_texts(rows: Iterable[Row], redactor: Redactor, settings: Clean) -> list[CleanText]:
    """Clean and redact texts, in their order.

    :param rows: id and text; ids may repeat.
    """
    ids, raw = zip(*rows, strict=True) if (rows := list(rows)) else ((), ())
    redacted = [redactor.redact([clean_text(text, settings.max_characters)]) for text in raw]
    texts = [each.texts[0] for each in redacted]
    languages = detect_languages(texts, settings.languages)
    first = _duplicates(texts, settings)
    return [
        CleanText(name, text, each.count_by_kind, language.code, ids[first[n]] if n in first else None)
        for n, (name, text, each, language) in enumerate(zip(ids, texts, redacted, languages, strict=True))
    ]


def write_texts(out: Path, cleaned: Iterable[CleanText]) -> None:
    """Write JSON lines; the file stands under its name only when whole."""
    with _writer(out) as write:
        for each in cleaned:
            write(json.dumps(asdict(each), ensure_ascii=False) + "\n")


def _duplicates(texts: list[str], settings: Clean) -> dict[int, int]:
    """Number of a text -> number of the earlier text that it repeats."""
    items = pd.DataFrame({"item_id": [f"{n:012d}" for n in range(len(texts))], "text": pd.Series(texts, dtype="str")})
    items["created_at"] = pd.Series(pd.NaT, index=items.index, dtype="datetime64[us, UTC]")
    marked = mark_duplicates(items, settings.near_duplicate_likeness, settings.near_duplicate_days)
    return dict(zip(marked["item_id"].astype(int), marked["duplicate_of"].astype(int), strict=True))


@contextmanager
def _writer(out: Path) -> Iterator[Callable[[str], int]]:
    if out == STANDARD:
        yield sys.stdout.write
        return
    fresh = out.with_name(out.name + ".new")
    with fresh.open("w", encoding="utf-8") as file:
        yield file.write
    fresh.replace(out)
