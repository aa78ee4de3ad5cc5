"""Which rows of feedback say something new."""

import pandas as pd

from cxnlp.night.context import Context
from cxnlp.tables import FEEDBACK


def changed_only(context: Context, feedback: pd.DataFrame) -> pd.DataFrame:
    """Rows that differ from what is stored in more than the night that wrote them."""
    if feedback.empty:
        return feedback
    names = [name for name in FEEDBACK.names if name != "night"]
    where = {"source": feedback["source"].unique().tolist(), "item_id": feedback["item_id"].tolist()}
    if context.lake.read(FEEDBACK, ["item_id"], where).empty:
        return feedback
    stored = context.lake.read(FEEDBACK, names, where).set_index("item_id")
    theirs = stored.reindex(feedback["item_id"])
    ours = feedback[names].set_index("item_id")
    is_same = ((ours == theirs) | (ours.isna() & theirs.isna())).fillna(False).all(axis=1).to_numpy(bool)
    return feedback[~is_same]
