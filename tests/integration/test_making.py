"""Packages made of what the database and the file store hold."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.documents.office import Office
from bot.downloads import Download, Downloads
from bot.links import Expired, Invalid
from bot.making import Maker
from bot.messages import OutgoingFile
from bot.services.packages import Order
from storage.database import Storage
from storage.errors import NoSuchFile
from storage.files import LocalFiles
from storage.records import Application
from tests.fixtures.filings import Contents, make_answers, programme_with_forms
from tests.fixtures.people import NOW, make_person, make_submission


@pytest.fixture
def files(tmp_path: Path) -> LocalFiles:
    return LocalFiles(tmp_path / "files")


@pytest.fixture
def submission(storage: Storage, files: LocalFiles) -> Application:
    """A whole application whose attachments are in the store."""
    contents = Contents()
    answers = make_answers(contents)
    for content in contents.by_key.values():
        upload = files.open_upload()
        upload.write(content)
        upload.commit()
    known = programme_with_forms()
    return storage.run_sync(
        lambda uow: make_submission(
            uow, make_person(uow), programme=known.id, prefix=known.receipt, year=known.year, answers=answers
        )
    )


@pytest.fixture
def maker(storage: Storage, files: LocalFiles) -> Maker:
    known = programme_with_forms()
    return Maker(storage, {known.id: known}, files, Office(program=""))


def key_of(submission: Application) -> str:
    return Order(submission.id, 1, "zh", NOW).key


def test_a_package_is_made_where_its_order_is_asked_for(maker: Maker, submission: Application) -> None:
    with ZipFile(maker.path(key_of(submission))) as made:
        assert made.testzip() is None
        assert {name.split("/")[0] for name in made.namelist()} == {submission.receipt}
        assert len(made.namelist()) == 19


def test_it_is_made_once_also_for_many_who_ask_at_once(
    maker: Maker, submission: Application, files: LocalFiles
) -> None:
    before = set(files.keys())
    with ThreadPoolExecutor(4) as threads:
        paths = set(threads.map(maker.path, [key_of(submission)] * 4))
    assert len(paths) == 1
    assert len(set(files.keys()) - before) == 1


def test_what_was_swept_is_made_again_the_same(maker: Maker, submission: Application, files: LocalFiles) -> None:
    first = maker.path(key_of(submission))
    content = first.read_bytes()
    assert files.delete(f"{first.parent.name}{first.name}")
    assert maker.path(key_of(submission)).read_bytes() == content


def test_another_process_makes_the_same(
    storage: Storage, maker: Maker, submission: Application, files: LocalFiles
) -> None:
    known = programme_with_forms()
    other = Maker(storage, {known.id: known}, files, Office(program=""))
    assert other.path(key_of(submission)) == maker.path(key_of(submission))


def test_other_keys_are_those_of_the_store(maker: Maker, submission: Application, files: LocalFiles) -> None:
    key = next(files.keys())
    assert maker.path(key) == files.path(key)
    with pytest.raises(NoSuchFile):
        maker.path("0" * 64)


def test_nothing_is_made_of_what_was_erased(storage: Storage, maker: Maker, submission: Application) -> None:
    storage.run_sync(lambda uow: uow.persons.forget(submission.person_id, NOW))
    with pytest.raises(NoSuchFile):
        maker.path(key_of(submission))


async def test_a_link_leads_to_a_package_for_its_reader_alone(maker: Maker, submission: Application) -> None:
    now = NOW
    downloads = Downloads(b"secret", maker, lambda: now)
    file = OutgoingFile(key_of(submission), f"{submission.receipt}.zip", "application/zip")
    token = downloads.address(file, "reader").removeprefix("/files/")
    found = await downloads.open(token, "reader")
    assert isinstance(found, Download)
    assert (found.path, found.name, found.media_type) == (
        maker.path(file.key),
        f"{submission.receipt}.zip",
        "application/zip",
    )
    assert isinstance(await downloads.open(token, "stranger"), Invalid)
    now += timedelta(days=7)
    assert isinstance(await downloads.open(token, "reader"), Expired)


async def test_what_was_made_is_not_given_out_of_somebody_who_was_forgotten(
    storage: Storage, maker: Maker, submission: Application
) -> None:
    downloads = Downloads(b"secret", maker, lambda: NOW)
    token = downloads.address(OutgoingFile(key_of(submission), "x.zip")).removeprefix("/files/")
    assert isinstance(await downloads.open(token), Download)
    storage.run_sync(lambda uow: uow.persons.forget(submission.person_id, NOW))
    assert isinstance(await downloads.open(token), Expired)


async def test_packages_that_wait_take_no_thread_from_anything_else(
    maker: Maker, submission: Application, files: LocalFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    begun, go_on = threading.Event(), threading.Event()
    make = Maker._package

    def slow(self: Maker, order: Order) -> str:
        begun.set()
        go_on.wait()
        return make(self, order)

    monkeypatch.setattr(Maker, "_package", slow)
    orders = [Order(submission.id, 1, locale, NOW).key for locale in ("zh", "en") * 4]
    waiting = [asyncio.ensure_future(maker.fetch(order)) for order in orders]
    await asyncio.to_thread(begun.wait)
    kept = next(files.keys())
    assert await asyncio.wait_for(maker.fetch(kept), 10) == files.path(kept)
    go_on.set()
    assert len(set(await asyncio.gather(*waiting))) == 2


async def test_package_is_made_though_nobody_waits_any_more(
    maker: Maker, submission: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, make, made = threading.Event(), Maker._package, list[str]()

    def slow(self: Maker, order: Order) -> str:
        go_on.wait()
        made.append(make(self, order))
        return made[-1]

    monkeypatch.setattr(Maker, "_package", slow)
    for locale in ("zh", "en"):  # the first is under way when it is given up, the second waits for it
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await maker.fetch(Order(submission.id, 1, locale, NOW).key)
    go_on.set()
    await asyncio.to_thread(maker._packages.thread.shutdown)
    assert len(made) == 2
