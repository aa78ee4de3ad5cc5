"""The files of a source, found by dlt's filesystem source (no pipeline, nothing landed)."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cxnlp.collect.streams import CHUNK_BYTES, PlainStream, open_stream
from cxnlp.config import Source
from cxnlp.environment import SecretReader, read_environment
from cxnlp.errors import SourceError
from cxnlp.storage_settings import Storage

WILDCARDS = frozenset("*?[")


@dataclass(frozen=True)
class SourceFile:
    """One file of a source.

    :ivar name: path below the folder in which the glob begins, with forward slashes.
    :ivar open_bytes: opens the file as it lies there, seekable.
    :ivar version: stands for the bytes where they lie elsewhere; empty where they are to be read.
    """

    name: str
    open_bytes: Callable[[], BinaryIO]
    version: str = ""

    def open(self) -> PlainStream:
        """The file's bytes, gzip opened on the way.

        :raises OSError: where the file is gone or may not be read.
        """
        return open_stream(self.name, self.open_bytes)

    def fingerprint(self, mapping: str) -> str:
        """SHA-256 of the bytes and of the mapping that reads them.

        :returns: 64 hex digits; empty where the file is gone or may not be read, which no read file has:
            reading such a file then tells the fault.
        """
        digest = sha256(mapping.encode())
        if self.version:
            digest.update(self.version.encode())
            return digest.hexdigest()
        try:
            with self.open_bytes() as handle:
                while chunk := handle.read(CHUNK_BYTES):
                    digest.update(chunk)
        except OSError:
            return ""
        return digest.hexdigest()


def list_files(source: Source, root: Path, read_secret: SecretReader = read_environment) -> list[SourceFile]:
    """Files that the source's path or glob names, by name.

    :param root: folder that relative paths begin in.
    :raises SourceError: where the folder is not there or nothing in it matches.
    """
    if source.storage is not None:
        return _in_bucket(source, source.storage, read_secret)
    folder, pattern = _split_glob(root, source.files or "")
    if not folder.is_dir():
        raise SourceError(
            f"source {source.name}: no folder {folder} (from files: {source.files!r}); "
            "create it, or mend the path: it counts from the folder that the run is started in"
        )
    files = _found_by_dlt(source.name, folder, pattern)
    if not files:
        raise SourceError(
            f"source {source.name}: nothing in {folder} matches {pattern!r}; wanted at least one file, "
            "is the export there and is its name as `files` says?"
        )
    return files


def _in_bucket(source: Source, storage: Storage, read_secret: SecretReader) -> list[SourceFile]:
    from cxnlp.collect.buckets import list_blobs

    blobs = list_blobs(source.name, source.files or "", storage, read_secret)
    if not blobs:
        raise SourceError(
            f"source {source.name}: nothing matches {source.files!r}; wanted at least one file, is the export there?"
        )
    files = [SourceFile(_printable(blob.name), blob.open_bytes, blob.version) for blob in blobs]
    return sorted(files, key=lambda file: file.name)


def _split_glob(root: Path, files: str) -> tuple[Path, str]:
    """The folder before the first wildcard, and the pattern below it."""
    parts = Path(files).parts
    fixed = next((i for i, part in enumerate(parts) if WILDCARDS & set(part)), len(parts) - 1)
    return Path(os.path.normpath(root / Path(*parts[:fixed]))), "/".join(parts[fixed:])


def _found_by_dlt(source_name: str, folder: Path, pattern: str) -> list[SourceFile]:
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
    from dlt.common.exceptions import DltException
    from dlt.sources.filesystem import filesystem

    try:
        found = list(filesystem(bucket_url=str(folder), file_glob=pattern))
    except (DltException, OSError) as error:
        raise SourceError(
            f"source {source_name}: {folder}: cannot be listed: {' '.join(str(error).split())[:200]}; "
            "may the folder be read?"
        ) from error
    files = [SourceFile(_printable(item["relative_path"]), _opener(Path(item.local_file_path))) for item in found]
    return sorted(files, key=lambda file: file.name)


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _printable(name: str) -> str:
    """A file's name as tables can hold it: bytes that are not UTF-8 become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")
