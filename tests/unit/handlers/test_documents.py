import pytest

from bot.errors import PrivateOnly
from bot.handlers.documents import documents
from bot.messages import OutgoingFile
from bot.services.packages import Order
from knowledge.programme import Programme, Route
from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.fixtures.people import NOW, make_person, make_programme, make_services, make_submission, make_turn

LANTERN = make_programme(routes=(Route("portal", "https://lantern.example"),))


def make_chat(uow: UnitOfWork, programme: Programme = LANTERN, locale: str = "zh") -> Chat:
    return Chat(make_services(uow, programme), make_person(uow, locale=locale))


def test_without_a_submission_it_says_what_comes_first(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    assert chat.say("材料") == ["您还没有提交过申报，提交之后才有材料包。发送“申报”开始或继续填写。"]


def test_the_only_submission_is_packed_at_once(uow: UnitOfWork) -> None:
    chat = make_chat(uow, locale="en")
    made = make_submission(uow, chat.person)
    chat.say("/documents")
    (reply,) = chat.replies
    key = Order(made.id, 1, "en", NOW).key
    assert reply.files == (OutgoingFile(key, f"{made.receipt}.zip", "application/zip"),)
    assert reply.text.splitlines()[0] == f"Here is the package of {made.receipt}, a zip file."
    assert "not officially submitted" in reply.text


def test_of_several_one_is_asked_for_and_chosen(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    first, second = (make_submission(uow, chat.person, number, title=f"灯{number}") for number in (1, 2))
    chat.say("/documents")
    assert (chat.last, chat.labels) == ("要哪一份的材料包？", [f"{first.receipt} 灯1", f"{second.receipt} 灯2"])
    chat.say("2")
    assert [file.name for file in chat.replies[-1].files] == [f"{second.receipt}.zip"]


def test_a_receipt_is_understood_as_people_type_it(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    made = make_submission(uow, chat.person)
    make_submission(uow, chat.person, 2)
    chat.say(f"/documents {str(made.receipt).lower()}")
    assert [file.name for file in chat.replies[-1].files] == [f"{made.receipt}.zip"]


def test_somebody_elses_submission_is_not_found(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    other = make_submission(uow, make_person(uow))
    make_submission(uow, chat.person, 2)
    for wanted in (other.receipt, other.id):
        chat.say(f"/documents {wanted}")
        assert chat.replies[-1].files == ()
        assert str(wanted) in chat.last


def test_what_was_officially_submitted_is_not_called_prepared(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    made = make_submission(uow, chat.person)
    uow.applications.update(made.id, NOW, official="done")
    assert chat.say("材料") == [f"{made.receipt} 的材料包在这里，是一个压缩文件。"]


def test_a_group_gets_no_package(uow: UnitOfWork) -> None:
    person = make_person(uow)
    make_submission(uow, person)
    with pytest.raises(PrivateOnly):
        documents(make_turn(person, private=False), make_services(uow, LANTERN))
