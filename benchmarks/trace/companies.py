"""Companies of many sizes for the benchmark of excess: what is planted in each replicate of each scenario."""

from dataclasses import replace

import numpy as np

from benchmarks.trace.simulator import DOMAINS, REGIONS, Kind, Plan

WINDOWS = ((0, 2), (0, 6), (7, 13), (0, 13))
EFFECTS = (1.5, 2.0, 2.5, 3.0, 4.0, 6.0)
SCENARIOS = ("plain", "repeats", "confounded")


def draw_plan(scenario: str, seed: int) -> Plan:
    """A company of random size and contact rate with two to four harmful kinds of events and four harmless ones.

    `repeats` adds further calls with probability .35. `confounded` moreover gives more events to customers who call
    more, sends a harmless campaign on the top of a peak of everybody's calls, and lets calls lead to credit notes.
    """
    random = np.random.default_rng([seed, SCENARIOS.index(scenario)])
    days = int(random.integers(120, 300))
    kinds = [_harmful(number, random) for number in range(random.integers(2, 5))]
    kinds += [_harmless("visit", random), _harmless("newsletter", random), _harmless("parcel", random)]
    kinds.append(Kind("campaign", float(random.uniform(0.1, 0.6)), window=_window(random), on_day=int(days * 0.6)))
    plan = Plan(
        customers=int(np.exp(random.uniform(np.log(300), np.log(2500)))),
        days=days,
        calls_a_year=float(np.exp(random.uniform(np.log(0.7), np.log(4)))),
        kinds=tuple(kinds),
        seed=seed,
        spread=float(random.uniform(0.7, 3)),
        season=float(random.uniform(0, 0.5)),
        repeats=0.0 if scenario == "plain" else 0.35,
    )
    return _confounded(plan, random) if scenario == "confounded" else plan


def _confounded(plan: Plan, random: np.random.Generator) -> Plan:
    middle = plan.days * 0.6 + float(random.uniform(-2, 5))
    peak = (middle, float(random.uniform(3, 14)), float(random.uniform(0.5, 1.2)))
    credit = Kind("credit_note", 1, after_contact=0.3, window=(0, 6))
    kinds = tuple(replace(kind, by_activity=kind.on_day is None) for kind in plan.kinds)
    return replace(plan, kinds=(*kinds, credit), peak=peak)


def _harmful(number: int, random: np.random.Generator) -> Kind:
    if number == 3:
        ratio = float(random.choice(EFFECTS))
        region = str(random.choice(REGIONS))
        return Kind(
            "outage", 1, ratio, _window(random), "product", int(random.integers(30, 100)), False, 0, True, region
        )
    return Kind(
        f"fault_{number}",
        a_year=float(np.exp(random.uniform(np.log(0.3), np.log(6)))),
        rate_ratio=float(random.choice(EFFECTS)),
        window=_window(random),
        domain=str(random.choice(DOMAINS[:-1])),
    )


def _harmless(name: str, random: np.random.Generator) -> Kind:
    return Kind(name, float(np.exp(random.uniform(np.log(0.3), np.log(8)))), window=_window(random))


def _window(random: np.random.Generator) -> tuple[int, int]:
    return WINDOWS[int(random.integers(0, len(WINDOWS)))]
