"""One source of `pipelines/sources/` against its vendor server: pull, and look at the tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd
import yaml

from cxnlp.calendar_day import Night
from cxnlp.config import Pipeline
from cxnlp.environment import read_environment
from cxnlp.lake import Lake
from cxnlp.night import collecting
from cxnlp.night.context import Context, Window
from cxnlp.night.receipts import Receipt
from cxnlp.pseudonym import Pseudonyms
from cxnlp.tables import CUSTOMERS, DROPPED, EVENTS, FEEDBACK, QUARANTINE
from tests.vendors.server import Vendor

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "pipelines" / "sources"
OWNERS = (
    "marketing sales billing product documentation fulfilment digital policy frontline service external cannot_tell"
)
QUICK = {"attempts": 4, "backoff_seconds": 0, "timeout_seconds": 1.0, "wait_seconds": 1}
TOLD = (FEEDBACK, DROPPED, QUARANTINE, EVENTS, CUSTOMERS)
DAY = date(2026, 5, 24)


def read_source(name: str, change: Callable[[dict], None]) -> dict:
    """The source of `pipelines/sources/NAME.yaml`, changed so that it asks the test's server."""
    text = (SOURCES / f"{name}.yaml").read_text(encoding="utf-8")
    parts = yaml.safe_load(text)
    for entries in parts.values():
        for entry in entries if isinstance(entries, list) else []:
            change(entry)
    return parts


def ask_here(url: str, path: str, **bounds: float) -> Callable[[dict], None]:
    """A change that leads a source to the test's server and makes it impatient."""

    def change(entry: dict) -> None:
        entry["api"] |= {"base_url": f"{url}{path}", "bounds": {**QUICK, **bounds}}

    return change


def pipeline(folder: Path, parts: dict) -> Pipeline:
    """A pipeline file's settings around some sources."""
    whole = {
        "lake": folder / "lake",
        "marts": folder / "cxnlp.duckdb",
        "reports": folder / "reports",
        "taxonomy": "pipelines/taxonomy.yaml",
        "model": "models/default",
        "pseudonym_key_env": "CXNLP_KEY",
        "company": {"name": "Tarnlink"},
        "trace": {"owners": {}, "costs": {"currency": "GBP", "per_contact": {}, "other": 1.0, "source": "made up"}},
        **parts,
    }
    return Pipeline.model_validate(whole)


def write_pipeline(folder: Path, feedback: list[dict]) -> Path:
    """A whole pipeline file with these sources."""
    settings = {
        "lake": str(folder / "lake"),
        "marts": str(folder / "cxnlp.duckdb"),
        "reports": str(folder / "reports"),
        "taxonomy": str(ROOT / "pipelines" / "taxonomy.yaml"),
        "model": str(ROOT / "models" / "default"),
        "pseudonym_key_env": "CXNLP_KEY",
        "company": {"name": "Tarnlink"},
        "feedback": feedback,
        "trace": {
            "owners": dict.fromkeys(OWNERS.split(), "Somebody"),
            "costs": {"currency": "GBP", "per_contact": {}, "other": 1.0, "source": "made up"},
        },
    }
    path = folder / "pipeline.yaml"
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


@dataclass
class Bench:
    """Pulls of one pipeline into one lake.

    :ivar secrets: read from the environment where a test gives no other reader.
    """

    folder: Path
    parts: dict
    vendor: Vendor | None = None
    settings: Pipeline = field(init=False)
    lake: Lake = field(init=False)

    def __post_init__(self) -> None:
        self.settings = pipeline(self.folder, self.parts)
        self.lake = Lake(self.settings.lake)

    def context(self, day: date = DAY, window: Window | None = None) -> Context:
        key = Pseudonyms(b"a key of the tests, long enough")
        return Context(self.settings, self.lake, Night(day), key, self.folder, window, read_environment)

    def pull(self, name: str, day: date = DAY, window: Window | None = None) -> Receipt:
        """Collect one source."""
        return collecting.collect(self.context(day, window), name)

    def tables(self) -> dict[str, pd.DataFrame]:
        """All that a pull may leave, without the night that wrote it."""
        return {table.name: self.lake.read(table).drop(columns="night") for table in TOLD}

    def feedback(self, *columns: str) -> list[tuple]:
        """Columns of the feedback, by item."""
        rows = self.lake.read(FEEDBACK)[list(columns)]
        return list(rows.astype(object).where(rows.notna(), None).itertuples(index=False, name=None))


def same_tables(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    """Assert that two lakes tell the same."""
    for name, rows in one.items():
        pd.testing.assert_frame_equal(rows, other[name], obj=name)
