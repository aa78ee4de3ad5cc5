"""Rows to frames of a table, some at a time, with what went to quarantine beside them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxnlp.calendar_day import Night
from cxnlp.collect.rows import BadCell, Fault, Row
from cxnlp.tables import QUARANTINE, TIMESTAMP, Table

NO_TIME = np.iinfo(np.int64).min  # NaT


@dataclass(frozen=True)
class Taken:
    """Values of some rows in the order of a table's columns, and the faults between them."""

    values: list[tuple[object, ...]]
    faults: list[Fault]

    @property
    def record_count(self) -> int:
        """Records read: each became a row or a fault."""
        return len(self.values) + len(self.faults)


def in_batches(rows: Iterable[Row | Fault], read: Callable[[Row], tuple[object, ...]], limit: int) -> Iterator[Taken]:
    """Read rows one by one and hand them on, at most `limit` at a time.

    :param read: a row's values; raises `BadCell` where the row cannot be taken.
    """
    taken = Taken([], [])
    for row in rows:
        if isinstance(row, Fault):
            taken.faults.append(row)
        else:
            try:
                taken.values.append(read(row))
            except BadCell as fault:
                taken.faults.append(Fault(row.position, fault.reason, fault.detail))
        if taken.record_count == limit:
            yield taken
            taken = Taken([], [])
    if taken.record_count:
        yield taken


def to_frame(table: Table, values: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Values as a frame of the table; times are microseconds since 1970 in UTC or None."""
    if not values:
        return table.empty()
    columns = dict(zip(table.columns, zip(*values, strict=True), strict=True))
    return table.typed(
        pd.DataFrame(
            {
                column.name: _times(cells) if column.dtype == TIMESTAMP else pd.Series(cells, dtype="object")
                for column, cells in columns.items()
            }
        )
    )


def to_quarantine(faults: Sequence[Fault], source_name: str, file_name: str, night: Night) -> pd.DataFrame:
    """Faults as rows of the quarantine."""
    return to_frame(
        QUARANTINE,
        [(source_name, fault.position, file_name, fault.reason, fault.detail, night.name) for fault in faults],
    )


def _times(cells: Sequence[object]) -> pd.Series:
    microseconds = np.array([NO_TIME if cell is None else cell for cell in cells], dtype="int64")
    return pd.Series(microseconds.view("datetime64[us]")).dt.tz_localize("UTC")
