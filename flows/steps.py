"""The tasks of a night. Each opens the lake by itself, replaces its part and returns counts, so that any of them can
be run again alone; no frame and no text passes between them or rests in Prefect."""

import logging
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from cxnlp.errors import CxnlpError
from cxnlp.label.labeler import Labeler
from cxnlp.night import collecting, deriving, labelling, publishing, rotating
from cxnlp.night.context import Context, Window, open_context
from cxnlp.night.receipts import Receipt
from flows.progress import show_progress
from flows.secrets import read_secret

LOG = logging.getLogger("cxnlp")
RETRY_DELAYS = [10.0, 60.0]  # seconds; only where a network or disk can fail


@dataclass(frozen=True)
class Order:
    """What a run was asked to do: enough to open its context anew."""

    pipeline: str
    night: str
    first: str | None = None
    last: str | None = None

    def open(self) -> Context:
        """The context of this run."""
        window = (
            Window(date.fromisoformat(self.first), date.fromisoformat(self.last)) if self.first and self.last else None
        )
        return open_context(Path(self.pipeline), date.fromisoformat(self.night), window, read_secret)


def is_worth_retrying(task: Task, run: TaskRun, state: State) -> bool:
    """Retry what a network or disk may have caused; never a fault that a user must mend."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and not isinstance(error, CxnlpError | FileNotFoundError | PermissionError)


@task(
    name="collect",
    task_run_name="collect-{source}",
    retries=len(RETRY_DELAYS),
    retry_delay_seconds=RETRY_DELAYS,
    retry_condition_fn=is_worth_retrying,
    cache_policy=NO_CACHE,
)
def collect(order: Order, source: str) -> Receipt:
    """Pull and clean one source."""
    context = order.open()
    started = time.monotonic()
    receipt = collecting.collect(context, source)
    LOG.info(
        "collect %s: %d records, %d new or changed, %d unchanged, %d dropped, %d quarantined, %.1f s",
        source,
        receipt.records,
        receipt.items,
        receipt.unchanged,
        receipt.dropped,
        receipt.quarantined,
        time.monotonic() - started,
    )
    return receipt


@task(name="duplicates", cache_policy=NO_CACHE)
def duplicates(order: Order) -> int:
    """Mark what was said before."""
    return deriving.derive_duplicates(order.open())


@task(name="label", cache_policy=NO_CACHE)
def label(order: Order) -> int:
    """Label new and changed items."""
    context = order.open()
    with show_progress("labelling") as progress:
        return labelling.label_new(context, Labeler.load(context.pipeline.model), progress)


@task(name="trace", cache_policy=NO_CACHE)
def trace(order: Order) -> int:
    """Contacts, chains and the breakdowns that caused them."""
    return deriving.derive_traces(order.open())


@task(name="measure", cache_policy=NO_CACHE)
def measure(order: Order) -> None:
    """Marts from the core tables."""
    deriving.derive_marts(order.open())


@task(name="publish", cache_policy=NO_CACHE)
def publish(order: Order) -> str:
    """Marts database and report; returns the report's path."""
    return str(publishing.publish(order.open()))


@task(name="maintain", cache_policy=NO_CACHE)
def maintain(order: Order) -> None:
    """Drop what is past its retention, compact the tables and remove files that no recent version needs."""
    context = order.open()
    rotating.drop_old(context)
    context.lake.maintain()
