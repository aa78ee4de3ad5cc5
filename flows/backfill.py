"""A range of days again: read, clean and label what was said in them, in steps that a killed run resumes."""

import json
import logging
from datetime import date, timedelta
from pathlib import Path

from prefect import flow

from cxnlp.pipeline_file import load_pipeline
from flows.nightly import last_day
from flows.run import Summary, run_steps
from flows.steps import Order

LOG = logging.getLogger("cxnlp")


@flow(name="backfill", validate_parameters=False)
def backfill(first: str, last: str, pipeline: str = "pipelines/nightly.yaml", days_per_step: int = 28) -> list[Summary]:
    """Take the days `first` to `last` (ISO dates, both included) again.

    Nothing changes where the sources say what they said before. Steps that a killed backfill of the same range had
    finished are not done again.
    """
    settings = load_pipeline(Path(pipeline))
    night = last_day(settings.time_zone)
    marker = settings.lake / ".backfill.json"
    asked: dict[str, object] = {"pipeline": pipeline, "first": first, "last": last, "days_per_step": days_per_step}
    done = _steps_done(marker, asked)
    summaries = []
    for begin, end in split_days(date.fromisoformat(first), date.fromisoformat(last), days_per_step)[done:]:
        LOG.info("backfill %s to %s", begin, end)
        order = Order(pipeline, max(night, end).isoformat(), begin.isoformat(), end.isoformat())
        summaries.append(run_steps("backfill", order))
        done += 1
        _write(marker, {"asked": asked, "done": done})
    marker.unlink(missing_ok=True)
    return summaries


def split_days(first: date, last: date, days: int) -> list[tuple[date, date]]:
    """Consecutive ranges of at most `days` days that cover `first` to `last`.

    :raises ValueError: where the range is empty or `days` is less than 1.
    """
    if last < first or days < 1:
        raise ValueError(f"no days from {first} to {last} in steps of {days}")
    begins = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, days)]
    return [(begin, min(begin + timedelta(days=days - 1), last)) for begin in begins]


def _steps_done(marker: Path, asked: dict[str, object]) -> int:
    if not marker.exists():
        return 0
    found = json.loads(marker.read_text(encoding="utf-8"))
    return int(found["done"]) if found["asked"] == asked else 0


def _write(marker: Path, progress: dict[str, object]) -> None:
    fresh = marker.with_suffix(".new")
    fresh.write_text(json.dumps(progress), encoding="utf-8")
    fresh.replace(marker)
