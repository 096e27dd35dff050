"""The database: opened once, used by transactions."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa

from storage.engines import make_engine
from storage.errors import Conflict
from storage.failures import explained
from storage.schema import upgrade
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")
BUSY_SECONDS = 5.0
_TRIES = 3


class Storage:
    """Runs work in transactions, each on one connection.

    All methods raise DatabaseBusy, DatabaseUnreachable or DatabaseNewer where the database does not take part; what the
    work raises goes through as it is.
    """

    def __init__(self, engine: sa.Engine, threads: int) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(threads, "storage")

    @classmethod
    def open(cls, url: str, *, threads: int = 4, busy_timeout: float = BUSY_SECONDS) -> "Storage":
        """The database at a URL, without connecting yet: "sqlite:///path" or "postgresql://user@host/name".

        SQLite has one thread, since it has one writer; PostgreSQL has `threads` of them. `busy_timeout` is how many
        seconds a transaction waits for another's lock before it is DatabaseBusy.
        """
        engine = make_engine(url, threads=threads, busy_timeout=busy_timeout)
        return cls(engine, 1 if engine.dialect.name == "sqlite" else threads)

    @property
    def dialect(self) -> str:
        """The kind of database, "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    def upgrade(self) -> None:
        """Brings the tables to what this code needs. Quick where there is nothing to do. Raises DatabaseNewer."""
        with explained():
            upgrade(self._engine)

    def run_sync(self, work: Callable[[UnitOfWork], T]) -> T:
        """Runs work in a transaction: committed on return, rolled back on raise.

        Work that met another transaction's simultaneous write (Conflict, a deadlock) is undone and run again, so it has
        to keep its effects to the unit of work.
        """
        for _ in range(_TRIES - 1):
            try:
                return self._run_once(work)
            except Conflict:
                continue
        return self._run_once(work)

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """The same as `run_sync`, on a storage thread."""
        context: Callable[..., T] = contextvars.copy_context().run
        return await asyncio.get_running_loop().run_in_executor(self._threads, context, self.run_sync, work)

    def close(self) -> None:
        """Waits for running work and lets go of all connections."""
        self._threads.shutdown()
        self._engine.dispose()

    def _run_once(self, work: Callable[[UnitOfWork], T]) -> T:
        with explained(), self._engine.begin() as connection:
            return work(UnitOfWork(connection))
