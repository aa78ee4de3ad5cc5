"""The report of the night: one HTML page that needs nothing but itself.

It reads the marts database alone, so every number in it is the answer of a statement that the reader can run too.
All text goes through Jinja2's autoescape; the page holds no script, and its policy would let none run.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined

from cxnlp.config import Costs, Pipeline
from cxnlp.errors import LakeError
from cxnlp.publish import shown
from cxnlp.publish.query import connect
from cxnlp.publish.quotes import Quote, quote_in_sentence
from cxnlp.publish.report_rows import (
    Answer,
    Breakdown,
    BreakdownQuote,
    Cell,
    Change,
    Extent,
    MentionQuote,
    Method,
    Owner,
    OwnerCause,
    OwnerWeek,
    RunOfNight,
    SegmentStage,
    ServiceExperience,
    SourceNight,
    Unused,
    Week,
    read_rows,
)
from cxnlp.taxonomy import Taxonomy

FILTERS = {
    "percent": shown.percent,
    "signed": shown.signed,
    "count": shown.count,
    "ratio": shown.ratio,
    "short": shown.short,
    "money": shown.money,
    "words": shown.words,
    "title_words": shown.title,
    "cause": shown.cause,
    "day": shown.day,
    "mood": shown.mood,
    "radius": shown.radius,
    "ratio_x": shown.ratio_x,
}


@dataclass(frozen=True)
class JourneyMap:
    """The cells with their stages and touchpoints in the taxonomy's order."""

    stages: tuple[str, ...]
    touchpoints: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    largest: int


@dataclass(frozen=True)
class OwnerEntry:
    """One owner's line of the ledger."""

    total: Owner
    causes: tuple[OwnerCause, ...]
    weeks: tuple[OwnerWeek, ...]


@dataclass(frozen=True)
class BreakdownEntry:
    """One of the worst breakdowns, with what customers said."""

    total: Breakdown
    meaning: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class FailedSource:
    """A source that could not be read, and why."""

    source: str
    fault: str


@dataclass(frozen=True)
class Content:
    """Everything the page shows."""

    company: str
    night: date
    costs: Costs
    extents: Answer[Extent]
    run: RunOfNight | None
    is_week_whole: bool
    changes: Answer[Change]
    weeks: Answer[Week]
    cells: Answer[Cell]
    journey_map: JourneyMap
    segments: Answer[SegmentStage]
    owners: Answer[Owner]
    owner_causes: Answer[OwnerCause]
    owner_weeks: Answer[OwnerWeek]
    ledger: tuple[OwnerEntry, ...]
    breakdowns: Answer[Breakdown]
    breakdown_quotes: Answer[BreakdownQuote]
    worst: tuple[BreakdownEntry, ...]
    service_experience: Answer[ServiceExperience]
    mention_quotes: Answer[MentionQuote]
    service_quotes: tuple[Quote, ...]
    sources: Answer[SourceNight]
    unused: Answer[Unused]
    runs: Answer[RunOfNight]
    failed: tuple[FailedSource, ...]
    methods: Answer[Method]

    @property
    def extent(self) -> Extent:
        """What the report rests on."""
        return self.extents.rows[0]

    @property
    def worse(self) -> tuple[Change, ...]:
        """What got worse beyond chance, the costliest first."""
        return tuple(change for change in self.changes.rows if change.is_worse)

    @property
    def costliest(self) -> tuple[Change, ...]:
        """What cost most in the seven days, of what is known."""
        known = [change for change in self.changes.rows if change.domain != "cannot_tell" and change.contacts]
        return tuple(sorted(known, key=lambda change: -change.cost)[:3])

    @property
    def better(self) -> tuple[Change, ...]:
        """What got better beyond chance."""
        return tuple(change for change in self.changes.rows if change.is_better)


def write_report(marts: Path, pipeline: Pipeline, taxonomy: Taxonomy, night: date, out: Path) -> Path:
    """Write the report of a night, whole or not at all.

    :param marts: the marts database.
    :param night: night whose run and sources are told of; the other figures are those of the database.
    :param out: HTML file.
    :raises QueryError: where the database is missing or of another version.
    :raises LakeError: where the file cannot be written.
    """
    with connect(marts) as connection:
        content = read_content(connection, pipeline, taxonomy, night)
    page = _environment().get_template("report.html").render(report=content)
    new = out.with_name(out.name + ".new")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(page, encoding="utf-8", errors="replace")
        new.replace(out)
    except OSError as error:
        raise LakeError(f"{out}: cannot be written: {error.strerror}; is the folder writable?") from error
    return out


