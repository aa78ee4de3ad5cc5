"""`python -m flows serve`: a schedule without a server of one's own."""

from typing import cast

import typer

app = typer.Typer(add_completion=False, help=__doc__)


@app.callback()
def _flows() -> None:
    """Serve the flows on a schedule."""


@app.command()
def serve(
    pipeline: str = typer.Option("pipelines/nightly.yaml", help="Pipeline file that every night runs."),
    cron: str = typer.Option("0 3 * * *", help="When the night runs, as cron."),
    time_zone: str = typer.Option("", help="IANA zone of the cron; the pipeline's own where not given."),
    port: int = typer.Option(4200, help="Port of the Prefect server on 127.0.0.1."),
) -> None:
    """Run the night at its minute, until stopped.

    Example: python -m flows serve --pipeline pipelines/sample.yaml --cron "0 3 * * *"
    """
    from pathlib import Path

    from cxnlp.pipeline_file import load_pipeline
    from flows.server import server_if_needed

    zone = time_zone or load_pipeline(Path(pipeline)).time_zone
    with server_if_needed(port):
        from prefect import serve as serve_deployments
        from prefect.deployments.runner import RunnerDeployment
        from prefect.schedules import Cron

        from flows.backfill import backfill
        from flows.nightly import nightly

        typer.echo(f"serving nightly ({cron}, {zone}) and backfill; Prefect's pages: http://127.0.0.1:{port}")
        parameters = {"pipeline": pipeline}
        night = nightly.to_deployment("cxnlp", schedule=Cron(cron, timezone=zone), parameters=parameters)
        days = backfill.to_deployment("cxnlp", parameters=parameters)
        serve_deployments(cast(RunnerDeployment, night), cast(RunnerDeployment, days))


if __name__ == "__main__":
    app()
