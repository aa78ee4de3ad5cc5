"""XLSX: rows of one sheet, read as a stream; formulas are read as the values last shown."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from cxnlp.collect.mapping import column_places
from cxnlp.collect.rows import Fault, Row, Wanted

MAX_OPENED_BYTES = 400_000_000  # of XML; a full sheet of feedback is 50 to 200 MB
MAX_STRINGS_BYTES = 150_000_000  # the shared strings are held in memory
MAX_RATIO = 100
RATIO_FROM_BYTES = 10_000_000
DAMAGED = (zipfile.BadZipFile, zlib.error, ParseError, EOFError, KeyError, ValueError, TypeError, IndexError)


def read_workbook(handle: BinaryIO, wanted: Wanted, sheet: str | None, file_name: str) -> Iterator[Row | Fault]:
    """Rows of a sheet whose first row that is not empty is the header; empty rows are passed over.

    :param sheet: name of the sheet; the first one where not given.
    """
    try:
        bomb = _size_fault(handle, file_name)
        if bomb:
            yield bomb
            return
        yield from _read_sheet(handle, wanted, sheet, file_name)
    except DAMAGED as error:
        yield Fault(file_name, "not_xlsx", f"not a whole XLSX workbook ({type(error).__name__}); export it again")


def _size_fault(handle: BinaryIO, file_name: str) -> Fault | None:
    with zipfile.ZipFile(handle) as archive:
        parts = archive.infolist()
    opened, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    swollen = opened > RATIO_FROM_BYTES and opened > MAX_RATIO * packed
    handle.seek(0)
    if not swollen and opened <= MAX_OPENED_BYTES and strings <= MAX_STRINGS_BYTES:
        return None
    return Fault(
        file_name,
        "too_large",
        f"opens from {packed:,} to {opened:,} bytes; wanted at most {MAX_OPENED_BYTES:,} and {MAX_RATIO} times as "
        "many: split it or export CSV",
    )


def _read_sheet(handle: BinaryIO, wanted: Wanted, sheet: str | None, file_name: str) -> Iterator[Row | Fault]:
    from openpyxl import load_workbook

    book = load_workbook(handle, read_only=True, data_only=True, keep_links=False)
    names = [page.title for page in book.worksheets]
    if not names or (sheet is not None and sheet not in names):
        yield Fault(file_name, "missing_sheet", f"no sheet {sheet!r}; it has {len(names)}: {', '.join(names)[:200]}")
        return
    page = book[sheet or names[0]]
    page.reset_dimensions()  # the size that the file claims may be wrong
    rows = (
        (number, cells)
        for number, cells in enumerate(page.iter_rows(values_only=True), start=1)
        if any(cell is not None for cell in cells)
    )
    _, header = next(rows, (0, None))
    if header is None:
        yield Fault(file_name, "empty_file", "the sheet is empty: not even a header")
        return
    places = column_places(["" if cell is None else str(cell) for cell in header], wanted, file_name)
    if isinstance(places, Fault):
        yield places
        return
    for number, cells in rows:
        fields: dict[str, object] = {
            column: cells[place] if place < len(cells) else None for column, place in places.items()
        }
        yield Row(f"{file_name}:{number}", fields)
