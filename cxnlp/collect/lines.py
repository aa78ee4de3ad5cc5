"""Decoded lines of a file, none longer than memory allows."""

import codecs
import io
import re
from collections.abc import Iterator

from cxnlp.collect.streams import CHUNK_BYTES, PlainStream

MAX_LINE_CHARACTERS = 32_000_000  # about 130 MB in memory at worst
UNDECODABLE = "\udcff"  # stands for bytes that the encoding does not know
HALF_CHARACTERS = re.compile("[\ud800-\udfff]")  # no sound text holds one, the mark is one
ON_UNDECODABLE = "cxnlp-mark"


class Lines:
    """Lines with their endings; None stands for a line that is too long to be held.

    A last line without an ending is left out where the stream ended before its time: it may be half a record.

    :ivar is_blank: whether no line so far held anything.
    """

    def __init__(self, stream: PlainStream, encoding: str, newline: str) -> None:
        """
        :param newline: as for `open`: empty lets any line ending end a line, a line feed only itself.
        """
        codecs.register_error(ON_UNDECODABLE, _mark)
        buffered = io.BufferedReader(stream, CHUNK_BYTES)
        self._stream = stream
        self.is_blank = True
        self._text = io.TextIOWrapper(buffered, encoding=encoding, errors=ON_UNDECODABLE, newline=newline)

    def __iter__(self) -> Iterator[str | None]:
        first = True
        while line := self._text.readline(MAX_LINE_CHARACTERS):
            if first:
                line, first = line.removeprefix("\ufeff"), False
            is_ended = line.endswith(("\n", "\r"))
            if len(line) >= MAX_LINE_CHARACTERS - 1 and not is_ended:
                self._skip_line()
                self.is_blank = False
                yield None
            elif is_ended or self._stream.ending is None:
                self.is_blank = self.is_blank and not line.strip()
                yield line

    def _skip_line(self) -> None:
        while rest := self._text.readline(MAX_LINE_CHARACTERS):
            if rest.endswith(("\n", "\r")):
                return


def is_undecodable(text: str) -> bool:
    """Whether some bytes of the text were none of its encoding."""
    return not text.isascii() and HALF_CHARACTERS.search(text) is not None


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end
