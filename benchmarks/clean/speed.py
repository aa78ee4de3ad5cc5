"""Items a second by step of cleaning, on the texts of files as they came.

    python benchmarks/clean/speed.py FOLDER

FOLDER holds CSV, TSV and JSON lines files; the longest field of each record is taken as its text. Writes speed.json
and speed.md beside this script; no text is written.
"""

import argparse
import csv
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from cxnlp.clean.dedupe import mark_duplicates
from cxnlp.clean.language import detect_languages
from cxnlp.clean.privacy import load_redactor
from cxnlp.clean.records import clean_records
from cxnlp.clean.replies import strip_mail
from cxnlp.clean.text import clean_text
from cxnlp.config import Clean, Company
from cxnlp.tables import RECORDS

HERE = Path(__file__).parent
REDACTOR = load_redactor(Company(name="Example"), (), None)
SETTINGS = Clean()


@dataclass(frozen=True)
class Step:
    """One step of cleaning over all texts, one core."""

    step: str
    n_items: int
    seconds: float
    items_per_second: int


def read_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Kind of source (its folder's name) and text of each record."""
    for path in sorted(folder.rglob("*.*")):
        content = path.read_bytes().decode("utf-8", errors="surrogateescape")
        if path.suffix == ".jsonl":
            rows = [list(_strings(json.loads(line))) for line in content.splitlines()]
        else:
            rows = list(csv.reader(content.splitlines(keepends=True), delimiter="\t" if path.suffix == ".tsv" else ","))
        yield from ((path.parent.name.rstrip("s"), max(row, key=len)) for row in rows if row)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def timed(step: str, n_items: int, run: Callable[[], object]) -> Step:
    """Time of one run."""
    start = time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    return Step(step, n_items, round(seconds, 2), round(n_items / seconds))


def main() -> None:
    """Time every step alone, then cleaning as the night runs it, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    kinds, raw = zip(*read_texts(parser.parse_args().folder), strict=True)
    texts = [clean_text(text, SETTINGS.max_characters) for text in raw]
    items = pd.DataFrame({"item_id": [f"s-{n}" for n in range(len(raw))], "text": texts})
    items["created_at"] = pd.Series(pd.NaT, index=items.index, dtype="datetime64[us, UTC]")
    place = {"position": items["item_id"], "source": "s", "source_kind": list(kinds), "text": list(raw)}
    records = RECORDS.typed(items[["item_id"]].assign(**place))
    steps = [
        timed("text", len(raw), lambda: [clean_text(text, SETTINGS.max_characters) for text in raw]),
        timed("replies", len(raw), lambda: [strip_mail(text) for text in texts]),
        timed("redact", len(raw), lambda: [REDACTOR.redact([text]) for text in texts]),
        timed("language", len(raw), lambda: detect_languages(texts, SETTINGS.languages)),
        timed("clean_records (all of these)", len(raw), lambda: clean_records(records, SETTINGS, REDACTOR)),
        timed("mark_duplicates", len(raw), lambda: mark_duplicates(items, SETTINGS.near_duplicate_likeness, 14)),
    ]
    words = sum(len(text.split()) for text in texts) / len(texts)
    record = {"mean_words": round(words, 1), "steps": [asdict(step) for step in steps]}
    (HERE / "speed.json").write_text(json.dumps(record, indent=1) + "\n")
    table = [f"{len(raw)} texts, {words:.0f} words on average, one core.", "", "| step | seconds | items a second |"]
    table += ["| --- | --- | --- |", *(f"| {s.step} | {s.seconds} | {s.items_per_second} |" for s in steps)]
    (HERE / "speed.md").write_text("\n".join(table) + "\n")
    print("\n".join(table))


if __name__ == "__main__":
    main()
