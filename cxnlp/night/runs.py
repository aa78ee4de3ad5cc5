"""One row a run in the table `runs`: begun as running, closed with its counts."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cxnlp import __version__
from cxnlp.lake import Lake
from cxnlp.night.receipts import Receipt
from cxnlp.tables import RUNS


@dataclass
class Run:
    """A run as it goes on."""

    run_id: str
    flow: str
    night: str
    pipeline: str
    model: str
    started_at: pd.Timestamp
    receipts: dict[str, Receipt] = field(default_factory=dict)
    seconds_by_stage: dict[str, float] = field(default_factory=dict)
    failed_sources: dict[str, str] = field(default_factory=dict)
    labelled: int = 0

    @property
    def total(self) -> Receipt:
        """Counts over the feedback sources."""
        return sum(self.receipts.values(), Receipt("all"))


def begin_run(lake: Lake, run: Run) -> None:
    """Write the run's row as running, and close rows of runs that died without a word."""
    earlier = lake.read(RUNS)
    died = earlier[earlier["status"] == "running"].assign(status="died")
    lake.upsert(RUNS, pd.concat([RUNS.typed(died), _row(run, "running")], ignore_index=True))


def end_run(lake: Lake, run: Run, status: str) -> None:
    """Close the run's row.

    :param status: done, source_failed or failed.
    """
    lake.upsert(RUNS, _row(run, status))


def code_version() -> str:
    """Version of cxnlp and, in a git checkout, the commit."""
    folder = Path(__file__).resolve().parents[2]
    if not (folder / ".git").exists():
        return __version__
    asked = subprocess.run(
        ["git", "-C", str(folder), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return f"{__version__}+{asked.stdout.strip()}" if asked.returncode == 0 else __version__


def _row(run: Run, status: str) -> pd.DataFrame:
    total = run.total
    values = {
        "run_id": run.run_id,
        "flow": run.flow,
        "night": run.night,
        "pipeline": run.pipeline,
        "status": status,
        "started_at": run.started_at,
        "seconds": (pd.Timestamp.now(tz="UTC") - run.started_at).total_seconds(),
        "seconds_by_stage": json.dumps({k: round(v, 3) for k, v in run.seconds_by_stage.items()}),
        "record_count": total.records,
        "item_count": total.items,
        "unchanged_count": total.unchanged,
        "dropped_count": total.dropped,
        "quarantined_count": total.quarantined,
        "labelled_count": run.labelled,
        "failed_sources": json.dumps(run.failed_sources, sort_keys=True),
        "model": run.model,
        "code_version": code_version(),
    }
    return RUNS.typed(pd.DataFrame([values]))
