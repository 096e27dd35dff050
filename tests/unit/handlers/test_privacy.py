import pytest

from knowledge.programme import Deadline
from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.fixtures.forms import FORM, WHOLE
from tests.fixtures.people import make_person, make_programme, make_services


def make_chat(uow: UnitOfWork) -> Chat:
    programme = make_programme(form=FORM, deadline=Deadline(None))
    chat = Chat(make_services(uow, programme), make_person(uow))
    chat.say("申报", *WHOLE, "提交")
    return chat


def test_privacy_says_what_is_kept_and_how_to_erase(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("/privacy")
    assert chat.last.splitlines()[0] == "我们保存什么："


@pytest.mark.parametrize("said", ["1", "确认删除"])
def test_forget_erases_after_confirmation(uow: UnitOfWork, said: str) -> None:
    chat = make_chat(uow)
    chat.say("/forget", said)
    (found,) = uow.applications.of_person(chat.person.id)
    assert (found.state, found.title, uow.applications.answers(found.id)) == ("purged", "", {})
    assert uow.identities.of_person(chat.person.id) == []


@pytest.mark.parametrize("said", ["2", "不", "等等"])
def test_forget_without_confirmation_erases_nothing(uow: UnitOfWork, said: str) -> None:
    chat = make_chat(uow)
    chat.say("/forget", said)
    (found,) = uow.applications.of_person(chat.person.id)
    assert (chat.last, found.title, chat.state.flow) == ("好的，什么都没有删除。", "小橘灯", "")
