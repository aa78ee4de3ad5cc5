"""The model card and `metrics.json`: what the model learnt from, how good it is, where it fails.

    python -m cxnlp.learn.card --model models/default --gold gold.jsonl \
        --scores benchmarks/labeler/scores.json --traps tests/label/traps.jsonl
"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from cxnlp.label.labeler import Labeler
from cxnlp.label.model_folder import ModelConfig
from cxnlp.label.records import ItemRecord, to_records
from cxnlp.learn.code_scores import CodeScore, score_codes
from cxnlp.learn.labels import read_records
from cxnlp.learn.traps import Miss, find_misses

CARD_FILE, METRICS_FILE = "card.md", "metrics.json"
LABELER, BASELINE = "labeler", "TF-IDF + logistic regression"


@dataclass(frozen=True)
class Measure:
    """One measure of a group of judged items: the labeler's value and a baseline's, each with its interval."""

    name: str
    labeler: str
    baseline: str


@dataclass(frozen=True)
class Group:
    """Measures of one group of judged items."""

    name: str
    n: int
    measures: tuple[Measure, ...]


def write_card(model: Path, gold: Path, scores: Path, traps: Path) -> None:
    """Write both files into the model folder.

    :param gold: judged items, never learnt from; :param scores: what `benchmarks/labeler/compare.py` wrote.
    """
    labeler = Labeler.load(model)
    truth = [record for _, record in read_records(gold)]
    codes = score_codes(truth, label_records(labeler, truth))
    misses = find_misses(labeler, traps)
    n_traps = sum(1 for _ in read_records(traps))
    compared = json.loads(scores.read_text(encoding="utf-8"))
    card = render_card(labeler.config, compared, codes, misses, n_traps)
    (model / CARD_FILE).write_text(card, encoding="utf-8")
    metrics = {
        "model_id": labeler.model_id,
        **compared,
        "codes": [asdict(score) for score in codes],
        "missed_traps": [asdict(miss) for miss in misses],
    }
    (model / METRICS_FILE).write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")


def label_records(labeler: Labeler, records: list[dict]) -> list[ItemRecord]:
    """What the model says of records with `text` and perhaps `source_kind`, in order."""
    feedback = pd.DataFrame(
        {
            "item_id": [str(number) for number in range(len(records))],
            "text": [record["text"] for record in records],
            "source_kind": [record.get("source_kind") for record in records],
        }
    )
    return list(to_records(labeler.label(feedback)))


def render_card(config: ModelConfig, compared: dict, codes: list[CodeScore], misses: list[Miss], n_traps: int) -> str:
    """The card as Markdown."""
    environment = Environment(
        loader=PackageLoader("cxnlp.learn", "."), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("card.md.j2").render(
        config=config,
        about=compared["about"],
        groups=[_group(name, compared["readers"]) for name in compared["readers"][LABELER]],
        codes=codes,
        misses=misses,
        n_traps=n_traps,
    )


def _group(name: str, readers: dict) -> Group:
    ours, theirs = readers[LABELER][name], readers[BASELINE][name]
    measures = [
        Measure(f"{axis}, {metric.replace('_', ' ')}", _cell(ours, axis, metric), _cell(theirs, axis, metric))
        for axis, row in ours["scores"].items()
        for metric in row
        if metric != "n"
    ]
    return Group(name, ours["n"], tuple(measures))


def _cell(part: dict, axis: str, metric: str) -> str:
    value = part["scores"].get(axis, {}).get(metric)
    if value is None or value != value:
        return "-"
    low, high = part["intervals"].get(f"{axis}|{metric}", (None, None))
    return f"{value:.3f}" if low is None else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def main() -> None:
    """Parse the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path("models/default"))
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--scores", type=Path, default=Path("benchmarks/labeler/scores.json"))
    parser.add_argument("--traps", type=Path, default=Path("tests/label/traps.jsonl"))
    given = parser.parse_args()
    write_card(given.model, given.gold, given.scores, given.traps)


if __name__ == "__main__":
    main()
