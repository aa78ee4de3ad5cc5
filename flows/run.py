"""The order of a run, the same for a night and for the days of a backfill."""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from prefect.artifacts import create_table_artifact
from prefect.states import State

from cxnlp.errors import CxnlpError, LakeError
from cxnlp.label.labeler import Labeler
from cxnlp.night.context import Context
from cxnlp.night.lock import hold
from cxnlp.night.receipts import Receipt
from cxnlp.night.rotating import check_key
from cxnlp.night.runs import Run, begin_run, end_run
from flows import steps
from flows.notify import tell
from flows.steps import Order

LOG = logging.getLogger("cxnlp")


@dataclass(frozen=True)
class Summary:
    """What a run did, in counts; where to look."""

    run_id: str
    report: str
    receipts: list[Receipt]
    labelled: int
    failed_sources: dict[str, str]
    seconds: float


class SourcesFailed(CxnlpError):
    """The run is done, but these sources gave nothing; the next run takes what they missed."""

    def __init__(self, summary: Summary) -> None:
        told = "; ".join(summary.failed_sources.values())
        super().__init__(f"done, but {len(summary.failed_sources)} source(s) failed: {told}")
        self.summary = summary


def run_steps(flow: str, order: Order) -> Summary:
    """Hold the lake, run every step, leave a row in `runs` and an artifact.

    :raises RunRefused: where another run holds the lake.
    :raises SourcesFailed: at the very end, where a source failed and the rest is done.
    """
    context = order.open()
    check_key(context.lake, context.pseudonyms)
    model_id = Labeler.load(context.pipeline.model).model_id
    run = Run(uuid.uuid4().hex[:12], flow, order.night, Path(order.pipeline).name, model_id, pd.Timestamp.now(tz="UTC"))
    with hold(context.pipeline.lake, run.run_id):
        begin_run(context.lake, run)
        status = "failed"
        try:
            report = _work(context, order, run)
            status = _status(run)
        finally:
            end_run(context.lake, run, status)
            if status == "failed":
                tell(context.pipeline.notify, f"cxnlp {flow} {order.night} failed", f"run {run.run_id}: see its log")
    return _close(context, order, run, report)


def _status(run: Run) -> str:
    return "source_failed" if run.failed_sources else "done"


def _work(context: Context, order: Order, run: Run) -> str:
    _collect_all(context, order, run)
    with _timed(run, "duplicates"):
        steps.duplicates(order)
    with _timed(run, "label"):
        run.labelled = steps.label(order)
    with _timed(run, "trace"):
        steps.trace(order)
    with _timed(run, "measure"):
        steps.measure(order)
    end_run(context.lake, run, _status(run))  # the report shows this row
    with _timed(run, "publish"):
        report = steps.publish(order)
    with _timed(run, "maintain"):
        steps.maintain(order)
    return report


def _collect_all(context: Context, order: Order, run: Run) -> None:
    """Every source by itself: one that fails is noted, the others go on."""
    feedback = {source.name for source in context.pipeline.feedback}
    for source in (*context.pipeline.customers, *context.pipeline.events, *context.pipeline.feedback):
        with _timed(run, "collect"):
            state: State[Receipt] = steps.collect(order, source.name, return_state=True)
        outcome = state.result(raise_on_failure=False)
        if isinstance(outcome, LakeError):
            raise outcome
        if isinstance(outcome, Receipt):
            if source.name in feedback:
                run.receipts[source.name] = outcome
        else:
            run.failed_sources[source.name] = _fault(source.name, outcome)
            LOG.error("%s", run.failed_sources[source.name])


def _fault(source: str, error: BaseException) -> str:
    """What may be told of an error: our own words whole, of others' the kind only (they may quote the data)."""
    if isinstance(error, CxnlpError):
        return str(error)
    return f"{source}: {type(error).__name__}; run again with --debug to see where"


def _close(context: Context, order: Order, run: Run, report: str) -> Summary:
    summary = Summary(
        run.run_id,
        report,
        list(run.receipts.values()),
        run.labelled,
        run.failed_sources,
        (pd.Timestamp.now(tz="UTC") - run.started_at).total_seconds(),
    )
    create_table_artifact(
        key=f"run-{run.flow}",
        table=[
            {
                "source": r.source,
                "records": r.records,
                "new or changed": r.items,
                "unchanged": r.unchanged,
                "dropped": r.dropped,
                "quarantined": r.quarantined,
            }
            for r in summary.receipts
        ],
        description=f"Run {run.run_id} of night {order.night}: {run.labelled} items labelled by {run.model}",
    )
    if run.failed_sources:
        names = ", ".join(sorted(run.failed_sources))
        tell(context.pipeline.notify, f"cxnlp {run.flow} {order.night}: sources failed", f"run {run.run_id}: {names}")
        raise SourcesFailed(summary)
    return summary


@contextmanager
def _timed(run: Run, stage: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    run.seconds_by_stage[stage] = run.seconds_by_stage.get(stage, 0.0) + time.monotonic() - started
