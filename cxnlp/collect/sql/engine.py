"""A database's engine: to the named host at the address of one look-up, for reading only."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cxnlp.collect.web.hosts import Hosts, Origin
from cxnlp.environment import SecretReader
from cxnlp.errors import SourceError
from cxnlp.sql_settings import Sql

if TYPE_CHECKING:
    from sqlalchemy import Engine

DEFAULT_PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}


@contextmanager
def open_engine(source_name: str, sql: Sql, read_secret: SecretReader) -> Iterator["Engine"]:
    """An engine of one connection, closed at the end.

    :raises SourceError: where the driver is not installed or the host is refused.
    :raises ConfigError: where a secret is missing, naming it.
    """
    from sqlalchemy import URL, create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    url = URL.create(
        sql.driver,
        username=read_secret(sql.username) if sql.username else None,
        password=read_secret(sql.password) if sql.password else None,
        host=sql.host,
        port=sql.port,
        database=sql.database,
        query=sql.options,
    )
    try:
        engine = create_engine(url, pool_size=1, max_overflow=0, connect_args=_arguments(source_name, sql))
    except (ModuleNotFoundError, NoSuchModuleError, ArgumentError):
        raise SourceError(
            f"source {source_name}: no driver {sql.driver!r}; install its package (postgresql+psycopg: psycopg[binary])"
        ) from None
    try:
        yield engine
    finally:
        engine.dispose()


def _arguments(source_name: str, sql: Sql) -> dict[str, object]:
    """Arguments of the driver: read only, within a time, and the address that the host was found to stand for.

    :raises SourceError: where the host is refused, or the file of sqlite is not there.
    """
    if sql.host is None:
        if not Path(sql.database).is_file():
            raise SourceError(f"source {source_name}: no file {sql.database}; sqlite would make an empty one")
        return {}
    kind = sql.driver.partition("+")[0]
    hosts = Hosts(source_name, frozenset({(sql.host.lower(), sql.port)}))
    try:
        address = hosts.address(Origin("https", sql.host.lower(), sql.port or DEFAULT_PORTS.get(kind, 1)))
    except OSError:
        raise SourceError(f"source {source_name}: no host {sql.host}; is the name right?") from None
    if sql.driver in ("postgresql+psycopg", "postgresql+psycopg2", "postgresql"):
        read_only = "-c default_transaction_read_only=on"
        return {"hostaddr": address, "connect_timeout": sql.timeout_seconds, "options": read_only}
    return {"connect_timeout": sql.timeout_seconds} if kind in ("mysql", "mariadb") else {}
