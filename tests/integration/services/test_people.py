"""Somebody who writes while they are forgotten."""

from bot.messages import Inbound
from bot.services import people
from storage.database import Storage
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW
from tests.fixtures.storage import run_rivals

HELLO = Inbound("telegram", "e1", "anna-chat", "anna", text="你好")


def recognise(uow: UnitOfWork) -> int:
    return people.recognise_person(uow=uow, inbound=HELLO, now=NOW)


def test_turn_beside_a_forgetting_is_somebody_new(storage: Storage) -> None:
    def forget(uow: UnitOfWork) -> int:
        person = recognise(uow)
        uow.persons.forget(person, NOW)
        return person

    old = storage.run_sync(recognise)
    gone, new = run_rivals(storage, forget, recognise)
    assert gone == old
    assert new != old
    assert [found.external_id for found in storage.run_sync(lambda uow: uow.identities.of_person(new))] == ["anna"]


def test_forgetting_beside_a_turn_of_another_account_erases_what_that_wrote(storage: Storage) -> None:
    def ask(uow: UnitOfWork) -> None:
        known = uow.identities.of_person(person)[1]
        uow.identities.touch(known.channel, known.external_id, chat=None, now=NOW)
        uow.questions.add(person, "webchat", "anna-page", "", "我的电话", NOW)

    person = storage.run_sync(recognise)
    storage.run_sync(lambda uow: uow.identities.create(person, "webchat", "anna-page", "anna-page", NOW))
    run_rivals(storage, ask, lambda uow: uow.persons.forget(person, NOW))
    assert [found.text for found in storage.run_sync(lambda uow: uow.questions.open())] == [""]
