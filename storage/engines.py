"""SQLAlchemy's engine for each of the two databases."""

import sqlite3
import time
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url

from storage.errors import StorageError

# Dates and objects are refused: they would come back as something else than was put in.
_PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_CONNECT_SECONDS = 5
_STRAY_CONNECTIONS = 2  # beside the threads': what a test or a command does on a thread of its own
_RETRY_SECONDS = 0.02


def _dumps(value: Any) -> str:
    return orjson.dumps(value, option=_PLAIN).decode()


def make_engine(url: str, *, threads: int, busy_timeout: float) -> sa.Engine:
    """An engine for "sqlite:///path" or "postgresql://…". `busy_timeout`: seconds to wait for somebody's lock."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(parsed, busy_timeout)
    if backend == "postgresql":
        return _postgresql(parsed, threads, busy_timeout)
    raise StorageError(f"the database has to be SQLite or PostgreSQL, not {backend}")


def _sqlite(url: URL, busy_timeout: float) -> sa.Engine:
    if url.database in {None, "", ":memory:"}:
        raise StorageError("SQLite needs a file: sqlite:///path")
    path = Path(str(url.database))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it holds personal data; SQLite gives its side files the same rights
    engine = sa.create_engine(
        url, json_serializer=_dumps, json_deserializer=orjson.loads, connect_args={"timeout": busy_timeout}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver begins no transactions by itself: they are begun below, and SQLAlchemy commits them.
        connection.isolation_level = None
        _write_ahead(connection, busy_timeout)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # Taken at once, the write lock is waited for; a reader that wants to write later would fail without waiting.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _write_ahead(connection: sqlite3.Connection, busy_timeout: float) -> None:
    """Switches to the write-ahead log. SQLite does not wait for locks here, so two first starts at once have to."""
    until = time.monotonic() + busy_timeout
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(_RETRY_SECONDS)


def _postgresql(url: URL, threads: int, busy_timeout: float) -> sa.Engine:
    given = url.query.get("options", "")
    options = given if isinstance(given, str) else " ".join(given)
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        pool_size=threads,
        max_overflow=_STRAY_CONNECTIONS,
        use_native_hstore=False,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "options": f"{options} -c timezone=UTC -c lock_timeout={int(busy_timeout * 1000)}".strip(),
        },
    )
