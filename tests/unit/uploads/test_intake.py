import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.uploads import inspection
from bot.uploads.inspection import Inspected
from bot.uploads.intake import Intake
from bot.uploads.refusals import Refusal
from storage.database import Storage
from storage.errors import StoreFull
from storage.files import LocalFiles, LocalUpload
from storage.records import StoredFile
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


async def test_file_is_taken_in(intake: Intake, folder: Path) -> None:
    assert await intake.receive(pour(PDF, 100), "C:\\方案.pdf") == TAKEN
    assert LocalFiles(folder).path(KEY).read_bytes() == PDF


async def test_file_is_noted_as_its_persons(intake: Intake, sqlite_storage: Storage) -> None:
    person = sqlite_storage.run_sync(lambda uow: uow.persons.create(locale="zh", name="", now=NOW)).id
    assert await intake.take_in(pour(PDF), "方案.pdf", person_id=person) == TAKEN
    assert await intake.take_in(pour(b"x"), "方案.pdf", person_id=person) == Refusal(
        "wrong_type", {"name": "方案.pdf", "said": "PDF", "found": ""}
    )
    found = sqlite_storage.run_sync(lambda uow: uow.files.of_person(person))
    assert found == [StoredFile(1, KEY, person, None, "方案.pdf", "pdf", len(PDF), 2, None, None, NOW)]


async def test_picture_has_its_size_in_pixels(intake: Intake) -> None:
    found = await intake.receive(pour(make_picture("jpg", (640, 480))), "")
    assert not isinstance(found, Refusal)
    assert (found["name"], found["width"], found["height"]) == ("file.jpg", 640, 480)


async def test_refused_file_leaves_nothing(intake: Intake, folder: Path) -> None:
    found = await intake.receive(pour(make_picture()), "方案.pdf")
    assert found == Refusal("wrong_type", {"name": "方案.pdf", "said": "PDF", "found": "PNG"})
    assert left(folder) == []


async def test_file_over_the_limit_is_refused_before_its_end(intake: Intake, folder: Path) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b"x" * 65_536

    assert await intake.receive(endless(), "a.pdf") == Refusal(
        "too_large", {"name": "a.pdf", "limit": "1 MB", "most": 1024 * 1024}
    )
    assert sent == 1024**2 + 65_536
    assert left(folder) == []


async def test_limit_of_a_call_counts(intake: Intake) -> None:
    found = await intake.receive(pour(PDF), "a.pdf", limit=len(PDF) - 1)
    assert isinstance(found, Refusal)
    assert found.kind == "too_large"
    assert (await intake.receive(pour(PDF), "方案.pdf", limit=len(PDF))) == TAKEN


async def test_stream_that_breaks_off_leaves_nothing(intake: Intake, folder: Path) -> None:
    cut = pour(PDF[: int(len(PDF) * 0.9)], 100, ConnectionResetError())
    with pytest.raises(ConnectionResetError):
        await intake.receive(cut, "a.pdf")
    assert left(folder) == []


async def test_intake_that_is_cancelled_leaves_nothing(intake: Intake, folder: Path) -> None:
    begun = asyncio.Event()

    async def dripping() -> AsyncIterator[bytes]:
        yield PDF
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(intake.receive(dripping(), "a.pdf"))
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
    assert await intake.receive(pour(PDF), "a.pdf") == Refusal("no_room", {"name": "a.pdf"})
    assert left(folder) == []


async def test_full_disk_at_the_beginning_is_told(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreFull

    monkeypatch.setattr(LocalFiles, "open_upload", full)
    assert await intake.receive(pour(PDF), "a.pdf") == Refusal("no_room", {"name": "a.pdf"})


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
    found = await asyncio.gather(*(intake.receive(pour(PDF), "方案.pdf") for _ in range(8)))
    assert found == [TAKEN] * 8
    assert most <= 2
