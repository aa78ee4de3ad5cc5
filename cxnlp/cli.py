"""The command line: each command parses, calls one function and prints.

Exit codes: 0 done, 1 fault, 2 usage or configuration, 3 done but a source failed, 4 refused because another run
holds the lake.
"""

import logging
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxnlp import DEFAULT_MARTS
from cxnlp.errors import ConfigError, CxnlpError, RunRefused
from cxnlp.privacy_commands import add_commands

if TYPE_CHECKING:
    from cxnlp.config import Pipeline

FAULT, USAGE, SOURCE_FAILED, REFUSED = 1, 2, 3, 4
DEFAULT_PIPELINE = Path("pipelines/nightly.yaml")
DEFAULT_MODEL = Path("models/default")

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Voice-of-customer text analysis.")
fix_app = typer.Typer(no_args_is_help=True, help="Fixes, and whether they worked.")
app.add_typer(fix_app, name="fix")
add_commands(app)
PipelineFile = Annotated[Path, typer.Argument(help="Pipeline file.")]
Marts = Annotated[Path, typer.Option("--marts", help="Marts database.")]


class TableFormat(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"


class RecordFormat(StrEnum):
    """How labelled records are written."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


@app.callback()
def _options(debug: Annotated[bool, typer.Option(help="Show tracebacks and debug logs.")] = False) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("cxnlp").setLevel(logging.DEBUG if debug else logging.INFO)


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Where to begin a project.")] = Path()) -> None:
    """Write a pipeline file to start from, the folders it names, and a random key in .env; nothing is overwritten.

    Example: cxnlp init /tmp/my-feedback
    """
    from cxnlp.starter import write_starter

    for line in write_starter(folder):
        typer.echo(line)


@app.command()
def check(
    pipeline: PipelineFile,
    connect: Annotated[bool, typer.Option("--connect", help="Ask every source once, with its credential.")] = False,
) -> None:
    """Check a pipeline file, every fault at once with its line; read and write no data.

    Example: cxnlp check pipelines/sample.yaml
    """
    from cxnlp.pipeline_file import load_pipeline

    checked = load_pipeline(pipeline)
    n_sources = len(checked.feedback) + len(checked.events) + len(checked.customers)
    typer.echo(f"{pipeline}: {n_sources} sources, model {checked.model}, ok")
    if connect:
        _try_sources(checked)


@app.command()
def doctor(
    pipeline: Annotated[Path | None, typer.Argument(help="Pipeline file to look at as well.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, to paste into an issue.")] = False,
) -> None:
    """Look whether everything a night needs is there; each line says ok, warn or fail, with the remedy.

    Example: cxnlp doctor pipelines/sample.yaml
    """
    from cxnlp.doctor import examine, render

    findings = examine(pipeline)
    typer.echo(render(findings, markdown))
    if any(finding.status == "fail" for finding in findings):
        raise typer.Exit(FAULT)


@app.command()
def run(
    pipeline: PipelineFile = DEFAULT_PIPELINE,
    night: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; yesterday if left out.")
    ] = None,
) -> None:
    """Run one night: collect, clean, label, trace, measure, publish.

    Example: cxnlp run pipelines/sample.yaml --night 2026-05-24
    """
    _check_settings(pipeline)
    from flows.nightly import nightly
    from flows.run import SourcesFailed

    try:
        summary = nightly(str(pipeline), night.date().isoformat() if night else None)
    except SourcesFailed as failed:
        _say_where(pipeline, failed.summary.report, failed.summary.labelled, failed.summary.seconds)
        raise
    _say_where(pipeline, summary.report, summary.labelled, summary.seconds)


@app.command()
def backfill(
    first: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="Last day.")],
    pipeline: PipelineFile = DEFAULT_PIPELINE,
) -> None:
    """Read, clean and label a range of days again; a killed backfill goes on where it was.

    Example: cxnlp backfill 2026-04-01 2026-04-07 pipelines/sample.yaml
    """
    _check_settings(pipeline)
    from flows.backfill import backfill as backfill_flow

    for summary in backfill_flow(first.date().isoformat(), last.date().isoformat(), str(pipeline)):
        _say_where(pipeline, summary.report, summary.labelled, summary.seconds)


@app.command()
def label(
    file: Annotated[Path, typer.Argument(help="CSV, JSON lines or Parquet with id and text; - for standard input.")],
    out: Annotated[Path, typer.Option(help="Where to write; - for standard output.")] = Path("-"),
    format: Annotated[RecordFormat, typer.Option(help="Form of the output.")] = RecordFormat.JSONL,
    model: Annotated[Path, typer.Option(help="Model folder.")] = DEFAULT_MODEL,
) -> None:
    """Label a file of texts by journey stage, touchpoint, sentiment, demand and breakdown.

    Example: cxnlp label data/sample/texts.jsonl --out /tmp/labelled.jsonl
    """
    from cxnlp.label.files import label_file

    label_file(file, out, format.value, model)


@app.command()
def trace(
    file: Annotated[Path, typer.Argument(help="Feedback: id, customer_id, created_at, channel, text.")],
    events: Annotated[Path, typer.Option(help="Events: event_id, customer_id or segment, kind, at, attributes.")],
    out: Annotated[Path, typer.Option(help="Traces to write; .csv, .jsonl or .parquet, as the files read may be.")],
    excess: Annotated[Path | None, typer.Option(help="Where to write what each kind of event does.")] = None,
    customers: Annotated[Path | None, typer.Option(help="Customers: customer_id and columns of segments.")] = None,
    pipeline: Annotated[Path | None, typer.Option(help="Pipeline file with owners and event kinds.")] = None,
    model: Annotated[Path, typer.Option(help="Model folder.")] = DEFAULT_MODEL,
) -> None:
    """Trace each service contact of a file to the breakdown that caused it, by its words and by the events before it.

    Example: cxnlp trace contacts.csv --events events.csv --out traces.csv --excess excess.csv
    """
    from cxnlp.night.trace_file import trace_file

    counts = trace_file(file, events, out, model, excess, customers, pipeline)
    typer.echo(f"{counts.rows} rows, {counts.traced} failure contacts, {counts.explained} with a cause: {out}")


@app.command()
def why(item_id: Annotated[str, typer.Argument(help="Id of a contact.")], marts: Marts = DEFAULT_MARTS) -> None:
    """Tell one contact's story: the customer's journey, the words, the event, and how sure we are.

    Example: cxnlp why tickets-TCK-1001
    """
    from cxnlp.publish.story import tell_story

    typer.echo(tell_story(marts, item_id))


@fix_app.command("add")
def fix_add(
    cause: Annotated[str, typer.Option(help="Domain and cause, as in billing/incorrect_charge.")],
    date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day with the fix.")],
    note: Annotated[str, typer.Option(help="What was done.")] = "",
    pipeline: PipelineFile = DEFAULT_PIPELINE,
) -> None:
    """Register a fix; from the next night on `mart_fixes` says whether it worked, or that it is too early to tell.

    Example: cxnlp fix add pipelines/sample.yaml --cause billing/incorrect_charge --date 2026-04-23 --note "refunds"
    """
    from cxnlp.night.fixing import add_fix

    typer.echo(f"registered {add_fix(pipeline, cause, date.date(), note)}")


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT; `describe` and `show tables` work too.")],
    format: Annotated[TableFormat, typer.Option(help="How to print.")] = TableFormat.TABLE,
    marts: Marts = DEFAULT_MARTS,
) -> None:
    """Ask the marts database in SQL; nothing else can be read or written from there.

    Example: cxnlp query "select owner, sum(cost) from mart_ledger_week group by all order by 2 desc"
    """
    from cxnlp.publish.query import run_query
    from cxnlp.publish.render import render

    result = run_query(marts, sql)
    typer.echo(render(result, format.value), nl=False)
    if result.is_cut:
        typer.echo(f"only the first {len(result.rows)} rows; add a limit, or use `cxnlp export`", err=True)


@app.command()
def export(
    table: Annotated[str, typer.Argument(help="Table or view of the marts database.")],
    out: Annotated[Path, typer.Argument(help="File to write: .csv, .xlsx or .parquet.")],
    marts: Marts = DEFAULT_MARTS,
) -> None:
    """Write a table to a file; a cell that begins like a formula is made harmless.

    Example: cxnlp export mart_ledger_week /tmp/ledger.xlsx
    """
    from cxnlp.publish.export import export as export_table

    typer.echo(f"{export_table(marts, table, out)} rows in {out}")


def _try_sources(pipeline: "Pipeline") -> None:
    """One line a source; exit code 1 where one does not answer. No secret is ever shown."""
    from cxnlp.night.connecting import try_sources
    from flows.secrets import read_secret

    reached = list(try_sources(pipeline, Path.cwd(), read_secret))
    for source in reached:
        typer.echo(f"{'ok' if source.is_ok else 'fail':4}  {source.source}: {source.told}")
    if not all(source.is_ok for source in reached):
        raise typer.Exit(FAULT)


def _check_settings(pipeline: Path) -> None:
    """Tell what a user must mend before Prefect is started, and once."""
    from cxnlp.pipeline_file import load_pipeline
    from cxnlp.pseudonym import load_pseudonyms

    load_pseudonyms(load_pipeline(pipeline).pseudonym_key_env)
    if "--debug" not in sys.argv:
        from flows.console import quiet_user_faults

        quiet_user_faults()


def _say_where(pipeline: Path, report: str, labelled: int, seconds: float) -> None:
    from cxnlp.pipeline_file import load_pipeline

    settings = load_pipeline(pipeline)
    typer.echo(f"{labelled} items labelled, {seconds:.0f} s in all", err=True)
    typer.echo(f"report: {report}")
    typer.echo(f'tables: {settings.marts} (cxnlp query "show tables" --marts {settings.marts})')


def main() -> None:
    """A CxnlpError is the user's to mend: one line. Anything else is a bug: traceback."""
    try:
        app()
    except CxnlpError as error:
        if "--debug" in sys.argv:
            raise
        print(f"cxnlp: {error}", file=sys.stderr)
        sys.exit(_exit_code(error))


def _exit_code(error: CxnlpError) -> int:
    if isinstance(error, ConfigError):
        return USAGE
    if isinstance(error, RunRefused):
        return REFUSED
    return SOURCE_FAILED if type(error).__name__ == "SourcesFailed" else FAULT


if __name__ == "__main__":
    main()
