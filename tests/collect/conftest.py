import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cxnlp.calendar_day import Night
from cxnlp.collect.feedback import FeedbackBatch, read_feedback
from cxnlp.collect.files import SourceFile, list_files
from cxnlp.collect.readers import read_rows
from cxnlp.collect.rows import Fault, Row
from cxnlp.config import FeedbackSource
from cxnlp.pseudonym import Pseudonyms

MAX_FIELD_BYTES = 1_000_000

Found = list[tuple[str, ...]]


@pytest.fixture
def night() -> Night:
    return Night(date(2026, 3, 5))


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return Pseudonyms(b"a key of the tests")


def feedback_source(**settings: object) -> FeedbackSource:
    """A source of columns id and text, unless told otherwise."""
    known = {
        "name": "shop",
        "files": "inbox/*",
        "format": "csv",
        "source_kind": "review",
        "columns": {"source_id": "id", "text": "text"},
    }
    return FeedbackSource.model_validate(known | settings)


def source_file(path: Path) -> SourceFile:
    return SourceFile(path.name, lambda: path.open("rb"))


@pytest.fixture
def rows_of(tmp_path: Path) -> Callable[..., Found]:
    """Write bytes to a file, read it, and tell rows as (position, values...), faults as (position, reason)."""

    def read(content: bytes, name: str = "f.csv", **settings: object) -> Found:
        path = tmp_path / name
        path.write_bytes(content)
        return [told(row) for row in read_rows(source_file(path), feedback_source(**settings))]

    return read


def told(row: Row | Fault) -> tuple[str, ...]:
    if isinstance(row, Fault):
        return (row.position, row.reason)
    return (row.position, *("" if value is None else str(value) for value in row.fields.values()))


@pytest.fixture
def feedback_of(tmp_path: Path, pseudonyms: Pseudonyms, night: Night) -> Callable[..., FeedbackBatch]:
    """Write bytes to a file and read it as feedback, in one batch."""

    def read(content: bytes, name: str = "f.csv", **settings: object) -> FeedbackBatch:
        inbox = tmp_path / "inbox"
        inbox.mkdir(exist_ok=True)
        (inbox / name).write_bytes(content)
        source = feedback_source(**settings)
        (file,) = list_files(source, tmp_path)
        (batch,) = read_feedback(source, file, pseudonyms, night, MAX_FIELD_BYTES)
        return batch

    return read


def zipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
