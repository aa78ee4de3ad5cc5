"""Score the labeler beside its baselines on labelled items that none of them saw.

    python benchmarks/labeler/compare.py --labels train.jsonl --gold gold_dev.jsonl --judge score.py --keep work/

Every reader learns from the same labels in the same run. The judge is a Python file with the functions
`whole`, `table` and `interval`. Writes `scores.json` and `scores.md` beside this file.
"""

import argparse
import hashlib
import importlib.util
import json
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import baselines

from cxnlp.label.encoder import OnnxEncoder
from cxnlp.label.labeler import Labeler
from cxnlp.label.model_folder import ENCODER_FILE, TOKENIZER_FILE
from cxnlp.label.records import to_records
from cxnlp.label.tokens import TextTokenizer
from cxnlp.learn.labels import LabelledItem, read_labels, read_records
from cxnlp.taxonomy import load_taxonomy

HERE = Path(__file__).parent
SHOWN = (
    ("demand", "kappa"),
    ("breakdown domain", "kappa"),
    ("breakdown cause", "kappa"),
    ("first stage", "kappa"),
    ("first touchpoint", "kappa"),
    ("polarity (3)", "kappa"),
    ("polarity (3)", "macro_f1"),
    ("sentiment (5)", "weighted_kappa"),
    ("service sentiment", "kappa"),
    ("experience sentiment", "kappa"),
    ("touchpoints", "micro_f1"),
    ("evidence", "token_f1"),
    ("blame-service error", "share"),
)


def frozen_vectors(texts: list[str]) -> np.ndarray:
    """Mean token states of the pretrained encoder as it is, exported as the labeler's is."""
    from transformers import BertModel

    from cxnlp.learn.export import export_encoder
    from cxnlp.learn.train import start_folder

    folder = start_folder()
    tokenizer = TextTokenizer.load(folder / TOKENIZER_FILE)
    tokens = tokenizer.tokenize(texts)
    samples = [[*tokenizer.prefix(None), *one.ids[:256], *tokenizer.suffix] for one in tokens[:200]]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / ENCODER_FILE
        export_encoder(BertModel.from_pretrained(folder, add_pooling_layer=False).eval(), path, samples)
        encoder = OnnxEncoder.load(path, tokenizer, 256)
    return np.stack([encoder.encode(one, None).states.mean(axis=0) for one in tokens])


def labelled_records(model: Path, gold: list[dict]) -> list[dict]:
    """What the shipped model says."""
    feedback = pd.DataFrame(
        {
            "item_id": [str(record["id"]) for record in gold],
            "text": [record["text"] for record in gold],
            "source_kind": [record.get("source_kind") for record in gold],
        }
    )
    return list(to_records(Labeler.load(model).label(feedback)))


def load_judge(path: Path) -> ModuleType:
    """The judge's functions: `whole`, `table` and `interval`."""
    spec = importlib.util.spec_from_file_location("judge", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judged(judge: ModuleType, gold: list[dict], records: list[dict]) -> dict[str, dict]:
    """Scores and 95 % intervals of one reader, on the whole file and on each slice of it."""
    pairs = [(judge.whole(item), judge.whole(record)) for item, record in zip(gold, records, strict=True)]
    slices = sorted({item["slice"] for item in gold if "slice" in item})
    groups = {"all": pairs, **{name: [p for p in pairs if p[0].get("slice") == name] for name in slices}}
    result = {}
    for name, group in groups.items():
        truth, said = [t for t, _ in group], [s for _, s in group]
        bounds = {f"{axis}|{metric}": span for (axis, metric), span in judge.interval(truth, said).items()}
        result[name] = {"n": len(group), "scores": judge.table(truth, said), "intervals": bounds}
    return result


def readers(
    items: list[LabelledItem], gold: list[dict], model: Path, keep: Path, left_out: list[str]
) -> dict[str, list[dict]]:
    """Records of every reader by its name in the table.

    :param left_out: names of readers that are not run.
    :param keep: folder where a baseline's records are kept for the next model's comparison.
    """
    texts = [record["text"] for record in gold]
    kinded = [baselines.with_kind(record["text"], record.get("source_kind")) for record in gold]

    def frozen() -> list[dict]:
        told = [baselines.with_kind(item.text, item.source_kind).removeprefix("sourcekind") for item in items]
        vectors = frozen_vectors(told + [text.removeprefix("sourcekind") for text in kinded])
        return baselines.regress(vectors[: len(items)], items, vectors[len(items) :], strength=3.0)

    made = {
        "majority": lambda: baselines.majority(items, len(texts)),
        "VADER": lambda: baselines.vader(texts),
        "TF-IDF + logistic regression": lambda: baselines.tfidf(items, kinded),
        "frozen MiniLM + logistic regression": frozen,
    }
    mark = hashlib.sha256("".join(f"{i.item_id}{i.domain}" for i in items).encode()).hexdigest()[:12]
    records = {
        name: _kept(keep / f"{name}-{mark}.json".replace(" ", "_"), make)
        for name, make in made.items()
        if name not in left_out
    }
    return {**records, "labeler": labelled_records(model, gold)}


def _kept(path: Path, make: Callable[[], list[dict]]) -> list[dict]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(make()))
    return json.loads(path.read_text())


def table(scores: dict[str, dict], group: str) -> str:
    """Markdown: a row for each measure, a column for each reader."""
    lines = ["| measure | " + " | ".join(scores) + " |", "| --- |" + " --- |" * len(scores)]
    for axis, metric in SHOWN:
        cells = [_cell(by_group[group], axis, metric) for by_group in scores.values()]
        lines.append(f"| {axis}, {metric} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(scores: dict, axis: str, metric: str) -> str:
    value = scores["scores"].get(axis, {}).get(metric)
    if value is None or value != value:
        return "-"
    low, high = scores["intervals"].get(f"{axis}|{metric}", (None, None))
    return f"{value:.3f}" if low is None else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def main() -> None:
    """Run the comparison and write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path, nargs="+", required=True)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--judge", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/default"))
    parser.add_argument("--keep", type=Path, required=True, help="folder outside the repository for baselines' records")
    parser.add_argument("--leave-out", nargs="*", default=[], help="readers not to run, by name")
    given = parser.parse_args()
    items = read_labels(given.labels, given.texts, load_taxonomy(Path("pipelines/taxonomy.yaml")))
    gold = [record for _, record in read_records(given.gold)]
    judge = load_judge(given.judge)
    scores = {
        name: judged(judge, gold, said)
        for name, said in readers(items, gold, given.model, given.keep, given.leave_out).items()
    }
    about = {
        "gold": given.gold.name,
        "n": len(gold),
        "learnt_from": len(items),
        "model": Labeler.load(given.model).model_id,
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    (HERE / "scores.json").write_text(json.dumps({"about": about, "readers": scores}, indent=1) + "\n")
    parts = [f"## {group}, n = {part['n']}\n\n{table(scores, group)}\n" for group, part in scores["labeler"].items()]
    (HERE / "scores.md").write_text(f"# Labeler and baselines\n\n{about}\n\n" + "\n".join(parts))


if __name__ == "__main__":
    main()
