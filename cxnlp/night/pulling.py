"""Collect and clean what an API gives: the cursor moves only after everything it fetched is committed.

What the tables hold in the end depends on the records' latest versions only: a page that comes twice, an overlap with
the last pull, a record edited between two pages or a pull that was killed leave no mark.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

import pandas as pd

from cxnlp.collect.customers import CustomerReader
from cxnlp.collect.events import EventReader
from cxnlp.collect.feedback import RecordReader
from cxnlp.collect.ids import ChangingIds
from cxnlp.collect.mail.mailbox import read_mail
from cxnlp.collect.mapping import MappedSource, mapping_of
from cxnlp.collect.sql.database import read_table
from cxnlp.collect.web.pages import Page, read_pages
from cxnlp.collect.web.points import Point
from cxnlp.collect.web.resources import read_resource
from cxnlp.collect.web.rows import Pull, read_pulls
from cxnlp.config import CustomerSource, EventSource, FeedbackSource
from cxnlp.night.changes import changed_only
from cxnlp.night.cleaning import clean, hash_event_keys, without_erased
from cxnlp.night.context import Context
from cxnlp.night.deletions import mark_deleted, tombstones
from cxnlp.night.receipts import Receipt
from cxnlp.tables import CURSORS, CUSTOMERS, DROPPED, EVENTS, FEEDBACK, QUARANTINE, RECORDS, Table
from cxnlp.weeks import day_of

DELETED = "deleted_at_source"
# They decide how a place is reached, not what it gives.
NOT_ASKED_FOR = {"base_url", "hosts", "auth", "bounds", "host", "port", "encryption", "username", "password", "options"}


@dataclass
class Noted:
    """Positions of the source that stand in `quarantine` and `core_dropped`, to be cleared when they are read well."""

    quarantined: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)


def pull_feedback(context: Context, source: FeedbackSource) -> Receipt:
    """Bring `core_feedback` up to date with an API.

    :raises SourceError: where it cannot be pulled to its end; what was committed stays.
    """
    limit = context.pipeline.clean.max_field_bytes
    place = place_of(source)
    reader = RecordReader(source, place, context.pseudonyms, context.night, limit, ChangingIds())
    receipt, noted = Receipt(source.name), _noted(context, source.name)
    for pull in _pulls(context, source, RECORDS, reader):
        started = time.monotonic()
        receipt += _commit_feedback(context, source.name, pull, noted)
        _move_cursor(context, source, pull.cursor, receipt.records)
        receipt += Receipt(source.name, seconds=time.monotonic() - started)
    mark_deleted(context, source)
    return receipt


def pull_events(context: Context, source: EventSource) -> Receipt:
    """Bring `core_events` up to date with an API."""
    stages = context.pipeline.event_stages
    reader = EventReader(source, place_of(source), context.pseudonyms, context.night, stages, ChangingIds())
    return _pull_rows(context, source, EVENTS, reader)


def pull_customers(context: Context, source: CustomerSource) -> Receipt:
    """Bring `core_customers` up to date with an API."""
    reader = CustomerReader(source, place_of(source), context.pseudonyms, context.night, ChangingIds())
    return _pull_rows(context, source, CUSTOMERS, reader)


def place_of(source: MappedSource) -> str:
    """What stands for a file's name in the tables: the API's path, the table, the folder, the resource's function."""
    if source.api is not None:
        return source.api.path
    if source.sql is not None:
        return source.sql.table
    if source.mail is not None:
        return source.mail.folder
    return source.resource.function if source.resource is not None else ""


def _pulls(
    context: Context, source: MappedSource, table: Table, reader: RecordReader | EventReader | CustomerReader
) -> Iterator[Pull]:
    return read_pulls(source, place_of(source), _pages(context, source), table, reader.read, context.night)


def _pages(context: Context, source: MappedSource) -> Iterator[Page]:
    since = context.window.first if context.window is not None else None
    stored = _stored_cursor(context, source)
    if source.mail is not None:
        return read_mail(source.name, source.mail, context.read_secret, stored, since)
    where = source.api or source.resource or source.sql
    cursor = where.cursor if where is not None else None
    point = Point(source.name, cursor, source.date_format, source.time_zone, stored, since)
    if source.sql is not None:
        return read_table(source.name, source.sql, context.read_secret, point)
    if source.api is not None:
        return read_pages(source.name, source.api, context.read_secret, point)
    if source.resource is not None:
        return read_resource(source.name, source.resource, point)
    raise ValueError(f"{source.name} has files")


def _commit_feedback(context: Context, source: str, pull: Pull, noted: Noted) -> Receipt:
    """Commit the latest version of each record of a pull, and note what became of the rest."""
    records = _in_window(context, _latest(pull.rows, "item_id"))
    known = _known(context, FEEDBACK, source, records, ["raw_hash", "source_updated_at"])
    is_older = known["source_updated_at"] > records["source_updated_at"]
    is_same = (known["raw_hash"] == records["raw_hash"]) & (context.window is None)
    is_gone = records["is_deleted_at_source"].fillna(False).astype(bool)
    fresh = records[~(is_older | is_same | is_gone)]
    cleaned = clean(context, fresh)
    gone = records[is_gone & ~is_older & known["raw_hash"].notna()]
    written = changed_only(context, pd.concat([cleaned.feedback, tombstones(gone, _rows(context, source, gone))]))
    lost = records[is_gone & known["raw_hash"].isna()]
    dropped = pd.concat([cleaned.dropped, DROPPED.typed(lost.assign(stage="clean", reason=DELETED))])
    context.lake.upsert(FEEDBACK, written)
    n_noted = _note(context, source, pull, records, dropped, noted)
    n_quarantined = len(pull.quarantine)
    n_records = len(pull.rows) + n_quarantined
    return Receipt(
        source, n_records, len(written), n_records - len(written) - n_noted - n_quarantined, n_noted, n_quarantined
    )


