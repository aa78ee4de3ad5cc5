"""Rows of a table that changed since the cursor, by dlt's sql_database on SQLAlchemy; nothing is landed."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cxnlp.collect.sql.engine import open_engine
from cxnlp.collect.surrogates import holds_surrogates, without_surrogates
from cxnlp.collect.web.pages import Page, Record
from cxnlp.collect.web.points import Point
from cxnlp.environment import SecretReader
from cxnlp.errors import SourceError, nearest
from cxnlp.sql_settings import Sql

if TYPE_CHECKING:
    from sqlalchemy import Engine, Select, Table

Adapter = Callable[["Select[tuple[object, ...]]", "Table"], "Select[tuple[object, ...]]"]


def read_table(source_name: str, sql: Sql, read_secret: SecretReader, point: Point) -> Iterator[Page]:
    """Rows in the order of the cursor's column, those without one (null) first.

    :raises SourceError: where the database cannot be reached, or has no such table or column.
    :raises ConfigError: where a secret is missing, naming it.
    """
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    for attempt in range(1, sql.attempts + 1):
        try:
            yield from _pages(source_name, sql, read_secret, point)
            return
        except DBAPIError as error:
            if attempt == sql.attempts or not _may_pass(error):
                raise _told(source_name, sql, error) from None
            time.sleep(sql.backoff_seconds * 2 ** (attempt - 1))
        except SQLAlchemyError as error:
            raise _told(source_name, sql, error) from None


def count_columns(source_name: str, sql: Sql, read_secret: SecretReader) -> int:
    """Columns of the table, to see whether the database answers.

    :raises SourceError: where it does not, or has no such table.
    """
    from sqlalchemy import inspect
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with open_engine(source_name, sql, read_secret) as engine:
            return len(inspect(engine).get_columns(sql.table, sql.db_schema))
    except SQLAlchemyError as error:
        raise _told(source_name, sql, error) from None


def _pages(source_name: str, sql: Sql, read_secret: SecretReader, point: Point) -> Iterator[Page]:
    with open_engine(source_name, sql, read_secret) as engine:
        may_go_on = sql.cursor is not None
        for rows in _chunks(source_name, sql, engine, point):
            records = [{name: _plain(value) for name, value in row.items()} for row in rows]
            point.move({}, records)
            yield Page(records, point.value if may_go_on else None)
        yield Page([], point.value)


def _chunks(source_name: str, sql: Sql, engine: "Engine", point: Point) -> Iterator[list[Record]]:
    """Rows as dlt reads them, some at a time."""
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
    from dlt.sources.sql_database.helpers import TableLoader
    from sqlalchemy import MetaData, Table

    table = Table(sql.table, MetaData(), schema=sql.db_schema, autoload_with=engine)
    _refuse_missing(source_name, sql, [column.name for column in table.columns])
    loader = TableLoader(
        engine,
        backend="sqlalchemy",
        table=table,
        columns={},
        chunk_size=sql.rows_at_once,
        query_adapter_callback=_adapter(sql, point),
    )
    yield from loader.load_rows()


def _refuse_missing(source_name: str, sql: Sql, known: list[str]) -> None:
    """
    :raises SourceError: where the table lacks the key or the cursor's column.
    """
    wanted = [sql.key, *([sql.cursor.from_records] if sql.cursor and sql.cursor.from_records else [])]
    for column in wanted:
        if column not in known:
            raise SourceError(
                f"source {source_name}: missing_column: {sql.table} has no {column!r}; {nearest(column, known)}"
            )


def _adapter(sql: Sql, point: Point) -> Adapter:
    """What makes dlt's query ask for changed rows only, in their order."""

    def adapt(select: "Select[tuple[object, ...]]", table: "Table") -> "Select[tuple[object, ...]]":
        if sql.cursor is None or sql.cursor.from_records is None:
            return select.order_by(table.c[sql.key])
        column = table.c[sql.cursor.from_records]
        begin = _begin(column.type.python_type, sql.cursor.format == "number", point)
        return select.where((column >= begin) | column.is_(None)).order_by(
            column.is_not(None), column, table.c[sql.key]
        )

    return adapt


def _begin(kind: type, is_number: bool, point: Point) -> object:
    """Where the pull begins, in the type of the cursor's column; a time without a zone is one of the source's."""
    begin = point.begin()
    if is_number:
        return int(begin)
    moment = datetime.fromisoformat(str(begin))
    if issubclass(kind, datetime):
        return moment.astimezone(ZoneInfo(point.time_zone)).replace(tzinfo=None)
    return moment.date() if issubclass(kind, date) else str(begin)


def _plain(value: object) -> object:
    """A value as JSON could hold it: times in ISO, decimals as numbers in words."""
    if isinstance(value, str):
        return without_surrogates(value) if holds_surrogates(value) else value.replace("\0", "\ufffd")
    if value is None or isinstance(value, bool | int | float | dict | list):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def _may_pass(error: Exception) -> bool:
    """Whether the connection is at fault, not the question."""
    from sqlalchemy.exc import DBAPIError, OperationalError

    return isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def _told(source_name: str, sql: Sql, error: Exception) -> SourceError:
    """The fault without the driver's words, which may quote rows or the address with its user."""
    where = f"{sql.host}/{sql.database}" if sql.host else sql.database
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    kind = type(error).__name__ + (f" {code}" if code else "")
    return SourceError(
        f"source {source_name}: {where}: table {sql.table} cannot be read ({kind}); are host, user, password and table "
        "right, and may the user read it?"
    )
