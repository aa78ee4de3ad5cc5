"""Which columns a source maps, and the account of it that hashes take in."""

from collections.abc import Iterable, Mapping

from cxnlp.collect.rows import Fault, Wanted
from cxnlp.config import PLACES, CustomerSource, EventSource, FeedbackSource
from cxnlp.errors import nearest

MappedSource = FeedbackSource | EventSource | CustomerSource


def mapping_of(source: MappedSource) -> str:
    """The source's settings as JSON: all that decides how a record is read, but not where it comes from.

    Those left at their defaults are left out, because a later version has more of them.
    """
    return source.model_dump_json(exclude=set(PLACES), exclude_defaults=True)


def text_columns(source: FeedbackSource) -> tuple[str, ...]:
    """Columns of the words, in the order they are joined; none where turns hold them."""
    text = source.columns.text
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else text


def wanted_columns(source: MappedSource) -> Wanted:
    """Every column that the source maps."""
    columns = source.columns
    if isinstance(source, FeedbackSource):
        words = (*text_columns(source), *((source.turns.path,) if source.turns else ()))
        turns, deleted = source.turns, source.deleted
        flags = (deleted.column if deleted else None, *((turns.first, turns.first_speaker) if turns else ()))
        needed = (source.columns.source_id, source.columns.created_at, *words[:1])
        others = (*words, *(flag for flag in flags if flag), *source.segments.values())
    elif isinstance(source, EventSource):
        needed = (source.columns.event_id, source.columns.at, source.columns.kind)
        others = source.attributes
    else:
        needed = (source.columns.customer_id,)
        others = tuple(source.segments.values())
    named = [value for value in dict(columns).values() if isinstance(value, str)]
    return Wanted(tuple(dict.fromkeys((*named, *others))), frozenset(name for name in needed if name))


def hashed_columns(source: MappedSource) -> tuple[str, ...]:
    """Columns that the raw hash takes in: all but the customer's id.

    A hash without a key over an id and little else would give the id away to whoever tries all ids; the keyed
    hash takes its place.
    """
    return tuple(path for path in wanted_columns(source).paths if path != source.columns.customer_id)


def missing_column(file_name: str, absent: Iterable[str], known: Iterable[str]) -> Fault:
    """The file's fault where mapped columns are not in it.

    Only a column that is like a wanted one is named: the first line of a file without a header is a record.
    """
    names = [name for name in known if name]
    told = "; ".join(f"no column {column!r}, {_remedy(column, names)}" for column in absent)
    return Fault(file_name, "missing_column", told)


def _remedy(column: str, known: list[str]) -> str:
    told = nearest(column, known)
    return told if told.startswith("did you mean") else f"and none of its {len(known)} columns is like it"


def column_places(header: list[str], wanted: Wanted, file_name: str) -> Mapping[str, int] | Fault:
    """Where each mapped column stands in a header.

    :returns: column -> index; a fault where one is missing or stands there twice.
    """
    names = [name.strip() for name in header]
    absent = [column for column in wanted.paths if column not in names]
    if absent:
        return missing_column(file_name, absent, names)
    twice = [column for column in wanted.paths if names.count(column) > 1]
    if twice:
        return Fault(file_name, "repeated_column", f"column {twice[0]!r} stands in the header twice; rename one")
    return {column: names.index(column) for column in wanted.paths}
