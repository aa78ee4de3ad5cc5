"""Voice-of-customer text analysis: labels, causes and honest numbers from customer feedback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

__version__ = "0.1.0"
DEFAULT_MARTS = Path("data/marts/cxnlp.duckdb")


def connect(marts: Path | str = DEFAULT_MARTS) -> duckdb.DuckDBPyConnection:
    """Open the marts database to read: no files, no extensions, no settings can be reached from its SQL.

    :param marts: the DuckDB file of the pipeline's `marts`.
    :raises QueryError: where there is no such file.
    """
    from cxnlp.publish.query import connect as open_marts

    return open_marts(Path(marts))
