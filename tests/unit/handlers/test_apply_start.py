"""Starting from an earlier application, or afresh."""

from dataclasses import replace

import pytest

from knowledge.programme import Programme
from storage.unit_of_work import UnitOfWork
from tests.fixtures.boats import BEFORE_PAPERS, BOATS, make_file
from tests.fixtures.chat import Chat
from tests.fixtures.people import make_programme
from tests.unit.handlers.applying import LANTERN, make_chat
from tests.unit.handlers.test_apply_files import incoming

BOAT_RACE = replace(LANTERN, form=BOATS, resubmission="all_stand")


def submitted(uow: UnitOfWork, programme: Programme = BOAT_RACE) -> Chat:
    chat = make_chat(uow, programme)
    chat.say("/apply lantern", *BEFORE_PAPERS)
    chat.send(*incoming(make_file()))
    chat.say("完成", "跳过", "李四", "保留不变", "提交")
    return chat


def answers(uow: UnitOfWork, chat: Chat) -> dict[str, object]:
    return uow.applications.answers(uow.applications.of_person(chat.person.id)[-1].id)


def test_start_is_offered_where_all_entries_stand(uow: UnitOfWork) -> None:
    chat = submitted(uow)
    chat.say("/apply lantern")
    assert chat.labels == ["从之前的开始，不带文件", "从之前的开始，连同文件", "重新填写", "看进度"]
    assert len(uow.applications.of_person(chat.person.id)) == 1


def test_start_from_the_earlier_one_asks_consents_and_files_anew(uow: UnitOfWork) -> None:
    chat = submitted(uow)
    chat.say("/apply lantern", "1")
    assert set(answers(uow, chat)) == set(answers_of_first(uow, chat)) - {"agree", "licence"}
    assert chat.last.splitlines()[:2] == ["1/15 · 须知", "参赛须知"]
    chat.say("同意")
    assert chat.last.splitlines()[1] == "资质材料"
    chat.send(*incoming(make_file("新.pdf")))
    chat.say("完成")
    assert chat.last.startswith("核对（已填 13/15）")


def answers_of_first(uow: UnitOfWork, chat: Chat) -> dict[str, object]:
    return uow.applications.versions(uow.applications.of_person(chat.person.id)[0].id)[-1].answers


def test_start_with_the_files_takes_them_along(uow: UnitOfWork) -> None:
    chat = submitted(uow)
    chat.say("/apply lantern", "从之前的开始，连同文件")
    assert set(answers(uow, chat)) == set(answers_of_first(uow, chat)) - {"agree"}
    assert "已带入" in chat.replies[0].text
    chat.say("同意")
    assert chat.last.startswith("核对（已填 13/15）")


def test_start_afresh_takes_nothing(uow: UnitOfWork) -> None:
    chat = submitted(uow)
    chat.say("/apply lantern", "重新填写")
    assert answers(uow, chat) == {}


def test_start_in_a_later_year_is_offered_with_the_year_of_the_earlier_one(uow: UnitOfWork) -> None:
    first = submitted(uow)
    chat = make_chat(uow, replace(BOAT_RACE, year=2027))
    chat.person = first.person
    chat.say("/apply lantern")
    assert chat.last == "您2026年申报过（李四）。可以从那一份的内容开始，也可以重新填写；各项同意都会重新问。"
    assert chat.labels == ["从之前的开始，不带文件", "从之前的开始，连同文件", "重新填写"]
    chat.say("2")
    begun = uow.applications.of_person(chat.person.id)[-1]
    assert (begun.year, "agree" in answers(uow, chat)) == (2027, False)


def test_start_from_an_earlier_form_asks_what_no_longer_fits(uow: UnitOfWork) -> None:
    chat = submitted(uow)
    sails = BOATS.field("sails")
    fewer = replace(sails, options=sails.options[2:])
    boat = replace(BOATS.sections[1], fields=tuple(fewer if one == sails else one for one in BOATS.sections[1].fields))
    form = replace(BOATS, version="b2", sections=(BOATS.sections[0], boat, *BOATS.sections[2:]))
    later = make_chat(uow, replace(BOAT_RACE, form=form))
    later.person = chat.person
    later.say("/apply lantern", "从之前的开始，连同文件")
    assert "表单有更新，有 1 项要请您再填一次" in later.whole
    later.say("同意")
    assert later.last.splitlines()[1] == "帆的种类"


def test_draft_under_way_is_gone_on_with(uow: UnitOfWork) -> None:
    chat = submitted(uow)
    chat.say("/apply lantern", "重新填写", "同意", "保存", "/apply lantern")
    assert chat.replies[0].text.startswith("接着填写")


@pytest.mark.parametrize("start", ["from", "files"])
def test_start_from_nothing_is_a_new_one(uow: UnitOfWork, start: str) -> None:
    chat = make_chat(uow, make_programme(form=BOATS))
    chat.say(f"/apply lantern {start}")
    assert chat.replies[0].text.startswith("开始填写")
