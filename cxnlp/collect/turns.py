"""Threads and chats: a list of turns inside a record."""

from dataclasses import dataclass

from cxnlp.collect.cells import words
from cxnlp.collect.json_cells import read_json, write_json
from cxnlp.collect.paths import at_path
from cxnlp.collect.rows import BadCell
from cxnlp.config import Turns
from cxnlp.web_settings import Left

CUSTOMER = "customer"
UNKNOWN = "unknown"
MAX_TIME_CHARACTERS = 40


@dataclass(frozen=True)
class Thread:
    """What was said: the customer's words, and all turns as JSON."""

    text: str
    turns: str


def read_thread(value: object, settings: Turns, first: object = None) -> Thread:
    """Turns in their order; those of the customer make the text, joined by line breaks.

    :param value: a list of objects, or JSON of one (a cell of a CSV file); empty where nothing was said.
    :param first: the customer's first words, where the list begins with what was answered.
    :raises BadCell: where it is something else.
    """
    opening = words(first)
    turns = [{"who": CUSTOMER, "text": opening}] if opening.strip() else []
    turns += [_turn(turn, settings) for turn in _as_list(value) if not _is_left_out(turn, settings.left_out)]
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


def _turn(turn: object, settings: Turns) -> dict[str, str]:
    if not isinstance(turn, dict) or ("." not in settings.speaker and settings.speaker not in turn):
        raise BadCell("bad_turns", f"a turn has no {settings.speaker!r}; wanted {settings.speaker}, {settings.text}")
    speaker = words(at_path(turn, settings.speaker)).strip() or UNKNOWN
    told = {
        "who": CUSTOMER if speaker in settings.customer else speaker,
        "text": words(at_path(turn, settings.text)),
    }
    at = words(at_path(turn, settings.time)).strip()[:MAX_TIME_CHARACTERS] if settings.time else ""
    return told | ({"at": at} if at else {})
