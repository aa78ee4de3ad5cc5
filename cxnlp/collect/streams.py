"""Bytes of a file, gzip opened on the way, within bounds.

A gzip file that ends too early, is damaged or swells without measure does not raise: the stream ends there and
says why, so that the reader can keep what came before.
"""

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

CHUNK_BYTES = 1 << 18
MAX_RATIO = 100  # text compresses 3 to 20 times; a bomb a thousand times
RATIO_FROM_BYTES = 50_000_000  # short files may repeat themselves
MAX_OPENED_BYTES = 2_000_000_000
GZIP_BITS = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class Ending:
    """Why a stream ended before its time."""

    reason: str
    detail: str


class PlainStream(io.RawIOBase):
    """A file's bytes as they are."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self.ending: Ending | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        found = self._next_bytes(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._handle.close()
        super().close()

    def _next_bytes(self, wanted: int) -> bytes:
        return self._handle.read(wanted)


class GzipStream(PlainStream):
    """A gzip file's content; members are read one after the other, checksums are checked."""

    def __init__(self, handle: BinaryIO) -> None:
        super().__init__(handle)
        self._member = zlib.decompressobj(GZIP_BITS)
        self._pending = b""
        self._bytes_in = 0
        self._bytes_out = 0

    def _next_bytes(self, wanted: int) -> bytes:
        while self.ending is None:
            if not self._pending and not self._fill():
                return b""
            found = self._open(wanted)
            self._bytes_out += len(found)
            self._check_size()
            if found:
                return found
        return b""

    def _fill(self) -> bool:
        """Read on; where nothing is left, say whether the file was whole."""
        self._pending = self._handle.read(CHUNK_BYTES)
        if not self._pending and self._bytes_in and not self._member.eof:
            self.ending = Ending("truncated", "the gzip file ends in the middle; the records before are kept")
        self._bytes_in += len(self._pending)
        return bool(self._pending)

    def _open(self, wanted: int) -> bytes:
        if self._member.eof:
            self._pending = self._pending.lstrip(b"\0")  # padding after the last member
            if not self._pending:
                return b""
            self._member = zlib.decompressobj(GZIP_BITS)
        try:
            found = self._member.decompress(self._pending, wanted)
        except zlib.error:
            self.ending = Ending("damaged_gzip", "the gzip data are damaged here; the records before are kept")
            return b""
        self._pending = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return found

    def _check_size(self) -> None:
        swollen = self._bytes_out > RATIO_FROM_BYTES and self._bytes_out > MAX_RATIO * self._bytes_in
        if swollen or self._bytes_out > MAX_OPENED_BYTES:
            self.ending = Ending(
                "too_large",
                f"the gzip file opens to more than {MAX_RATIO} times its size or {MAX_OPENED_BYTES:,} bytes; "
                "the records before are kept, split the file",
            )


def open_stream(name: str, open_bytes: Callable[[], BinaryIO]) -> PlainStream:
    """Open a file by its name's ending.

    :raises OSError: where the file is gone or may not be read.
    """
    handle = open_bytes()
    return GzipStream(handle) if name.endswith(".gz") else PlainStream(handle)