def read_content(connection: duckdb.DuckDBPyConnection, pipeline: Pipeline, taxonomy: Taxonomy, night: date) -> Content:
    """Ask the marts database everything the page shows."""
    cells = read_rows(connection, "journey_map", Cell, night)
    owners = read_rows(connection, "owners", Owner, night)
    causes = read_rows(connection, "owner_causes", OwnerCause, night)
    owner_weeks = read_rows(connection, "owner_weeks", OwnerWeek, night)
    breakdowns = read_rows(connection, "breakdowns", Breakdown, night)
    quotes = read_rows(connection, "breakdown_quotes", BreakdownQuote, night)
    mentions = read_rows(connection, "service_experience_quotes", MentionQuote, night)
    weeks = read_rows(connection, "weeks", Week, night)
    runs = read_rows(connection, "run", RunOfNight, night)
    return Content(
        company=pipeline.company.name,
        night=night,
        costs=pipeline.trace.costs,
        extents=read_rows(connection, "extent", Extent, night),
        run=runs.rows[0] if runs.rows else None,
        is_week_whole=not weeks.rows or date.fromisoformat(weeks.rows[-1].week) + timedelta(days=6) <= night,
        changes=read_rows(connection, "changes", Change, night),
        weeks=weeks,
        cells=cells,
        journey_map=_journey_map(cells.rows, taxonomy),
        segments=read_rows(connection, "segments", SegmentStage, night),
        owners=owners,
        owner_causes=causes,
        owner_weeks=owner_weeks,
        ledger=_ledger(owners.rows, causes.rows, owner_weeks.rows),
        breakdowns=breakdowns,
        breakdown_quotes=quotes,
        worst=_worst(breakdowns.rows, quotes.rows, taxonomy),
        service_experience=read_rows(connection, "service_experience", ServiceExperience, night),
        mention_quotes=mentions,
        service_quotes=tuple(_quote(row) for row in mentions.rows),
        sources=read_rows(connection, "sources", SourceNight, night),
        unused=read_rows(connection, "unused", Unused, night),
        runs=runs,
        failed=_failed(runs.rows),
        methods=read_rows(connection, "methods", Method, night),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("cxnlp.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


def _journey_map(cells: tuple[Cell, ...], taxonomy: Taxonomy) -> JourneyMap:
    """Put the cells in the taxonomy's order; codes that it no longer has come last."""
    used_stages = {cell.stage for cell in cells}
    used_touchpoints = {cell.touchpoint for cell in cells}
    return JourneyMap(
        stages=_in_order(used_stages, tuple(taxonomy.stages)),
        touchpoints=_in_order(used_touchpoints, tuple(taxonomy.touchpoints)),
        cells={(cell.stage, cell.touchpoint): cell for cell in cells},
        largest=max((cell.mention_count for cell in cells), default=1),
    )


def _in_order(used: set[str], order: tuple[str, ...]) -> tuple[str, ...]:
    return (*(code for code in order if code in used), *sorted(used - set(order)))


def _ledger(
    owners: tuple[Owner, ...], causes: tuple[OwnerCause, ...], weeks: tuple[OwnerWeek, ...]
) -> tuple[OwnerEntry, ...]:
    return tuple(
        OwnerEntry(
            total,
            tuple(cause for cause in causes if cause.owner == total.owner),
            tuple(week for week in weeks if week.owner == total.owner),
        )
        for total in owners
    )


def _worst(
    breakdowns: tuple[Breakdown, ...], quotes: tuple[BreakdownQuote, ...], taxonomy: Taxonomy
) -> tuple[BreakdownEntry, ...]:
    return tuple(
        BreakdownEntry(
            total,
            taxonomy.breakdowns.get(total.domain, {}).get(total.cause, ""),
            tuple(_quote(row) for row in quotes if (row.domain, row.cause) == (total.domain, total.cause)),
        )
        for total in breakdowns
    )


def _quote(row: BreakdownQuote | MentionQuote) -> Quote:
    return quote_in_sentence(row.text, row.quote, row.quote_start, row.item_id, row.source, row.created_at)


def _failed(runs: tuple[RunOfNight, ...]) -> tuple[FailedSource, ...]:
    told = runs[0].failed_sources if runs else None
    return tuple(FailedSource(str(source), str(fault)) for source, fault in json.loads(told or "{}").items())
