"""A night's tasks in their order, as plain functions: what a flow runs, without Prefect's own bookkeeping.

As a program: `python -m tests.flows.plain PIPELINE NIGHT`, to be killed.
"""

import sys
from pathlib import Path

from cxnlp.lake import Lake, content_hash
from cxnlp.pipeline_file import load_pipeline
from cxnlp.tables import RUNS, TABLES
from flows import steps
from flows.steps import Order

LAKE_TASKS = (steps.duplicates, steps.label, steps.trace, steps.measure, steps.maintain)


def run_tasks(pipeline: str, night: str) -> None:
    """Run every task of the night."""
    fill_lake(pipeline, night)
    steps.publish.fn(Order(pipeline, night))


def fill_lake(pipeline: str, night: str) -> None:
    """Run every task that writes to the lake."""
    order = Order(pipeline, night)
    settings = load_pipeline(Path(pipeline))
    for source in (*settings.customers, *settings.events, *settings.feedback):
        steps.collect.fn(order, source.name)
    for task in LAKE_TASKS:
        task.fn(order)


def table_hashes(lake: Path) -> dict[str, str]:
    """Content hash of every table but `runs`."""
    return {table.name: content_hash(Lake(lake).read(table)) for table in TABLES.values() if table is not RUNS}


if __name__ == "__main__":
    run_tasks(sys.argv[1], sys.argv[2])
