import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sizes import upper_size
from bot.uploads import inspection
from bot.uploads.inspection import Inspected
from bot.uploads.intake import Intake, Quota
from bot.uploads.refusals import Refusal
from storage.database import Storage
from storage.errors import StoreFull
from storage.files import LocalFiles, LocalUpload
from storage.records import StoredFile
from storage.unit_of_work import UnitOfWork
from tests.fixtures.uploads import make_pdf, make_picture, pour

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
PDF = make_pdf(2)
KEY = hashlib.sha256(PDF).hexdigest()
TAKEN = {"key": KEY, "name": "方案.pdf", "kind": "pdf", "size": len(PDF), "pages": 2, "width": None, "height": None}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def intake(folder: Path, sqlite_storage: Storage) -> Intake:
    return Intake(LocalFiles(folder), sqlite_storage, lambda: NOW, limit=1024**2)


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]


def begin(storage: Storage, state: str = "draft") -> dict[str, int]:
    """A person and their application."""

    def work(uow: UnitOfWork) -> dict[str, int]:
        person = uow.persons.create(locale="zh", name="", now=NOW).id
        application = uow.applications.create("lantern", 2026, person, "f1", NOW).id
        if state != "draft":
            uow.applications.add_version(application, receipt=f"LAN-{person}", form_version="f1", answers={}, now=NOW)
            uow.applications.update(application, NOW, state=state)
        return {"person_id": person, "application_id": application}

    return storage.run_sync(work)


def noted(storage: Storage, person: int) -> list[StoredFile]:
    return storage.run_sync(lambda uow: uow.files.of_person(person))


def unread() -> AsyncIterator[bytes]:
    """A stream that nobody is to read."""
    return pour(PDF, 100, AssertionError())


async def test_file_is_taken_in(intake: Intake, folder: Path) -> None:
    assert await intake.receive(pour(PDF, 100), "C:\\方案.pdf", person_id=1) == TAKEN
    assert LocalFiles(folder).path(KEY).read_bytes() == PDF


async def test_file_is_noted_as_its_persons(intake: Intake, sqlite_storage: Storage) -> None:
    own = begin(sqlite_storage)
    assert await intake.take_in(pour(PDF), "方案.pdf", **own) == TAKEN
    assert await intake.take_in(pour(b"x"), "方案.pdf", **own) == Refusal(
        "wrong_type", {"name": "方案.pdf", "said": "PDF", "found": ""}
    )
    assert noted(sqlite_storage, own["person_id"]) == [
        StoredFile(1, KEY, own["person_id"], own["application_id"], "方案.pdf", "pdf", len(PDF), 2, None, None, NOW)
    ]


async def test_file_of_somebody_who_was_forgotten_while_it_came_is_not_noted(
    intake: Intake, sqlite_storage: Storage
) -> None:
    draft, submitted = begin(sqlite_storage), begin(sqlite_storage, state="submitted")

    async def forgotten(person: int) -> AsyncIterator[bytes]:
        yield PDF
        sqlite_storage.run_sync(lambda uow: uow.persons.forget(person, NOW))

    for own in (draft, submitted):
        found = await intake.take_in(forgotten(own["person_id"]), "方案.pdf", **own)
        assert found == Refusal("not_open", {"name": "方案.pdf"})
        assert noted(sqlite_storage, own["person_id"]) == []


async def test_file_for_anothers_application_is_not_noted(intake: Intake, sqlite_storage: Storage) -> None:
    own, other = begin(sqlite_storage), begin(sqlite_storage)
    found = await intake.take_in(
        pour(PDF), "方案.pdf", person_id=own["person_id"], application_id=other["application_id"]
    )
    assert found == Refusal("not_open", {"name": "方案.pdf"})
    assert noted(sqlite_storage, own["person_id"]) == []


@pytest.mark.parametrize("quota", [Quota(files=2), Quota(size=2 * len(PDF))])
async def test_nothing_is_read_from_somebody_of_whom_there_is_too_much(
    sqlite_storage: Storage, folder: Path, quota: Quota
) -> None:
    intake = Intake(LocalFiles(folder), sqlite_storage, lambda: NOW, limit=1024**2, quota=quota)
    own, other = begin(sqlite_storage), begin(sqlite_storage)
    for _ in range(2):
        assert await intake.take_in(pour(PDF), "方案.pdf", **own) == TAKEN
    refused = Refusal("too_much", {"name": "a.pdf", "files": quota.files, "limit": upper_size(quota.size)})
    assert await intake.take_in(unread(), "a.pdf", **own) == refused
    assert await intake.receive(unread(), "a.pdf", person_id=own["person_id"]) == refused
    assert await intake.take_in(pour(PDF), "方案.pdf", **other) == TAKEN


