"""What every step of a night needs: the settings, the lake, the night itself and how to hash customer ids."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from cxnlp.calendar_day import Night
from cxnlp.clean.privacy import Redactor, load_redactor
from cxnlp.config import Pipeline
from cxnlp.environment import SecretReader, read_environment
from cxnlp.lake import Lake
from cxnlp.pipeline_file import load_pipeline
from cxnlp.pseudonym import Pseudonyms, load_pseudonyms


@dataclass(frozen=True)
class Window:
    """The days that a backfill takes, both included; records outside are left as they are."""

    first: date
    last: date

    def holds(self, days: pd.Series) -> pd.Series:
        """Whether each ISO day lies in the window; a record without a day does not."""
        return ((days >= self.first.isoformat()) & (days <= self.last.isoformat())).fillna(False).astype(bool)


@dataclass(frozen=True)
class Context:
    """One run over one lake."""

    pipeline: Pipeline
    lake: Lake
    night: Night
    pseudonyms: Pseudonyms
    root: Path
    window: Window | None = None
    read_secret: SecretReader = read_environment

    @cached_property
    def redactor(self) -> Redactor:
        """Takes personal data out of texts and hashes join keys."""
        return load_redactor(self.pipeline.company, self.pipeline.join_keys, self.pseudonyms)


def open_context(
    path: Path, night: date, window: Window | None = None, read_secret: SecretReader = read_environment
) -> Context:
    """Read the pipeline file and the key, and make the folders.

    :param path: pipeline file; the paths in it are relative to the folder the run is started in.
    :param read_secret: value of a secret that the pipeline file names.
    :raises ConfigError: naming every fault of the file, or the key that is missing.
    """
    pipeline = load_pipeline(path)
    pseudonyms = load_pseudonyms(pipeline.pseudonym_key_env)
    day = Night(night, pipeline.time_zone)
    return Context(pipeline, Lake(pipeline.lake), day, pseudonyms, Path.cwd(), window, read_secret)
