"""Must-show 3: are contacts put into the right chains? Simulated companies with words, and the sample's storylines.

python -m benchmarks.trace.chains
"""

import json
from itertools import combinations
from pathlib import Path

import pandas as pd

from benchmarks.trace.results import write_results
from benchmarks.trace.simulator import Kind, Plan, draw_company
from benchmarks.trace.words import write_words
from cxnlp.label.labeler import Labeler
from cxnlp.trace.chains import link_chains
from cxnlp.trace.keys import find_keys

HERE = Path(__file__).parent
SAMPLE = Path("data/sample")
MODEL = Path("models/default")
CHAIN_DAYS = 21
KINDS = (Kind("invoice", 4, 3.0, domain="billing"), Kind("parcel", 3, 2.5, domain="fulfilment"), Kind("letter", 6))
PLANS = {
    "few contacts (1 a year), repeats .35": Plan(3_000, 365, 0.8, KINDS, seed=11, repeats=0.35),
    "many contacts (3 a year), repeats .35": Plan(900, 365, 2.0, KINDS, seed=12, repeats=0.35),
    "many contacts (3 a year), repeats .2": Plan(900, 365, 2.0, KINDS, seed=13, repeats=0.2),
}


def pairwise(found: pd.DataFrame, true: pd.Series) -> dict[str, float]:
    """Precision, recall and F1 over pairs of contacts in one chain."""
    said = _pairs(found["item_id"], found["chain_id"])
    wanted = _pairs(true.index.to_series(), true)
    hit = len(said & wanted)
    precision, recall = hit / max(len(said), 1), hit / max(len(wanted), 1)
    return {
        "contacts": len(found),
        "true_pairs": len(wanted),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * hit / max(len(said) + len(wanted), 1), 3),
    }


def _pairs(items: pd.Series, chains: pd.Series) -> set[tuple[str, str]]:
    groups = pd.DataFrame({"item": items.to_numpy(), "chain": chains.to_numpy()}).groupby("chain")["item"]
    return {pair for _, members in groups if len(members) > 1 for pair in combinations(sorted(members), 2)}


def simulated(plan: Plan, labeler: Labeler) -> dict[str, float]:
    """A simulated company, its words labelled by the default model."""
    contacts = draw_company(plan).contacts
    truth = contacts.set_index("item_id")["chain_id"]
    contacts = contacts.drop(columns=["chain_id", "is_repeat"]).assign(
        text=write_words(contacts, plan.seed), demand="failure"
    )
    labels = labeler.label(contacts).items
    contacts = contacts.assign(domain_posterior=labels["domain_posterior"].to_numpy())
    return pairwise(link_chains(contacts, find_keys(contacts), CHAIN_DAYS), truth)


def sample(labeler: Labeler) -> dict[str, float]:
    """The sample company: storylines of one customer each, so that what it shows is which contacts are missed."""
    labels = pd.DataFrame([json.loads(line) for line in (SAMPLE / "labels.jsonl").read_text().splitlines()])
    written = [
        json.loads(line)
        for path in sorted((SAMPLE / "written").glob("w*.jsonl"))
        for line in path.open(encoding="utf-8")
    ]
    rows = pd.DataFrame([_written_row(item) for item in written])
    assert len(rows) == len(labels), "labels.jsonl is not of these items"
    contacts = rows[rows["demand"].isin(["failure", "value"])].reset_index(drop=True)
    posterior = labeler.label(contacts).items["domain_posterior"].to_numpy()
    contacts = contacts.assign(domain_posterior=posterior)
    truth = contacts.set_index("item_id")["story"]
    truth = truth.where(truth.notna(), truth.index.to_series())
    return pairwise(link_chains(contacts, find_keys(contacts), CHAIN_DAYS), truth)


def _written_row(item: dict) -> dict[str, object]:
    turns = [turn["text"] for turn in item["turns"] or [] if turn["from"] == "customer"]
    return {
        "item_id": item["id"],
        "customer_key": item["customer_id"],
        "created_at": pd.Timestamp(item["at"], tz="Europe/London").tz_convert("UTC"),
        "channel": item["feed"],
        "text": item["text"] or "\n".join(turns),
        "demand": item["label"]["demand"],
        "story": item["story"],
    }


def main() -> None:
    """Run all and write the results beside this script."""
    labeler = Labeler.load(MODEL)
    rows = [{"company": name, **simulated(plan, labeler)} for name, plan in PLANS.items()]
    rows.append({"company": "sample company, marked storylines", **sample(labeler)})
    write_results(HERE / "chains", "Chains of contacts: pairwise scores", pd.DataFrame(rows), labeler.model_id)


if __name__ == "__main__":
    main()
