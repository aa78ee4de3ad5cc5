"""Register a fix; the next night measures what became of its cause."""

from datetime import UTC, date, datetime
from pathlib import Path

from cxnlp.lake import Lake
from cxnlp.pipeline_file import load_pipeline
from cxnlp.tables import FIXES
from cxnlp.taxonomy import load_taxonomy
from cxnlp.trace.fixes import describe_fix


def add_fix(pipeline: Path, cause: str, fixed_on: date, note: str) -> str:
    """Write a fix to `core_fixes`; returns its id. The same cause and date again replaces the note.

    :raises ConfigError: where the taxonomy of the pipeline has no such cause.
    """
    settings = load_pipeline(pipeline)
    row = describe_fix(cause, fixed_on, note, datetime.now(UTC), load_taxonomy(settings.taxonomy))
    Lake(settings.lake).upsert(FIXES, row)
    return str(row["fix_id"].iloc[0])
