"""Must-show 2: what was said, what happened, and both together, on simulated contacts whose cause is known.

    python -m benchmarks.trace.joined

The labeler is simulated: a calibrated posterior over what the caller says, right 8 times in 10. Accuracy is that of
the domain over all first contacts; an answer of `cannot_tell` is wrong. `exchanged`: every customer's events are
given to another customer, so that the events say nothing. The calibration error is that of the joined probability
over contacts with an answer, ten bins of equal width.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.trace.results import write_results
from benchmarks.trace.simulator import Company, Kind, Plan, Speech, draw_company, with_events_exchanged
from benchmarks.trace.words import draw_posteriors
from cxnlp.config import Costs, Trace
from cxnlp.tables import CONTACTS
from cxnlp.trace.excess import measure_excess
from cxnlp.trace.happened import find_happened
from cxnlp.trace.join import trace_contacts

HERE = Path(__file__).parent
SETTINGS = Trace(owners={}, costs=Costs(currency="EUR", per_contact={}, other=1, source="made up"))
HARMFUL = (
    Kind("invoice", 5, 6.0, domain="billing"),
    Kind("parcel", 3, 8.0, domain="fulfilment"),
    Kind("release", 2, 5.0, domain="digital"),
    Kind("letter", 6),
    Kind("visit", 3, by_activity=True),
)
WEAK = (
    Kind("invoice", 4, 3.0, domain="billing"),
    Kind("parcel", 3, 2.5, domain="fulfilment"),
    Kind("letter", 6),
)
PLAN = Plan(2_500, 270, 1.0, HARMFUL, seed=1)
SEEDS = range(1, 3)


@dataclass(frozen=True)
class Case:
    """Companies of one sort."""

    name: str
    plan: Plan


CASES = (
    Case("most name the cause", replace(PLAN, speech=Speech(0.9, 0.05, 0.03))),
    Case("a third name none or a wrong one", replace(PLAN, speech=Speech(0.66, 0.14, 0.12))),
    Case("half name none or a wrong one", replace(PLAN, speech=Speech(0.5, 0.25, 0.15))),
    Case("a third wrong, repeats .35", replace(PLAN, speech=Speech(0.66, 0.14, 0.12), repeats=0.35)),
    Case("a third wrong, weak events", replace(PLAN, kinds=WEAK, speech=Speech(0.66, 0.14, 0.12))),
    Case("a third wrong, few contacts", replace(PLAN, customers=800, speech=Speech(0.66, 0.14, 0.12))),
)


def judge(company: Company, seed: int) -> pd.DataFrame:
    """First contacts with the true domain, the three answers and the joined probability."""
    drawn = company.contacts
    number = drawn.groupby("chain_id").cumcount()
    contacts = CONTACTS.typed(drawn.assign(demand="failure", demand_probability=0.9, contact_no=number, cost=1.0))
    posterior = draw_posteriors(drawn, seed)
    items = drawn[["item_id"]].assign(
        domain=drawn["domain"], domain_probability=0.8, cause=None, breakdown_quote="words", breakdown_start=0,
        breakdown_end=5, domain_posterior=posterior,
    )  # fmt: skip
    told = contacts.assign(domain=drawn["domain"])
    excess = measure_excess(told, company.events, company.customers, SETTINGS, "UTC")
    links = pd.DataFrame({"item_id": [], "event_id": []}).astype("str")
    happened = find_happened(told, company.events, company.customers, excess, links, SETTINGS, "UTC")
    traces = trace_contacts(contacts, items, happened, SETTINGS)
    return traces.merge(drawn.loc[~drawn["is_repeat"], ["item_id", "true_domain"]], on="item_id")


def calibration_error(probability: pd.Series, is_right: pd.Series) -> float:
    """Expected calibration error, ten bins of equal width."""
    which = np.minimum((probability * 10).astype(int), 9)
    bins = pd.DataFrame({"p": probability, "right": is_right.astype(float)}).groupby(which).mean()
    weight = which.value_counts(normalize=True)
    return float(((bins["p"] - bins["right"]).abs() * weight).sum())


def score(judged: pd.DataFrame) -> dict[str, float]:
    """Accuracy of the three answers and calibration of the joined one."""
    true = judged["true_domain"]
    answered = judged["domain"] != "cannot_tell"
    return {
        "said": float((judged["said_domain"] == true).mean()),
        "happened": float((judged["happened_domain"] == true).mean()),
        "joined": float((judged["domain"] == true).mean()),
        "calibration": calibration_error(judged.loc[answered, "probability"], (judged["domain"] == true)[answered]),
    }


def main() -> None:
    """Run all cases and write the results beside this script."""
    rows = []
    for case in CASES:
        companies = [draw_company(replace(case.plan, seed=seed)) for seed in SEEDS]
        judged = pd.concat([judge(company, seed) for seed, company in zip(SEEDS, companies, strict=True)])
        exchanged = pd.concat(
            [judge(with_events_exchanged(company, seed), seed) for seed, company in zip(SEEDS, companies, strict=True)]
        )
        blind = score(exchanged)
        rows.append(
            {"case": case.name, "contacts": len(judged), **score(judged), "exchanged said": blind["said"]}
            | {"exchanged joined": blind["joined"]}
        )
        print(rows[-1], flush=True)
    write_results(HERE / "joined", "Said, happened, joined: accuracy of the domain", pd.DataFrame(rows), "", NOTES)


NOTES = f"{len(SEEDS)} companies a case, seeds {SEEDS.start} to {SEEDS.stop - 1}."

if __name__ == "__main__":
    main()
