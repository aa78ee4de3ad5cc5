"""Search files for bytes, inside Parquet and gzip too: whether anything of a person is left."""

import gzip
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

GZIP_MAGIC = b"\x1f\x8b"
PARQUET_MAGIC = b"PAR1"


@dataclass(frozen=True)
class Searched:
    """How many files were read, and which of them hold one of the values."""

    n_files: int
    found_in: tuple[str, ...]


def search_files(places: Iterable[Path], values: Sequence[str], allowed: Path | None = None) -> Searched:
    """Read every file below the places, databases byte by byte.

    :param allowed: a folder that may hold them, such as the tombstones.
    """
    needles = [value.encode() for value in values]
    files = [file for place in places for file in _files(place) if allowed is None or allowed not in file.parents]
    found = [str(file) for file in files if any(_holds(content, needles) for content in _contents(file))]
    return Searched(len(files), tuple(found))


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    elif place.is_dir():
        yield from (path for path in sorted(place.rglob("*")) if path.is_file() and not path.is_symlink())


def _holds(content: bytes, needles: Sequence[bytes]) -> bool:
    return any(needle in content for needle in needles)


def _contents(file: Path) -> Iterator[bytes]:
    """The file as it lies, and unpacked where it is packed."""
    raw = file.read_bytes()
    yield raw
    if raw[:2] == GZIP_MAGIC:
        try:
            yield gzip.decompress(raw)
        except (OSError, EOFError, zlib.error):
            return
    if raw[:4] == PARQUET_MAGIC:
        try:
            table = pq.read_table(pa.BufferReader(raw))
        except pa.ArrowInvalid:
            return
        for column in table.columns:
            yield "\n".join(str(value) for value in column.to_pylist() if value is not None).encode()
