"""Is everything there that a night needs? Each finding says ok, warn or fail, and what to do."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from cxnlp.config import Pipeline
from cxnlp.errors import CxnlpError
from cxnlp.pipeline_file import load_pipeline
from cxnlp.pseudonym import load_pseudonyms

MIN_FREE_GB = 2.0
TELEMETRY_OFF = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    status: str  # ok, warn or fail
    what: str
    remedy: str = ""


def examine(pipeline_path: Path | None) -> list[Finding]:
    """Look at the environment and, where given, at what the pipeline file names."""
    findings = [*_python(), *_packages(), *_telemetry()]
    if pipeline_path is None:
        return findings
    try:
        pipeline = load_pipeline(pipeline_path)
    except CxnlpError as error:
        return [*findings, Finding("fail", f"pipeline file: {error}", "mend the file; cxnlp check tells more")]
    findings.append(Finding("ok", f"pipeline file {pipeline_path}"))
    return [*findings, *_key(pipeline), *_model(pipeline), *_folders(pipeline), *_lake(pipeline)]


def render(findings: list[Finding], markdown: bool) -> str:
    """The findings as lines, or as a Markdown table for an issue."""
    if markdown:
        rows = [f"| {f.status} | {_cell(f.what)} | {_cell(f.remedy)} |" for f in findings]
        return "\n".join(["| status | what | remedy |", "| --- | --- | --- |", *rows])
    return "\n".join(f"{f.status:4}  {f.what}" + (f"\n      -> {f.remedy}" if f.remedy else "") for f in findings)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _python() -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    known = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Finding("ok" if known else "warn", f"python {found}", "" if known else "tested on 3.11 to 3.13")


def _packages() -> Iterator[Finding]:
    """Core packages against the ranges that were tested."""
    from packaging.requirements import Requirement

    wrong = []
    for line in requires("cxnlp") or []:
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(wanted.name)
        except PackageNotFoundError:
            wrong.append(f"{wanted.name} is missing")
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            wrong.append(f"{wanted.name} {found}, not {wanted.specifier}")
    remedy = "pip install -e . in this environment" if wrong else ""
    yield Finding("fail" if wrong else "ok", "packages: " + ("; ".join(wrong) or "as tested"), remedy)


def _telemetry() -> Iterator[Finding]:
    import flows  # noqa: F401 - sets what the operator has not set

    loud = [name for name, value in TELEMETRY_OFF.items() if os.environ.get(name, "").lower() != value]
    yield Finding("warn" if loud else "ok", "telemetry " + (f"on: {', '.join(loud)}" if loud else "off"))
    where = os.environ.get("PREFECT_API_URL")
    yield Finding("ok", f"prefect: {'a server is configured' if where else 'embedded'}")


def _key(pipeline: Pipeline) -> Iterator[Finding]:
    try:
        load_pseudonyms(pipeline.pseudonym_key_env)
    except CxnlpError as error:
        yield Finding("fail", str(error), "cxnlp init . writes one")
    else:
        yield Finding("ok", f"key {pipeline.pseudonym_key_env} is set (not shown)")


def _model(pipeline: Pipeline) -> Iterator[Finding]:
    from cxnlp.label.labeler import Labeler

    try:
        model_id = Labeler.load(pipeline.model).model_id
    except CxnlpError as error:
        yield Finding("fail", str(error), "restore the folder, or name another model in the pipeline file")
    else:
        yield Finding("ok", f"model {model_id}, files as listed in its config")


def _folders(pipeline: Pipeline) -> Iterator[Finding]:
    for name, folder in (("lake", pipeline.lake), ("marts", pipeline.marts.parent), ("reports", pipeline.reports)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            yield Finding(
                "fail", f"{name} folder {folder}: {error.strerror}", "give the user that runs it the right to write"
            )
            continue
        free = shutil.disk_usage(folder).free / 1e9
        remedy = "" if free >= MIN_FREE_GB else f"free some: a run wants {MIN_FREE_GB:.0f} GB"
        yield Finding("warn" if remedy else "ok", f"{name} folder {folder} is writable, {free:.0f} GB free", remedy)


def _lake(pipeline: Pipeline) -> Iterator[Finding]:
    """Every table that exists is opened and read to its end."""
    from cxnlp.lake import Lake
    from cxnlp.tables import TABLES

    lake = Lake(pipeline.lake)
    for table in TABLES.values():
        if not (pipeline.lake / table.name).exists():
            continue
        try:
            rows = sum(len(batch) for batch in lake.batches(table, 50_000))
        except CxnlpError as error:
            yield Finding("fail", str(error), "restore the table from a backup, or delete its folder and run again")
        else:
            yield Finding("ok", f"table {table.name}: {rows} rows, version {lake.version(table)}")
