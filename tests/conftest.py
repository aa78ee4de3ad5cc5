"""Fixtures that every test may use: a lake in a temporary folder, and Prefect kept away from the user's own."""

import os
import tempfile
from pathlib import Path

import pytest

_HOME = tempfile.mkdtemp(prefix="cxnlp-prefect-")
os.environ["PREFECT_HOME"] = _HOME
os.environ["PREFECT_LOCAL_STORAGE_PATH"] = str(Path(_HOME) / "storage")

from cxnlp.lake import Lake  # noqa: E402 - Prefect's home is set before anything may import it


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")
