"""Commands of privacy: clean a file, forget a person, look after keys."""

from pathlib import Path
from typing import Annotated, Literal

import typer

keys_app = typer.Typer(no_args_is_help=True, help="Join keys and the keys that hash them.")
PipelineFile = Annotated[Path, typer.Argument(help="Pipeline file.")]
FAULT = 1


def add_commands(app: typer.Typer) -> None:
    """Put the commands of privacy into the program."""
    app.command()(clean)
    app.command()(erase)
    app.add_typer(keys_app, name="keys")


def clean(
    file: Annotated[Path, typer.Argument(help="CSV, JSON lines or Parquet with id and text; - for standard input.")],
    out: Annotated[Path, typer.Option(help="Where to write; - for standard output.")] = Path("-"),
    format: Annotated[Literal["jsonl"], typer.Option(help="Form of the output.")] = "jsonl",
    pipeline: Annotated[Path | None, typer.Option(help="Pipeline file with company and join keys.")] = None,
) -> None:
    """Take personal data out of a file of texts, and nothing else: id, text, placeholders, language, duplicate mark.

    Example: cxnlp clean data/sample/texts.jsonl --out /tmp/cleaned.jsonl
    """
    from cxnlp.clean.files import clean_texts, write_texts
    from cxnlp.clean.privacy import load_redactor
    from cxnlp.config import Clean, Company
    from cxnlp.label.inputs import read_rows
    from cxnlp.pipeline_file import load_pipeline

    settings = load_pipeline(pipeline) if pipeline else None
    company = settings.company if settings else Company(name="(none)")
    redactor = load_redactor(company, settings.join_keys if settings else (), None)
    rows = [(row.item_id or "", row.text) for row in read_rows(file)]
    write_texts(out, clean_texts(rows, redactor, settings.clean if settings else Clean()))


def erase(
    pipeline: PipelineFile,
    customer: Annotated[str, typer.Option(help="The company's own id of the customer.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be removed; remove nothing.")] = False,
    labels: Annotated[list[Path] | None, typer.Option(help="Label files or folders.")] = None,
    search: Annotated[
        list[Path] | None, typer.Option(help="Further folders to search in the end, such as logs.")
    ] = None,
) -> None:
    """Remove a person everywhere, history included, and print a receipt; a tombstone stops the re-import.

    Example: cxnlp erase pipelines/sample.yaml --customer T10696 --dry-run
    """
    from flows.erase import erase_customer

    receipt = erase_customer(pipeline, customer, labels or [Path("data/labels")], search or [], dry_run)
    typer.echo(receipt.to_json())
    if receipt.still_found_in:
        raise typer.Exit(FAULT)


@keys_app.command("suggest")
def suggest(pipeline: PipelineFile) -> None:
    """Print patterns for `join_keys`, learnt from the attributes of the events collected so far.

    Example: cxnlp keys suggest pipelines/sample.yaml
    """
    from cxnlp.lake import Lake
    from cxnlp.night.suggesting import suggest_keys
    from cxnlp.pipeline_file import load_pipeline

    for suggestion in suggest_keys(Lake(load_pipeline(pipeline).lake)):
        typer.echo(suggestion.as_yaml())


@keys_app.command("rotate")
def rotate(pipeline: PipelineFile) -> None:
    """Apply the newest key over every stored hash; the older keys stay in the environment.

    Example: CXNLP_KEY_2=... cxnlp keys rotate pipelines/sample.yaml
    """
    import uuid

    from cxnlp.lake import Lake
    from cxnlp.night.lock import hold
    from cxnlp.night.rotating import rotate as apply_newest
    from cxnlp.pipeline_file import load_pipeline
    from cxnlp.pseudonym import load_pseudonyms

    settings = load_pipeline(pipeline)
    pseudonyms = load_pseudonyms(settings.pseudonym_key_env)
    with hold(settings.lake, uuid.uuid4().hex[:12]):
        for table, count in apply_newest(Lake(settings.lake), pseudonyms).items():
            typer.echo(f"{table}: {count} rows renewed")
    typer.echo(f"key in use: {pseudonyms.key_id}")
