"""Threads and chats: a list of turns inside a record."""

from dataclasses import dataclass

from cxnlp.collect.cells import words
from cxnlp.collect.dates import EPOCH, MICROSECOND, DateReader
from cxnlp.collect.json_cells import read_json, write_json
from cxnlp.collect.paths import at_path
from cxnlp.collect.rows import BadCell
from cxnlp.config import Turns
from cxnlp.web_settings import Left

CUSTOMER = "customer"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Thread:
    """What was said: the customer's words, and all turns as JSON."""

    text: str
    turns: str


def read_thread(
    value: object, settings: Turns, read_date: DateReader, first: object = None, first_speaker: object = None
) -> Thread:
    """Turns in their order; those of the customer make the text, joined by line breaks.

    :param value: a list of objects, or JSON of one (a cell of a CSV file); empty where nothing was said.
    :param read_date: reads the times of turns; one that it cannot read is left out.
    :param first: the words that began the thread, where the list begins with what was answered.
    :param first_speaker: who said them; the customer where not known.
    :raises BadCell: where it is something else.
    """
    opening = words(first)
    opened_by = _who(first_speaker, settings) if first_speaker else CUSTOMER
    turns = [{"who": opened_by, "text": opening}] if opening.strip() else []
    turns += [_turn(turn, settings, read_date) for turn in _as_list(value) if not _is_left_out(turn, settings.left_out)]
    said = [turn["text"] for turn in turns if turn["who"] == CUSTOMER]
    return Thread("\n".join(said), write_json(turns))


def _as_list(value: object) -> list[object]:
    if isinstance(value, str) and value.strip():
        try:
            value = read_json(value)
        except (ValueError, RecursionError) as error:
            raise BadCell("bad_turns", "found words, wanted a JSON list of turns") from error
    if not value:
        return []
    if not isinstance(value, list):
        raise BadCell("bad_turns", f"found a {type(value).__name__}, wanted a list of turns")
    return value


def _is_left_out(turn: object, settings: Left | None) -> bool:
    if settings is None or not isinstance(turn, dict):
        return False
    return words(at_path(turn, settings.field)).strip() in settings.values


def _turn(turn: object, settings: Turns, read_date: DateReader) -> dict[str, str]:
    if not isinstance(turn, dict) or ("." not in settings.speaker and settings.speaker not in turn):
        raise BadCell("bad_turns", f"a turn has no {settings.speaker!r}; wanted {settings.speaker}, {settings.text}")
    told = {
        "who": _who(at_path(turn, settings.speaker), settings),
        "text": words(at_path(turn, settings.text)),
    }
    at = _time(at_path(turn, settings.time), read_date) if settings.time else ""
    return told | ({"at": at} if at else {})


def _who(value: object, settings: Turns) -> str:
    speaker = words(value).strip()
    return CUSTOMER if speaker in settings.customer else settings.names.get(speaker, speaker) or UNKNOWN


def _time(value: object, read_date: DateReader) -> str:
    """When a turn was said, ISO in UTC; empty where it is not known."""
    try:
        at = read_date(value)
    except BadCell:
        return ""
    return "" if at is None else (EPOCH + at * MICROSECOND).strftime("%Y-%m-%dT%H:%M:%SZ")
