"""Forget a person for good: every table, its history, the marts, reports, label files and models; then prove it.

A tombstone is written first, so that a run that is killed half-way, or a source that still holds the person, brings
nothing back. Aggregates in which the person was counted stay until the next night counts anew.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

import pandas as pd

from cxnlp.night.context import Context
from cxnlp.night.forgetting import Whose, belongings, forget, matching_rows
from cxnlp.night.searching import search_files
from cxnlp.publish.marts import build_marts
from cxnlp.tables import FEEDBACK, ITEMS, MENTIONS, TOMBSTONES

FIGURE = re.compile(r'<figure class="quote">(?:(?!</figure>).){0,20000}</figure>', re.DOTALL)
SHORTEST_WORDS = 12  # a shorter quote also stands in other people's words


@dataclass(frozen=True)
class Receipt:
    """What was removed, or would be: counts and places, never what stood there."""

    is_dry_run: bool
    rows_by_table: dict[str, int]
    quotes_by_report: dict[str, int]
    lines_by_label_file: dict[str, int]
    files_searched: int
    still_found_in: tuple[str, ...]

    def to_json(self) -> str:
        """The receipt to keep."""
        return json.dumps(asdict(self), indent=1)


@dataclass(frozen=True)
class Words:
    """What the person said, as it may be quoted; held in memory only while it is looked for."""

    item_ids: frozenset[str]
    quotes: tuple[str, ...]


def erase(context: Context, customer_id: str, labels: Sequence[Path], homes: Sequence[Path], dry_run: bool) -> Receipt:
    """Remove a customer everywhere, or tell what would be removed.

    :param customer_id: the company's own id of the customer, as its sources give it.
    :param labels: files or folders of labels (JSON lines).
    :param homes: further folders to search in the end, such as Prefect's home and the logs.
    """
    customer_key = context.pseudonyms.customer_key(customer_id)
    whose = belongings(context.lake, customer_key)
    words = _words(context, whose)
    reports = sorted(context.pipeline.reports.glob("*.html"))
    label_files = sorted(file for path in labels for file in _json_lines(path))
    if dry_run:
        rows = {name: len(keys) for name, keys in matching_rows(context.lake, whose).items()}
        in_reports = {path.name: _unquote(path.read_text(encoding="utf-8"), words)[1] for path in reports}
        in_labels = {path.name: len(_theirs(path, words)) for path in label_files}
        return Receipt(True, rows, _some(in_reports), _some(in_labels), 0, ())
    _write_tombstone(context, customer_key)
    rows = forget(context.lake, whose)
    in_reports = {path.name: _clean_report(path, words) for path in reports}
    in_labels = {path.name: _clean_labels(path, words) for path in label_files}
    if context.pipeline.marts.exists():
        build_marts(context.lake, context.pipeline.marts, context.pipeline.time_zone)
    folders = [context.pipeline.lake, context.pipeline.marts, context.pipeline.reports, context.pipeline.model, *labels]
    allowed = context.pipeline.lake / TOMBSTONES.name
    needles = [customer_id, *words.item_ids, *whose.event_ids, customer_key, *words.quotes]
    searched = search_files([*folders, *homes], [needle for needle in needles if len(needle) >= 4], allowed)
    return Receipt(False, rows, _some(in_reports), _some(in_labels), searched.n_files, searched.found_in)


def _words(context: Context, whose: Whose) -> Words:
    texts = context.lake.read(FEEDBACK, ["item_id", "text"])
    quotes = context.lake.read(MENTIONS, ["item_id", "quote"])
    evidence = context.lake.read(ITEMS, ["item_id", "breakdown_quote"]).rename(columns={"breakdown_quote": "quote"})
    said = pd.concat([texts.rename(columns={"text": "quote"}), quotes, evidence])
    theirs = said[said["item_id"].isin(whose.item_ids)]["quote"].dropna()
    others = set(said[~said["item_id"].isin(whose.item_ids)]["quote"].dropna())
    own = sorted({quote for quote in theirs if len(quote) >= SHORTEST_WORDS and quote not in others}, key=len)
    return Words(whose.item_ids, tuple(reversed(own)))


def _write_tombstone(context: Context, customer_key: str) -> None:
    row = {"customer_key": customer_key, "night": context.night.name}
    context.lake.upsert(TOMBSTONES, TOMBSTONES.typed(pd.DataFrame([row])))


def _clean_report(path: Path, words: Words) -> int:
    page, n_removed = _unquote(path.read_text(encoding="utf-8"), words)
    if n_removed:
        _replace(path, page)
    return n_removed


def _unquote(page: str, words: Words) -> tuple[str, int]:
    """A report without the person's quotes, and how many were taken out."""
    ids = {f'<span class="id">{escape(item_id)}</span>' for item_id in words.item_ids}
    n_removed = 0

    def keep(figure: re.Match[str]) -> str:
        nonlocal n_removed
        is_theirs = any(mark in figure.group() for mark in ids)
        n_removed += is_theirs
        return "" if is_theirs else figure.group()

    page = FIGURE.sub(keep, page)
    for text in (*words.quotes, *words.item_ids):
        shown = escape(text)
        n_removed += page.count(shown)
        page = page.replace(shown, "(erased)")
    return page, n_removed


def _json_lines(path: Path) -> Iterable[Path]:
    return path.rglob("*.jsonl") if path.is_dir() else [path]


def _theirs(path: Path, words: Words) -> set[int]:
    """Numbers of the lines of a label file that are the person's: by id, or by the very words."""
    texts, found = set(words.quotes), set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        record = json.loads(line) if line.strip() else {}
        if str(record.get("id", record.get("item_id"))) in words.item_ids or record.get("text") in texts:
            found.add(number)
    return found


def _clean_labels(path: Path, words: Words) -> int:
    theirs = _theirs(path, words)
    if theirs:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        _replace(path, "".join(line for number, line in enumerate(lines) if number not in theirs))
    return len(theirs)


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _some(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}
