"""Oakline's marts, built once: tests read them and change nothing."""

from pathlib import Path

import pytest

from cxnlp.lake import Lake
from cxnlp.publish.marts import build_marts
from tests.publish.oakline import build_lake


@pytest.fixture(scope="session")
def oakline_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The lake of a night at Oakline."""
    return build_lake(tmp_path_factory.mktemp("oakline") / "lake")


@pytest.fixture(scope="session")
def marts(oakline_lake: Lake) -> Path:
    """Its marts database."""
    return build_marts(oakline_lake, oakline_lake.path.parent / "marts.duckdb", "Europe/London").path
