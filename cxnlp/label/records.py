"""Labelled frames as the annotation guide's records, which `cxnlp label` writes and people compare with their own."""

from collections.abc import Iterator, Mapping
from typing import NotRequired, TypedDict

from cxnlp.label.frames import Labelled
from cxnlp.taxonomy import NONE


class MentionRecord(TypedDict):
    """One mention; `probability` is that of its touchpoint."""

    quote: str
    quote_start: int
    quote_end: int
    stage: str
    touchpoint: str
    sentiment: int
    probability: float
    abstained: NotRequired[bool]


class BreakdownRecord(TypedDict):
    """The breakdown; `probability` is that of its domain, `cause_probability` of domain and cause together."""

    domain: str
    cause: str
    quote: str | None
    quote_start: int | None
    quote_end: int | None
    probability: float
    cause_probability: float
    abstained: NotRequired[bool]


class ItemRecord(TypedDict):
    """One item as the annotation guide has it, with probabilities."""

    id: str
    sentiment: int
    sentiment_probability: float
    sentiment_abstained: NotRequired[bool]
    mentions: list[MentionRecord]
    demand: str
    demand_probability: float
    demand_abstained: NotRequired[bool]
    breakdown: BreakdownRecord


def to_records(labelled: Labelled) -> Iterator[ItemRecord]:
    """One record an item, in order.

    The best code is always there; `abstained: true` stands beside it where its probability is under its threshold
    (`sentiment_abstained` and `demand_abstained` for those of the item).
    """
    mentions_by_item: dict[str, list[MentionRecord]] = {}
    for row in labelled.mentions.to_dict("records"):
        mentions_by_item.setdefault(row["item_id"], []).append(_mention(row))
    for item in labelled.items.to_dict("records"):
        record = ItemRecord(
            id=item["item_id"],
            sentiment=item["sentiment"],
            sentiment_probability=round(item["sentiment_probability"], 4),
            mentions=mentions_by_item.get(item["item_id"], []),
            demand=item["demand"],
            demand_probability=round(item["demand_probability"], 4),
            breakdown=_breakdown(item),
        )
        if item["sentiment_abstained"]:
            record["sentiment_abstained"] = True
        if item["demand_abstained"]:
            record["demand_abstained"] = True
        yield record


def _mention(row: Mapping) -> MentionRecord:
    record = MentionRecord(
        quote=row["quote"],
        quote_start=row["quote_start"],
        quote_end=row["quote_end"],
        stage=row["stage"],
        touchpoint=row["touchpoint"],
        sentiment=row["sentiment"],
        probability=round(row["touchpoint_probability"], 4),
    )
    if row["touchpoint_abstained"] or row["stage_abstained"]:
        record["abstained"] = True
    return record


def _breakdown(item: Mapping) -> BreakdownRecord:
    told = item["domain"] != NONE
    record = BreakdownRecord(
        domain=item["domain"],
        cause=item["cause"],
        quote=item["breakdown_quote"] if told else None,
        quote_start=int(item["breakdown_start"]) if told else None,
        quote_end=int(item["breakdown_end"]) if told else None,
        probability=round(item["domain_probability"], 4),
        cause_probability=round(item["cause_probability"], 4),
    )
    if item["domain_abstained"] or item["cause_abstained"]:
        record["abstained"] = True
    return record
