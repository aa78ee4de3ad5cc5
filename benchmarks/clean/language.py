"""Share of English lost and of other languages found, on the half of the feedback that chose no threshold.

    python benchmarks/clean/language.py ENGLISH.jsonl [...] --other MULTILINGUAL.jsonl.gz

Writes language.json and language.md beside this script; no text is written.
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cxnlp.clean.language import MIN_OTHER_PROBABILITY, MIN_PROBABILITY, MIN_WORDS, detect_languages
from cxnlp.clean.text import clean_text
from cxnlp.measure.intervals import with_share

HERE = Path(__file__).parent
MAX_CHARACTERS = 20_000


def read_texts(path: Path) -> Iterator[str]:
    """Cleaned texts of a JSON lines file that have enough words to tell."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for line in lines:
            text = clean_text(json.loads(line)["text"], MAX_CHARACTERS)
            if len(text.split()) >= MIN_WORDS:
                yield text


def measure(texts: list[str]) -> tuple[int, int]:
    """How many of `texts` are taken for another language than English, and how many there are."""
    return sum(not found.is_analysed for found in detect_languages(texts, ("en",))), len(texts)


def main() -> None:
    """Measure both halves (every second text) and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("english", nargs="+", type=Path)
    parser.add_argument("--other", required=True, type=Path)
    arguments = parser.parse_args()
    english = [text for path in arguments.english for text in read_texts(path)]
    other = list(read_texts(arguments.other))
    rows = [
        (half, language, *measure(texts[start::2]))
        for start, half in ((0, "chosen on"), (1, "reported"))
        for language, texts in (("English", english), ("other", other))
    ]
    counts = pd.DataFrame(rows, columns=["half", "language", "other_count", "text_count"])
    shares = with_share(counts, "other_count", "text_count").round(4)
    settings = {"min_probability": MIN_PROBABILITY, "min_other_probability": MIN_OTHER_PROBABILITY}
    record = {**settings, "rows": json.loads(shares.to_json(orient="records"))}
    (HERE / "language.json").write_text(json.dumps(record, indent=1) + "\n")
    table = ["| half | texts in | n | taken for another language | 95 % interval |", "| --- | --- | --- | --- | --- |"]
    table += [
        f"| {r.half} | {r.language} | {r.text_count} | {r.share:.4f} | {r.share_low:.4f} - {r.share_high:.4f} |"
        for r in shares.itertuples()
    ]
    (HERE / "language.md").write_text("\n".join(table) + "\n")
    print("\n".join(table))


if __name__ == "__main__":
    main()
