"""Backups of the whole database: one file, consistent while the server goes on."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from storage.engines import make_engine
from storage.errors import BackupRefused, DatabaseBusy, DatabaseUnreachable
from storage.failures import explained
from storage.models import metadata
from storage.schema import check_revision, upgrade

_BUSY_SECONDS = 30.0
_RESTORE_OPTIONS = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")


def make_backup(url: str, path: Path) -> None:
    """Writes a backup to a new file: a SQLite database, or PostgreSQL's custom dump format.

    Raises BackupRefused where the file exists already or PostgreSQL's tools are missing or fail.
    """
    if path.exists():
        raise BackupRefused(f"{path} exists already; name another file")
    parsed = make_url(url)
    half = path.with_name(f"{path.name}.part")
    try:
        half.touch(mode=0o600)  # it holds personal data
        if parsed.get_backend_name() == "sqlite":
            _copy_out(parsed, half)
        else:
            _run("pg_dump", parsed, "--format=custom", "--no-owner", "--file", str(half))
        half.rename(path)
    except OSError as error:
        raise BackupRefused(f"cannot write {path}: {error.strerror}") from error
    finally:
        half.unlink(missing_ok=True)


def restore_backup(url: str, path: Path, *, force: bool = False) -> None:
    """Puts a backup in the place of the database, then brings its tables up to date. Stop the server before.

    Raises BackupRefused for a file that is no backup of this kind of database, and for a database that holds rows
    unless `force`; DatabaseNewer for a backup of a newer version.
    """
    if not path.is_file():
        raise BackupRefused(f"there is no file {path}")
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    check_revision(_revision_of_file(path) if sqlite else _revision_of_dump(parsed, path))
    engine = make_engine(url, threads=1, busy_timeout=_BUSY_SECONDS)
    try:
        with explained():
            if not force and _holds_rows(engine):
                raise BackupRefused("the database is not empty; --force replaces all that is in it")
        if sqlite:
            _copy_in(path, parsed)
        else:
            engine.dispose()
            _run("pg_restore", parsed, *_RESTORE_OPTIONS, "--dbname", _name(parsed), str(path))
        with explained():
            upgrade(engine)
    finally:
        engine.dispose()


def _holds_rows(engine: sa.Engine) -> bool:
    with engine.begin() as connection:
        present = set(sa.inspect(connection).get_table_names())
        tables = [table for table in metadata.sorted_tables if table.name in present]
        return any(connection.scalar(sa.select(sa.exists().select_from(table))) for table in tables)


@contextmanager
def _sqlite(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    """The file, opened without making it. Raises DatabaseBusy or DatabaseUnreachable."""
    try:
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as connection:
            yield connection
    except sqlite3.OperationalError as error:
        busy = error.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
        raise (DatabaseBusy if busy else DatabaseUnreachable)(f"{path}: {error}") from error


def _file(url: URL) -> Path:
    return Path(str(url.database))


def _copy_out(url: URL, path: Path) -> None:
    with _sqlite(_file(url), "ro") as source, _sqlite(path, "rw") as target:
        source.backup(target)
        # One file by itself, that can be read where nothing can be written.
        target.execute("PRAGMA journal_mode = DELETE")


def _copy_in(path: Path, url: URL) -> None:
    with _sqlite(path, "ro") as source, _sqlite(_file(url), "rw") as target:
        source.backup(target)


def _revision_of_file(path: Path) -> str:
    try:
        with _sqlite(path, "ro") as connection:
            sound = connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.DatabaseError, DatabaseUnreachable) as error:
        raise BackupRefused(f"{path} is not a backup of Laurel's SQLite database: {error}") from error
    if not sound or found is None:
        raise BackupRefused(f"{path} is damaged")
    return str(found[0])


def _revision_of_dump(url: URL, path: Path) -> str:
    try:
        text = _run("pg_restore", url, "--data-only", "--table=alembic_version", "--file=-", str(path))
    except BackupRefused as error:
        raise BackupRefused(f"{path} is not a backup of Laurel's PostgreSQL database: {error}") from error
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith("COPY ")), None)
    if start is None:
        raise BackupRefused(f"{path} is not a backup of Laurel's PostgreSQL database")
    return lines[start + 1]


def _name(url: URL) -> str:
    return url.database or url.username or "postgres"


def _run(tool: str, url: URL, *arguments: str) -> str:
    """Runs one of PostgreSQL's tools; the address goes by the environment, where other users cannot read it."""
    found = shutil.which(tool)
    if found is None:
        raise BackupRefused(f"{tool} is missing: install PostgreSQL's client tools")
    address = {"PGHOST": url.host, "PGPORT": url.port and str(url.port), "PGUSER": url.username}
    address |= {"PGPASSWORD": url.password and str(url.password), "PGDATABASE": _name(url)}
    environment = {**os.environ, **{name: value for name, value in address.items() if value}}
    done = subprocess.run(  # noqa: S603 - a fixed tool, and arguments that go through no shell
        [found, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupRefused(f"{tool} says: {done.stderr.strip()}")
    return done.stdout
