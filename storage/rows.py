"""What the repositories share: the connection, rows as records, and upserts on both databases.

The statements of a turn are made once, with named values: making them takes longer than running them.
"""

from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

R = TypeVar("R")
_POSTGRES_CLOCK = sa.text("SELECT clock_timestamp()")
_SQLITE_CLOCK = sa.text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")


def columns(table: sa.FromClause, record: type[Any]) -> list[sa.ColumnElement[Any]]:
    """The columns of a table in the order of the record's fields."""
    return [table.c[each.name] for each in fields(record)]


def fit(column: sa.Column[Any], value: str) -> str:
    """The text, cut to what the column holds: PostgreSQL refuses what is longer."""
    return value[: column.type.length] if isinstance(column.type, sa.String) else value


def upsert(table: sa.Table, dialect: str) -> "PostgresInsert | SqliteInsert":
    """An INSERT that takes ON CONFLICT."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


class Repository:
    """Reads and writes the rows of one noun within the transaction of `connection`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _all(self, record: type[R], statement: sa.Executable, values: dict[str, Any] | None = None) -> list[R]:
        return [record(*row) for row in self._connection.execute(statement, values)]

    def _first(self, record: type[R], statement: sa.Executable, values: dict[str, Any] | None = None) -> R | None:
        row = self._connection.execute(statement, values).first()
        return None if row is None else record(*row)

    def _one(self, record: type[R], statement: sa.Executable, values: dict[str, Any] | None = None) -> R:
        return record(*self._connection.execute(statement, values).one())

    def _changed(self, statement: sa.Executable, values: dict[str, Any] | None = None) -> int:
        """Runs a statement that gives no rows; the number of rows that it wrote."""
        done = self._connection.execute(statement, values, execution_options={"preserve_rowcount": True})
        return done.rowcount

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name

    def _upsert(self, table: sa.Table) -> "PostgresInsert | SqliteInsert":
        return upsert(table, self._dialect)

    def _clock(self) -> datetime:
        """The present by the database's clock: leases of several machines are compared by one clock."""
        if self._dialect == "postgresql":
            found: datetime = self._connection.execute(_POSTGRES_CLOCK).scalar_one()
            return found.astimezone(UTC)
        text: str = self._connection.execute(_SQLITE_CLOCK).scalar_one()
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
