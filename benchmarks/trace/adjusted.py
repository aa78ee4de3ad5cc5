"""Adjusted count against plain count when shares shift after the labels were made.

    python -m benchmarks.trace.adjusted --replicates 1000

Draws a labeler with errors over eight domains, held-out labels at one mix of domains and new contacts at another,
and compares shares as predicted (with Wilson intervals) and adjusted. Writes adjusted.json and adjusted.md.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd

from cxnlp.measure.adjusted import Confusion, adjusted_shares
from cxnlp.measure.intervals import with_share

HERE = Path(__file__).parent
CODES = ("billing", "fulfilment", "product", "digital", "sales", "policy", "service", "none")


def replicate(seed: int, held_out: int, contacts: int) -> pd.DataFrame:
    """True, plain and adjusted shares with their intervals, one row per code."""
    random = np.random.default_rng(seed)
    rates = np.stack([0.72 * np.eye(8)[k] + 0.28 * random.dirichlet(np.full(8, 0.7)) for k in range(8)])
    before, after = random.dirichlet(np.full(8, 4.0)), random.dirichlet(np.full(8, 2.0))
    codes = np.array(CODES)
    human = random.choice(8, held_out, p=before)
    said = _predict(human, rates, random)
    confusion = Confusion.of(pd.Series(codes[human]), pd.Series(codes[said]), CODES)
    true = random.choice(8, contacts, p=after)
    adjusted = adjusted_shares(pd.Series(codes[_predict(true, rates, random)]), confusion, seed)
    hits = (adjusted["plain_share"] * contacts).round()
    plain = with_share(pd.DataFrame({"hits": hits, "base": contacts}), "hits", "base")
    return adjusted.assign(
        true=after, plain_low=plain["share_low"].to_numpy(), plain_high=plain["share_high"].to_numpy()
    )


def _predict(true: np.ndarray, rates: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return (random.random(len(true))[:, None] > np.cumsum(rates[true], axis=1)[:, :-1]).sum(axis=1)


def figures(held_out: int, contacts: int, replicates: int) -> dict[str, float]:
    """Mean absolute error and coverage of both."""
    rows = pd.concat([replicate(seed, held_out, contacts) for seed in range(replicates)])
    return {
        "held-out labels": held_out,
        "contacts": contacts,
        "replicates": replicates,
        "mean error, plain": float((rows["plain_share"] - rows["true"]).abs().mean()),
        "mean error, adjusted": float((rows["share"] - rows["true"]).abs().mean()),
        "covered, plain": float(((rows["plain_low"] <= rows["true"]) & (rows["true"] <= rows["plain_high"])).mean()),
        "covered, adjusted": float(((rows["share_low"] <= rows["true"]) & (rows["true"] <= rows["share_high"])).mean()),
    }


def main() -> None:
    """Run for few and many labels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1000)
    replicates = parser.parse_args().replicates
    told = [figures(held_out, contacts, replicates) for held_out, contacts in ((400, 500), (1000, 5000))]
    (HERE / "adjusted.json").write_text(json.dumps(told, indent=1) + "\n")
    lines = ["# Adjusted count against plain count under shifts of prevalence", ""]
    lines += ["| " + " | ".join(told[0]) + " |", "|" + " --- |" * len(told[0])]
    lines += ["| " + " | ".join(f"{value:.3f}".removesuffix(".000") for value in row.values()) + " |" for row in told]
    (HERE / "adjusted.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
