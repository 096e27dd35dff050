"""Brings the database's tables to the revision of this code, by alembic where anything is to do."""

import threading
from pathlib import Path

import sqlalchemy as sa

from storage.errors import DatabaseNewer
from storage.migrations import REVISIONS

_LOCK = 0x6C617572656C  # "laurel": the number of the advisory lock
_PATIENCE = "120s"  # how long a start waits for another's migration
_alembic = threading.Lock()  # alembic keeps its context in the module


def revision(connection: sa.Connection) -> str | None:
    """The revision that the tables are at; None for a database without them."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def check_revision(found: str | None) -> bool:
    """Whether the revision is this code's latest. Raises DatabaseNewer for one that this code does not know."""
    if found is not None and found not in REVISIONS:
        raise DatabaseNewer(f"the database is at revision {found}; this version of Laurel knows {REVISIONS[-1]}")
    return found == REVISIONS[-1]


def upgrade(engine: sa.Engine) -> None:
    """Runs the missing migrations in one transaction. Raises DatabaseNewer."""
    with engine.begin() as connection:
        # On SQLite the transaction itself is the lock: it began with the write lock.
        if check_revision(revision(connection)):
            return
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
            # Whoever had the lock before has done it.
            if check_revision(revision(connection)):
                return
        _migrate(connection)


def _migrate(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    with _alembic:
        command.upgrade(config, "head")
