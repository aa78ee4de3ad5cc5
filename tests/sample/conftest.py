"""The sample's feeds, read as the pipeline reads them and, for events, as they stand in the files."""

import csv
import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from cxnlp.calendar_day import Night
from cxnlp.collect.feedback import read_feedback
from cxnlp.collect.files import list_files
from cxnlp.config import Pipeline
from cxnlp.pipeline_file import load_pipeline
from cxnlp.pseudonym import Pseudonyms

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
FEEDS = SAMPLE / "feeds"
LAST_NIGHT = Night(date(2026, 5, 24), "Europe/London")


@dataclass(frozen=True)
class Feedback:
    """All records of all feeds, and what could not be read."""

    records: pd.DataFrame
    quarantine: pd.DataFrame


@dataclass(frozen=True)
class Story:
    """A storyline: its customer, its facts and the days of its contacts."""

    name: str
    customer_no: str
    facts: str
    days: tuple[date, ...]


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """Paths of a pipeline file are relative to the folder that a run starts in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return load_pipeline(Path("pipelines/sample.yaml"))


@pytest.fixture(scope="session")
def feedback(pipeline: Pipeline) -> Feedback:
    pseudonyms = Pseudonyms(b"a key of the tests, 32 bytes long")
    batches = [
        batch
        for source in pipeline.feedback
        for file in list_files(source, ROOT)
        for batch in read_feedback(source, file, pseudonyms, LAST_NIGHT, pipeline.clean.max_field_bytes)
    ]
    records, quarantine = ([getattr(batch, name) for batch in batches] for name in ("records", "quarantine"))
    return Feedback(pd.concat(records, ignore_index=True), pd.concat(quarantine, ignore_index=True))


def rows(pattern: str, separator: str = ",") -> list[dict[str, str]]:
    """All rows of the CSV files that match."""
    found = []
    for path in sorted(FEEDS.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as handle:
            found += csv.DictReader(handle, delimiter=separator)
    return found


@pytest.fixture(scope="session")
def customers() -> pd.DataFrame:
    frame = pd.DataFrame(rows("customers.csv")).set_index("customer_no")
    for column in ("joined", "left_on"):
        frame[column] = pd.to_datetime(frame[column], format="%d/%m/%Y")
    return frame


@pytest.fixture(scope="session")
def invoices() -> pd.DataFrame:
    """Invoices: customer, time (UTC) and the invoice's own fields."""
    lines = [line for path in sorted(FEEDS.glob("billing_*.jsonl")) for line in path.read_text().splitlines()]
    records = [record for record in map(json.loads, lines) if record["type"] == "invoice_issued"]
    return pd.DataFrame(
        [{"customer": r["account"], "at": pd.to_datetime(r["ts"], unit="ms"), **r["data"]} for r in records]
    )


@pytest.fixture(scope="session")
def orders() -> pd.DataFrame:
    """Events of the order system but the two whose date is broken on purpose."""
    return pd.DataFrame([row for row in rows("orders_*.csv") if not row["event_no"].startswith("ORD-9")])


@pytest.fixture(scope="session")
def parcels() -> pd.DataFrame:
    return pd.DataFrame(rows("parcels_*.csv", ";"))


@pytest.fixture(scope="session")
def stories() -> list[Story]:
    with (SAMPLE / "written" / "stories.csv").open(encoding="utf-8", newline="") as handle:
        contacts = list(csv.DictReader(handle))
    by_name: dict[str, list[dict[str, str]]] = {}
    for contact in contacts:
        by_name.setdefault(contact["story"], []).append(contact)
    return [
        Story(name, own[0]["customer_id"], own[0]["facts"], tuple(date.fromisoformat(row["day"]) for row in own))
        for name, own in by_name.items()
    ]


@pytest.fixture(scope="session")
def last_written() -> dict[str, datetime]:
    """The last time that each customer writes, in British time."""
    lines = [line for path in sorted((SAMPLE / "written").glob("w*.jsonl")) for line in path.read_text().splitlines()]
    found: dict[str, datetime] = {}
    for item in map(json.loads, lines):
        if item["customer_id"]:
            at = datetime.fromisoformat(item["at"])
            found[item["customer_id"]] = max(at, found.get(item["customer_id"], at))
    return found
