"""What was deleted at its source: what was said stays, and says so."""

import pandas as pd

from cxnlp.collect.web.pages import still_there
from cxnlp.config import FeedbackSource
from cxnlp.night.context import Context
from cxnlp.tables import FEEDBACK

MARKS = ("is_deleted_at_source", "deleted_at", "source_updated_at", "night")


def tombstones(gone: pd.DataFrame, stored: pd.DataFrame) -> pd.DataFrame:
    """The stored rows of records that are now deleted at their source.

    :param gone: records that say so.
    :param stored: rows of `core_feedback`, of these and other items.
    """
    marks = gone.set_index("item_id")[list(MARKS)]
    rows = stored[stored["item_id"].isin(marks.index)]
    marked = marks.reindex(rows["item_id"]).set_index(rows.index)
    return FEEDBACK.typed(rows.assign(**{name: marked[name] for name in MARKS}))


def mark_deleted(context: Context, source: FeedbackSource) -> None:
    """Ask whether what was said lately is still there, where the API does not tell of deletions itself.

    :raises SourceError: where the API cannot be asked.
    """
    if source.api is None or source.api.recheck is None or context.window is not None:
        return
    recheck = source.api.recheck
    rows = context.lake.read(FEEDBACK, where={"source": [source.name]})
    is_late = rows["created_at"] >= context.night.end - pd.Timedelta(days=recheck.days)
    rows = rows[is_late & ~rows["is_deleted_at_source"].fillna(False).astype(bool)]
    ids = rows["source_id"].tolist()
    there = still_there(source.name, source.api, context.read_secret, recheck, ids, source.deleted)
    gone = rows[~rows["source_id"].map(there).astype(bool)]
    marked = gone.assign(is_deleted_at_source=True, deleted_at=context.night.end, night=context.night.name)
    context.lake.upsert(FEEDBACK, FEEDBACK.typed(marked))
