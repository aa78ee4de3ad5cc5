"""The night: collect, label, trace, measure, publish."""

import logging
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect import flow

from cxnlp.lake import Lake
from cxnlp.pipeline_file import load_pipeline
from cxnlp.tables import RUNS
from flows.run import Summary, run_steps
from flows.steps import Order

LOG = logging.getLogger("cxnlp")


@flow(name="nightly", validate_parameters=False)
def nightly(pipeline: str = "pipelines/nightly.yaml", night: str | None = None) -> Summary:
    """Run one night.

    :param pipeline: pipeline file.
    :param night: ISO date of the day that ends with this night; the day before today where not given. Whatever
        came since the last run is taken, so a night that was missed is caught up by the next.
    """
    settings = load_pipeline(Path(pipeline))
    day = date.fromisoformat(night) if night else last_day(settings.time_zone)
    missed = missed_nights(Lake(settings.lake), day)
    if missed:
        LOG.warning("%d night(s) before %s were missed; their feedback is taken now", missed, day)
    return run_steps("nightly", Order(pipeline, day.isoformat()))


def last_day(time_zone: str) -> date:
    """The last day that has ended in the company's time zone."""
    return datetime.now(ZoneInfo(time_zone)).date() - timedelta(days=1)


def missed_nights(lake: Lake, night: date) -> int:
    """Nights between the last one done and this one."""
    runs = lake.read(RUNS, ["flow", "night", "status"])
    done = runs.loc[(runs["flow"] == "nightly") & runs["status"].isin(["done", "source_failed"]), "night"]
    return max((night - date.fromisoformat(max(done))).days - 1, 0) if len(done) else 0
