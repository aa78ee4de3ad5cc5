"""Rows of a file, whatever its format; what cannot be read is a fault with its place, never an exception."""

from collections.abc import Iterator

from cxnlp.collect.delimited import read_delimited
from cxnlp.collect.documents import read_document
from cxnlp.collect.files import SourceFile
from cxnlp.collect.jsonlines import read_json_lines
from cxnlp.collect.lines import Lines
from cxnlp.collect.mapping import MappedSource, wanted_columns
from cxnlp.collect.parquet import read_parquet
from cxnlp.collect.rows import Fault, Row
from cxnlp.collect.workbook import read_workbook
from cxnlp.config import WHOLE_FORMATS
from cxnlp.errors import SourceError


def read_rows(file: SourceFile, source: MappedSource) -> Iterator[Row | Fault]:
    """Stream the mapped columns of a file.

    A fault of the whole file (empty, gone, a mapped column missing, cut short) has the file's name for its
    position and ends the reading; rows read before it are kept.

    :raises SourceError: where the declared encoding is not one of text.
    """
    try:
        with file.open_bytes() as handle:
            is_empty = not handle.read(1)
        if is_empty:
            yield Fault(file.name, "empty_file", "the file has no bytes; was the export cut off?")
        elif source.format in ("csv", "jsonl", *WHOLE_FORMATS):
            yield from _read_text(file, source)
        else:
            yield from _read_binary(file, source)
    except OSError as error:
        yield Fault(
            file.name,
            "file_unreadable",
            f"listed, but then not to be read ({error.strerror or type(error).__name__}); was it moved or removed?",
        )
    except UnicodeError:
        yield Fault(file.name, "wrong_encoding", f"cannot be read as {source.encoding}; mend `encoding`")


def _read_text(file: SourceFile, source: MappedSource) -> Iterator[Row | Fault]:
    with file.open() as stream:
        try:
            lines = Lines(stream, source.encoding, newline="" if source.format == "csv" else "\n")
        except LookupError as error:
            raise SourceError(
                f"source {source.name}: encoding {source.encoding!r} is not one of text; utf-8 or cp1252 are likely"
            ) from error
        wanted = wanted_columns(source)
        if source.format in WHOLE_FORMATS:
            rows = read_document(lines, source, file.name)
        elif source.format == "csv":
            rows = read_delimited(lines, wanted, source.separator, file.name)
        else:
            rows = read_json_lines(lines, wanted, file.name)
        for row in rows:
            yield row
            if row.position == file.name:
                return
        if stream.ending:
            yield Fault(file.name, stream.ending.reason, stream.ending.detail)
        elif lines.is_blank:
            yield Fault(file.name, "empty_file", "the file holds nothing but blank lines")


def _read_binary(file: SourceFile, source: MappedSource) -> Iterator[Row | Fault]:
    with file.open_bytes() as handle:
        if source.format == "xlsx":
            yield from read_workbook(handle, wanted_columns(source), source.sheet, file.name)
        else:
            yield from read_parquet(handle, wanted_columns(source), file.name)
