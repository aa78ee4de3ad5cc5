"""Publish a night: the marts database and the report."""

from pathlib import Path

from cxnlp.night.context import Context
from cxnlp.publish.marts import build_marts
from cxnlp.publish.report import write_report


def publish(context: Context, run_id: str) -> Path:
    """Build the marts database anew and write the night's report from it.

    :returns: the report's path.
    """
    pipeline = context.pipeline
    build_marts(context.lake, pipeline.marts, pipeline.time_zone)
    return write_report(pipeline, context.night, run_id)
