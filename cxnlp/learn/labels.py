"""Label files in: JSON lines in the annotation guide's form, with quotes as words or as character offsets.

A file may hold the texts itself or lean on text files (JSON lines with `id` and `text`, gzip or not): the labels
that live in the repository are keyed by id and hold no text.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cxnlp.errors import CxnlpError
from cxnlp.taxonomy import Taxonomy


@dataclass(frozen=True)
class LabelledMention:
    """One mention as a person labelled it; `start` and `end` are character offsets into the item's text."""

    stage: str
    touchpoint: str
    sentiment: int
    start: int
    end: int


@dataclass(frozen=True)
class LabelledItem:
    """One item of feedback with what a person said of it; `evidence` is the breakdown's (start, end) or None."""

    item_id: str
    text: str
    source_kind: str | None
    dataset: str
    sentiment: int
    demand: str
    domain: str
    cause: str
    evidence: tuple[int, int] | None
    mentions: tuple[LabelledMention, ...] = field(default=())


def read_labels(label_files: list[Path], text_files: list[Path], taxonomy: Taxonomy) -> list[LabelledItem]:
    """Read every label file and join the texts by id; a later label of the same id replaces an earlier one.

    :param text_files: files with `id` and `text` for labels that do not hold their own text.
    :raises CxnlpError: naming file and line of a label that is not JSON, has no text, an unknown code or a quote that
        does not stand in its text.
    """
    texts = {str(record["id"]): record for path in text_files for _, record in read_records(path)}
    items: dict[str, LabelledItem] = {}
    for path in label_files:
        for number, record in read_records(path):
            item = _item(record, texts, taxonomy, f"{path}:{number}")
            items[item.item_id] = item
    return list(items.values())


def read_records(path: Path) -> Iterator[tuple[int, dict]]:
    """Line number and object of each line of a JSON-lines file, gzipped where its name ends in .gz.

    :raises CxnlpError: naming the line that is not a JSON object.
    """
    if not path.is_file():
        raise CxnlpError(f"{path}: no such file; a label or text file (JSON lines) is wanted")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise CxnlpError(f"{path}:{number}: not JSON ({error.msg}); one object a line is wanted") from error
            if not isinstance(record, dict) or "id" not in record:
                raise CxnlpError(f"{path}:{number}: no `id`; an object with `id` is wanted on each line")
            yield number, record


def _item(record: dict, texts: Mapping[str, dict], taxonomy: Taxonomy, where: str) -> LabelledItem:
    source = {**texts.get(str(record["id"]), {}), **record}
    text = source.get("text")
    if not isinstance(text, str):
        raise CxnlpError(f"{where}: no text for this id; name the file that holds it with --texts")
    breakdown = record.get("breakdown") or {}
    domain, cause = str(breakdown.get("domain")), str(breakdown.get("cause"))
    taxonomy.check_breakdown(domain, cause, where)
    taxonomy.check_demand(str(record.get("demand")), where)
    return LabelledItem(
        item_id=str(record["id"]),
        text=text,
        source_kind=source.get("source_kind"),
        dataset=str(source.get("dataset", "")),
        sentiment=_sentiment(record, where),
        demand=record["demand"],
        domain=domain,
        cause=cause,
        evidence=None if domain == "none" else _place(breakdown, text, where),
        mentions=tuple(_mention(mention, text, taxonomy, where) for mention in record.get("mentions") or ()),
    )


def _mention(mention: dict, text: str, taxonomy: Taxonomy, where: str) -> LabelledMention:
    taxonomy.check_stage(str(mention.get("stage")), where)
    taxonomy.check_touchpoint(str(mention.get("touchpoint")), where)
    start, end = _place(mention, text, where)
    return LabelledMention(mention["stage"], mention["touchpoint"], _sentiment(mention, where), start, end)


def _sentiment(labelled: dict, where: str) -> int:
    sentiment = labelled.get("sentiment")
    if sentiment not in (-2, -1, 0, 1, 2):
        raise CxnlpError(f"{where}: sentiment is {sentiment!r}; a whole number from -2 to 2 is wanted")
    return int(sentiment)


def _place(quoted: dict, text: str, where: str) -> tuple[int, int]:
    """Offsets of a quote: as given, or where the quoted words first stand in the text."""
    start, end = quoted.get("start", quoted.get("quote_start")), quoted.get("end", quoted.get("quote_end"))
    if start is None or end is None:
        quote = quoted.get("quote")
        if isinstance(quote, list) and len(quote) == 2:
            start, end = quote
        else:
            start = text.find(quote) if quote else -1
            end = start + len(quote or "")
    if not 0 <= start < end <= len(text):
        raise CxnlpError(f"{where}: a quote does not stand in the text; copy it exactly or give its offsets")
    return int(start), int(end)
