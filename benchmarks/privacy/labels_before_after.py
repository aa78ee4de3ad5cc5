"""Agreement of labels before and after redaction, axis by axis.

    python benchmarks/privacy/labels_before_after.py LABELLED.jsonl [--handles FILE]

LABELLED.jsonl holds id, text and source_kind; its companies' own handles (one a line) stay, as a pipeline file lists
them. Writes labels_before_after.json beside this script; no text is written.
"""

import argparse
import json
from pathlib import Path

import pandas as pd

from cxnlp.clean.privacy import load_redactor
from cxnlp.clean.text import clean_text
from cxnlp.config import Company
from cxnlp.label.labeler import Labeler

HERE = Path(__file__).parent
AXES = ("sentiment", "demand", "domain", "cause", "service_sentiment", "experience_sentiment")


def main() -> None:
    """Label twice and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--handles", type=Path)
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.labelled.read_text(encoding="utf-8").splitlines()]
    handles = tuple(asked.handles.read_text().split()) if asked.handles else ()
    redactor = load_redactor(Company(name="Example", handles=handles), (), None)
    texts = [clean_text(row["text"], 20_000) for row in rows]
    redacted = [redactor.redact([text]).texts[0] for text in texts]
    labeler = Labeler.load(Path("models/default"))
    before, after = (_label(labeler, rows, words) for words in (texts, redacted))
    changed = sum(text != other for text, other in zip(texts, redacted, strict=True))
    same = {
        axis: float((before[axis].astype("object").fillna("-") == after[axis].astype("object").fillna("-")).mean())
        for axis in AXES
    }
    touchpoints = (_touchpoints(labeler, rows, words) for words in (texts, redacted))
    one, two = touchpoints
    same |= {
        axis: sum(a[axis] == b[axis] for a, b in zip(one, two, strict=True)) / len(rows)
        for axis in ("stage", "touchpoint")
    }
    record = {"model": labeler.model_id, "n_items": len(rows), "n_changed": changed, "agreement": same}
    (HERE / "labels_before_after.json").write_text(json.dumps(record, indent=1) + "\n")
    print(json.dumps(record, indent=1))


def _label(labeler: Labeler, rows: list[dict], texts: list[str]) -> pd.DataFrame:
    return labeler.label(_frame(rows, texts)).items.set_index("item_id").sort_index()


def _touchpoints(labeler: Labeler, rows: list[dict], texts: list[str]) -> list[dict[str, frozenset]]:
    mentions = labeler.label(_frame(rows, texts)).mentions
    by_item = dict(iter(mentions.groupby("item_id")))
    return [
        {
            axis: frozenset(by_item[str(n)][axis].dropna()) if str(n) in by_item else frozenset()
            for axis in ("stage", "touchpoint")
        }
        for n in range(len(rows))
    ]


def _frame(rows: list[dict], texts: list[str]) -> pd.DataFrame:
    kinds = [row.get("source_kind") for row in rows]
    return pd.DataFrame({"item_id": [str(n) for n in range(len(rows))], "text": texts, "source_kind": kinds})


if __name__ == "__main__":
    main()
