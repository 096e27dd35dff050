"""`laurel db`, run as the command line runs it."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from bot.cli.db import db
from storage.database import Storage
from storage.files import LocalFiles
from storage.migrations import REVISIONS
from storage.unit_of_work import UnitOfWork
from tests.integration.storage.samples import NOW, person


@pytest.fixture
def laurel_db(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    for name in ("PGHOST", "PGUSER", "PGPASSWORD", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    return CliRunner()


@pytest.fixture
def kept_url(storage_url: str) -> str:
    """The address of a database that can be backed up here."""
    if storage_url.startswith("postgresql") and not (shutil.which("pg_dump") and shutil.which("pg_restore")):
        reason = "PostgreSQL's client tools are missing"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return storage_url


def call(runner: CliRunner, url: str, *arguments: str) -> Result:
    return runner.invoke(db, arguments, env={"LAUREL_DATABASE_URL": url})


def names(url: str) -> list[str]:
    storage = Storage.open(url)
    with storage._engine.begin() as connection:
        found = list(connection.scalars(sa.text("SELECT name FROM persons ORDER BY id")))
    storage.close()
    return found


def write(url: str, name: str) -> None:
    storage = Storage.open(url)
    storage.upgrade()
    storage.run_sync(lambda uow: person(uow, name))
    storage.close()


def set_revision(url: str, revision: str) -> None:
    storage = Storage.open(url)
    with storage._engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
    storage.close()


def test_upgrade_makes_the_tables(laurel_db: CliRunner, blank_url: str) -> None:
    done = call(laurel_db, blank_url, "upgrade")
    assert (done.exit_code, done.output) == (0, "The database is up to date.\n")
    assert names(blank_url) == []


def test_backup_and_restore(laurel_db: CliRunner, kept_url: str, tmp_path: Path) -> None:
    write(kept_url, "anna")
    path = tmp_path / "backup"
    done = call(laurel_db, kept_url, "backup", str(path))
    assert (done.exit_code, done.output) == (0, f"Written to {path}.\n")
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith("backup")) == ["backup"]
    write(kept_url, "bert")
    refused = call(laurel_db, kept_url, "restore", str(path))
    expected = "laurel db: the database is not empty; --force replaces all that is in it.\n"
    assert (refused.exit_code, refused.output) == (1, expected)
    assert names(kept_url) == ["anna", "bert"]
    done = call(laurel_db, kept_url, "restore", "--force", str(path))
    assert (done.exit_code, done.output) == (0, f"Restored from {path}.\n")
    assert names(kept_url) == ["anna"]
    write(kept_url, "carl")
    assert names(kept_url) == ["anna", "carl"]


def test_restore_into_a_new_database(
    laurel_db: CliRunner, kept_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    write(kept_url, "anna")
    path = tmp_path / "backup"
    call(laurel_db, kept_url, "backup", str(path))
    sqlite = kept_url.startswith("sqlite")
    new = f"sqlite:///{tmp_path}/new/laurel.db" if sqlite else request.getfixturevalue("postgres_url")
    assert call(laurel_db, new, "restore", str(path)).exit_code == 0
    assert names(new) == ["anna"]


def test_restore_of_a_newer_backup_is_refused(laurel_db: CliRunner, kept_url: str, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    set_revision(kept_url, "9999")
    call(laurel_db, kept_url, "backup", str(path))
    set_revision(kept_url, REVISIONS[-1])
    refused = call(laurel_db, kept_url, "restore", str(path))
    assert refused.exit_code == 1
    assert refused.output.startswith("laurel db: this was written by a newer version of Laurel; install that version (")


def test_restore_of_something_else_is_refused(laurel_db: CliRunner, kept_url: str, tmp_path: Path) -> None:
    write(kept_url, "anna")
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader", encoding="utf-8")
    refused = call(laurel_db, kept_url, "restore", "--force", str(path))
    kind = "SQLite" if kept_url.startswith("sqlite") else "PostgreSQL"
    assert refused.exit_code == 1
    assert refused.output.startswith(f"laurel db: {path} is not a backup of Laurel's {kind} database")
    assert names(kept_url) == ["anna"]


def test_restore_of_a_missing_file_is_refused(laurel_db: CliRunner, sqlite_url: str, tmp_path: Path) -> None:
    refused = call(laurel_db, sqlite_url, "restore", str(tmp_path / "none"))
    assert (refused.exit_code, refused.output) == (1, f"laurel db: there is no file {tmp_path / 'none'}.\n")


def test_restore_of_a_damaged_backup_is_refused(laurel_db: CliRunner, sqlite_url: str, tmp_path: Path) -> None:
    write(sqlite_url, "anna")
    path = tmp_path / "backup"
    call(laurel_db, sqlite_url, "backup", str(path))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused = call(laurel_db, sqlite_url, "restore", "--force", str(path))
    assert refused.exit_code == 1
    assert names(sqlite_url) == ["anna"]


def test_backup_over_an_existing_file_is_refused(laurel_db: CliRunner, sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("precious", encoding="utf-8")
    refused = call(laurel_db, sqlite_url, "backup", str(path))
    assert (refused.exit_code, path.read_text("utf-8")) == (1, "precious")


def test_backup_into_a_missing_folder_is_refused(laurel_db: CliRunner, sqlite_url: str, tmp_path: Path) -> None:
    refused = call(laurel_db, sqlite_url, "backup", str(tmp_path / "none" / "backup"))
    assert refused.exit_code == 1
    assert refused.output.startswith("laurel db: cannot write ")


def test_backup_of_no_database_is_refused(laurel_db: CliRunner, tmp_path: Path) -> None:
    refused = call(laurel_db, f"sqlite:///{tmp_path}/none.db", "backup", str(tmp_path / "backup"))
    assert refused.exit_code == 1
    assert refused.output.startswith("laurel db: the database cannot be opened (")
    assert sorted(each.name for each in tmp_path.iterdir()) == []


def test_backup_is_consistent_while_somebody_writes(laurel_db: CliRunner, sqlite_url: str, tmp_path: Path) -> None:
    write(sqlite_url, "anna")
    storage = Storage.open(sqlite_url)
    with storage._engine.begin() as connection:
        connection.execute(sa.text("UPDATE persons SET name = 'half'"))
        done = call(laurel_db, sqlite_url, "backup", str(tmp_path / "backup"))
    storage.close()
    assert done.exit_code == 0
    copy = sqlite3.connect(tmp_path / "backup")
    assert copy.execute("SELECT name FROM persons").fetchall() == [("anna",)]
    copy.close()


def test_backup_without_the_client_tools_is_refused(
    laurel_db: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    refused = call(laurel_db, "postgresql://nobody@127.0.0.1:1/none", "backup", str(tmp_path / "backup"))
    assert refused.output == "laurel db: pg_dump is missing: install PostgreSQL's client tools.\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == []


def test_wrong_settings_are_named(laurel_db: CliRunner) -> None:
    refused = laurel_db.invoke(db, ["upgrade"], env={"LAUREL_PORT": "many"})
    assert refused.exit_code == 1
    assert refused.output.startswith("laurel db: LAUREL_PORT: ")


def note_files(uow: UnitOfWork, keys: list[str]) -> None:
    anna = person(uow, "anna").id
    for key in [*keys, *keys]:
        uow.files.add(anna, key=key, name="x.txt", kind="txt", size=3, now=NOW)


def put_file(folder: Path, content: bytes) -> str:
    upload = LocalFiles(folder).open_upload()
    upload.write(content)
    return upload.commit().key


def test_backup_and_restore_with_files(laurel_db: CliRunner, sqlite_url: str, tmp_path: Path) -> None:
    path, kept = tmp_path / "backup", tmp_path / "var" / "files"
    keys = [put_file(kept, content) for content in (b"one", b"two")]
    done = call(laurel_db, sqlite_url, "backup", str(path))
    assert (done.exit_code, done.output) == (0, f"Written to {path}.\nFiles: 2, in {path}.files.\n")
    shutil.rmtree(kept)
    third = put_file(kept, b"three")
    done = call(laurel_db, sqlite_url, "restore", "--force", str(path))
    assert (done.exit_code, done.output) == (0, f"Restored from {path}.\nFiles: 2.\n")
    assert sorted(LocalFiles(kept).keys()) == sorted([*keys, third])
    assert LocalFiles(kept).path(keys[0]).read_bytes() == b"one"


def test_restore_names_a_damaged_file_and_brings_back_the_others(
    laurel_db: CliRunner, sqlite_url: str, tmp_path: Path
) -> None:
    path, kept = tmp_path / "backup", tmp_path / "var" / "files"
    damaged, sound = (put_file(kept, content) for content in (b"one", b"two"))
    call(laurel_db, sqlite_url, "backup", str(path))
    LocalFiles(tmp_path / "backup.files").path(damaged).write_bytes(b"changed")
    shutil.rmtree(kept)
    refused = call(laurel_db, sqlite_url, "restore", "--force", str(path))
    assert (refused.exit_code, refused.stdout) == (1, f"Restored from {path}.\nFiles: 1.\n")
    assert refused.stderr == f"Damaged, and not copied:\n  {damaged}\n"
    assert list(LocalFiles(kept).keys()) == [sound]


def test_restore_mends_what_is_damaged_in_the_store(laurel_db: CliRunner, sqlite_url: str, tmp_path: Path) -> None:
    path, kept = tmp_path / "backup", tmp_path / "var" / "files"
    cut, changed = (put_file(kept, content) for content in (b"one", b"two"))
    call(laurel_db, sqlite_url, "backup", str(path))
    LocalFiles(kept).path(cut).write_bytes(b"o")
    LocalFiles(kept).path(changed).write_bytes(b"owt")
    done = call(laurel_db, sqlite_url, "restore", "--force", str(path))
    assert (done.exit_code, done.output) == (0, f"Restored from {path}.\nFiles: 2.\n")
    assert [LocalFiles(kept).path(key).read_bytes() for key in (cut, changed)] == [b"one", b"two"]


def test_what_is_sound_in_the_store_stays_though_its_copy_is_damaged(
    laurel_db: CliRunner, sqlite_url: str, tmp_path: Path
) -> None:
    path, kept = tmp_path / "backup", tmp_path / "var" / "files"
    key = put_file(kept, b"one")
    call(laurel_db, sqlite_url, "backup", str(path))
    LocalFiles(tmp_path / "backup.files").path(key).write_bytes(b"changed")
    assert call(laurel_db, sqlite_url, "restore", "--force", str(path)).exit_code == 0
    assert LocalFiles(kept).path(key).read_bytes() == b"one"


def test_file_that_goes_during_a_backup_is_skipped_and_named(
    laurel_db: CliRunner, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, kept = tmp_path / "backup", tmp_path / "var" / "files"
    gone, stays = (put_file(kept, content) for content in (b"one", b"two"))
    listed = LocalFiles.keys

    def swept(self: LocalFiles) -> Iterator[str]:
        keys = list(listed(self))
        self.delete(gone)
        return iter(keys)

    monkeypatch.setattr(LocalFiles, "keys", swept)
    done = call(laurel_db, sqlite_url, "backup", str(path))
    assert (done.exit_code, done.stdout) == (0, f"Written to {path}.\nFiles: 1, in {path}.files.\n")
    assert done.stderr == f"Removed from the store meanwhile, and skipped:\n  {gone}\n"
    monkeypatch.undo()
    assert list(LocalFiles(tmp_path / "backup.files").keys()) == [stays]


def test_restore_names_what_the_database_names_and_the_store_lacks(
    laurel_db: CliRunner, sqlite_url: str, tmp_path: Path
) -> None:
    path, kept = tmp_path / "backup", tmp_path / "var" / "files"
    keys = [put_file(kept, content) for content in (b"one", b"two")]
    with closing(Storage.open(sqlite_url)) as storage:
        storage.upgrade()
        storage.run_sync(lambda uow: note_files(uow, keys))
    LocalFiles(kept).delete(keys[0])
    call(laurel_db, sqlite_url, "backup", str(path))
    done = call(laurel_db, sqlite_url, "restore", "--force", str(path))
    assert (done.exit_code, done.stdout) == (0, f"Restored from {path}.\nFiles: 1.\n")
    assert done.stderr == f"The database names files that are not there:\n  {keys[0]}\n"
