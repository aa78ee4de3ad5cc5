"""Questions in SQL to the marts database, from a connection that can do nothing but read it.

A read-only connection alone is no sandbox: DuckDB would still read and write other files. So files, extensions and
Python variables are switched off, memory and threads are bounded, and the settings are then locked for good.
"""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cxnlp.errors import QueryError, nearest

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "memory_limit": "1GB",
    "threads": "2",
    "temp_directory": "",
    "lock_configuration": "true",
}
READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
MISSING_NAME = re.compile(
    r'(?:with name |column )"?(?P<name>[^\s"]+)"? (?:does not exist|not found)|named "(?P<own>[^"]+)"'
)
QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


@dataclass(frozen=True)
class QueryResult:
    """Rows of an answer, with the names and types of its columns."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    is_cut: bool


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the marts database for reading: no other file, no extension, no change of settings.

    :raises QueryError: where the file is missing or is no database.
    """
    if not path.is_file():
        raise QueryError(f"{path}: no marts database here; `cxnlp run PIPELINE` makes it")
    try:
        return duckdb.connect(path, read_only=True, config=dict(SETTINGS))
    except duckdb.Error as error:
        told = " ".join(str(error).split())[:200]
        raise QueryError(f"{path}: cannot be opened: {told}; run the night again to build it anew") from error


def run_query(path: Path, sql: str, seconds: float = 30, max_rows: int = 10_000) -> QueryResult:
    """Answer one question.

    :param sql: a single statement that reads.
    :param seconds: after so long the query is stopped.
    :param max_rows: rows beyond this many are left off, and the result says so.
    :raises QueryError: where the statement is refused, wrong or too long; told in one line.
    """
    with connect(path) as connection:
        _check_statement(connection, sql)
        timer = threading.Timer(seconds, connection.interrupt)
        timer.start()
        try:
            answer = connection.execute(sql)
            rows = answer.fetchmany(max_rows + 1)
        except duckdb.InterruptException as error:
            raise QueryError(f"query: stopped after {seconds:g} s; ask for less, or add a WHERE or LIMIT") from error
        except duckdb.Error as error:
            raise QueryError(f"query: {_told(connection, error)}") from error
        finally:
            timer.cancel()
            timer.join()
        described = answer.description or []
    return QueryResult(
        tuple(str(column[0]) for column in described),
        tuple(str(column[1]) for column in described),
        tuple(tuple(row) for row in rows[:max_rows]),
        len(rows) > max_rows,
    )


def _check_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Let one reading statement through; the engine's own locks stand behind this check."""
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(f"query: {_told(connection, error)}") from error
    if len(statements) != 1:
        raise QueryError(f"query: one statement at a time; found {len(statements)}")
    kind = statements[0].type
    if kind not in READING:
        raise QueryError(f"query: {kind.name} is refused; the marts are for reading: SELECT, DESCRIBE, SHOW, EXPLAIN")


def _told(connection: duckdb.DuckDBPyConnection, error: duckdb.Error) -> str:
    """DuckDB's message in one line, with the likeliest name meant and without values of the tables."""
    message = str(error).strip()
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"needs more than {SETTINGS['memory_limit']} of memory; ask for less, or add a WHERE or LIMIT"
    if isinstance(error, duckdb.PermissionException):
        return "files, extensions and settings are out of reach from here; ask the tables (SHOW TABLES lists them)"
    first = message.splitlines()[0] if message else type(error).__name__
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return first + _remedy(connection, message)
    if isinstance(error, duckdb.ParserException):
        return first + _quoting_hint(message)
    return QUOTED.sub("(a value)", first)


def _remedy(connection: duckdb.DuckDBPyConnection, message: str) -> str:
    found = MISSING_NAME.search(message)
    if not found:
        return ""
    name, first = (found.group("own") or found.group("name")).split(".")[-1], message.splitlines()[0]
    if "column" in first:
        return f" {nearest(name, _known_columns(connection))}"
    return f" {nearest(name, _known_relations(connection))}" if "Table" in first else ""


def _known_relations(connection: duckdb.DuckDBPyConnection) -> Sequence[str]:
    rows = connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
    return [name for (name,) in rows]


def _known_columns(connection: duckdb.DuckDBPyConnection) -> Sequence[str]:
    rows = connection.execute("SELECT DISTINCT column_name FROM information_schema.columns").fetchall()
    return [name for (name,) in rows]


def _quoting_hint(message: str) -> str:
    """`at` is a word of DuckDB's SQL, and a column of ours."""
    line = next((line for line in message.splitlines() if line.startswith("LINE")), "")
    has_bare_at = re.search(r'(?<![."\w])at(?!["\w])', line, re.IGNORECASE)
    return '; the column "at" is written in quotes, or as e.at' if has_bare_at else ""
