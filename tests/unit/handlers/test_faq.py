"""Questions outside a form, and the wish to apply."""

import pytest

from storage.unit_of_work import UnitOfWork
from tests.unit.handlers.applying import make_chat


@pytest.mark.parametrize("said", ["我想申报灯笼奖", "报名 Lantern Prize", "我要申请灯笼。"])
def test_wish_to_apply_for_a_programme_offers_its_form(said: str, uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say(said)
    assert chat.last == "可以在这里填写「灯笼奖」的申报表，每答一项都会保存；有问题随时问。"
    assert [(choice.label, choice.value) for choice in chat.state.choices] == [("开始申报", "/apply lantern")]
    chat.say("开始申报")
    assert chat.state.flow == "apply"


def test_wish_to_apply_for_what_is_unknown_is_a_question(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("我想申报风筝奖")
    assert (chat.last, chat.labels) == ("指南没有说明。", ["转给工作人员"])


def test_question_with_a_programmes_name_is_no_wish(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报灯笼奖收费吗")
    assert (chat.last, chat.labels) == ("免费。", [])
