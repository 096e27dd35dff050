"""What is said in the middle of a form and looks like a question where any text may be the answer."""

from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.unit.handlers.applying import make_chat, only

QUESTION = "评审什么时候出结果"


def asked_back(uow: UnitOfWork) -> Chat:
    """A chat that has just been asked whether its text is the answer."""
    chat = make_chat(uow)
    chat.say("/apply lantern", "同意", "灯", QUESTION)
    assert chat.labels == ["记作答案", "不是答案"]
    return chat


def test_what_is_no_answer_is_answered_as_a_question_and_the_prompt_comes_back_once(uow: UnitOfWork) -> None:
    chat = asked_back(uow)
    chat.say("不是答案")
    answer, prompt = chat.replies
    assert (answer.text, prompt.text.splitlines()[1]) == ("指南没有说明。", "作品名称")
    assert "name" not in uow.applications.answers(only(uow, chat).id)


def test_what_is_an_answer_is_stored_as_it_was_said(uow: UnitOfWork) -> None:
    chat = asked_back(uow)
    chat.say("记作答案")
    assert QUESTION in uow.applications.answers(only(uow, chat).id).values()


def test_another_text_is_the_answer_instead(uow: UnitOfWork) -> None:
    chat = asked_back(uow)
    chat.say("小橘灯")
    assert QUESTION not in uow.applications.answers(only(uow, chat).id).values()