def _note(context: Context, source: str, pull: Pull, records: pd.DataFrame, dropped: pd.DataFrame, noted: Noted) -> int:
    """Let `core_dropped` and `quarantine` tell of these records what is so now; returns the rows dropped."""
    fresh_drops = dropped[~dropped["position"].isin(noted.dropped)]
    context.lake.upsert(DROPPED, fresh_drops)
    cleared = set(records["position"]) - set(dropped["position"])
    _clear(context, DROPPED, source, cleared & noted.dropped)
    fresh_faults = pull.quarantine[~pull.quarantine["position"].isin(noted.quarantined)]
    read_well = set(pull.rows["position"]) - set(pull.quarantine["position"])
    context.lake.upsert(QUARANTINE, fresh_faults)
    _clear(context, QUARANTINE, source, read_well & noted.quarantined)
    noted.dropped = (noted.dropped - cleared) | set(dropped["position"])
    noted.quarantined = (noted.quarantined - read_well) | set(pull.quarantine["position"])
    return len(dropped)


def _clear(context: Context, table: Table, source: str, positions: set[str]) -> None:
    if positions:
        context.lake.delete(table, pd.DataFrame({"source": source, "position": sorted(positions), "stage": "clean"}))


def _noted(context: Context, source: str) -> Noted:
    where = {"source": [source]}
    dropped = context.lake.read(DROPPED, ["position", "stage"], where)
    quarantined = context.lake.read(QUARANTINE, ["position"], where)
    return Noted(set(quarantined["position"]), set(dropped.loc[dropped["stage"] == "clean", "position"]))


def _pull_rows(context: Context, source: MappedSource, table: Table, reader: EventReader | CustomerReader) -> Receipt:
    """Put the latest version of each record in by its key."""
    receipt, noted, key = Receipt(source.name), _noted(context, source.name), table.key[0]
    for pull in _pulls(context, source, table, reader):
        rows = without_erased(context, pull.rows.drop_duplicates(key, keep="last"))
        rows = hash_event_keys(context, rows) if table is EVENTS else rows
        known = _known(context, table, source.name, rows, ["raw_hash"])
        fresh = rows[known["raw_hash"] != rows["raw_hash"]]
        context.lake.upsert(table, fresh)
        _note(context, source.name, pull, pull.rows, DROPPED.empty(), noted)
        n_quarantined, n_records = len(pull.quarantine), len(pull.rows) + len(pull.quarantine)
        n_unchanged = n_records - len(fresh) - n_quarantined
        receipt += Receipt(source.name, n_records, len(fresh), n_unchanged, 0, n_quarantined)
        _move_cursor(context, source, pull.cursor, receipt.records)
    return receipt


def _latest(records: pd.DataFrame, key: str) -> pd.DataFrame:
    """Of several versions of a record the one changed last; of equal ones the one that came last."""
    ordered = records.sort_values("source_updated_at", kind="stable", na_position="first")
    return ordered.drop_duplicates(key, keep="last").sort_index()


def _known(context: Context, table: Table, source: str, rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Columns of what is stored under the rows' keys, row by row; nulls where nothing is."""
    key = table.key[0]
    where = {"source": [source], key: rows[key].tolist()}
    stored = context.lake.read(table, [key, *columns], where) if len(rows) else table.empty()[[key, *columns]]
    return stored.set_index(key).reindex(rows[key]).set_index(rows.index)


def _rows(context: Context, source: str, records: pd.DataFrame) -> pd.DataFrame:
    """The stored rows of records, whole."""
    where = {"source": [source], "item_id": records["item_id"].tolist()}
    return context.lake.read(FEEDBACK, where=where) if len(records) else FEEDBACK.empty()


def _in_window(context: Context, records: pd.DataFrame) -> pd.DataFrame:
    if context.window is None:
        return records
    return records[context.window.holds(day_of(records["created_at"], context.pipeline.time_zone))]


def _fingerprint(context: Context, source: MappedSource) -> str:
    """Of all that decides what is asked and how it is read: where it changes, everything is pulled anew."""
    where = source.api or source.resource or source.sql or source.mail
    asked = where.model_dump_json(exclude=NOT_ASKED_FOR, exclude_defaults=True) if where is not None else ""
    settings = mapping_of(source) + asked + context.pipeline.clean.model_dump_json()
    return sha256(settings.encode()).hexdigest()


def _stored_cursor(context: Context, source: MappedSource) -> str | None:
    rows = context.lake.read(CURSORS, where={"source": [source.name]}).set_index("file")
    if place_of(source) not in rows.index:
        return None
    row = rows.loc[place_of(source)]
    return str(row["value"]) if row["fingerprint"] == _fingerprint(context, source) and pd.notna(row["value"]) else None


def _move_cursor(context: Context, source: MappedSource, value: str | None, n_records: int) -> None:
    if value is None or context.window is not None or value == _stored_cursor(context, source):
        return
    row = {
        "source": source.name,
        "file": place_of(source),
        "fingerprint": _fingerprint(context, source),
        "record_count": n_records,
        "value": value,
        "night": context.night.name,
    }
    context.lake.upsert(CURSORS, CURSORS.typed(pd.DataFrame([row])))
