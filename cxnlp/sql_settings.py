"""Settings of a source that is a table or view of a database, read through SQLAlchemy."""

from pydantic import Field, model_validator

from cxnlp.strict import Strict
from cxnlp.web_settings import Cursor, Secret


class Sql(Strict):
    """A table or view; it is only read. The password is a secret by name, so no URL stands in the pipeline file."""

    driver: str = Field(
        pattern=r"^[a-z][a-z0-9]*(\+[a-z0-9_]+)?$",
        description="SQLAlchemy's name of it: postgresql+psycopg, mysql+pymysql, mssql+pyodbc, sqlite.",
    )
    database: str = Field(description="Its name; for sqlite the path of its file.")
    host: str | None = Field(default=None, pattern=r"^[A-Za-z0-9.\-:]+$")
    port: int | None = Field(
        default=None, gt=0, lt=65_536, description="Where it is given, the server may have a private address."
    )
    username: Secret | None = None
    password: Secret | None = None
    options: dict[str, str] = Field(default={}, description="Of the driver, say sslmode: verify-full; never a secret.")
    db_schema: str | None = Field(default=None, description="Schema of the table, where it is not the usual one.")
    table: str = Field(description="Table or view.")
    key: str = Field(description="Column that names a row; rows of one time are ordered by it.")
    cursor: Cursor | None = Field(
        default=None, description="from_records names a column that grows with changes. Without one all rows are read."
    )
    rows_at_once: int = Field(default=5_000, gt=0)
    attempts: int = Field(default=3, ge=1, description="Connections in one pull.")
    backoff_seconds: float = Field(default=1.0, ge=0, description="Wait before the second attempt; it doubles.")
    timeout_seconds: int = Field(default=30, gt=0, description="To connect.")

    @model_validator(mode="after")
    def _has_a_host(self) -> "Sql":
        if (self.host is None) != self.driver.startswith("sqlite"):
            raise ValueError("wanted a host, except for sqlite, whose database is a file")
        return self

    @model_validator(mode="after")
    def _cursor_is_a_column(self) -> "Sql":
        if self.cursor is not None and self.cursor.from_records is None:
            raise ValueError("cursor.from_records names the column")
        return self
