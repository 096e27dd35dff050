import asyncio
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Storage
from storage.errors import Conflict, DatabaseBusy, DatabaseUnreachable, StorageError
from storage.unit_of_work import UnitOfWork
from tests.integration.storage.samples import NOW, message, person


class Broken(Exception):
    """Something went wrong in the work."""


def test_run_sync_commits(storage: Storage) -> None:
    storage.run_sync(person)
    assert storage.run_sync(lambda uow: uow.figures.all()["persons"]) == 1


def test_run_sync_rolls_back_on_raise(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        created = person(uow)
        uow.conversations.lock("telegram", "anna-chat", "anna-id", created.id, NOW)
        uow.messages.add([message("a1")], NOW)
        uow.events.add("telegram", "e1", NOW, [])
        uow.applications.next_number("receipts")
        raise Broken

    with pytest.raises(Broken):
        storage.run_sync(work)
    with storage._engine.begin() as connection:
        names = ("persons", "identities", "conversations", "messages", "events", "counters")
        left = {name: connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in names}  # noqa: S608
    assert left == dict.fromkeys(names, 0)


def test_savepoint_undoes_its_part_alone(storage: Storage) -> None:
    def fail(uow: UnitOfWork) -> None:
        with uow.savepoint():
            person(uow, "bert")
            raise Broken

    def work(uow: UnitOfWork) -> None:
        person(uow, "anna")
        with pytest.raises(Broken):
            fail(uow)

    storage.run_sync(work)
    assert storage.run_sync(lambda uow: uow.identities.find("telegram", "bert-id")) is None
    assert storage.run_sync(lambda uow: uow.identities.find("telegram", "anna-id")) is not None


def test_run_sync_runs_again_after_a_conflict(storage: Storage) -> None:
    tries: list[int] = []

    def work(uow: UnitOfWork) -> str:
        person(uow)
        tries.append(1)
        if len(tries) < 3:
            raise Conflict
        return "done"

    assert (storage.run_sync(work), len(tries)) == ("done", 3)
    assert storage.run_sync(lambda uow: uow.figures.all()["persons"]) == 1


async def test_run_uses_the_storage_threads(storage: Storage) -> None:
    names = await asyncio.gather(*(storage.run(lambda _: threading.current_thread().name) for _ in range(3)))
    assert {name.rsplit("_", 1)[0] for name in names} == {"storage"}


async def test_run_does_not_mix_the_work_of_several(storage: Storage) -> None:
    numbers = await asyncio.gather(*(storage.run(lambda uow: uow.applications.next_number("n")) for _ in range(20)))
    assert sorted(numbers) == list(range(1, 21))


def test_two_first_messages_lock_one_conversation(storage: Storage) -> None:
    """Each adds one to the state that it read: a lost update would show."""
    owner = storage.run_sync(person).id
    barrier = threading.Barrier(4)

    def add_one(uow: UnitOfWork) -> None:
        found = uow.conversations.lock("telegram", "anna-chat", "anna-id", owner, NOW)
        uow.conversations.save(found.id, {"count": found.state.get("count", 0) + 1}, NOW)

    def turn() -> None:
        barrier.wait()
        for _ in range(5):
            storage.run_sync(add_one)

    threads = [threading.Thread(target=turn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found.state for found in storage.run_sync(lambda uow: uow.conversations.of_person(owner))] == [
        {"count": 20}
    ]


def test_two_first_messages_make_one_person(storage: Storage) -> None:
    barrier = threading.Barrier(4)
    found: list[int] = []

    def recognise(uow: UnitOfWork) -> int:
        known = uow.identities.find("telegram", "anna-id")
        return known.person_id if known else person(uow).id

    def turn() -> None:
        barrier.wait()
        found.append(storage.run_sync(recognise))

    threads = [threading.Thread(target=turn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [found[0]] * 4
    assert storage.run_sync(lambda uow: uow.figures.all()["persons"]) == 1


def test_locked_database_is_busy(storage_url: str) -> None:
    patient, hasty = Storage.open(storage_url), Storage.open(storage_url, busy_timeout=0.05)
    author = patient.run_sync(person).id

    def lock(uow: UnitOfWork) -> int:
        return uow.conversations.lock("telegram", "anna-chat", "anna-id", author, NOW).id

    def hold(uow: UnitOfWork) -> None:
        lock(uow)
        with pytest.raises(DatabaseBusy):
            hasty.run_sync(lock)

    patient.run_sync(lock)
    patient.run_sync(hold)
    assert hasty.run_sync(lock) == patient.run_sync(lock)
    patient.close()
    hasty.close()


def test_mistakes_are_not_disguised(storage: Storage) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        storage.run_sync(lambda uow: uow.questions.add(404, "web", "c", "", "?", NOW))


def test_server_that_is_not_there() -> None:
    storage = Storage.open("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnreachable):
        storage.upgrade()
    storage.close()


@pytest.mark.postgres
def test_database_that_is_not_there(postgres_url: str) -> None:
    storage = Storage.open(f"{postgres_url}_none")
    with pytest.raises(DatabaseUnreachable):
        storage.run_sync(person)
    storage.close()


def test_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, this is a letter and not a database. " * 20, encoding="utf-8")
    storage = Storage.open(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnreachable):
        storage.upgrade()
    storage.close()


def test_new_file_is_private_and_its_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "laurel.db"
    storage = Storage.open(f"sqlite:///{path}")
    storage.upgrade()
    storage.close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_sqlite_is_set_to_lose_nothing(sqlite_storage: Storage) -> None:
    with sqlite_storage._engine.begin() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    assert found == ["wal", 2, 1, 5000]


def test_addresses_of_other_databases_are_refused() -> None:
    with pytest.raises(StorageError, match="mysql"):
        Storage.open("mysql://root@127.0.0.1/laurel")
    with pytest.raises(StorageError, match="file"):
        Storage.open("sqlite://")


def test_lease_is_held_by_one(storage: Storage) -> None:
    def acquire(owner: str, seconds: float = 60) -> bool:
        return storage.run_sync(lambda uow: uow.leases.acquire("poller", owner, timedelta(seconds=seconds)))

    assert [acquire("one"), acquire("two"), acquire("one")] == [True, False, True]
    storage.run_sync(lambda uow: uow.leases.release("poller", "two"))
    assert acquire("two") is False
    storage.run_sync(lambda uow: uow.leases.release("poller", "one"))
    assert acquire("two", -1) is True
    assert acquire("one") is True
