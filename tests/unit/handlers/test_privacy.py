from datetime import timedelta

import pytest

from bot.delivery.scheduler import FAREWELL_KEPT, PRUNE_EVERY, UNUSED_FILES_KEPT
from bot.messages import ONE_PIECE
from bot.render import render
from knowledge.programme import Deadline
from storage.files_sweep import _UNNAMED_KEPT
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


@pytest.mark.parametrize(
    ("locale", "kept"),
    [
        ("zh", ["写到的其他人", "上传的文件", "材料包", "截止提醒", "两小时内清除", "约七天后清除"]),
        ("en", ["other people", "files you upload", "packages", "deadlines", "two hours", "seven days"]),
    ],
)
def test_privacy_names_files_others_watches_and_how_fast_they_go(locale: str, kept: list[str]) -> None:
    text = render("privacy.notice", locale)
    assert [word for word in kept if word not in text] == []
    assert len(text.encode()) <= ONE_PIECE


def test_what_privacy_says_of_times_is_what_the_schedule_does() -> None:
    # A file whose row is gone, or a package, is removed when nobody has uploaded it for an hour, looked for each hour.
    assert PRUNE_EVERY + _UNNAMED_KEPT == PRUNE_EVERY + FAREWELL_KEPT == timedelta(hours=2)
    assert timedelta(days=7) == UNUSED_FILES_KEPT


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
