import os
import time
from datetime import timedelta
from pathlib import Path

from storage.database import Storage
from storage.files import LocalFiles
from storage.files_sweep import sweep_files
from storage.records import StoredFile
from storage.unit_of_work import UnitOfWork
from tests.integration.storage.samples import NOW, person

KEY, OTHER = "a" * 64, "b" * 64
LATER = NOW + timedelta(days=8)


def add(uow: UnitOfWork, person_id: int, key: str = KEY, name: str = "方案.pdf") -> StoredFile:
    return uow.files.add(person_id, key=key, name=name, kind="pdf", size=1234, pages=3, now=NOW)


def test_file_is_its_persons_alone(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        anna, bert = person(uow, "anna"), person(uow, "bert")
        made = add(uow, anna.id)
        assert made == StoredFile(made.id, KEY, anna.id, None, "方案.pdf", "pdf", 1234, 3, None, None, NOW)
        assert (uow.files.find(anna.id, KEY), uow.files.find(bert.id, KEY)) == (made, None)
        assert (uow.files.of_person(anna.id), uow.files.of_person(bert.id)) == ([made], [])

    storage.run_sync(work)


def test_files_of_people_without_an_account_elsewhere_are_counted_together(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        anna, bert, cleo = person(uow, "anna", "page"), person(uow, "bert", "page"), person(uow, "cleo", "other")
        uow.identities.create(bert.id, "post", "bert-id", "bert-chat", NOW)
        assert uow.files.usage_of_channels({"page"}) == 0
        for who in (anna, anna, bert, cleo):
            add(uow, who.id)
        assert [uow.files.usage_of_channels(found) for found in ({"page"}, {"page", "other"})] == [2 * 1234, 3 * 1234]

    storage.run_sync(work)


def test_file_sent_twice_is_found_under_its_last_name(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        anna = person(uow, "anna")
        add(uow, anna.id)
        add(uow, anna.id, name="x" * 300)
        found = uow.files.find(anna.id, KEY)
        assert found is not None
        assert found.name == "x" * 200

    storage.run_sync(work)


def test_attach_notes_the_application_of_own_files_alone(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        anna, bert = person(uow, "anna"), person(uow, "bert")
        for each in (anna, bert):
            add(uow, each.id)
        made = uow.applications.create("lantern", 2026, anna.id, "f1", NOW)
        uow.files.attach(anna.id, [KEY, OTHER], made.id)
        assert [each.application_id for each in uow.files.of_person(anna.id)] == [made.id]
        assert [each.application_id for each in uow.files.of_person(bert.id)] == [None]

    storage.run_sync(work)


def test_prune_keeps_what_answers_and_versions_name(storage: Storage) -> None:
    keys = {"answered": "1" * 64, "submitted": "2" * 64, "dropped": "3" * 64, "someone else's": "4" * 64}

    def work(uow: UnitOfWork) -> list[str]:
        anna, bert = person(uow, "anna"), person(uow, "bert")
        for name, key in keys.items():
            add(uow, anna.id, key, name)
        made = uow.applications.create("lantern", 2026, anna.id, "f1", NOW)
        answer = [{"key": keys["answered"], "name": "answered", "kind": "pdf", "size": 1234}]
        uow.applications.save_answers(made.id, {"licence": answer}, NOW)
        submitted = {"licence": [{"key": keys["submitted"]}]}
        uow.applications.add_version(made.id, receipt="LAN-1", form_version="f1", answers=submitted, now=NOW)
        berts = uow.applications.create("lantern", 2026, bert.id, "f1", NOW)
        uow.applications.save_answers(berts.id, {"licence": [{"key": keys["someone else's"]}]}, NOW)
        assert (uow.files.prune(NOW), uow.files.prune(LATER)) == (0, 2)
        return [each.name for each in uow.files.of_person(anna.id)]

    assert storage.run_sync(work) == ["answered", "submitted"]


def test_forgetting_removes_the_files_of_that_person(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        anna, bert = person(uow, "anna"), person(uow, "bert")
        for each in (anna, bert):
            add(uow, each.id)
        draft = uow.applications.create("lantern", 2026, anna.id, "f1", NOW)
        uow.files.attach(anna.id, [KEY], draft.id)
        uow.persons.forget(anna.id, NOW)
        assert uow.files.of_person(anna.id) == []
        assert len(uow.files.of_person(bert.id)) == 1

    storage.run_sync(work)


def test_sweep_drops_what_was_noted_of_somebody_while_they_were_forgotten(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        anna, bert = person(uow, "anna"), person(uow, "bert")
        uow.persons.forget(anna.id, NOW)
        for each in (anna, bert):
            add(uow, each.id)
        uow.persons.sweep(NOW)
        assert len(uow.files.of_person(anna.id)) == 1
        uow.persons.sweep(LATER)
        assert (uow.files.of_person(anna.id), len(uow.files.of_person(bert.id))) == ([], 1)

    storage.run_sync(work)


def test_usage_and_prune_are_of_one_person(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        anna, bert, carl = (person(uow, name) for name in ("anna", "bert", "carl"))
        for who, key in ((anna, KEY), (anna, OTHER), (bert, KEY)):
            add(uow, who.id, key)
        size = uow.files.of_person(anna.id)[0].size
        assert [uow.files.usage(one.id) for one in (anna, bert, carl)] == [(2, 2 * size), (1, size), (0, 0)]
        assert uow.files.prune(LATER, anna.id) == 2
        assert [uow.files.usage(one.id) for one in (anna, bert)] == [(0, 0), (1, size)]

    storage.run_sync(work)


def test_forgotten_person_is_not_known_any_more(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        anna, bert = person(uow, "anna"), person(uow, "bert")
        uow.persons.forget(anna.id, NOW)
        assert [uow.persons.is_known(one) for one in (anna.id, bert.id, 99)] == [False, True, False]

    storage.run_sync(work)


def put(store: LocalFiles, content: bytes, *, hours: float = 2) -> str:
    upload = store.open_upload()
    upload.write(content)
    key = upload.commit().key
    then = time.time() - hours * 3600
    os.utime(store.path(key), (then, then))
    return key


def test_sweep_removes_content_when_the_last_who_has_it_is_forgotten(storage: Storage, tmp_path: Path) -> None:
    store = LocalFiles(tmp_path / "files")
    shared, own = put(store, b"shared"), put(store, b"own")

    def begin(uow: UnitOfWork) -> tuple[int, int]:
        anna, bert = person(uow, "anna"), person(uow, "bert")
        for who, key in ((anna, shared), (anna, own), (bert, shared)):
            add(uow, who.id, key)
        return anna.id, bert.id

    anna, bert = storage.run_sync(begin)
    assert sweep_files(storage, store) == 0
    storage.run_sync(lambda uow: uow.persons.forget(anna, NOW))
    assert sweep_files(storage, store) == 1
    assert list(store.keys()) == [shared]
    storage.run_sync(lambda uow: uow.persons.forget(bert, NOW))
    assert sweep_files(storage, store) == 1
    assert list(store.keys()) == []


def test_sweep_spares_what_was_just_uploaded(storage: Storage, tmp_path: Path) -> None:
    store = LocalFiles(tmp_path / "files")
    fresh, _stale = put(store, b"fresh", hours=0), put(store, b"stale")
    assert sweep_files(storage, store) == 1
    assert list(store.keys()) == [fresh]
