"""Time and memory of the excess for up to a million contacts and five million events: is it linear?

    python -m benchmarks.trace.scale --contacts 1000000

Draws a company at an eighth, a quarter, a half and all of the size, each in a process of its own, estimates the
excess of all kinds, windows and domains with placebos, and explains every contact. Writes scale.json, scale.md and
scale.svg beside this script.
"""

import argparse
import json
import platform
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.trace.simulator import Kind, Plan, draw_company
from cxnlp.config import Costs, Trace
from cxnlp.trace.excess import measure_excess
from cxnlp.trace.explain import explain_contacts

HERE = Path(__file__).parent
CALLS_A_YEAR = 1.4
SETTINGS = Trace(owners={}, costs=Costs(currency="EUR", per_contact={}, other=1, source="made up"))
KINDS = (
    Kind("invoice", 3.6, 2.0, (0, 6), "billing"),
    Kind("order", 2.2, 3.0, (0, 2), "sales"),
    Kind("parcel", 1.2, 4.0, (0, 13), "fulfilment"),
    Kind("outage", 1, 2.5, (0, 2), "product", on_day=60, company_wide=True, region="north"),
    Kind("newsletter", 3.2),
    Kind("visit", 1.6),
    Kind("campaign", 0.2, on_day=200),
)


@dataclass(frozen=True)
class Measured:
    """One size."""

    contacts: int
    events: int
    customers: int
    excess_seconds: float
    explain_seconds: float
    processor_seconds: float
    peak_gigabytes: float
    drawn_gigabytes: float


def measure(customers: int) -> Measured:
    """Draw a company and time what the night would do with it."""
    company = draw_company(Plan(customers, 365, CALLS_A_YEAR, KINDS, seed=1, repeats=0.2))
    drawn = _peak()
    begin, busy = time.perf_counter(), time.process_time()
    excess = measure_excess(company.contacts, company.events, company.customers, SETTINGS, "UTC")
    middle = time.perf_counter()
    explain_contacts(company.contacts, company.events, company.customers, excess, SETTINGS, "UTC")
    end, busy = time.perf_counter(), time.process_time() - busy
    sizes = len(company.contacts), len(company.events), customers
    return Measured(*sizes, round(middle - begin, 1), round(end - middle, 1), round(busy, 1), _peak(), drawn)


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)


def plot(rows: list[Measured]) -> str:
    """SVG of seconds against contacts."""
    widest, longest = max(r.contacts for r in rows), max(r.processor_seconds for r in rows)
    points = [(60 + 520 * r.contacts / widest, 300 - 260 * r.processor_seconds / longest) for r in rows]
    dots = "".join(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="5" fill="#1f5f8b"/>' for x, y in points)
    words = "".join(
        f'<text x="{x - 8:.0f}" y="{y - 10:.0f}" text-anchor="end">{r.contacts:,} contacts: '
        f"{r.processor_seconds:.0f} s</text>"
        for (x, y), r in zip(points, rows, strict=True)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 340" font-family="sans-serif" font-size="12">'
        "<title>Processor seconds to estimate the excess and explain every contact, by contacts</title>"
        '<path d="M60 40V300H600" fill="none" stroke="#555"/>'
        f'<path d="M60 300L{points[-1][0]:.0f} {points[-1][1]:.0f}" '
        f'stroke="#aaa" stroke-dasharray="4"/>{dots}{words}'
        '<text x="600" y="320" text-anchor="end">contacts</text><text x="60" y="30">processor seconds</text></svg>\n'
    )


def write(rows: list[Measured]) -> None:
    """scale.json, scale.md and scale.svg of the sizes measured so far."""
    machine = f"{platform.machine()}, Python {platform.python_version()}, one process"
    told = {"machine": machine, "rows": [asdict(row) for row in rows]}
    (HERE / "scale.json").write_text(json.dumps(told, indent=1) + "\n")
    names = list(asdict(rows[0]))
    lines = ["# Excess and explanations at scale", "", f"On {machine}, shared with other work.", ""]
    lines += ["| " + " | ".join(names).replace("_", " ") + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(f"{value:,}" for value in asdict(row).values()) + " |" for row in rows]
    (HERE / "scale.md").write_text("\n".join(lines) + "\n")
    (HERE / "scale.svg").write_text(plot(rows))


def main() -> None:
    """Run four sizes, each in a fresh process, and write the figures, also on the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, help="run one size and print it")
    chosen = parser.parse_args()
    if chosen.customers:
        print(json.dumps(asdict(measure(chosen.customers))))
        return
    most = int(chosen.contacts / 2.08)  # calls of a customer in a year, repeats and what events add included
    rows = []
    for part in (8, 4, 2, 1):
        command = [sys.executable, "-m", "benchmarks.trace.scale", "--customers", str(most // part)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rows.append(Measured(**json.loads(told)))
        print(rows[-1], flush=True)
        write(rows)


if __name__ == "__main__":
    main()
