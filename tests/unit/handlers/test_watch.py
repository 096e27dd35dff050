from dataclasses import replace
from datetime import timedelta

from bot.services import programmes
from knowledge.programme import Answer, Deadline, Programme
from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.fixtures.people import NOW, FakeLibrary, make_person, make_programme, make_services

OPEN = make_programme(deadline=Deadline(None))
DATED = make_programme()
ABOUT_DEADLINE = Answer("answered", "截止时间尚未公布。", "lantern", "deadline")


def make_chat(uow: UnitOfWork, programme: Programme = OPEN, answer: Answer = ABOUT_DEADLINE) -> Chat:
    library = FakeLibrary({"lantern": programme}, answer)
    return Chat(replace(make_services(uow), library=library), make_person(uow))


def told(uow: UnitOfWork) -> list[int]:
    closes_at = NOW + timedelta(days=60)
    change = programmes.preview_deadline(uow=uow, programme=OPEN, closes_at=closes_at, now=NOW)
    return [one.person_id for one in change.told]


def test_an_unannounced_deadline_offers_to_tell_when_it_is(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("截止到几号")
    assert chat.labels == ["公布时告诉我"]
    chat.say("1")
    assert chat.last.splitlines() == [
        "好的。「灯笼奖」的截止时间一公布或有变动，就在这里告诉您。",
        "现在尚未公布。",
    ]
    assert told(uow) == [chat.person.id]
    chat.say("截止到几号")
    assert chat.labels == []


def test_an_announced_deadline_offers_nothing(uow: UnitOfWork) -> None:
    chat = make_chat(uow, DATED)
    chat.say("截止到几号")
    assert chat.labels == []


def test_another_topic_offers_nothing(uow: UnitOfWork) -> None:
    chat = make_chat(uow, OPEN, Answer("answered", "不收费。", "lantern", "fee"))
    chat.say("收费吗")
    assert chat.labels == []


def test_watch_ends_when_asked_to(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("/watch", "不再提醒")
    assert chat.last == "好的，不再提醒您「灯笼奖」的截止时间。已有的申报仍会照常收到通知。"
    assert told(uow) == []
    chat.say("/watch 灯笼奖 off")
    assert chat.last == "您没有关注「灯笼奖」的截止时间。"


def test_watching_twice_and_applying_is_told_once(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("/watch", "/watch 灯笼奖")
    uow.applications.create("lantern", 2026, chat.person.id, "f1", NOW)
    assert told(uow) == [chat.person.id]


def test_whoever_is_forgotten_watches_nothing(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("/watch")
    uow.persons.forget(chat.person.id, NOW)
    assert told(uow) == []
