"""Every table of the lake: key, columns, dtype, meaning and unit.

A frame is checked against its table at every write, so that no reader checks again. The same declarations
make the Arrow schemas, the data dictionary and the comments in the marts database.
"""

from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from cxnlp.errors import SchemaError

TIMESTAMP = "datetime64[us, UTC]"
ARROW_TYPES = {
    "str": pa.string(),
    "int64": pa.int64(),
    "Int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "boolean": pa.bool_(),
    TIMESTAMP: pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True)
class Column:
    """One column: pandas dtype, what it means, and its unit where it has one."""

    name: str
    dtype: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its key, its columns, what a row is, and the column it is partitioned by."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    grain: str
    partition: tuple[str, ...] = field(default=())

    @property
    def names(self) -> list[str]:
        """Column names in declared order."""
        return [column.name for column in self.columns]

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema in declared order; key columns are not nullable."""
        return pa.schema(
            [pa.field(c.name, ARROW_TYPES[c.dtype], nullable=c.name not in self.key) for c in self.columns]
        )

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return `frame` in declared column order.

        :raises SchemaError: naming every column of another dtype, missing or not declared, a null or a
            repeat in the key.
        """
        found = frame.dtypes.astype(str).to_dict()
        faults = [
            f"{c.name} is {found.get(c.name, 'missing')}, not {c.dtype}"
            for c in self.columns
            if found.get(c.name) != c.dtype
        ]
        faults += [f"{name} is not a column of it" for name in found if name not in self.names]
        if not faults and frame[list(self.key)].isna().any(axis=None):
            faults = [f"key {self.key} holds nulls"]
        if not faults and frame.duplicated(list(self.key)).any():
            faults = [f"key {self.key} repeats"]
        if faults:
            raise SchemaError(f"{self.name}: {'; '.join(faults)}")
        return frame[self.names]

    def typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Cast `frame` to the declared dtypes and order; a column that is missing becomes nulls."""
        return pd.DataFrame(
            {c.name: _cast(frame.get(c.name), c.dtype, frame.index) for c in self.columns}, index=frame.index
        )

    def empty(self) -> pd.DataFrame:
        """A frame with no row and the declared dtypes."""
        return self.typed(pd.DataFrame(columns=self.names))


def _cast(values: pd.Series | None, dtype: str, index: pd.Index) -> pd.Series:
    if values is None:
        values = pd.Series([None] * len(index), index=index, dtype="object")
    if dtype == TIMESTAMP:
        return pd.to_datetime(values, utc=True).astype("datetime64[us, UTC]")
    return values.astype(pd.api.types.pandas_dtype(dtype))


ITEM_ID = Column("item_id", "str", "Feedback item: source name, a hyphen and the source's own id.")
SOURCE = Column("source", "str", "Name of the source in the pipeline file.")
POSITION = Column(
    "position", "str", "Where the record stood: file and line, row or element; or API and the record's id."
)
NIGHT = Column("night", "str", "Night (ISO date) of the run that wrote the row.")
CUSTOMER_KEY = Column("customer_key", "str", "Keyed hash of the customer's id; null where unknown.")
CREATED_AT = Column("created_at", TIMESTAMP, "When the customer said it; null where the source gives no time.")
CHANNEL = Column("channel", "str", "Channel it came by, as the pipeline file names it (phone, email, chat, ...).")
LABEL_VERSION = Column("label_version", "str", "Model id and night of labelling.")
SEGMENTS = Column(
    "segments", "str", "JSON object of the segment fields that the pipeline file names (region, plan, ...)."
)

THREAD = (
    Column("reopen_count", "Int64", "How often a ticket was opened again, where the source counts it."),
    Column("transfer_count", "Int64", "How many groups or agents a ticket passed through, where the source counts it."),
    Column("source_updated_at", TIMESTAMP, "Last change at the source, where it tells; the later version holds."),
    Column("is_deleted_at_source", "boolean", "Whether it was deleted there since; null where the source never tells."),
    Column("deleted_at", TIMESTAMP, "When it was deleted there, as far as known."),
)

RECORDS = Table(
    name="records",
    key=("position",),
    grain="One row per feedback record as collected, before cleaning; it lives for the run and is never stored.",
    columns=(
        ITEM_ID,
        SOURCE,
        Column("source_id", "str", "The source's own id; made from the record's content where it has none."),
        Column("source_kind", "str", "survey, ticket, social, review, chat, call or note."),
        CHANNEL,
        CREATED_AT,
        CUSTOMER_KEY,
        SEGMENTS,
        Column("nps", "Int64", "Likelihood to recommend.", "0 .. 10"),
        Column("csat", "Int64", "Satisfaction.", "1 .. 5"),
        Column("ces", "Int64", "Effort score.", "1 .. 7"),
        Column("stars", "Int64", "Stars of a review.", "1 .. 5"),
        Column("question", "str", "Question the customer answered."),
        Column("text", "str", "The customer's words as they came; turns are joined by line breaks."),
        Column("turns", "str", "JSON list of {who, text, at}: who is customer or another word of the source."),
        *THREAD,
        Column("raw_hash", "str", "SHA-256 of the raw record and of the mapping that read it."),
        POSITION,
        Column("file", "str", "File the record stood in, or path of the API that gave it."),
        NIGHT,
    ),
)

FEEDBACK = Table(
    name="core_feedback",
    key=("item_id",),
    partition=("source",),
    grain="One row per item of feedback that was kept, text cleaned.",
    columns=(
        ITEM_ID,
        SOURCE,
        Column("source_id", "str", "The source's own id; made from the record's content where it has none."),
        Column("source_kind", "str", "survey, ticket, social, review, chat, call or note."),
        CHANNEL,
        CREATED_AT,
        CUSTOMER_KEY,
        SEGMENTS,
        Column("nps", "Int64", "Likelihood to recommend, where asked.", "0 .. 10"),
        Column("csat", "Int64", "Satisfaction, where asked.", "1 .. 5"),
        Column("ces", "Int64", "Effort score, where asked.", "1 .. 7"),
        Column("stars", "Int64", "Stars of a review.", "1 .. 5"),
        Column("question", "str", "Question the customer answered (surveys)."),
        Column("text", "str", "The customer's words, cleaned; turns are joined by line breaks."),
        Column("turns", "str", "JSON list of {who, text, at} for threads and chats, cleaned, all speakers."),
        Column("language", "str", "Language of the text (ISO 639-1); null where too short to tell."),
        Column("language_probability", "float64", "Of that language.", "0 .. 1"),
        Column("is_analysed", "bool", "Whether the text is in a language that the model reads."),
        Column("text_hash", "str", "SHA-256 of what is labelled: source kind and text."),
        *THREAD,
        Column("raw_hash", "str", "SHA-256 of the raw record and of the mapping that read it."),
        POSITION,
        Column("file", "str", "File the record stood in, or path of the API that gave it."),
        NIGHT,
    ),
)

DUPLICATES = Table(
    name="core_duplicates",
    key=("item_id",),
    grain="One row per item that says again what an earlier item said; marts count the earlier one only.",
    columns=(
        ITEM_ID,
        Column("duplicate_of", "str", "The earliest item of the group."),
        Column("duplicate_kind", "str", "exact (same text) or near (a retweet, an edited copy)."),
        Column("likeness", "float64", "Estimated Jaccard likeness of word 3-grams.", "0 .. 1"),
    ),
)

DROPPED = Table(
    name="core_dropped",
    key=("source", "position", "stage"),
    partition=("source",),
    grain="One row per record or item that was not used at a stage, with the reason.",
    columns=(
        SOURCE,
        POSITION,
        Column("file", "str", "File the record stood in."),
        Column("stage", "str", "clean: the record became no item; label: the item was not labelled."),
        Column("item_id", "str", "Item it is or would have been; null where the record has no id."),
        Column(
            "reason",
            "str",
            "empty_text, repeated_record, superseded, deleted_at_source, erased, past_retention or other_language.",
        ),
        NIGHT,
    ),
)

QUARANTINE = Table(
    name="quarantine",
    key=("source", "position"),
    partition=("source",),
    grain="One row per record that could not be read; it never holds the record's text.",
    columns=(
        SOURCE,
        POSITION,
        Column("file", "str", "File the record stood in."),
        Column("reason", "str", "Kind of fault, one of a short list."),
        Column("detail", "str", "What was found and what was wanted, in words, without the record's text."),
        NIGHT,
    ),
)

CORE_KEYS = Table(
    name="core_keys",
    key=("item_id", "placeholder"),
    grain="One row per join key (order, invoice, ... number) in an item; the number itself is stored nowhere.",
    columns=(
        ITEM_ID,
        Column("placeholder", "str", "What stands for the number in the text, say <ORDER_1>."),
        Column("key_kind", "str", "Kind of number, as the pipeline file names it."),
        Column("key_hash", "str", "Keyed hash of the number; an event's attributes hold the same hash."),
        Column("key_id", "str", "Id of the key it was hashed with."),
    ),
)

TOMBSTONES = Table(
    name="core_tombstones",
    key=("customer_key",),
    grain="One row per erased person: stops the return of what a source still holds.",
    columns=(Column("customer_key", "str", "Keyed hash of the customer's id; nothing else is kept."), NIGHT),
)

EVENTS = Table(
    name="core_events",
    key=("event_id",),
    partition=("source",),
    grain="One row per thing that happened to a customer, or to everybody in an area.",
    columns=(
        Column("event_id", "str", "Event: source name, a hyphen and the source's own id."),
        SOURCE,
        CUSTOMER_KEY,
        Column("kind", "str", "Kind of event, as the pipeline file or the source names it."),
        Column("stage", "str", "Journey stage of the kind, from the pipeline file; null where not declared."),
        Column("at", TIMESTAMP, "When it happened."),
        Column("attributes", "str", "JSON object of the event's own fields (amount, courier, campaign, ...)."),
        Column("raw_hash", "str", "SHA-256 of the raw record and of the mapping that read it."),
        POSITION,
        Column("file", "str", "File the record stood in."),
        NIGHT,
    ),
)

CUSTOMERS = Table(
    name="core_customers",
    key=("customer_key",),
    grain="One row per customer known to the customers file.",
    columns=(
        Column("customer_key", "str", "Keyed hash of the customer's id."),
        SOURCE,
        SEGMENTS,
        Column("since", TIMESTAMP, "Customer since."),
        Column("is_churned", "boolean", "Whether the customer has left; null where not known."),
        Column("churned_at", TIMESTAMP, "When the customer left."),
        Column("raw_hash", "str", "SHA-256 of the raw record and of the mapping that read it."),
        POSITION,
        Column("file", "str", "File the record stood in."),
        NIGHT,
    ),
)

CURSORS = Table(
    name="cursors",
    key=("source", "file"),
    partition=("source",),
    grain="One row per file that was read and committed, which is not read again; or per API: where to go on.",
    columns=(
        SOURCE,
        Column("file", "str", "File, relative to the folder of the glob; or path of the API."),
        Column("fingerprint", "str", "SHA-256 of the file's bytes (of an API: of what is asked) and of the mapping."),
        Column("record_count", "int64", "Records found in the file, or by the last pull."),
        Column("value", "str", "Where the next pull of an API goes on; null for files."),
        NIGHT,
    ),
)

ITEMS = Table(
    name="core_items",
    key=("item_id", "label_version"),
    partition=("label_version",),
    grain="One row per item and label version: what a model said of the whole item.",
    columns=(
        ITEM_ID,
        LABEL_VERSION,
        SOURCE,
        Column("model", "str", "Id of the model."),
        Column("text_hash", "str", "The text that was labelled, as in core_feedback."),
        Column("sentiment", "Int64", "Five points; null where abstained.", "-2 .. 2"),
        Column("sentiment_probability", "float64", "Calibrated.", "0 .. 1"),
        Column(
            "service_sentiment", "float64", "Mean sentiment of mentions at stage support; null where none.", "-2 .. 2"
        ),
        Column("experience_sentiment", "float64", "Mean sentiment of all other mentions; null where none.", "-2 .. 2"),
        Column("demand", "str", "failure, value or none; null where abstained."),
        Column("demand_probability", "float64", "Calibrated.", "0 .. 1"),
        Column("domain", "str", "Breakdown domain, none where nothing broke; null where abstained."),
        Column("domain_probability", "float64", "Calibrated.", "0 .. 1"),
        Column("cause", "str", "Breakdown cause within the domain; null where abstained."),
        Column("cause_probability", "float64", "Calibrated, of domain and cause together.", "0 .. 1"),
        Column("breakdown_quote", "str", "Words of the text that tell of the breakdown; null where none."),
        Column("breakdown_start", "Int64", "Offset of the quote in the text.", "characters"),
        Column("breakdown_end", "Int64", "End of the quote in the text.", "characters"),
        Column("domain_posterior", "str", "JSON object of probability by domain; sums to 1."),
        Column("n_clauses", "int64", "Clauses the text was split into."),
    ),
)

MENTIONS = Table(
    name="core_mentions",
    key=("item_id", "mention_no", "label_version"),
    partition=("label_version",),
    grain="One row per mention of a touchpoint in an item and label version.",
    columns=(
        ITEM_ID,
        Column("mention_no", "int64", "Rank by weight in the item, from 0."),
        LABEL_VERSION,
        SOURCE,
        Column("model", "str", "Id of the model."),
        Column("quote", "str", "Words of the text."),
        Column("quote_start", "int64", "Offset of the quote in the text.", "characters"),
        Column("quote_end", "int64", "End of the quote in the text.", "characters"),
        Column("stage", "str", "Journey stage; null where abstained."),
        Column("stage_probability", "float64", "Calibrated.", "0 .. 1"),
        Column("touchpoint", "str", "What the customer met; null where abstained."),
        Column("touchpoint_probability", "float64", "Calibrated.", "0 .. 1"),
        Column("sentiment", "Int64", "Five points, of this mention.", "-2 .. 2"),
        Column("sentiment_probability", "float64", "Calibrated.", "0 .. 1"),
        Column("weight", "float64", "Share of the item's weight that the mention carries.", "0 .. 1"),
    ),
)

CONTACTS = Table(
    name="core_contacts",
    key=("item_id",),
    grain="One row per contact: an item addressed to customer service.",
    columns=(
        ITEM_ID,
        Column("chain_id", "str", "First contact of the chain: contacts of one customer about one problem."),
        Column("contact_no", "int64", "Place in the chain, from 0."),
        Column("is_repeat", "bool", "Whether an earlier contact of the chain exists."),
        Column("linked_by", "str", "What put it into the chain: key, words or time; null for the first contact."),
        Column("is_channel_switched", "boolean", "Whether the contact before it in the chain came by another channel."),
        Column("is_reopened", "boolean", "Whether the source says that the ticket was opened again."),
        Column("is_transferred", "boolean", "Whether the source says that it passed through several groups or agents."),
        CUSTOMER_KEY,
        CHANNEL,
        CREATED_AT,
        Column("demand", "str", "failure or value."),
        Column("demand_probability", "float64", "Calibrated.", "0 .. 1"),
        Column(
            "cost",
            "float64",
            "Handling cost of a contact by this channel, from the pipeline file.",
            "currency of the pipeline file",
        ),
    ),
)

TRACES = Table(
    name="core_traces",
    key=("item_id",),
    grain="One row per failure contact: the upstream breakdown that caused it, and how we know.",
    columns=(
        ITEM_ID,
        Column("chain_id", "str", "Chain of contacts it belongs to; the chain carries one cause."),
        Column("domain", "str", "Breakdown domain from both lines of evidence; cannot_tell where neither says."),
        Column("cause", "str", "Breakdown cause; null where only the domain is sure."),
        Column("probability", "float64", "Of the domain, given words and events.", "0 .. 1"),
        Column("evidence", "str", "said: told in words; happened: an event explains it; both; none: cannot_tell."),
        Column("quote", "str", "The words that tell it; null where none."),
        Column("quote_item_id", "str", "Item of the chain in which the quote stands."),
        Column("breakdown_start", "Int64", "Offset of the quote in the text of that item.", "characters"),
        Column("breakdown_end", "Int64", "End of the quote in that text.", "characters"),
        Column("event_id", "str", "Event that explains it best; null where none does."),
        Column("event_kind", "str", "Kind of that event."),
        Column("is_key_matched", "boolean", "Whether an order or invoice number in the words names the event."),
        Column("said_domain", "str", "Domain by the words alone; cannot_tell where they do not say."),
        Column("said_probability", "float64", "Of the domain, by the words alone.", "0 .. 1"),
        Column("happened_domain", "str", "Domain by the events alone; cannot_tell where no event explains it."),
        Column("happened_probability", "float64", "Of the domain, by the events alone.", "0 .. 1"),
        Column("attributable", "float64", "Part of the contact that events of the domain explain.", "0 .. 1"),
        Column("attributable_low", "float64", "Lower end of its 95 % interval.", "0 .. 1"),
        Column("attributable_high", "float64", "Upper end of its 95 % interval.", "0 .. 1"),
        Column("posterior", "str", "JSON object of probability by domain and cannot_tell; sums to 1."),
        Column("owner", "str", "Who owns the domain, from the pipeline file."),
        Column("cost", "float64", "Handling cost of this contact.", "currency of the pipeline file"),
    ),
)

RUNS = Table(
    name="runs",
    key=("run_id",),
    grain="One row per run of a flow.",
    columns=(
        Column("run_id", "str", "Unique id, also in logs and artifacts."),
        Column("flow", "str", "nightly or backfill."),
        NIGHT,
        Column("pipeline", "str", "Name of the pipeline file."),
        Column("status", "str", "running, done, source_failed, failed or died."),
        Column("started_at", TIMESTAMP, "Start."),
        Column("seconds", "float64", "Whole run.", "seconds"),
        Column("seconds_by_stage", "str", "JSON object of stage name and seconds."),
        Column("record_count", "int64", "Feedback records read."),
        Column("item_count", "int64", "Items new or changed."),
        Column("unchanged_count", "int64", "Records that were known already."),
        Column("dropped_count", "int64", "Records dropped with a reason."),
        Column("quarantined_count", "int64", "Records quarantined with a reason."),
        Column("labelled_count", "int64", "Items labelled."),
        Column("failed_sources", "str", "JSON object of source and fault."),
        Column("model", "str", "Id of the model in use."),
        Column("code_version", "str", "Version of cxnlp and, in a checkout, the commit."),
    ),
)

_SHARE = (
    Column("share", "float64", "Count over base.", "0 .. 1"),
    Column("share_low", "float64", "Lower end of the 95 % interval.", "0 .. 1"),
    Column("share_high", "float64", "Upper end of the 95 % interval.", "0 .. 1"),
    Column("method", "str", "How the interval was made, and what it leaves out."),
)
_WEEK = Column("week", "str", "Monday of the ISO week (ISO date).")

STAGE_TOUCHPOINT = Table(
    name="mart_stage_touchpoint",
    key=("stage", "touchpoint"),
    grain="Journey map: one row per stage and touchpoint mentioned, all weeks.",
    columns=(
        Column("stage", "str", "Journey stage."),
        Column("touchpoint", "str", "Touchpoint."),
        Column("mention_count", "int64", "Mentions, duplicates left out."),
        Column("item_count", "int64", "Items with such a mention."),
        Column("sentiment_mean", "float64", "Mean sentiment of the mentions.", "-2 .. 2"),
        Column("negative_count", "int64", "Mentions with sentiment below 0."),
        *_SHARE,
    ),
)

STAGE_WEEK = Table(
    name="mart_stage_week",
    key=("week", "stage"),
    grain="One row per week and stage: share of items that mention it negatively.",
    columns=(
        _WEEK,
        Column("stage", "str", "Journey stage."),
        Column("item_count", "int64", "Items that mention the stage."),
        Column("base", "int64", "Labelled items of the week."),
        Column("negative_count", "int64", "Items that mention the stage negatively."),
        Column("sentiment_mean", "float64", "Mean sentiment of the mentions.", "-2 .. 2"),
        *_SHARE,
    ),
)

SOURCE_WEEK = Table(
    name="mart_source_week",
    key=("week", "source"),
    grain="One row per week and source: share of items with negative sentiment.",
    columns=(
        _WEEK,
        SOURCE,
        Column("base", "int64", "Labelled items."),
        Column("negative_count", "int64", "Items with sentiment below 0."),
        Column("failure_count", "int64", "Items that are failure demand."),
        Column("sentiment_mean", "float64", "Mean sentiment of the items.", "-2 .. 2"),
        Column("service_sentiment_mean", "float64", "Mean service sentiment.", "-2 .. 2"),
        Column("experience_sentiment_mean", "float64", "Mean experience sentiment.", "-2 .. 2"),
        *_SHARE,
    ),
)

SEGMENT_STAGE = Table(
    name="mart_segment_stage",
    key=("segment", "value", "stage"),
    grain="One row per segment field, its value and stage; values with too few customers or items are left out.",
    columns=(
        Column("segment", "str", "Segment field (region, plan, ...)."),
        Column("value", "str", "Value of the field."),
        Column("stage", "str", "Journey stage."),
        Column("item_count", "int64", "Items that mention the stage."),
        Column("negative_count", "int64", "Of those, negative."),
        Column("sentiment_mean", "float64", "Mean sentiment of the mentions.", "-2 .. 2"),
        *_SHARE,
    ),
)

BREAKDOWN_WEEK = Table(
    name="mart_breakdown_week",
    key=("week", "domain", "cause"),
    grain="One row per week, domain and cause: share of the week's items that tell of it, contact or not.",
    columns=(
        _WEEK,
        Column("domain", "str", "Breakdown domain."),
        Column("cause", "str", "Breakdown cause; unsure where only the domain is sure."),
        Column("item_count", "int64", "Items that tell of it."),
        Column("base", "int64", "Labelled items of the week."),
        *_SHARE,
    ),
)

_LEDGER_EVIDENCE = (
    Column("said_contacts", "Int64", "Of the contacts, those whose words tell it."),
    Column("happened_contacts", "Int64", "Of the contacts, those that an event explains."),
    Column("both_contacts", "Int64", "Of the contacts, those with both."),
    Column("attributable_contacts", "float64", "Contacts that events explain, expected number."),
    Column("attributable_low", "float64", "Lower end of the 95 % interval."),
    Column("attributable_high", "float64", "Upper end of the 95 % interval."),
    Column("customers", "Int64", "Known customers among them."),
    Column("churned_customers", "Int64", "Of those, customers who left after the contact."),
    Column("top_quote_item_id", "str", "Item of the surest trace with a quote."),
    Column("top_event_id", "str", "Event of the surest trace with an event."),
    Column("square", "str", "Price and Jaffe's square: eliminate, simplify or automate; null where not known."),
    Column("square_rule", "str", "The rule that placed it."),
)

LEDGER_WEEK = Table(
    name="mart_ledger_week",
    key=("week", "owner", "domain", "cause"),
    grain="The ledger: one row per week, owner, domain and cause of failure contacts.",
    columns=(
        _WEEK,
        Column("owner", "str", "Who owns the domain, from the pipeline file."),
        Column("domain", "str", "Breakdown domain."),
        Column("cause", "str", "Breakdown cause; unsure where only the domain is sure."),
        Column("contacts", "int64", "Failure contacts."),
        Column("chains", "int64", "Chains that were open in the week."),
        Column("repeats", "int64", "Contacts that came after another of their chain."),
        Column("cost", "float64", "Handling cost.", "currency of the pipeline file"),
        Column("base", "int64", "Failure contacts of the week, all causes."),
        *_SHARE,
        *_LEDGER_EVIDENCE,
    ),
)

LEDGER_SEGMENT = Table(
    name="mart_ledger_segment_week",
    key=("week", "segment", "value", "owner", "domain", "cause"),
    grain="The ledger by group of customers: one row per week, segment field, its value, owner, domain and cause.",
    columns=(
        _WEEK,
        Column("segment", "str", "Segment field (region, plan, product, ...)."),
        Column("value", "str", "Value of the field."),
        Column("owner", "str", "Who owns the domain, from the pipeline file."),
        Column("domain", "str", "Breakdown domain."),
        Column("cause", "str", "Breakdown cause; unsure where only the domain is sure."),
        Column("contacts", "int64", "Failure contacts."),
        Column("chains", "int64", "Chains that were open in the week."),
        Column("repeats", "int64", "Contacts that came after another of their chain."),
        Column("cost", "float64", "Handling cost.", "currency of the pipeline file"),
        Column("base", "int64", "Failure contacts of the group in the week, all causes."),
        *_SHARE,
    ),
)

LEDGER_AVOIDABLE = Table(
    name="mart_ledger_avoidable",
    key=("domain", "evidence"),
    grain="One row per domain and line of evidence: share of all failure contacts of the data that it explains.",
    columns=(
        Column("domain", "str", "Breakdown domain; upstream for all that a part of the company could have prevented."),
        Column("evidence", "str", "said: by words alone; happened: by events alone; joined: by both."),
        Column("owner", "str", "Who owns the domain, from the pipeline file; null for upstream."),
        Column("charged_contacts", "float64", "Contacts charged to it; of happened: expected number."),
        Column("base", "int64", "Failure contacts."),
        *_SHARE,
        Column("is_adjusted", "bool", "Whether the share is corrected for the labeler's errors on held-out labels."),
        Column("plain_share", "float64", "The share before that correction.", "0 .. 1"),
    ),
)

FIXES = Table(
    name="core_fixes",
    key=("fix_id",),
    grain="One row per fix that somebody registered.",
    columns=(
        Column("fix_id", "str", "Domain, cause and date of the fix."),
        Column("domain", "str", "Breakdown domain that the fix is for."),
        Column("cause", "str", "Breakdown cause that the fix is for."),
        Column("fixed_on", "str", "First day with the fix (ISO date)."),
        Column("note", "str", "What was done."),
        Column("added_at", TIMESTAMP, "When it was registered."),
    ),
)

FIX_EFFECT = Table(
    name="mart_fixes",
    key=("fix_id",),
    grain="One row per fix: what became of the contacts of its cause, against all other causes.",
    columns=(
        Column("fix_id", "str", "Domain, cause and date of the fix."),
        Column("owner", "str", "Who owns the domain, from the pipeline file."),
        Column("domain", "str", "Breakdown domain."),
        Column("cause", "str", "Breakdown cause."),
        Column("fixed_on", "str", "First day with the fix (ISO date)."),
        Column("note", "str", "What was done."),
        Column("effect", "float64", "Rate of chains after the fix over the rate expected without it."),
        Column("effect_low", "float64", "Lower end of the 95 % interval."),
        Column("effect_high", "float64", "Upper end of the 95 % interval."),
        Column("p_value", "float64", "Two-sided, that nothing changed.", "0 .. 1"),
        Column("saved_contacts", "float64", "Contacts that did not come since the fix; negative where more came."),
        Column("saved_low", "float64", "Lower end of the 95 % interval."),
        Column("saved_high", "float64", "Upper end of the 95 % interval."),
        Column("saved_cost", "float64", "Their handling cost.", "currency of the pipeline file"),
        Column("verdict", "str", "effective, no_effect_seen, worse or too_early."),
        Column("method", "str", "How it was estimated, and what it leaves out."),
    ),
)

VALUE_IRRITANT = Table(
    name="mart_value_irritant",
    key=("demand", "reason"),
    grain="Price and Jaffe's square: one row per reason of contact, failure demand by cause, value demand by stage.",
    columns=(
        Column("demand", "str", "failure or value."),
        Column("reason", "str", "Domain and cause of failure demand; journey stage of value demand."),
        Column("contacts", "int64", "Contacts of the data."),
        Column("cost", "float64", "Handling cost.", "currency of the pipeline file"),
        Column("square", "str", "eliminate, simplify, automate or leverage; null where the reason is not known."),
        Column("rule", "str", "The rule that placed it."),
    ),
)

CHANGE = Table(
    name="mart_change",
    key=("owner", "domain", "cause"),
    grain="What got worse: failure contacts of the last seven days of data against the four weeks before.",
    columns=(
        Column("owner", "str", "Who owns the domain."),
        Column("domain", "str", "Breakdown domain."),
        Column("cause", "str", "Breakdown cause; unsure where only the domain is sure."),
        Column("week_end", "str", "Last day of the seven (ISO date)."),
        Column("contacts", "int64", "Failure contacts in the last seven days."),
        Column("contacts_before", "int64", "Failure contacts in the 28 days before."),
        Column("rate_ratio", "float64", "Contacts a day, last seven days over the 28 before."),
        Column("rate_ratio_low", "float64", "Lower end of the 95 % interval."),
        Column("rate_ratio_high", "float64", "Upper end of the 95 % interval."),
        Column("p_value", "float64", "Two-sided exact (mid-P) test that the rate did not change.", "0 .. 1"),
        Column("q_value", "float64", "The same with the false discovery rate held over all rows.", "0 .. 1"),
        Column("cost", "float64", "Handling cost of the last seven days.", "currency of the pipeline file"),
        Column("method", "str", "How the interval was made, and what it leaves out."),
    ),
)

EVENT_EXCESS = Table(
    name="mart_event_excess",
    key=("kind", "window", "domain"),
    grain="One row per event kind, lag window and domain of contact: whether customers contact us more after it.",
    columns=(
        Column("kind", "str", "Event kind; with attribute and value where the pipeline file splits it."),
        Column("window", "str", "Days after the event, first and last; day 0 begins at the event."),
        Column("domain", "str", "Breakdown domain that the contacts tell of; all for all contacts."),
        Column("event_count", "int64", "Events of the kind that reached a customer."),
        Column("contact_count", "int64", "Contacts of chains that begin in the window."),
        Column("expected_count", "float64", "Contacts expected of chains that begin in it, had the event no effect."),
        Column("rate_ratio", "float64", "Rate in the window over the same customers' rate at other times."),
        Column("rate_ratio_low", "float64", "Lower end of the 95 % interval, not adjusted for many kinds."),
        Column("rate_ratio_high", "float64", "Upper end of the 95 % interval, not adjusted for many kinds."),
        Column("attributable_fraction", "float64", "(RR - 1) / RR: share of the window's contacts due to the event."),
        Column("attributable_low", "float64", "Lower end of the 95 % interval."),
        Column("attributable_high", "float64", "Upper end of the 95 % interval."),
        Column("p_value", "float64", "Two-sided, that the rate is as at other times.", "0 .. 1"),
        Column("q_value", "float64", "The same with false discoveries held over kinds, windows and domains.", "0 .. 1"),
        Column("dose_attribute", "str", "Attribute of the event whose size may matter; null where none."),
        Column("dose_ratio", "float64", "Factor on the rate for one unit more of it, within the window."),
        Column("dose_low", "float64", "Lower end of the 95 % interval."),
        Column("dose_high", "float64", "Upper end of the 95 % interval."),
        Column("before_ratio", "float64", "Placebo: rate ratio just before the event."),
        Column("before_p", "float64", "Of that placebo.", "0 .. 1"),
        Column("exchanged_ratio", "float64", "Placebo: rate ratio with dates exchanged among customers."),
        Column("exchanged_p", "float64", "Of that placebo; null where an exchange tells nothing.", "0 .. 1"),
        Column("implausible_ratio", "float64", "Placebo: rate ratio of causes that the event cannot produce."),
        Column("implausible_p", "float64", "Of that placebo; null where no domains are declared.", "0 .. 1"),
        Column("is_separable", "bool", "Whether enough customers were not hit at that time, to tell it from season."),
        Column("is_used", "bool", "Whether the excess may explain contacts."),
        Column("why_not", "str", "Why it is not used; null where it is."),
        Column("method", "str", "How it was estimated, and what it leaves out."),
    ),
)

CORE_TABLES = (
    FEEDBACK,
    CORE_KEYS,
    TOMBSTONES,
    DUPLICATES,
    DROPPED,
    QUARANTINE,
    EVENTS,
    CUSTOMERS,
    ITEMS,
    MENTIONS,
    CONTACTS,
    TRACES,
    FIXES,
)
MART_TABLES = (
    STAGE_TOUCHPOINT,
    STAGE_WEEK,
    SOURCE_WEEK,
    SEGMENT_STAGE,
    BREAKDOWN_WEEK,
    LEDGER_WEEK,
    CHANGE,
    EVENT_EXCESS,
    LEDGER_SEGMENT,
    LEDGER_AVOIDABLE,
    FIX_EFFECT,
    VALUE_IRRITANT,
)
TABLES = {table.name: table for table in (*CORE_TABLES, *MART_TABLES, CURSORS, RUNS)}