def called(storage: Storage, own: dict[str, int], *channels: str) -> dict[str, int]:
    """Gives a person accounts on these channels."""
    person, account = own["person_id"], f"account-{own['person_id']}"
    storage.run_sync(lambda uow: [uow.identities.create(person, name, account, account, NOW) for name in channels])
    return own


async def test_visitors_together_have_room_for_so_much_and_others_for_their_own(
    sqlite_storage: Storage, folder: Path
) -> None:
    quota = Quota(open_channels=frozenset({"page"}), visitors=2 * len(PDF))
    intake = Intake(LocalFiles(folder), sqlite_storage, lambda: NOW, limit=1024**2, quota=quota)
    first, second, third = (called(sqlite_storage, begin(sqlite_storage), "page") for _ in range(3))
    known = called(sqlite_storage, begin(sqlite_storage), "page", "post")
    assert await intake.take_in(pour(PDF), "方案.pdf", **known) == TAKEN
    assert await intake.take_in(pour(PDF), "方案.pdf", **first) == TAKEN
    assert await intake.take_in(pour(PDF), "方案.pdf", **second) == TAKEN
    refused = Refusal("visitors_full", {"name": "a.pdf"})
    assert await intake.take_in(unread(), "a.pdf", **third) == refused
    assert await intake.receive(unread(), "a.pdf", person_id=first["person_id"]) == refused
    assert await intake.take_in(pour(PDF), "方案.pdf", **known) == TAKEN


async def test_file_that_turns_out_to_be_too_much_for_visitors_is_not_noted(
    sqlite_storage: Storage, folder: Path
) -> None:
    quota = Quota(open_channels=frozenset({"page"}), visitors=len(PDF) - 1)
    intake = Intake(LocalFiles(folder), sqlite_storage, lambda: NOW, limit=1024**2, quota=quota)
    own = called(sqlite_storage, begin(sqlite_storage), "page")
    assert await intake.take_in(pour(PDF), "方案.pdf", **own) == Refusal("visitors_full", {"name": "方案.pdf"})
    assert noted(sqlite_storage, own["person_id"]) == []


async def test_file_that_turns_out_to_be_too_much_is_not_noted(sqlite_storage: Storage, folder: Path) -> None:
    intake = Intake(LocalFiles(folder), sqlite_storage, lambda: NOW, limit=1024**2, quota=Quota(size=2 * len(PDF) - 1))
    own = begin(sqlite_storage)
    found = [await intake.take_in(pour(PDF), "方案.pdf", **own) for _ in range(2)]
    assert [one if isinstance(one, dict) else one.kind for one in found] == [TAKEN, "too_much"]  # type: ignore[union-attr]
    assert len(noted(sqlite_storage, own["person_id"])) == 1


async def test_what_was_replaced_makes_room_after_an_hour(sqlite_storage: Storage, folder: Path) -> None:
    now = NOW
    intake = Intake(LocalFiles(folder), sqlite_storage, lambda: now, limit=1024**2, quota=Quota(files=2))
    own = begin(sqlite_storage)
    kept = await intake.take_in(pour(PDF), "方案.pdf", **own)
    sqlite_storage.run_sync(lambda uow: uow.applications.save_answers(own["application_id"], {"plan": [kept]}, NOW))
    await intake.take_in(pour(make_pdf(3)), "replaced.pdf", **own)
    now += timedelta(hours=1, seconds=1)
    assert not isinstance(await intake.take_in(pour(make_pdf(4)), "new.pdf", **own), Refusal)
    assert [one.name for one in noted(sqlite_storage, own["person_id"])] == ["方案.pdf", "new.pdf"]


async def test_only_few_files_of_a_person_come_at_once(intake: Intake) -> None:
    under_way, most = 0, 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        yield PDF
        under_way -= 1

    found = await asyncio.gather(*(intake.receive(counted(), "方案.pdf", person_id=1) for _ in range(8)))
    assert (found, most) == ([TAKEN] * 8, 3)


