"""Are planted causes found, harmless events left alone, and are the intervals right?

    python -m benchmarks.trace.excess --replicates 400

Draws companies of many sizes in three scenarios (benchmarks/trace/companies.py), estimates the excess after every
kind of event, and counts: found kinds with a true rate ratio of 2 or more and at least 20 calls expected in the
window; harmless kinds found; intervals that cover, over all kinds. Writes excess.json and excess.md beside this
script. A kind is found where any of its rows, of all contacts or of a domain, is used.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.trace.companies import SCENARIOS, draw_plan
from benchmarks.trace.simulator import Company, draw_company
from cxnlp.config import Costs, Trace
from cxnlp.trace.excess import measure_excess

HERE = Path(__file__).parent
SETTINGS = Trace(owners={}, costs=Costs(currency="EUR", per_contact={}, other=1, source="made up"))
FEW = 20
WRITE_EVERY = 25


def link_by_domain(contacts: pd.DataFrame, days: int) -> pd.Series:
    """Chain of each contact: it continues the customer's last one soon after it, if not plainly of another domain.

    The true chains are not looked at. Contacts are in the order of customers and times.
    """
    continues, customer, last_at, last_domain = [], None, pd.Timestamp.min.tz_localize("UTC"), None
    domains = contacts["domain"].where(~contacts["domain"].isin(["service"]), None).tolist()
    for who, at, domain in zip(contacts["customer_key"], contacts["created_at"], domains, strict=True):
        fits = isinstance(domain, float) or isinstance(last_domain, float) or domain == last_domain
        soon = who == customer and at - last_at <= pd.Timedelta(days=days)
        continues.append(soon and fits)
        last_domain = domain if not continues[-1] or isinstance(last_domain, float) else last_domain
        customer, last_at = who, at
    return pd.Series(np.cumsum(~np.array(continues, dtype=bool)).astype(str), index=contacts.index)


def judge(company: Company, scenario: str) -> pd.DataFrame:
    """One row per kind: what is true of it and what was estimated."""
    contacts = company.contacts
    if scenario != "plain":
        contacts = contacts.assign(chain_id=link_by_domain(contacts, SETTINGS.chain_days))
    excess = measure_excess(contacts, company.events, company.customers, SETTINGS, "UTC")
    whole = excess[excess["domain"] == "all"].set_index(["kind", "window"])
    rows = []
    for kind in company.plan.kinds:
        of_kind = excess[excess["kind"] == kind.name]
        if of_kind.empty:
            continue
        row = whole.loc[(kind.name, f"{kind.window[0]}-{kind.window[1]}")]
        fraction = 1 - 1 / kind.rate_ratio
        rows.append(
            {
                "kind": kind.name,
                "true_ratio": kind.rate_ratio,
                "true_expected": company.expected[kind.name],
                "ratio": row["rate_ratio"],
                "low": row["rate_ratio_low"],
                "high": row["rate_ratio_high"],
                "is_found": bool(of_kind["is_used"].any()),
                "is_found_whole": bool(of_kind.loc[of_kind["domain"] == "all", "is_used"].any()),
                "covers": row["rate_ratio_low"] <= kind.rate_ratio <= row["rate_ratio_high"],
                "fraction_covers": row["attributable_low"] <= fraction <= row["attributable_high"],
                "why_not": row["why_not"],
                "reverse": kind.after_contact > 0,
            }
        )
    return pd.DataFrame(rows)


def share(hits: pd.Series) -> dict[str, float]:
    """Mean with its Monte-Carlo standard error and number."""
    mean = float(hits.mean()) if len(hits) else float("nan")
    return {"share": mean, "error": float(np.sqrt(mean * (1 - mean) / max(len(hits), 1))), "n": len(hits)}


def summarise(rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """The figures of one scenario."""
    harmful = (rows["true_ratio"] >= 2) & (rows["true_expected"] >= FEW)
    harmless = (rows["true_ratio"] == 1) & ~rows["reverse"]
    own = rows[~rows["reverse"]]
    return {
        "found of harmful (RR >= 2, expected >= 20)": share(rows.loc[harmful, "is_found"]),
        "found of harmless": share(rows.loc[harmless, "is_found"]),
        "found of harmless campaign": share(rows.loc[harmless & (rows["kind"] == "campaign"), "is_found"]),
        "found of events that contacts cause": share(rows.loc[rows["reverse"], "is_found"]),
        "rate ratio covered, all kinds": share(own["covers"]),
        "rate ratio covered, harmful kinds": share(own.loc[own["true_ratio"] > 1, "covers"]),
        "rate ratio covered, harmless kinds": share(own.loc[own["true_ratio"] == 1, "covers"]),
        "attributable fraction covered, all kinds": share(own["fraction_covers"]),
    }


def write(figures: dict[str, dict[str, dict[str, float]]], replicates: int, seconds: float) -> None:
    """excess.json and excess.md."""
    told = {"replicates a scenario": replicates, "seconds a replicate": seconds, "scenarios": figures}
    (HERE / "excess.json").write_text(json.dumps(told, indent=1) + "\n")
    lines = [
        "# Excess after events in simulated companies",
        "",
        f"`python -m benchmarks.trace.excess --replicates {replicates}`: {replicates} companies a scenario, "
        f"{seconds:.2f} s of processor time each; share, Monte-Carlo standard error, number of kinds.",
        "",
        "| figure | " + " | ".join(figures) + " |",
        "| --- |" + " --- |" * len(figures),
    ]
    for name in next(iter(figures.values())):
        cells = [f"{f[name]['share']:.3f} ± {f[name]['error']:.3f} ({f[name]['n']})" for f in figures.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    (HERE / "excess.md").write_text("\n".join(lines).replace("nan ± nan (0)", "-") + "\n")


def main() -> None:
    """Run all scenarios and write the figures, also on the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=350)
    parser.add_argument("--first-seed", type=int, default=1)
    chosen = parser.parse_args()
    rows: dict[str, list[pd.DataFrame]] = {scenario: [] for scenario in SCENARIOS}
    started = time.process_time()
    for number in range(chosen.replicates):
        for scenario in SCENARIOS:
            company = draw_company(draw_plan(scenario, chosen.first_seed + number))
            rows[scenario].append(judge(company, scenario))
        if (number + 1) % WRITE_EVERY == 0 or number + 1 == chosen.replicates:
            seconds = (time.process_time() - started) / ((number + 1) * len(SCENARIOS))
            figures = {scenario: summarise(pd.concat(frames)) for scenario, frames in rows.items()}
            write(figures, number + 1, seconds)
            print((HERE / "excess.md").read_text(), flush=True)


if __name__ == "__main__":
    main()
