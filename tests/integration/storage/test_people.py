"""Persons, identities, conversations, events."""

import threading
from datetime import timedelta

import pytest

from storage.database import Storage
from storage.errors import AlreadyHandled
from storage.records import Event
from storage.unit_of_work import UnitOfWork
from tests.integration.storage.samples import NOW, person

HOUR = timedelta(hours=1)


def test_person_is_created_and_changed(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        created = uow.persons.create(locale=None, name="安" * 300, now=NOW)
        assert (created.role, created.locale, created.name, created.created_at) == ("applicant", None, "安" * 200, NOW)
        uow.persons.set_locale(created.id, "en")
        uow.persons.set_role(created.id, "staff")
        changed = uow.persons.get(created.id)
        assert changed is not None
        assert (changed.role, changed.locale) == ("staff", "en")

    storage.run_sync(work)


def test_staff_are_staff_and_owners(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        assert uow.persons.has_owner() is False
        for name, role in (("anna", "applicant"), ("bert", "staff"), ("carl", "owner")):
            person(uow, name, role=role)
        assert uow.persons.has_owner() is True
        return [found.name for found in uow.persons.staff()]

    assert storage.run_sync(work) == ["bert", "carl"]


def test_identity_is_found_by_its_id_on_its_channel(storage: Storage) -> None:
    storage.run_sync(person)
    found = storage.run_sync(lambda uow: uow.identities.find("telegram", "anna-id"))
    assert found is not None
    assert (found.channel, found.external_id, found.chat) == ("telegram", "anna-id", "anna-chat")
    assert storage.run_sync(lambda uow: uow.identities.find("wechat", "anna-id")) is None


def test_touch_opens_the_window_anew(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        owner = person(uow).id
        uow.identities.count_push("telegram", "anna-chat")
        uow.identities.mark_unreachable("telegram", "anna-chat", "blocked " * 100)
        (found,) = uow.identities.of_person(owner)
        assert (found.pushes, found.reachable, len(found.unreachable_reason)) == (1, False, 200)
        uow.identities.touch("telegram", "anna-id", chat=None, now=NOW + HOUR)
        (found,) = uow.identities.of_person(owner)
        assert (found.pushes, found.reachable, found.unreachable_reason) == (0, True, "")
        assert (found.chat, found.last_inbound_at) == ("anna-chat", NOW + HOUR)
        uow.identities.touch("telegram", "anna-id", chat="new-chat", now=NOW)
        uow.identities.move_chat("telegram", "new-chat", "moved-chat")
        (found,) = uow.identities.of_person(owner)
        assert found.chat == "moved-chat"
        assert uow.identities.touch("telegram", "anna-id", chat=None, now=NOW) == owner
        assert uow.identities.touch("telegram", "nobody-id", chat=None, now=NOW) is None

    storage.run_sync(work)


def test_conversation_keeps_its_state(storage: Storage) -> None:
    owner = storage.run_sync(person).id
    first = storage.run_sync(lambda uow: uow.conversations.lock("telegram", "anna-chat", "anna-id", owner, NOW))
    assert first.state == {}
    storage.run_sync(lambda uow: uow.conversations.save(first.id, {"flow": "apply", "data": {"名": [1, None]}}, NOW))
    again = storage.run_sync(lambda uow: uow.conversations.lock("telegram", "anna-chat", "anna-id", owner, NOW))
    assert again.state == {"flow": "apply", "data": {"名": [1, None]}}


def test_conversation_of_another_person_starts_afresh(storage: Storage) -> None:
    anna, bert = storage.run_sync(lambda uow: (person(uow, "anna").id, person(uow, "bert").id))
    first = storage.run_sync(lambda uow: uow.conversations.lock("telegram", "c", "s", anna, NOW))
    storage.run_sync(lambda uow: uow.conversations.save(first.id, {"flow": "apply"}, NOW))
    taken = storage.run_sync(lambda uow: uow.conversations.lock("telegram", "c", "s", bert, NOW))
    assert (taken.id, taken.person_id, taken.state) == (first.id, bert, {})


def test_state_is_stored_readably(sqlite_storage: Storage) -> None:
    owner = sqlite_storage.run_sync(person).id
    found = sqlite_storage.run_sync(lambda uow: uow.conversations.lock("web", "c", "s", owner, NOW))
    sqlite_storage.run_sync(lambda uow: uow.conversations.save(found.id, {"名称": "桂冠"}, NOW))
    with sqlite_storage._engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT state FROM conversations").scalar() == '{"名称":"桂冠"}'


def test_conversation_opens_with_its_person_and_the_event(storage: Storage) -> None:
    owner = storage.run_sync(person)
    place = ("telegram", "anna-chat", "anna-id", owner.id)
    first = storage.run_sync(lambda uow: uow.conversations.open(*place, "e1", NOW))
    storage.run_sync(lambda uow: uow.conversations.save(first.conversation.id, {"flow": "apply"}, NOW))
    storage.run_sync(lambda uow: uow.events.add("telegram", "e1", NOW, []))
    again = storage.run_sync(lambda uow: uow.conversations.open(*place, "e1", NOW))
    other = storage.run_sync(lambda uow: uow.conversations.open(*place, "e2", NOW))
    assert (first.conversation.state, first.person, first.handled) == ({}, owner, False)
    assert (again.conversation.state, again.person, again.handled) == ({"flow": "apply"}, owner, True)
    assert other.handled is False


def test_conversation_of_another_person_opens_afresh(storage: Storage) -> None:
    anna, bert = storage.run_sync(lambda uow: (person(uow, "anna"), person(uow, "bert")))
    first = storage.run_sync(lambda uow: uow.conversations.open("telegram", "c", "s", anna.id, "e", NOW))
    storage.run_sync(lambda uow: uow.conversations.save(first.conversation.id, {"flow": "apply"}, NOW))
    taken = storage.run_sync(lambda uow: uow.conversations.open("telegram", "c", "s", bert.id, "e", NOW))
    assert (taken.conversation.state, taken.person) == ({}, bert)


def test_event_is_found_again(storage: Storage) -> None:
    storage.run_sync(lambda uow: uow.events.add("telegram", "e1", NOW, [3, 1], "R1"))
    assert storage.run_sync(lambda uow: uow.events.find("telegram", "e1")) == Event("telegram", "e1", NOW, (3, 1), "R1")
    assert storage.run_sync(lambda uow: uow.events.find("wechat", "e1")) is None


def test_event_twice_is_refused(storage: Storage) -> None:
    storage.run_sync(lambda uow: uow.events.add("telegram", "e1", NOW, []))
    with pytest.raises(AlreadyHandled):
        storage.run_sync(lambda uow: uow.events.add("telegram", "e1", NOW, []))


def test_event_at_once_is_handled_once(storage: Storage) -> None:
    barrier = threading.Barrier(4)
    outcomes: list[str] = []

    def turn(uow: UnitOfWork) -> None:
        uow.applications.next_number("turns")
        uow.events.add("telegram", "e1", NOW, [])

    def handle() -> None:
        barrier.wait()
        try:
            storage.run_sync(turn)
            outcomes.append("handled")
        except AlreadyHandled:
            outcomes.append("repeated")

    threads = [threading.Thread(target=handle) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["handled", "repeated", "repeated", "repeated"]
    assert storage.run_sync(lambda uow: uow.applications.next_number("turns")) == 2


def test_prune_drops_old_events(storage: Storage) -> None:
    storage.run_sync(lambda uow: uow.events.add("telegram", "old", NOW, []))
    storage.run_sync(lambda uow: uow.events.add("telegram", "new", NOW + HOUR, []))
    assert storage.run_sync(lambda uow: uow.events.prune(NOW + HOUR)) == 1
    assert storage.run_sync(lambda uow: uow.events.find("telegram", "old")) is None
