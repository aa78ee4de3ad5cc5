"""The views of the marts database: what analysts ask most, joined for them, each column with its meaning.

The text of a view holds two things that are not constant: the company's time zone and the segment fields. Both are
checked against a closed form before they are put in, because a view takes no parameters.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from cxnlp.tables import (
    CONTACTS,
    DUPLICATES,
    EVENTS,
    FEEDBACK,
    ITEMS,
    MENTIONS,
    QUARANTINE,
    TABLES,
    TIMESTAMP,
    TRACES,
    Column,
    Table,
)

SEGMENT = re.compile(r"^[a-z][a-z0-9_]{0,63}\Z")  # no quote, blank or break can be in it
ZONE = re.compile(r"^[A-Za-z0-9_+/-]{1,64}\Z")
WEEK = Column("week", "str", "Monday of the ISO week in the company's time zone (ISO date).")


@dataclass(frozen=True)
class View:
    """One view: what a row is, what its columns mean, and whether the segment fields come last."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    has_segments: bool = False

    def sql(self, segments: Sequence[str], time_zone: str) -> str:
        """Its CREATE VIEW statement.

        :param segments: segment fields, each of which becomes a column `seg_<name>`.
        :param time_zone: IANA zone in which weeks begin.
        :raises ValueError: where a segment or the zone is not a plain name.
        """
        faults = [name for name in segments if not SEGMENT.match(name)]
        if faults or not ZONE.match(time_zone):
            raise ValueError(f"not plain names: segments {faults}, time zone {time_zone!r}")
        text = (files("cxnlp.publish") / "sql" / f"{self.name}.sql").read_text(encoding="utf-8")
        own = "".join(
            f",\n    coalesce(f.segments ->> '$.{name}', u.segments ->> '$.{name}') AS seg_{name}" for name in segments
        )
        handed = "".join(f",\n    c.seg_{name}" for name in segments)
        return text.replace("/*own segments*/", own).replace("/*segments*/", handed).replace("/*zone*/", time_zone)

    def described(self, segments: Sequence[str]) -> tuple[Column, ...]:
        """Its columns, the segment fields among them."""
        if not self.has_segments:
            return self.columns
        fields = (
            Column(f"seg_{name}", "str", f"Segment field {name}: the item's own, else the customer's.")
            for name in segments
        )
        return (*self.columns, *fields)


def _columns(table: Table, *names: str) -> tuple[Column, ...]:
    """The named columns of a table, with the meaning they have there."""
    by_name = {column.name: column for column in table.columns}
    return tuple(by_name[name] for name in names)


_ITEM_CONTEXT = _columns(FEEDBACK, "source", "source_kind", "channel", "created_at")
_DUPLICATE_OF = _columns(DUPLICATES, "duplicate_of")

CURRENT_ITEMS = View(
    "current_items",
    "One wide row per item of feedback: its text, its current label (the latest of the text as it is now; null "
    "where not labelled), what it duplicates, and its segment fields.",
    (
        *(column for column in FEEDBACK.columns if column.name not in ("segments", "raw_hash", "position", "file")),
        WEEK,
        *(c for c in ITEMS.columns if c.name not in ("item_id", "source", "text_hash")),
        *_columns(DUPLICATES, "duplicate_of", "duplicate_kind"),
    ),
    has_segments=True,
)
CURRENT_MENTIONS = View(
    "current_mentions",
    "One row per mention of the current label of an item, with the item's source, time, customer and segments.",
    (*MENTIONS.columns, *_columns(FEEDBACK, "source_kind", "channel", "created_at"), WEEK)
    + (*_columns(FEEDBACK, "customer_key"), *_DUPLICATE_OF),
    has_segments=True,
)
CONTACTS_VIEW = View(
    "contacts",
    "One row per contact: its place in its chain, the breakdown it was traced to, the owner, the cost and the words.",
    (
        *_columns(CONTACTS, "item_id", "chain_id", "contact_no", "is_repeat", "customer_key"),
        *_ITEM_CONTEXT,
        WEEK,
        *_columns(CONTACTS, "demand", "demand_probability"),
        *_columns(TRACES, "domain", "cause", "probability", "evidence", "quote", "quote_item_id", "owner"),
        *_columns(TRACES, "event_id", "event_kind", "said_domain", "happened_domain"),
        *_columns(CONTACTS, "cost"),
        *_columns(FEEDBACK, "text"),
        *_columns(ITEMS, "sentiment", "service_sentiment", "experience_sentiment"),
        *_DUPLICATE_OF,
    ),
    has_segments=True,
)
JOURNEY = View(
    "journey",
    "Everything a customer went through: one row per event and per item of feedback of a known customer, in the "
    'order of time. Write the column "at" in quotes or as j.at: the bare word belongs to SQL.',
    (
        *_columns(CONTACTS, "customer_key"),
        Column("at", TIMESTAMP, "When it happened; null where the source gives no time."),
        Column("what", "str", "Kind of the event, or the source kind of the item."),
        Column("source", "str", "Name of the source in the pipeline file."),
        Column("stage", "str", "Journey stage of the event kind; of an item, that of its first mention."),
        Column("detail", "str", "The event's own fields as JSON, or the item's words."),
        *_columns(ITEMS, "sentiment", "demand", "domain", "cause"),
        *_columns(FEEDBACK, "item_id"),
        *_columns(EVENTS, "event_id"),
    ),
)
QUARANTINE_SUMMARY = View(
    "quarantine_summary",
    "One row per source, file and reason: records that could not be read.",
    (
        *_columns(QUARANTINE, "source", "file", "reason"),
        Column("record_count", "int64", "Records with that fault."),
        Column("first_position", "str", "The first of them: file and line, row or element number."),
        Column("detail", "str", "What was found there and what was wanted, in words."),
        Column("first_night", "str", "Night (ISO date) on which the fault was first met."),
        Column("last_night", "str", "Night (ISO date) on which it was last met."),
    ),
)

VIEWS = (CURRENT_ITEMS, CURRENT_MENTIONS, CONTACTS_VIEW, JOURNEY, QUARANTINE_SUMMARY)
MACROS = {
    "wilson_low": "Lower end of Wilson's 95 % interval for `hits` of `trials`; sampling error only.",
    "wilson_high": "Upper end of Wilson's 95 % interval for `hits` of `trials`; sampling error only.",
}
PUBLISHED = tuple(table for name, table in TABLES.items() if name != "cursors")
