"""Can each source be reached? One request each, before anything runs; nothing is stored and no record is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cxnlp.collect.files import list_files
from cxnlp.collect.mail.mailbox import count_messages
from cxnlp.collect.mapping import MappedSource
from cxnlp.collect.sql.database import count_columns
from cxnlp.collect.web.pages import first_page
from cxnlp.collect.web.points import Point
from cxnlp.config import Pipeline
from cxnlp.environment import SecretReader
from cxnlp.errors import CxnlpError


@dataclass(frozen=True)
class Reached:
    """Whether a source answered, in one line."""

    source: str
    is_ok: bool
    told: str


def try_sources(pipeline: Pipeline, root: Path, read_secret: SecretReader) -> Iterator[Reached]:
    """Ask every source once.

    :param root: folder that the paths of files begin in.
    """
    sources: tuple[MappedSource, ...] = (*pipeline.customers, *pipeline.events, *pipeline.feedback)
    for source in sources:
        try:
            told = _try(source, root, read_secret)
        except CxnlpError as error:
            yield Reached(source.name, False, str(error).removeprefix(f"source {source.name}: "))
        else:
            yield Reached(source.name, True, told)


def _try(source: MappedSource, root: Path, read_secret: SecretReader) -> str:
    """
    :raises CxnlpError: saying what is wrong with the source.
    """
    if source.files is not None:
        return f"{len(list_files(source, root, read_secret))} files"
    if source.mail is not None:
        return f"{count_messages(source.name, source.mail, read_secret)} messages in {source.mail.folder}"
    if source.sql is not None:
        return f"{source.sql.table} has {count_columns(source.name, source.sql, read_secret)} columns"
    if source.api is None:
        return "not tried: a function of one's own"
    point = Point(source.name, source.api.cursor, source.date_format, source.time_zone, None)
    n_records = first_page(source.name, source.api, read_secret, point)
    return f"{source.api.base_url}{source.api.path} answered with {n_records} records"
