"""Label what is new: items whose text the model in use has not labelled yet."""

from collections.abc import Callable

import pandas as pd

from cxnlp.label.labeler import Labeler
from cxnlp.label.rows import to_rows
from cxnlp.night.context import Context
from cxnlp.tables import DROPPED, FEEDBACK, ITEMS, MENTIONS

CHUNK = 1_000  # items labelled between two commits

Progress = Callable[[int, int], None]  # items done, items in all


def label_new(context: Context, labeler: Labeler, progress: Progress) -> int:
    """Label new and changed items, chunk by chunk; what was committed before a crash is not labelled again.

    :returns: items labelled.
    """
    todo = find_unlabelled(context, labeler.model_id)
    version = f"{labeler.model_id}@{context.night.name}"
    for start in range(0, len(todo), CHUNK):
        chunk = todo.iloc[start : start + CHUNK]
        where = {"source": chunk["source"].unique().tolist(), "item_id": chunk["item_id"].tolist()}
        columns = ["item_id", "source", "source_kind", "text", "text_hash"]
        _label_chunk(context, labeler, context.lake.read(FEEDBACK, columns, where), version)
        progress(start + len(chunk), len(todo))
    _note_unread(context)
    return len(todo)


def find_unlabelled(context: Context, model_id: str) -> pd.DataFrame:
    """Items in a language the model reads that it has not labelled with their present text."""
    feedback = context.lake.read(FEEDBACK, ["item_id", "source", "text_hash", "is_analysed"])
    labelled = context.lake.read(ITEMS, ["item_id", "text_hash", "model"])
    labelled = labelled.loc[labelled["model"] == model_id, ["item_id", "text_hash"]].drop_duplicates()
    todo = feedback[feedback["is_analysed"]].merge(labelled, how="left", indicator=True)
    todo = todo.loc[todo["_merge"] == "left_only", ["item_id", "source"]]
    return todo.sort_values(["source", "item_id"], ignore_index=True)


def _label_chunk(context: Context, labeler: Labeler, feedback: pd.DataFrame, version: str) -> None:
    """Mentions first: an item row says that the item is done."""
    rows = to_rows(labeler.label(feedback), feedback, labeler.model_id, version)
    groups = feedback[["item_id"]].assign(label_version=version)
    context.lake.replace_groups(MENTIONS, rows.mentions, groups)
    context.lake.upsert(ITEMS, rows.items)


def _note_unread(context: Context) -> None:
    """Let `core_dropped` name the items that are not labelled because of their language."""
    feedback = context.lake.read(FEEDBACK, ["source", "position", "file", "item_id", "is_analysed", "night"])
    unread = feedback[~feedback["is_analysed"]].assign(stage="label", reason="other_language")
    context.lake.replace_groups(DROPPED, DROPPED.typed(unread), pd.DataFrame({"stage": ["label"]}))
