"""What the report's statements answer: one frozen row form per statement, and how it is read.

Each statement is a file in `sql/report/`. What a reader sees under a block of the report is the very statement that
made it, with the night put in; it runs as it stands in `cxnlp query`.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from importlib.resources import files
from typing import Generic, TypeVar

import duckdb

from cxnlp.errors import QueryError

Row = TypeVar("Row")


@dataclass(frozen=True)
class Change:
    """One breakdown, the last seven days against the four weeks before."""

    owner: str
    domain: str
    cause: str
    week_end: str
    contacts: int
    contacts_before: int
    rate_ratio: float
    rate_ratio_low: float
    rate_ratio_high: float
    q_value: float
    cost: float
    is_worse: bool
    is_better: bool


@dataclass(frozen=True)
class Week:
    """Figures of one week; shares 0 .. 1, means -2 .. 2."""

    week: str
    item_count: int
    negative_share: float
    negative_low: float
    negative_high: float
    failure_share: float
    failure_low: float
    failure_high: float
    service_mean: float | None
    experience_mean: float | None
    contacts: int
    cost: float


@dataclass(frozen=True)
class Cell:
    """One cell of the journey map; the share is that of negative mentions."""

    stage: str
    touchpoint: str
    mention_count: int
    item_count: int
    sentiment_mean: float | None
    share: float
    share_low: float
    share_high: float


@dataclass(frozen=True)
class SegmentStage:
    """One group that stands out at a stage; shares are those of items with a negative mention."""

    segment: str
    value: str
    stage: str
    item_count: int
    share: float
    share_low: float
    share_high: float
    all_share: float
    compared_count: int


@dataclass(frozen=True)
class Owner:
    """One owner's part of the ledger; the share is that of all failure contacts.

    Contacts whose cause is told in words only, shown by an event only, or both.
    """

    owner: str
    contacts: int
    chains: int
    repeats: int
    cost: float
    said_only: int
    happened_only: int
    both_ways: int
    share: float
    share_low: float
    share_high: float


@dataclass(frozen=True)
class OwnerCause:
    """One cause in an owner's part of the ledger."""

    owner: str
    domain: str
    cause: str
    contacts: int
    cost: float


@dataclass(frozen=True)
class OwnerWeek:
    """One owner's failure contacts in one week."""

    owner: str
    week: str
    contacts: int


@dataclass(frozen=True)
class Breakdown:
    """One of the costliest breakdowns."""

    owner: str
    domain: str
    cause: str
    contacts: int
    repeats: int
    cost: float


@dataclass(frozen=True)
class BreakdownQuote:
    """An item that tells of a breakdown, with the words that do."""

    domain: str
    cause: str
    item_id: str
    source: str
    created_at: datetime | None
    text: str
    quote: str
    quote_start: int | None


@dataclass(frozen=True)
class ServiceExperience:
    """A touchpoint that was bad for customers whom service treated well; means -2 .. 2."""

    stage: str
    touchpoint: str
    item_count: int
    service_mean: float
    experience_mean: float


@dataclass(frozen=True)
class MentionQuote:
    """An item that mentions a touchpoint, with the words that do."""

    stage: str
    touchpoint: str
    item_id: str
    source: str
    created_at: datetime | None
    text: str
    quote: str
    quote_start: int | None


@dataclass(frozen=True)
class SourceNight:
    """What one source gave in the night."""

    source: str
    new_count: int
    dropped_count: int
    quarantined_count: int
    item_count: int


@dataclass(frozen=True)
class Unused:
    """Records of the night that were not used, by reason."""

    fate: str
    source: str
    file: str | None
    reason: str
    record_count: int
    first_position: str


@dataclass(frozen=True)
class RunOfNight:
    """The run that the report tells of; counts are null in rows of runs that died."""

    run_id: str
    flow: str
    status: str
    record_count: int | None
    item_count: int | None
    unchanged_count: int | None
    dropped_count: int | None
    quarantined_count: int | None
    labelled_count: int | None
    failed_sources: str | None
    model: str | None
    code_version: str | None


@dataclass(frozen=True)
class Method:
    """How the interval of some figures was made."""

    figures: str
    method: str


@dataclass(frozen=True)
class Extent:
    """What the report rests on."""

    item_count: int
    counted: int
    duplicate_count: int
    labelled: int
    source_count: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class Answer(Generic[Row]):
    """A statement and its rows."""

    sql: str
    rows: tuple[Row, ...]


def read_rows(connection: duckdb.DuckDBPyConnection, name: str, form: type[Row], night: date) -> Answer[Row]:
    """Answer one statement of the report.

    :param name: file in `sql/report/`, without its ending.
    :param form: dataclass whose fields are the statement's columns.
    :param night: what `$night` stands for; in the statement shown it is written out.
    :raises QueryError: where the marts database is of another version.
    """
    sql = (files("cxnlp.publish") / "sql" / "report" / f"{name}.sql").read_text(encoding="utf-8").strip()
    day = night.isoformat()
    try:
        answer = connection.execute(sql, {"night": day}) if "$night" in sql else connection.execute(sql)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        told = str(error).splitlines()[0]
        raise QueryError(f"report: {name}: {told}; build the marts with this version of cxnlp first") from error
    names = [column[0] for column in answer.description or []]
    rows = tuple(_row(form, names, values) for values in answer.fetchall())
    return Answer(sql.replace("$night", f"'{day}'"), rows)


def _row(form: type[Row], names: list[str], values: tuple[object, ...]) -> Row:
    by_name = dict(zip(names, values, strict=True))
    return form(**{field.name: by_name[field.name] for field in fields(form)})  # type: ignore[arg-type]
