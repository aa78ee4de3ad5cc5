"""A whole night on a real feed: what came in, what became of it, how fast, how much memory.

    python benchmarks/night/real_feed.py benchmarks/real_feed.yaml

Writes `real_feed.json` and `real_feed.md` beside this script; the lake is made anew under benchmarks/work.
"""

import json
import os
import platform
import resource
import shutil
import sys
import time
from datetime import date
from pathlib import Path

import pandas as pd

from cxnlp.label.labeler import Labeler
from cxnlp.lake import Lake
from cxnlp.night import collecting, deriving, labelling, publishing
from cxnlp.night.context import Context, open_context
from cxnlp.night.receipts import Receipt
from cxnlp.tables import DROPPED, FEEDBACK, ITEMS, QUARANTINE

HERE = Path(__file__).parent
KEY = "a key for benchmarks only, not secret"


def main(pipeline: Path) -> None:
    """Run every stage once on an empty lake and write what was measured."""
    os.environ.setdefault("CXNLP_PSEUDONYM_KEY", KEY)
    context = open_context(pipeline, date.today())
    shutil.rmtree(context.pipeline.lake, ignore_errors=True)
    seconds: dict[str, float] = {}
    total = collect_all(context, seconds)
    labeler = Labeler.load(context.pipeline.model)
    stages = {
        "duplicates": lambda: deriving.derive_duplicates(context),
        "label": lambda: labelling.label_new(context, labeler, lambda done, all_: None),
        "trace": lambda: deriving.derive_traces(context),
        "measure": lambda: deriving.derive_marts(context),
        "publish": lambda: publishing.publish(context),
        "maintain": lambda: context.lake.maintain(),
    }
    for name, run in stages.items():
        started = time.monotonic()
        run()
        seconds[name] = time.monotonic() - started
    write(account(context.lake, total, seconds, labeler.model_id))


def collect_all(context: Context, seconds: dict[str, float]) -> Receipt:
    """Collect and clean every source."""
    started = time.monotonic()
    receipts = [collecting.collect(context, source.name) for source in context.pipeline.feedback]
    seconds["collect and clean"] = time.monotonic() - started
    return sum(receipts, Receipt("all"))


def account(lake: Lake, total: Receipt, seconds: dict[str, float], model_id: str) -> dict[str, object]:
    """Counts as the tables tell them, beside the count of records read."""
    feedback, dropped, quarantine = (
        lake.read(FEEDBACK, ["item_id", "is_analysed"]),
        lake.read(DROPPED),
        lake.read(QUARANTINE),
    )
    not_items = dropped[dropped["stage"] == "clean"]
    return {
        "records_in": total.records,
        "items": len(feedback),
        "quarantined": quarantine.groupby(["source", "reason"]).size().to_frame("n").reset_index().to_dict("records"),
        "dropped": not_items.groupby(["source", "reason"]).size().to_frame("n").reset_index().to_dict("records"),
        "balance": len(feedback) + len(quarantine) + len(not_items) - total.records,
        "other_language": int((~feedback["is_analysed"]).sum()),
        "labelled": lake.read(ITEMS, ["item_id"])["item_id"].nunique(),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "items_a_second": {name: round(len(feedback) / value) for name, value in seconds.items()},
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "model": model_id,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, python {platform.python_version()}",
        "at": pd.Timestamp.now(tz="UTC").isoformat(timespec="minutes"),
    }


def write(result: dict[str, object]) -> None:
    """Print the account, and write it as JSON and Markdown."""
    (HERE / "real_feed.json").write_text(json.dumps(result, indent=1) + "\n")
    lines = [f"| {name} | {json.dumps(value)} |" for name, value in result.items()]
    table = "\n".join(["| what | value |", "| --- | --- |", *lines, ""])
    (HERE / "real_feed.md").write_text(table)
    print(table)
    if result["balance"]:
        sys.exit(f"{result['balance']} records are not accounted for")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
