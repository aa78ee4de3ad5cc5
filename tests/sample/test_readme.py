"""The figures in the sample's README are those of its files."""

import re

import pandas as pd

from cxnlp.config import Pipeline
from tests.sample.conftest import SAMPLE, Feedback, rows

README = (SAMPLE / "README.md").read_text(encoding="utf-8")


def told(column: int) -> dict[str, int]:
    """First cell of each table row of the README that begins with a source's name, and one of its counts."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in README.splitlines() if line[:3] == "| `"]
    counts = {own[0].strip("`"): own[column] for own in cells if len(own) > column}
    return {name: int(count.replace(",", "")) for name, count in counts.items() if re.fullmatch(r"[\d,]+", count)}


def test_records_by_source(feedback: Feedback, pipeline: Pipeline):
    found = pd.concat([feedback.records["source"], feedback.quarantine["source"]]).value_counts().to_dict()
    counts = told(3)
    assert {source.name: counts[source.name] for source in pipeline.feedback} == found
    assert f"{sum(found.values()):,} records: {feedback.records['item_id'].nunique():,} items" in README


def test_events_by_system():
    billing = [line for path in (SAMPLE / "feeds").glob("billing_*") for line in path.read_text().splitlines()]
    found = {
        "orders": len(rows("orders_*.csv")) - 2,
        "parcels": len(rows("parcels_*.csv", ";")),
        "billing": len(billing),
        "marketing": len(rows("marketing.csv")),
        "network": len(rows("network.csv")),
    }
    counts = told(2)
    assert {name: counts[name] for name in found} == found
    assert f"{sum(found.values()):,} events in all, of {len(rows('customers.csv')):,} customers" in README
