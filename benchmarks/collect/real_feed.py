"""Collect every source of a pipeline file and print what went in and what was quarantined; writes nothing.

Example: python -m benchmarks.collect.real_feed benchmarks/real_feed.yaml 2026-11-22
"""

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from cxnlp.calendar_day import Night
from cxnlp.collect.feedback import read_feedback
from cxnlp.collect.files import list_files
from cxnlp.config import FeedbackSource, Pipeline
from cxnlp.pipeline_file import load_pipeline
from cxnlp.pseudonym import Pseudonyms


@dataclass(frozen=True)
class Collected:
    """Counts of one source."""

    records: int
    items: int
    quarantined: Counter[str]
    seconds: float


def collect(source: FeedbackSource, pipeline: Pipeline, night: Night) -> Collected:
    """Read all files of a source under a key made for the occasion."""
    started = perf_counter()
    records, items, quarantined = 0, 0, Counter[str]()
    for file in list_files(source, Path.cwd()):
        for batch in read_feedback(source, file, Pseudonyms(b"benchmark key"), night, pipeline.clean.max_field_bytes):
            records += batch.record_count
            items += len(batch.records)
            quarantined.update(batch.quarantine["reason"])
    return Collected(records, items, quarantined, perf_counter() - started)


def main() -> None:
    pipeline = load_pipeline(Path(sys.argv[1]))
    night = Night(date.fromisoformat(sys.argv[2]), pipeline.time_zone)
    found = {source.name: collect(source, pipeline, night) for source in pipeline.feedback}
    print(f"{'source':18}{'records':>9}{'read':>9}{'quarantined':>13}{'records/s':>11}")
    for name, told in found.items():
        speed = told.records / told.seconds
        quarantined = dict(told.quarantined) or ""
        print(
            f"{name:18}{told.records:>9,}{told.items:>9,}{told.quarantined.total():>13,}{speed:>11,.0f}  {quarantined}"
        )
    everything = sum(told.records for told in found.values()), sum(told.items for told in found.values())
    print(f"{'all':18}{everything[0]:>9,}{everything[1]:>9,}{everything[0] - everything[1]:>13,}")


if __name__ == "__main__":
    main()
