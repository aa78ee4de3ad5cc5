"""Collect and clean one source: raw text is never written to a table.

What a record became depends on the set of files only, not on the order or the night in which they were read:
where two files tell of one item, the file whose name comes later has the say. So a run that was killed, or is
done twice, ends in the same tables. The cursor of a file moves after everything that it gave is committed.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from cxnlp import __version__
from cxnlp.collect.customers import read_customers
from cxnlp.collect.events import read_events
from cxnlp.collect.feedback import FeedbackBatch, read_feedback
from cxnlp.collect.files import SourceFile, list_files
from cxnlp.config import CustomerSource, EventSource, FeedbackSource, Source
from cxnlp.night.changes import changed_only
from cxnlp.night.cleaning import clean, hash_event_keys, without_erased
from cxnlp.night.context import Context
from cxnlp.night.pulling import pull_customers, pull_events, pull_feedback
from cxnlp.night.receipts import Receipt
from cxnlp.tables import CURSORS, CUSTOMERS, DROPPED, EVENTS, FEEDBACK, QUARANTINE, Table
from cxnlp.weeks import day_of

STORED = ("item_id", "raw_hash", "position", "file")
NEW, UNCHANGED, REPEATED, SUPERSEDED = "new", "unchanged", "repeated_record", "superseded"


@dataclass
class FileState:
    """What is known while one file is read: items seen in it, and rows to write at its end."""

    seen: set[str] = field(default_factory=set)
    dropped: list[pd.DataFrame] = field(default_factory=list)
    quarantine: list[pd.DataFrame] = field(default_factory=list)


def collect(context: Context, name: str) -> Receipt:
    """Bring the lake up to date with one source of the pipeline file.

    :raises SourceError: where the source cannot be read at all.
    """
    pipeline = context.pipeline
    for source in pipeline.feedback:
        if source.name == name:
            return collect_feedback(context, source) if source.files else pull_feedback(context, source)
    for events in pipeline.events:
        if events.name == name:
            return collect_events(context, events) if events.files else pull_events(context, events)
    customers = next(source for source in pipeline.customers if source.name == name)
    return collect_customers(context, customers) if customers.files else pull_customers(context, customers)


def collect_feedback(context: Context, source: FeedbackSource) -> Receipt:
    """Bring `core_feedback`, `core_dropped` and `quarantine` up to date with the files of one source.

    :raises SourceError: where the source cannot be read at all.
    """
    stored = context.lake.read(FEEDBACK, STORED, {"source": [source.name]}).set_index("item_id")
    receipt = Receipt(source.name)
    for file, fingerprint in _files_to_read(context, source):
        receipt += _collect_file(context, source, file, fingerprint, stored)
        stored = context.lake.read(FEEDBACK, STORED, {"source": [source.name]}).set_index("item_id")
    return receipt


def collect_events(context: Context, source: EventSource) -> Receipt:
    """Bring `core_events` up to date with the files of one source."""
    receipt, stages = Receipt(source.name), context.pipeline.event_stages
    for file, fingerprint in _files_to_read(context, source):
        batches = read_events(source, file, context.pseudonyms, context.night, stages)
        parts = ((hash_event_keys(context, batch.events), batch.quarantine) for batch in batches)
        receipt += _collect_rows(context, source, EVENTS, file, fingerprint, parts)
    return receipt


def collect_customers(context: Context, source: CustomerSource) -> Receipt:
    """Bring `core_customers` up to date with the files of one source."""
    receipt = Receipt(source.name)
    for file, fingerprint in _files_to_read(context, source):
        batches = read_customers(source, file, context.pseudonyms, context.night)
        parts = ((batch.customers, batch.quarantine) for batch in batches)
        receipt += _collect_rows(context, source, CUSTOMERS, file, fingerprint, parts)
    return receipt


def _collect_rows(
    context: Context,
    source: Source,
    table: Table,
    file: SourceFile,
    fingerprint: str,
    parts: Iterable[tuple[pd.DataFrame, pd.DataFrame]],
) -> Receipt:
    """Put rows of a file in by key; of two files that tell of one key, the later by name has the say."""
    started, state, receipt = time.monotonic(), FileState(), Receipt(source.name)
    for found, quarantine in parts:
        rows = without_erased(context, found)
        state.quarantine.append(quarantine)
        stored = context.lake.read(table, [*table.key, "file", "raw_hash"]).set_index(list(table.key))
        known = stored.reindex(rows[table.key[0]]).set_index(rows.index)
        is_later = known["file"].isna() | (known["file"] <= rows["file"])
        fresh = rows[is_later & (known["raw_hash"] != rows["raw_hash"])]
        context.lake.upsert(table, fresh)
        n_records, n_erased = len(found) + len(quarantine), len(found) - len(rows)
        n_unchanged = len(rows) - len(fresh)
        receipt += Receipt(source.name, n_records, len(fresh), n_unchanged, n_erased, len(quarantine))
    _close_file(context, source, file, state)
    if context.window is None:
        _move_cursor(context, source, file, fingerprint, receipt.records)
    return receipt + Receipt(source.name, seconds=time.monotonic() - started)


def _files_to_read(context: Context, source: Source) -> list[tuple[SourceFile, str]]:
    """New and changed files, and their fingerprints; in a backfill all files."""
    known = context.lake.read(CURSORS, where={"source": [source.name]}).set_index("file")["fingerprint"]
    mapping = source.model_dump_json() + context.pipeline.clean.model_dump_json() + __version__
    found = [(file, file.fingerprint(mapping)) for file in list_files(source, context.root, context.read_secret)]
    return [(f, mark) for f, mark in found if context.window or known.get(f.name) != mark]


def _collect_file(
    context: Context, source: FeedbackSource, file: SourceFile, fingerprint: str, stored: pd.DataFrame
) -> Receipt:
    started, state, receipt = time.monotonic(), FileState(), Receipt(source.name)
    limit = context.pipeline.clean.max_field_bytes
    for batch in read_feedback(source, file, context.pseudonyms, context.night, limit):
        receipt += _collect_batch(context, source.name, batch, stored, state)
    _close_file(context, source, file, state)
    if context.window is None:
        _move_cursor(context, source, file, fingerprint, receipt.records)
    return receipt + Receipt(source.name, seconds=time.monotonic() - started)


def _collect_batch(
    context: Context, source: str, batch: FeedbackBatch, stored: pd.DataFrame, state: FileState
) -> Receipt:
    """Commit what is new in one batch, and note what became of the rest."""
    state.quarantine.append(batch.quarantine)
    records = _in_window(context, batch.records)
    known = stored.reindex(records["item_id"]).set_index(records.index)
    fates = _decide(records, known, state.seen)
    state.seen.update(records["item_id"])
    is_fresh = (fates == NEW) | ((fates == UNCHANGED) & (context.window is not None))  # a backfill cleans all again
    fresh = records[is_fresh]
    cleaned = clean(context, fresh)
    dropped = [_dropped(records[fates == fate], fate) for fate in (REPEATED, SUPERSEDED)] + [cleaned.dropped]
    state.dropped += dropped
    _drop_older(context, fresh, known.loc[fresh.index])
    written = changed_only(context, cleaned.feedback)
    context.lake.upsert(FEEDBACK, written)
    n_dropped = sum(map(len, dropped))
    n_unchanged = len(records) - n_dropped - len(written)
    n_quarantined = len(batch.quarantine)
    return Receipt(source, len(records) + n_quarantined, len(written), n_unchanged, n_dropped, n_quarantined)


def _decide(records: pd.DataFrame, known: pd.DataFrame, seen: set[str]) -> pd.Series:
    """What becomes of each record.

    :param known: what the lake holds of the same items, row by row; nulls where it holds nothing.
    :param seen: items that the file told of in an earlier batch.
    """
    is_same = known["raw_hash"] == records["raw_hash"]
    is_elsewhere = known["file"].notna() & (known["file"] != records["file"])
    is_repeat = records["item_id"].duplicated() | records["item_id"].isin(seen) | (is_elsewhere & is_same)
    fates = pd.Series(NEW, index=records.index)
    fates[is_same & (known["position"] == records["position"])] = UNCHANGED
    fates[is_elsewhere & (known["file"] > records["file"])] = SUPERSEDED
    fates[is_repeat] = REPEATED
    return fates


def _in_window(context: Context, records: pd.DataFrame) -> pd.DataFrame:
    if context.window is None:
        return records
    return records[context.window.holds(day_of(records["created_at"], context.pipeline.time_zone))]


def _dropped(records: pd.DataFrame, reason: str) -> pd.DataFrame:
    return DROPPED.typed(records.assign(stage="clean", reason=reason))


def _drop_older(context: Context, fresh: pd.DataFrame, known: pd.DataFrame) -> None:
    """Note the records of earlier files that these records replace."""
    replaced = known[known["file"].notna() & (known["file"] != fresh["file"])]
    older = fresh.loc[replaced.index].assign(position=replaced["position"], file=replaced["file"])
    context.lake.upsert(DROPPED, _dropped(older, SUPERSEDED))


def _close_file(context: Context, source: Source, file: SourceFile, state: FileState) -> None:
    """Let the file's rows in `core_dropped` and `quarantine` be those of this reading."""
    group = pd.DataFrame({"source": [source.name], "file": [file.name]})
    if context.window is not None:  # a part of a file says nothing of the rest of it
        return
    for table, frames in ((DROPPED, state.dropped), (QUARANTINE, state.quarantine)):
        rows = pd.concat([table.empty(), *frames]).drop_duplicates(list(table.key))
        groups = group.assign(stage="clean") if table is DROPPED else group
        context.lake.replace_groups(table, _keep_first_night(context, table, rows), groups)


def _keep_first_night(context: Context, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows known already keep the night that first wrote them, so that reading a file again changes nothing."""
    stored = context.lake.read(table, [*table.key, "night"]).rename(columns={"night": "first_night"})
    merged = rows.merge(stored, on=list(table.key), how="left")
    return table.typed(merged.assign(night=merged["first_night"].fillna(merged["night"])))


def _move_cursor(context: Context, source: Source, file: SourceFile, fingerprint: str, n_records: int) -> None:
    if not fingerprint:  # the file could not be read: it is tried again the next night
        return
    row = {"source": source.name, "file": file.name, "fingerprint": fingerprint, "record_count": n_records}
    context.lake.upsert(CURSORS, CURSORS.typed(pd.DataFrame([{**row, "night": context.night.name}])))
