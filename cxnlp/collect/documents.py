"""Files that are one record each (transcripts of calls) or one JSON document."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from cxnlp.collect.dates import ALTERNATIVES, EARLIEST, EPOCH, MICROSECOND, date_reader
from cxnlp.collect.json_cells import read_json
from cxnlp.collect.lines import Lines, is_undecodable
from cxnlp.collect.mapping import MappedSource, missing_column, wanted_columns
from cxnlp.collect.nesting import MAX_DEPTH, is_too_deep
from cxnlp.collect.paths import has_path, select
from cxnlp.collect.rows import BadCell, Fault, Row
from cxnlp.collect.surrogates import holds_surrogates, without_surrogates
from cxnlp.collect.transcripts import NotATranscript, SpokenTurn, read_cues, to_turns
from cxnlp.config import FeedbackSource

MAX_CHARACTERS = 32_000_000
LATEST = pd.Timestamp("2200-01-01", tz="UTC")
ENDING = re.compile(r"(\.[A-Za-z0-9]{1,5}){1,2}$")
Record = dict[str, object]


def read_document(lines: Lines, source: MappedSource, file_name: str) -> Iterator[Row | Fault]:
    """Records of a file that is read whole.

    Each has the columns `file` (the name without its ending) and the named groups of the source's `name_pattern`.
    A transcript also has `turns`: speaker and text of each, and its time where the name tells when the call began.
    """
    text = _whole(lines)
    if text is None:
        yield Fault(file_name, "field_too_long", f"the file is longer than {MAX_CHARACTERS:,} characters; split it")
        return
    if is_undecodable(text):
        yield Fault(file_name, "wrong_encoding", "holds bytes that the source's `encoding` does not know")
        return
    if not text.strip():
        return  # the reader of the file says so
    named = _from_name(file_name, source.name_pattern)
    if isinstance(named, Fault):
        yield named
        return
    is_json = source.format == "json"
    records = _json_records(text, file_name) if is_json else _transcript(text, source, file_name, named)
    if isinstance(records, Fault):
        yield records
    else:
        yield from _mapped(records, source, file_name, named)


def _mapped(records: list[Record], source: MappedSource, file_name: str, named: Record) -> Iterator[Row | Fault]:
    wanted = wanted_columns(source)
    whole = [{**named, **record} for record in records]
    absent = sorted(path for path in wanted.needed if not any(has_path(record, path) for record in whole))
    if whole and absent:
        yield missing_column(file_name, absent, dict.fromkeys(name for record in whole for name in record))
        return
    for number, record in enumerate(whole, start=1):
        yield select(Row(f"{file_name}:{number}", record), wanted)


def _whole(lines: Lines) -> str | None:
    """The text of a file; None where it is too long."""
    parts, length = [], 0
    for line in lines:
        length += MAX_CHARACTERS + 1 if line is None else len(line)
        if line is None or length > MAX_CHARACTERS:
            return None
        parts.append(line)
    return "".join(parts)


def _from_name(file_name: str, pattern: str | None) -> Record | Fault:
    stem = ENDING.sub("", file_name.rpartition("/")[2])
    if pattern is None:
        return {"file": stem}
    found = re.search(pattern, file_name)
    if found is None:
        return Fault(file_name, "other_name", "the file's name is not as name_pattern says; mend it, or narrow `files`")
    return {"file": stem, **found.groupdict()}


def _json_records(text: str, file_name: str) -> list[Record] | Fault:
    """The object that a document is, or those in its list."""
    try:
        found = read_json(text)
        is_deep = is_too_deep(found)
    except RecursionError:
        is_deep = True
    except ValueError:
        return Fault(file_name, "not_json", "not JSON: half-written, or one object a line (format: jsonl)?")
    if is_deep:
        return Fault(file_name, "too_deep", f"nested deeper than {MAX_DEPTH} levels")
    if holds_surrogates(text):
        found = without_surrogates(found)
    records = found if isinstance(found, list) else [found]
    if not all(isinstance(record, dict) for record in records):
        return Fault(file_name, "not_an_object", "wanted an object, or a list of objects")
    return records  # type: ignore[return-value]


def _transcript(text: str, source: MappedSource, file_name: str, named: Record) -> list[Record] | Fault:
    try:
        turns = to_turns(read_cues(text, source.format or ""))
    except NotATranscript as error:
        return Fault(file_name, "not_a_transcript", str(error))
    began = _began(source, named)
    told = [{"speaker": turn.speaker, "text": turn.text, **_time(turn, began, source)} for turn in turns]
    return [{"turns": told}]


def _began(source: MappedSource, named: Record) -> datetime | None:
    """When the call began, as its file's name says; None where it does not."""
    column = source.columns.created_at if isinstance(source, FeedbackSource) else None
    try:
        at = date_reader(source.date_format, source.time_zone, EARLIEST, LATEST)(named.get(column or ""))
    except BadCell:
        return None
    return None if at is None else EPOCH + at * MICROSECOND


def _time(turn: SpokenTurn, began: datetime | None, source: MappedSource) -> dict[str, str]:
    """The time of a turn, written as the source writes its times."""
    if began is None:
        return {}
    moment = (began + timedelta(seconds=turn.seconds)).astimezone(ZoneInfo(source.time_zone))
    pattern = source.date_format.split(ALTERNATIVES)[0].strip()
    if pattern == "iso":
        return {"time": moment.isoformat()}
    seconds = moment.timestamp()
    numbers = {"unix": str(seconds), "unix_ms": str(seconds * 1000)}
    return {"time": numbers.get(pattern) or moment.strftime(pattern)}
