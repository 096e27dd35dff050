"""What the tests of applying share: an invented programme with a form, a library that knows little, a chat."""

import re
from typing import Any

from knowledge.programme import Answer, Deadline, Programme, Route
from storage.records import Application
from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.fixtures.forms import FORM
from tests.fixtures.people import FakeLibrary, make_person, make_programme, make_services

LANTERN = make_programme(form=FORM, deadline=Deadline(None), routes=(Route("portal", "https://lantern.example"),))


class Knowing(FakeLibrary):
    """A library that knows one answer, one courtesy, and nothing else."""

    def ask(self, question: str, **_: Any) -> Answer:
        if "收费" in question or "fee" in question:
            return Answer("answered", "免费。", "lantern", "fee")
        if question in {"你好", "谢谢"}:
            return Answer("abstained", "不客气。", None, "smalltalk")
        return Answer("abstained", "指南没有说明。")


def make_chat(uow: UnitOfWork, *programmes: Programme, locale: str = "zh") -> Chat:
    known = {one.id: one for one in programmes or (LANTERN,)}
    services = make_services(uow, *known.values(), library=Knowing(known))
    return Chat(services, make_person(uow, locale=locale))


def only(uow: UnitOfWork, chat: Chat) -> Application:
    (found,) = uow.applications.of_person(chat.person.id)
    return found


def receipt_in(text: str) -> str:
    found = re.search(r"\b[A-Z0-9]+-\d{4}-\d{6}-[A-Z0-9]\b", text)
    assert found is not None
    return found[0]
