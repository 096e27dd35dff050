"""The drivers' errors as those of `storage.errors`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from storage.errors import Conflict, DatabaseBusy, DatabaseUnreachable, StorageError

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNREADABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_PRIMARY = 0xFF  # an extended code of SQLite holds the plain one in its lowest byte
_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock
_LOCKED = {"55P03", "57014"}  # lock not available, cancelled by a timeout
_AWAY = {"53300", "57P01", "57P02", "57P03"}  # too many connections, shutting down, crashed, starting up
_ADDRESS = ("08", "28", "3D")  # classes: connection, authorization, no such database


@contextmanager
def explained() -> Iterator[None]:
    """Raises what goes wrong within as an error of `storage.errors`, where it is one."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        known = explain(error)
        if known is None:
            raise
        raise known from error


def explain(error: exc.SQLAlchemyError) -> StorageError | None:
    """What a caller can act on; None for a mistake of ours, which is best seen as it is."""
    if isinstance(error, exc.TimeoutError):
        return DatabaseBusy(str(error))
    if not isinstance(error, exc.DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite(error.orig)
    return _postgresql(error)


def _sqlite(error: sqlite3.Error) -> StorageError | None:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code in _BUSY:
        return DatabaseBusy(str(error))
    return DatabaseUnreachable(str(error)) if code in _UNREADABLE else None


def _postgresql(error: exc.DBAPIError) -> StorageError | None:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        lost = isinstance(error, exc.OperationalError) or error.connection_invalidated
        return DatabaseUnreachable(str(error.orig)) if lost else None
    if state in _AGAIN:
        return Conflict(str(error.orig))
    if state in _LOCKED:
        return DatabaseBusy(str(error.orig))
    return DatabaseUnreachable(str(error.orig)) if state in _AWAY or state.startswith(_ADDRESS) else None