async def test_picture_has_its_size_in_pixels(intake: Intake) -> None:
    found = await intake.receive(pour(make_picture("jpg", (640, 480))), "", person_id=1)
    assert not isinstance(found, Refusal)
    assert (found["name"], found["width"], found["height"]) == ("file.jpg", 640, 480)


async def test_refused_file_leaves_nothing(intake: Intake, folder: Path) -> None:
    found = await intake.receive(pour(make_picture()), "方案.pdf", person_id=1)
    assert found == Refusal("wrong_type", {"name": "方案.pdf", "said": "PDF", "found": "PNG"})
    assert left(folder) == []


async def test_file_over_the_limit_is_refused_before_its_end(intake: Intake, folder: Path) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b"x" * 65_536

    assert await intake.receive(endless(), "a.pdf", person_id=1) == Refusal(
        "too_large", {"name": "a.pdf", "limit": "1M", "most": 1024 * 1024}
    )
    assert sent == 1024**2 + 65_536
    assert left(folder) == []


async def test_limit_of_a_call_counts(intake: Intake) -> None:
    found = await intake.receive(pour(PDF), "a.pdf", person_id=1, limit=len(PDF) - 1)
    assert isinstance(found, Refusal)
    assert found.kind == "too_large"
    assert (await intake.receive(pour(PDF), "方案.pdf", person_id=1, limit=len(PDF))) == TAKEN


async def test_stream_that_breaks_off_leaves_nothing(intake: Intake, folder: Path) -> None:
    cut = pour(PDF[: int(len(PDF) * 0.9)], 100, ConnectionResetError())
    with pytest.raises(ConnectionResetError):
        await intake.receive(cut, "a.pdf", person_id=1)
    assert left(folder) == []


async def test_intake_that_is_cancelled_leaves_nothing(intake: Intake, folder: Path) -> None:
    begun = asyncio.Event()

    async def dripping() -> AsyncIterator[bytes]:
        yield PDF
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(intake.receive(dripping(), "a.pdf", person_id=1))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left(folder) == []


@pytest.mark.parametrize("at", ["write", "commit"])
async def test_full_disk_is_told_and_leaves_nothing(
    intake: Intake, folder: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    def full(*_: object) -> None:
        raise StoreFull

    monkeypatch.setattr(LocalUpload, at, full)
    assert await intake.receive(pour(PDF), "a.pdf", person_id=1) == Refusal("no_room", {"name": "a.pdf"})
    assert left(folder) == []


async def test_full_disk_at_the_beginning_is_told(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreFull

    monkeypatch.setattr(LocalFiles, "open_upload", full)
    assert await intake.receive(pour(PDF), "a.pdf", person_id=1) == Refusal("no_room", {"name": "a.pdf"})


async def test_only_few_files_are_inspected_at_once(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way, most = 0, 0
    plain = inspection.inspect

    def slow(path: Path, name: str) -> Inspected | Refusal:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return plain(path, name)
        finally:
            under_way -= 1

    monkeypatch.setattr(inspection, "inspect", slow)
    found = await asyncio.gather(*(intake.receive(pour(PDF), "方案.pdf", person_id=1) for _ in range(8)))
    assert found == [TAKEN] * 8
    assert most <= 2


async def test_what_visitors_left_unused_makes_room_for_others(sqlite_storage: Storage, folder: Path) -> None:
    quota = Quota(open_channels=frozenset({"page"}), visitors=len(PDF))
    first, second = (called(sqlite_storage, begin(sqlite_storage), "page") for _ in range(2))
    now = Intake(LocalFiles(folder), sqlite_storage, lambda: NOW, limit=1024**2, quota=quota)
    later = Intake(LocalFiles(folder), sqlite_storage, lambda: NOW + timedelta(hours=2), limit=1024**2, quota=quota)
    assert await now.take_in(pour(PDF), "方案.pdf", **first) == TAKEN
    assert await now.take_in(unread(), "方案.pdf", **second) == Refusal("visitors_full", {"name": "方案.pdf"})
    assert await later.take_in(pour(PDF), "方案.pdf", **second) == TAKEN
