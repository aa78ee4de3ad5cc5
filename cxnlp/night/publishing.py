"""Publish a night: the marts database and the report."""

from pathlib import Path

from cxnlp.night.context import Context
from cxnlp.publish.marts import build_marts
from cxnlp.publish.report import write_report
from cxnlp.taxonomy import load_taxonomy


def publish(context: Context) -> Path:
    """Build the marts database anew and write the night's report from it.

    :returns: the report's path.
    """
    pipeline, night = context.pipeline, context.night
    build_marts(context.lake, pipeline.marts, pipeline.time_zone)
    out = pipeline.reports / f"{night.name}.html"
    return write_report(pipeline.marts, pipeline, load_taxonomy(pipeline.taxonomy), night.day, out)
