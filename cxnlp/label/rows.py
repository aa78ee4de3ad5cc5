"""Predictions -> rows of `core_items` and `core_mentions`: a code that is not trusted is null, its probability kept."""

from dataclasses import dataclass

import pandas as pd

from cxnlp.label.labeler import Labelled
from cxnlp.tables import ITEMS, MENTIONS


@dataclass(frozen=True)
class LabelRows:
    """Rows for the two label tables."""

    items: pd.DataFrame
    mentions: pd.DataFrame


def to_rows(labelled: Labelled, feedback: pd.DataFrame, model_id: str, label_version: str) -> LabelRows:
    """Put predictions where they belong.

    :param feedback: what was labelled, in the same order: `item_id`, `source`, `text_hash`.
    """
    source = feedback.set_index("item_id")["source"]
    stamp = {"model": model_id, "label_version": label_version}
    items = _null_untrusted(labelled.items, ["sentiment", "demand", "domain", "cause"])
    items = items.assign(**stamp, text_hash=feedback["text_hash"].to_numpy(), source=feedback["source"].to_numpy())
    mentions = _null_untrusted(labelled.mentions, ["stage", "touchpoint"])
    mentions = mentions.assign(**stamp, source=mentions["item_id"].map(source))
    return LabelRows(ITEMS.typed(items), MENTIONS.typed(mentions))


def _null_untrusted(predictions: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    columns = {name: predictions[name].mask(predictions[f"{name}_abstained"].astype(bool)) for name in names}
    return predictions.assign(**columns)
