"""Readings as the two frames that the tables are made of."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxnlp.label.clauses import split_clauses
from cxnlp.label.model_folder import ModelConfig
from cxnlp.label.reading import Mention, Reading
from cxnlp.taxonomy import SUPPORT

ITEM_DTYPES = {
    "item_id": "str",
    "sentiment": "int64",
    "sentiment_probability": "float64",
    "sentiment_abstained": "bool",
    "service_sentiment": "float64",
    "experience_sentiment": "float64",
    "demand": "str",
    "demand_probability": "float64",
    "demand_abstained": "bool",
    "domain": "str",
    "domain_probability": "float64",
    "domain_abstained": "bool",
    "cause": "str",
    "cause_probability": "float64",
    "cause_abstained": "bool",
    "breakdown_quote": "str",
    "breakdown_start": "Int64",
    "breakdown_end": "Int64",
    "domain_posterior": "str",
    "n_clauses": "int64",
}
MENTION_DTYPES = {
    "item_id": "str",
    "mention_no": "int64",
    "quote": "str",
    "quote_start": "int64",
    "quote_end": "int64",
    "stage": "str",
    "stage_probability": "float64",
    "stage_abstained": "bool",
    "touchpoint": "str",
    "touchpoint_probability": "float64",
    "touchpoint_abstained": "bool",
    "sentiment": "int64",
    "sentiment_probability": "float64",
    "weight": "float64",
}


@dataclass(frozen=True)
class Labelled:
    """`items`: one row for each item given, in order; `mentions`: at most four rows an item, by weight.

    The best code always stands in its column; `*_abstained` says that it is under its threshold.
    """

    items: pd.DataFrame
    mentions: pd.DataFrame


def to_labelled(ids: Sequence[str], texts: Sequence[str], readings: Sequence[Reading], config: ModelConfig) -> Labelled:
    """Frames of items and mentions, with offsets into `texts`."""
    items = [_item(i, t, r, config) for i, t, r in zip(ids, texts, readings, strict=True)]
    mentions = [
        _mention(i, number, t, mention, config)
        for i, t, r in zip(ids, texts, readings, strict=True)
        for number, mention in enumerate(r.mentions)
    ]
    return Labelled(_frame(items, ITEM_DTYPES), _frame(mentions, MENTION_DTYPES))


def _frame(rows: list[tuple], dtypes: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)


def _item(item_id: str, text: str, reading: Reading, config: ModelConfig) -> tuple:
    least = config.thresholds
    domain_abstained = reading.domain.probability < least.domain
    start, end = reading.evidence or (None, None)
    return (
        item_id,
        reading.sentiment,
        reading.sentiment_probability,
        reading.sentiment_probability < least.sentiment,
        _mean([m.sentiment for m in reading.mentions if m.stage.code == SUPPORT]),
        _mean([m.sentiment for m in reading.mentions if m.stage.code != SUPPORT]),
        reading.demand.code,
        reading.demand.probability,
        reading.demand.probability < least.demand,
        reading.domain.code,
        reading.domain.probability,
        domain_abstained,
        reading.cause.code,
        reading.cause.probability,
        domain_abstained or (reading.evidence is not None and reading.cause.probability < least.cause),
        np.nan if start is None else text[start:end],
        start,
        end,
        _posterior(reading.posterior, config.codes.domains),
        len(split_clauses(text)),
    )


def _mention(item_id: str, number: int, text: str, mention: Mention, config: ModelConfig) -> tuple:
    least = config.thresholds
    return (
        item_id,
        number,
        text[mention.start : mention.end],
        mention.start,
        mention.end,
        mention.stage.code,
        mention.stage.probability,
        mention.stage.probability < least.stage,
        mention.touchpoint.code,
        mention.touchpoint.probability,
        mention.touchpoint.probability < least.touchpoint,
        mention.sentiment,
        mention.sentiment_probability,
        mention.weight,
    )


def _mean(sentiments: list[int]) -> float:
    return float(np.mean(sentiments)) if sentiments else float("nan")


def _posterior(chances: tuple[float, ...], domains: tuple[str, ...]) -> str:
    """JSON object of four-decimal probabilities that sum to 1: what rounding leaves over goes to the largest."""
    parts = [round(10_000 * chance) for chance in chances]
    parts[int(np.argmax(parts))] += 10_000 - sum(parts)
    return json.dumps({domain: part / 10_000 for domain, part in zip(domains, parts, strict=True)})
