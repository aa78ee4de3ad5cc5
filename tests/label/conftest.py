"""The model that the repository ships, loaded once for all tests of the label stage."""

from pathlib import Path

import pytest

from cxnlp.label.labeler import Labeler

MODEL = Path(__file__).parents[2] / "models" / "default"


@pytest.fixture(scope="session")
def model_folder() -> Path:
    return MODEL


@pytest.fixture(scope="session")
def labeler(model_folder: Path) -> Labeler:
    return Labeler.load(model_folder, threads=1)
