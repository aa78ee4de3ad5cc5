"""Settings: what a pipeline file may say, as frozen pydantic models.

A pipeline file is the whole account of a run. Secrets are the exception: the file names the environment
variable that holds one, never the value. Unknown keys are refused, and every fault is told at once.
"""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from cxnlp.mail_settings import Mail
from cxnlp.privacy_settings import JoinKey, Retention
from cxnlp.sql_settings import Sql
from cxnlp.storage_settings import Storage
from cxnlp.strict import Encoding, Name, Strict, TimeZone
from cxnlp.web_settings import Api, Deleted, Left, Resource

SourceKind = Literal["survey", "ticket", "social", "review", "chat", "call", "note"]
FileFormat = Literal["csv", "jsonl", "xlsx", "parquet", "json", "vtt", "srt"]
WHOLE_FORMATS = ("json", "vtt", "srt")
BUCKETS = ("s3://", "az://")
PLACES = ("files", "api", "resource", "mail", "sql")


class Source(Strict):
    """Where records come from (one of `files`, `api`, `resource`, `mail`, `sql`) and how their times are written."""

    name: Name
    files: str | None = Field(default=None, description="Path or glob, relative to the folder the run is started in.")
    api: Api | None = Field(default=None, description="An HTTP API, in place of files.")
    resource: Resource | None = Field(default=None, description="A dlt resource of one's own, in place of files.")
    mail: Mail | None = Field(default=None, description="A mailbox, in place of files.")
    sql: Sql | None = Field(default=None, description="A table of a database, in place of files.")
    storage: Storage | None = Field(default=None, description="Of files in a bucket: s3:// and az://.")
    format: FileFormat | None = Field(default=None, description="Of files.")
    encoding: Encoding = Field(default="utf-8", description="Text encoding of CSV and JSON lines.")
    separator: str = Field(default=",", min_length=1, max_length=1, description="CSV only; a tab for TSV.")
    sheet: str | None = Field(default=None, description="XLSX only; the first sheet where not given.")
    name_pattern: str | None = Field(
        default=None,
        description="json, vtt and srt: regular expression of a file's name; its named groups are columns, as is file.",
    )
    date_format: str = Field(
        default="iso", description="iso, unix, unix_ms, or a strptime pattern such as %d/%m/%Y %H:%M."
    )
    time_zone: TimeZone = Field(default="UTC", description="IANA zone of times that carry none themselves.")

    @field_validator("name_pattern")
    @classmethod
    def _is_an_expression(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return pattern

    @model_validator(mode="after")
    def _has_one_place(self) -> "Source":
        named = [place for place in PLACES if getattr(self, place) is not None]
        if len(named) != 1:
            raise ValueError(f"wanted one of {', '.join(PLACES)}; found {' and '.join(named) or 'none'}")
        if (self.files is None) != (self.format is None):
            raise ValueError("files want a format, and nothing else has one")
        if (self.storage is not None) != (self.files or "").startswith(BUCKETS):
            raise ValueError(f"files that begin with {' or '.join(BUCKETS)} want storage, and nothing else has it")
        if self.name_pattern is not None and self.format not in WHOLE_FORMATS:
            raise ValueError(f"name_pattern goes with {', '.join(WHOLE_FORMATS)}: of other files each line is a record")
        return self


class Turns(Strict):
    """A thread or chat inside a record: a list of objects with a speaker and a text."""

    path: str = Field(description="Dotted path of the list in the record.")
    speaker: str = Field(description="Dotted path in a turn that says who spoke.")
    text: str = Field(description="Dotted path in a turn that holds the words.")
    customer: tuple[str, ...] = Field(description="Values of the speaker that mean the customer.")
    time: str | None = Field(default=None, description="Dotted path in a turn that says when.")
    left_out: Left | None = Field(default=None, description="Turns to leave out, such as internal notes.")
    names: dict[str, str] = Field(default={}, description="Value of another speaker -> word for it, say false: agent.")
    first: str | None = Field(
        default=None, description="Column of the words that began the thread, where the list begins with the answer."
    )
    first_speaker: str | None = Field(
        default=None, description="Column of who said them; the customer where not named."
    )


class FeedbackColumns(Strict):
    """Which column (or dotted path, in JSON) gives what. What is not named stays null."""

    source_id: str | None = Field(default=None, description="The source's own id; from the content where not named.")
    text: str | tuple[str, ...] | None = Field(
        default=None, description="Column of the words; several are joined by line breaks."
    )
    created_at: str | None = None
    customer_id: str | None = None
    channel: str | None = None
    question: str | None = None
    nps: str | None = None
    csat: str | None = None
    ces: str | None = None
    stars: str | None = None
    updated_at: str | None = Field(default=None, description="Last change: of two versions the later one holds.")
    deleted_at: str | None = None
    reopen_count: str | None = None
    transfer_count: str | None = None


class FeedbackConstants(Strict):
    """Values that hold for every record of the source."""

    channel: str | None = None
    question: str | None = None


class FeedbackSource(Source):
    """A source of feedback and its mapping to the one record form."""

    source_kind: SourceKind
    columns: FeedbackColumns
    turns: Turns | None = None
    constants: FeedbackConstants = FeedbackConstants()
    segments: dict[Name, str] = Field(default={}, description="Segment field -> column.")
    channel_names: dict[str, str] = Field(default={}, description="Value of the channel column -> its name.")
    deleted: Deleted | None = Field(default=None, description="How a record says that it was deleted at the source.")

    @model_validator(mode="after")
    def _has_an_id(self) -> "FeedbackSource":
        if self.files is None and self.columns.source_id is None:
            raise ValueError("columns.source_id is wanted: an API's records change, and the id says which one did")
        return self

    @model_validator(mode="after")
    def _has_words(self) -> "FeedbackSource":
        if (self.columns.text is None) == (self.turns is None):
            raise ValueError("either columns.text or turns says where the words are")
        return self


class EventColumns(Strict):
    """Which column of an events file gives what."""

    event_id: str
    at: str
    kind: str | None = Field(default=None, description="Column of the kind; or give `kind` for the whole source.")
    customer_id: str | None = None


class EventSource(Source):
    """A source of journey events."""

    columns: EventColumns
    kind: Name | None = Field(default=None, description="Kind of every event of the source.")
    attributes: tuple[str, ...] = Field(
        default=(), description="Columns kept as the event's own fields; a JSON object is opened."
    )

    @model_validator(mode="after")
    def _has_kind(self) -> "EventSource":
        if (self.columns.kind is None) == (self.kind is None):
            raise ValueError("either columns.kind or kind says what kind of event it is")
        return self


class CustomerColumns(Strict):
    """Which column of a customers file gives what."""

    customer_id: str
    since: str | None = None
    churned: str | None = Field(default=None, description="Column that says yes/no, true/false or 1/0.")
    churned_at: str | None = None


class CustomerSource(Source):
    """A source of customers and their segment fields."""

    columns: CustomerColumns
    segments: dict[Name, str] = Field(default={}, description="Segment field -> column.")


class Company(Strict):
    """Who the feedback is about; these names and handles are never taken for personal data."""

    name: str
    handles: tuple[str, ...] = ()


class Clean(Strict):
    """How text is cleaned."""

    languages: tuple[str, ...] = Field(default=("en",), description="Languages that the model reads (ISO 639-1).")
    max_characters: int = Field(default=20_000, gt=0, description="Longer text is cut here, at a word.")
    max_field_bytes: int = Field(default=1_000_000, gt=0, description="A record with a longer field is quarantined.")
    near_duplicate_likeness: float = Field(default=0.85, gt=0, le=1, description="Jaccard likeness of word 3-grams.")
    near_duplicate_days: int = Field(default=14, gt=0, description="Items further apart are not compared.")


class Costs(Strict):
    """Handling cost of one contact by channel."""

    currency: str
    per_contact: dict[str, float]
    other: float = Field(ge=0, description="A channel not listed.")
    source: str = Field(description="Where the figures come from, shown beside every cost.")


class LagWindow(Strict):
    """Days after an event in which contacts are counted; day 0 begins at the event itself."""

    first: int = Field(ge=0, le=365)
    last: int = Field(ge=0, le=365)

    @property
    def name(self) -> str:
        """As tables show it, say 0-6."""
        return f"{self.first}-{self.last}"

    @model_validator(mode="after")
    def _in_order(self) -> "LagWindow":
        if self.last < self.first:
            raise ValueError(f"a window ends on or after the day it begins, not {self.name}")
        return self


class EventKind(Strict):
    """What is known of a kind of event beforehand; a kind that is not listed is tried without it."""

    owner: str | None = Field(default=None, description="Who is responsible for what happens at such an event.")
    domains: tuple[str, ...] = Field(
        default=(), description="Breakdown domains that it can plausibly cause; the others are a placebo."
    )
    is_compared: bool = Field(
        default=True, description="False for what only follows from another kind (a contract after its order)."
    )
    dose: str | None = Field(default=None, description="Attribute with a number: size of the price rise, days late.")
    split_by: str | None = Field(default=None, description="Attribute whose values are kinds of their own.")
    reach: dict[str, Name] = Field(
        default={}, description="For events without a customer: attribute -> segment field that must be equal."
    )


class Excess(Strict):
    """How the excess of contacts after events is estimated."""

    windows: tuple[LagWindow, ...] = Field(
        default=(
            LagWindow(first=0, last=2),
            LagWindow(first=0, last=6),
            LagWindow(first=7, last=13),
            LagWindow(first=0, last=13),
        ),
        min_length=1,
    )
    before_days: int = Field(default=7, gt=0, description="The placebo window ends at the event and is this long.")
    max_false_share: float = Field(default=0.05, gt=0, lt=1, description="False discovery rate over kinds.")
    placebo_level: float = Field(default=0.01, gt=0, lt=1, description="p below it: the placebo shows an excess.")
    min_contacts: int = Field(default=5, ge=1, description="Fewer contacts in a window explain nothing.")
    max_reach: float = Field(
        default=0.9, gt=0, le=1, description="Share of customers hit at once above which nobody is left to compare."
    )
    exchange_within: Name | None = Field(
        default=None, description="Segment field; dates are exchanged among customers of one value. Nobody's: all."
    )
    placebo_customers: int = Field(default=20_000, gt=0, description="Placebos are tried on at most so many.")
    seed: int = Field(default=20060515, description="Of the exchange of dates.")


class Join(Strict):
    """How words and events are joined. Defaults were chosen on simulated companies (benchmarks/trace)."""

    mistold: float = Field(default=0.1, ge=0, lt=1, description="Customers who name a wrong cause; learnt from there.")
    blame_service: float = Field(default=0.3, ge=0, lt=1, description="Of those who blame service: wrongly.")
    min_share: float = Field(default=0.2, gt=0, lt=1, description="An event that explains less is not named.")
    temperature: float = Field(default=1.0, gt=0, description="Of the joined probability; fitted on labels of cause.")


class Trace(Strict):
    """Owners, costs, when contacts make a chain, and what is known of events."""

    owners: dict[str, str] = Field(description="Breakdown domain -> who owns it.")
    costs: Costs
    chain_days: int = Field(default=21, gt=0, description="A contact this soon after another may continue its chain.")
    event_kinds: dict[str, EventKind] = Field(default={}, description="Event kind -> what is known of it.")
    key_attributes: tuple[str, ...] = Field(
        default=(),
        description="Attributes of events with numbers that customers quote; found by their form where none.",
    )
    join: Join = Join()
    excess: Excess = Excess()


class Measure(Strict):
    """What is too small to show."""

    min_items: int = Field(default=5, ge=1, description="A segment value with fewer items at a stage is left out.")
    min_customers: int = Field(default=5, ge=1, description="The same for customers.")


class Notify(Strict):
    """Prefect block that is told of a failed run or source, as `block-type/name`."""

    block: str = Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")


class Pipeline(Strict):
    """One pipeline file."""

    lake: Path
    marts: Path
    reports: Path
    taxonomy: Path
    model: Path
    pseudonym_key_env: str = Field(
        pattern=r"^[A-Z][A-Z0-9_]*$", description="Environment variable of the key that hashes customer ids."
    )
    time_zone: TimeZone = Field(default="UTC", description="Zone in which a night ends.")
    company: Company
    feedback: tuple[FeedbackSource, ...] = Field(min_length=1)
    events: tuple[EventSource, ...] = ()
    customers: tuple[CustomerSource, ...] = ()
    allow_resources: tuple[str, ...] = Field(
        default=(), description="Functions (package.module:function) that a source's `resource` may name."
    )
    event_stages: dict[str, str] = Field(default={}, description="Event kind -> journey stage.")
    clean: Clean = Clean()
    join_keys: tuple[JoinKey, ...] = Field(
        default=(), description="Numbers that join feedback and events; `cxnlp keys suggest` finds them."
    )
    retention: Retention = Retention()
    trace: Trace
    measure: Measure = Measure()
    notify: Notify | None = None

    @model_validator(mode="after")
    def _names_differ(self) -> "Pipeline":
        names = [source.name for source in (*self.feedback, *self.events, *self.customers)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"source names must differ: {', '.join(twice)} is used twice")
        return self

    @model_validator(mode="after")
    def _resources_are_allowed(self) -> "Pipeline":
        named = {s.resource.function for s in (*self.feedback, *self.events, *self.customers) if s.resource}
        unknown = sorted(named - set(self.allow_resources))
        if unknown:
            raise ValueError(f"allow_resources does not name {', '.join(unknown)}: code runs only where it does")
        return self
