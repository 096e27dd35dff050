"""What nobody has any more goes by the clock: rows of files, and then their content."""

import os
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.delivery.scheduler import PRUNE_EVERY, UNUSED_FILES_KEPT, Scheduler
from storage.database import Storage
from storage.files import LocalFiles
from storage.files_sweep import sweep_files
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, FakeLibrary, make_person, make_programme

PROGRAMME = make_programme()


class Hour:
    """A scheduler, the store that it sweeps, and the time."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self.now = NOW
        self.store = LocalFiles(folder)
        self.sweeps = 0
        self.storage = storage
        self.scheduler = Scheduler(
            storage,
            FakeLibrary({PROGRAMME.id: PROGRAMME}),
            lambda: self.now,
            owner="one",
            rights={},
            sweep=self.sweep,
        )

    def sweep(self) -> None:
        """Sweeps, and counts it."""
        self.sweeps += 1
        sweep_files(self.storage, self.store)

    def put(self, content: bytes) -> str:
        """Content that was uploaded long ago."""
        upload = self.store.open_upload()
        upload.write(content)
        key = upload.commit().key
        then = time.time() - 7200
        os.utime(self.store.path(key), (then, then))
        return key


def note(uow: UnitOfWork, *, key: str, answered: bool) -> None:
    person = make_person(uow)
    uow.files.add(person.id, key=key, name="a.pdf", kind="pdf", size=3, now=NOW)
    if answered:
        made = uow.applications.create(PROGRAMME.id, 2026, person.id, "f1", NOW)
        uow.applications.save_answers(made.id, {"licence": [{"key": key}]}, NOW)


def test_file_that_no_answer_names_goes_after_a_week(storage: Storage, tmp_path: Path) -> None:
    hour = Hour(storage, tmp_path / "files")
    unused, answer = hour.put(b"unused"), hour.put(b"answer")
    for key in (unused, answer):
        storage.run_sync(partial(note, key=key, answered=key == answer))
    hour.scheduler.tick()
    assert sorted(hour.store.keys()) == sorted([unused, answer])
    hour.now += UNUSED_FILES_KEPT + timedelta(seconds=1)
    hour.scheduler.tick()
    assert list(hour.store.keys()) == [answer]


def test_store_is_swept_as_seldom_as_events_are_pruned(storage: Storage, tmp_path: Path) -> None:
    hour = Hour(storage, tmp_path / "files")
    for _ in range(3):
        hour.scheduler.tick()
    assert hour.sweeps == 1
    hour.now += PRUNE_EVERY
    hour.scheduler.tick()
    assert hour.sweeps == 2


async def test_sweep_that_fails_does_not_stop_the_schedule(storage: Storage, tmp_path: Path) -> None:
    hour = Hour(storage, tmp_path / "files")

    def fail() -> None:
        raise OSError

    hour.scheduler._sweep = fail
    await hour.scheduler._round()
    assert await storage.run(lambda uow: uow.leases.acquire("scheduler", "one", timedelta(seconds=1)))
