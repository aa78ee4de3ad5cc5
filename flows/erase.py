"""Forget a person, while no other run holds the lake."""

import uuid
from datetime import date
from pathlib import Path

from prefect import flow
from prefect.settings import PREFECT_HOME

from cxnlp.night.context import open_context
from cxnlp.night.erasing import Receipt, erase
from cxnlp.night.lock import hold


def erase_customer(
    pipeline: Path, customer_id: str, labels: list[Path], folders: list[Path], dry_run: bool = False
) -> Receipt:
    """Remove a customer everywhere and search for what is left.

    This is a plain function: a flow's parameters are stored by Prefect, and the customer's id must not be.

    :param folders: further folders to search, such as those of logs; Prefect's home is searched always.
    :raises RunRefused: where a night holds the lake.
    """
    context = open_context(pipeline, date.today())
    homes = [*folders, PREFECT_HOME.value()]
    with hold(context.pipeline.lake, uuid.uuid4().hex[:12]):
        return erase(context, customer_id, labels, homes, dry_run)


@flow(name="erase", validate_parameters=False)
def erase_listed(pipeline: str, customers_file: str, labels: str = "data/labels") -> int:
    """Erase every customer whose id stands on a line of a file, then delete the file; returns how many.

    :param customers_file: read on the worker, so that no id passes through Prefect.
    """
    listed = Path(customers_file)
    ids = [line.strip() for line in listed.read_text(encoding="utf-8").splitlines() if line.strip()]
    for customer_id in ids:
        erase_customer(Path(pipeline), customer_id, [Path(labels)], [])
    listed.unlink()
    return len(ids)
