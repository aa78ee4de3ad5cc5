"""`cxnlp why`: one contact's story as a time line, with the quote, the event and the probabilities, in plain words."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from cxnlp.errors import QueryError
from cxnlp.publish.query import connect

WORDS_SHOWN = 160
MUCH = 20  # a rate ratio above it says no more than that it is large
KEYED_HASH = re.compile(r"k[0-9a-f]{8}-[0-9a-f]{32}\Z")
CONTACT = """
SELECT k.item_id, k.chain_id, k.contact_no, k.channel, k.created_at, k.customer_key, t.domain, t.cause, t.probability,
    t.evidence, t.quote, t.quote_item_id, t.owner, t.event_id, t.event_kind, t.is_key_matched, t.said_domain,
    t.said_probability, t.happened_domain, t.happened_probability, t.attributable, t.posterior,
    count(*) OVER (PARTITION BY k.chain_id) AS chain_length, sum(k.cost) OVER (PARTITION BY k.chain_id) AS chain_cost
FROM core_contacts AS k LEFT JOIN core_traces AS t USING (item_id)
QUALIFY k.item_id = $item_id
"""
JOURNEY = """
SELECT j."at", j.what, j.detail, j.item_id, j.event_id FROM journey AS j
WHERE j.customer_key = $customer AND j."at" BETWEEN $first AND $last ORDER BY j."at", j.event_id, j.item_id
"""
EVENT = 'SELECT kind, "at", attributes FROM core_events WHERE event_id = $event_id'
EXCESS = """
SELECT rate_ratio, rate_ratio_low, rate_ratio_high, "window" FROM mart_event_excess
WHERE kind = $kind AND domain = 'all' AND is_used ORDER BY rate_ratio DESC LIMIT 1
"""
DAYS_BEFORE, DAYS_AFTER = 45, 30


@dataclass(frozen=True)
class Told:
    """A contact with its trace, as the marts hold it."""

    item_id: str
    chain_id: str
    contact_no: int
    channel: str | None
    created_at: datetime | None
    customer_key: str | None
    domain: str | None
    cause: str | None
    probability: float | None
    evidence: str | None
    quote: str | None
    quote_item_id: str | None
    owner: str | None
    event_id: str | None
    event_kind: str | None
    is_key_matched: bool | None
    said_domain: str | None
    said_probability: float | None
    happened_domain: str | None
    happened_probability: float | None
    attributable: float | None
    posterior: str | None
    chain_length: int
    chain_cost: float


def tell_story(marts: Path, item_id: str) -> str:
    """The story of one contact.

    :raises QueryError: where the marts have no such contact.
    """
    with connect(marts) as connection:
        row = connection.execute(CONTACT, {"item_id": item_id}).fetchone()
        if row is None:
            raise QueryError(
                f'{item_id}: no contact of that id; `cxnlp query "select item_id from contacts limit 5"` shows some'
            )
        told = Told(*row)
        parts = [
            _heading(told),
            _time_line(connection, told),
            _said(told),
            _happened(connection, told),
            _together(told),
        ]
    return "\n\n".join(part for part in parts if part)


def _heading(told: Told) -> str:
    place = (
        f"contact {told.contact_no + 1} of {told.chain_length} about one problem"
        if told.chain_length > 1
        else "one contact"
    )
    lines = [f"{told.item_id}: {place}, by {told.channel or 'an unknown channel'}, {_day(told.created_at)}"]
    if told.domain is None:
        return "\n".join([*lines, "The customer wanted something in its own right; nothing had gone wrong."])
    owner = told.owner or "no owner named"
    if told.evidence == "none":
        return "\n".join([*lines, f"Why: cannot tell. Neither the words nor an event says what broke. ({owner})"])
    cause = f"{_plain(told.domain)}, {_plain(told.cause)}" if told.cause else _plain(told.domain)
    lines.append(f"Why: {cause}. Owner: {owner}. {_percent(told.probability)} sure; {_evidence(told.evidence)}.")
    lines.append(f"Handling cost of the {told.chain_length} contact(s) so far: {told.chain_cost:.2f}")
    return "\n".join(lines)


def _evidence(evidence: str | None) -> str:
    words = {
        "said": "the customer says so, no event shows it",
        "happened": "an event shows it, the customer does not say so",
        "both": "the customer says so and an event shows it",
    }
    return words.get(evidence or "", "no evidence")


def _time_line(connection: duckdb.DuckDBPyConnection, told: Told) -> str:
    """What the customer went through, from some weeks before the contact until after it."""
    if told.customer_key is None or told.created_at is None:
        return "The customer is not known, so there is no journey to show."
    span = {
        "customer": told.customer_key,
        "first": told.created_at - timedelta(days=DAYS_BEFORE),
        "last": told.created_at + timedelta(days=DAYS_AFTER),
    }
    rows = connection.execute(JOURNEY, span).fetchall()
    lines = [_step(at, what, detail, item_id, event_id, told) for at, what, detail, item_id, event_id in rows]
    return "\n".join(["What the customer went through", *lines])


def _step(at: datetime, what: str, detail: str | None, item_id: str | None, event_id: str | None, told: Told) -> str:
    mark = "*" if item_id == told.item_id or (event_id and event_id == told.event_id) else " "
    if item_id:
        return f'{mark} {_day(at)}  says ({what}, {item_id}): "{_short(detail or "")}"'
    return f"{mark} {_day(at)}  {_plain(what)}{_attributes(detail)}"


def _attributes(detail: str | None) -> str:
    fields = json.loads(detail) if detail else {}
    named = [f"{_plain(name)} {_value(value)}" for name, value in fields.items() if value not in (None, "", False)]
    return f": {', '.join(named)}" if named else ""


def _value(value: object) -> str:
    text = "yes" if value is True else str(value)
    return "(kept as a hash)" if KEYED_HASH.match(text) else text


def _said(told: Told) -> str:
    if told.domain is None:
        return ""
    if not told.quote:
        return "What was said: nothing that names what broke."
    where = "" if told.quote_item_id == told.item_id else f" (in {told.quote_item_id})"
    alone = f"By the words alone: {_plain(told.said_domain)}"
    sure = f"{_plain(told.domain)} would be {_percent(told.said_probability)} sure"
    return f'What was said{where}: "{told.quote}"\n{alone}; {sure}.'


def _happened(connection: duckdb.DuckDBPyConnection, told: Told) -> str:
    if told.event_id is None:
        return "What happened: no event that makes customers contact us lies before it." if told.domain else ""
    found = connection.execute(EVENT, {"event_id": told.event_id}).fetchone()
    kind, at, attributes = found if found else (told.event_kind, None, None)
    lines = [f"What happened: {_plain(kind)} on {_day(at)}{_attributes(attributes)}."]
    if told.is_key_matched:
        lines.append("The customer names this very event by its number.")
    excess = connection.execute(EXCESS, {"kind": told.event_kind}).fetchone()
    if excess is not None:
        ratio, low, high, window = excess
        often = f"more than {MUCH} times" if ratio > MUCH else f"{ratio:.1f} times"
        lines.append(
            f"In the days {window} after such an event customers contact us {often} as often as at other times (95 % "
            f"interval {low:.1f} to {high:.1f}); {_percent(told.attributable)} of this contact is due to it."
        )
    return "\n".join(lines)


def _together(told: Told) -> str:
    if not told.posterior:
        return ""
    odds = sorted(json.loads(told.posterior).items(), key=lambda pair: -pair[1])
    likely = ", ".join(f"{_plain(code)} {_percent(p)}" for code, p in odds[:4] if p >= 0.005)
    return f"Both together: {likely}."


def _percent(probability: float | None) -> str:
    return "not known" if probability is None else f"{100 * probability:.0f} %"


def _day(at: datetime | None) -> str:
    return "at an unknown time" if at is None else f"{at:%a} {at.day} {at:%b %Y %H:%M}"


def _plain(code: str | None) -> str:
    return (code or "unknown").replace("_", " ")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= WORDS_SHOWN else words[:WORDS_SHOWN].rsplit(" ", 1)[0] + " ..."
