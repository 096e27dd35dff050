"""Applying by dialog."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.context import Services
from bot.errors import PrivateOnly
from bot.handlers import apply
from knowledge.loader import load_pack
from knowledge.programme import Programme, Quote, Route
from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.fixtures.forms import FORM, WHOLE
from tests.fixtures.people import make_programme, make_services, make_turn
from tests.unit.handlers.applying import LANTERN, Knowing, make_chat, only, receipt_in

STORY_ZH = ("自主研发调度系统。", "已在三个港口使用。", "完成")


def test_apply_in_a_group_is_private(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    with pytest.raises(PrivateOnly):
        apply.apply(make_turn(chat.person, private=False), chat.services)


def test_apply_shows_place_question_and_buttons(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意")
    assert chat.last.splitlines()[:2] == ["2/8 · 作品", "作品类型"]
    assert chat.labels == ["灯", "风筝", "返回", "核对", "保存并离开"]
    assert [choice.numbered for choice in chat.state.choices] == [True, True, False, False, False]


def test_apply_several_programmes_asks_which(uow: UnitOfWork) -> None:
    chat = make_chat(uow, LANTERN, make_programme(id="kite", form=FORM))
    chat.say("/apply")
    assert [choice.value for choice in chat.state.choices] == ["/apply lantern", "/apply kite"]
    chat.say("1")
    assert chat.state.flow == "apply"


def test_apply_unknown_programme_is_told(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("/apply 月亮奖")
    assert (chat.state.flow, uow.applications.of_person(chat.person.id)) == ("", [])
    assert chat.last.startswith("没有认出“月亮奖”")


def test_apply_without_form_quotes_the_official_route(uow: UnitOfWork) -> None:
    route = Route("email", "a@example.com", Quote("报名", "请发送至 a@example.com。"))
    chat = make_chat(uow, make_programme(form=None, routes=(route,)))
    chat.say("/apply lantern")
    assert chat.last.splitlines() == [
        "「灯笼奖」还不能在这里填表。",
        "请用邮件申报：a@example.com",
        "指南：“请发送至 a@example.com。”",
    ]


def test_apply_closed_starts_nothing_and_says_since_when(uow: UnitOfWork) -> None:
    closed = make_programme(form=FORM)
    chat = make_chat(uow, closed)
    chat.now = closed.deadline.closes_at or chat.now
    chat.say("/apply lantern")
    assert "2026年11月30日（周一）24:00（北京时间）" in chat.last
    assert uow.applications.of_person(chat.person.id) == []


def test_apply_deadline_not_announced_is_open_and_said(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    assert chat.say("/apply lantern")[0].splitlines()[-1] == "截止时间尚未公布，现在可以填报。"


def test_number_and_full_width_number_choose(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "1", "２")
    assert uow.applications.answers(only(uow, chat).id)["kind"] == "kite"


def test_wrong_value_says_what_is_right_and_asks_again_once(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", *WHOLE[:-2], "nomail")
    assert chat.last.split("\n\n")[0] == "这不像邮箱地址。应如 name@example.com。"
    assert chat.whole.count("7/8 · 联系") == 1


def test_too_long_tells_the_exact_overshoot(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "灯", "一二三四五六七八九十甲")
    assert chat.last.startswith("共11字，超出1字，上限10字。")


def test_long_text_counts_as_it_comes(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "灯", "小橘灯", "一盏小灯。")
    assert chat.last.splitlines() == ["创作故事", "已收到，共5字，还可写15字。", "继续发，或发“完成”。"]


def test_question_at_a_typed_field_is_answered_and_the_prompt_returns_once(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "报名收费吗")
    assert [reply.text.splitlines()[0] for reply in chat.replies] == ["免费。", "2/8 · 作品"]
    chat.say("灯")
    assert chat.last.splitlines()[1] == "作品名称"


def test_question_at_a_text_field_that_the_guide_answers_is_no_answer(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "灯", "收费吗？")
    assert [reply.text.splitlines()[0] for reply in chat.replies] == ["免费。", "3/8 · 作品"]
    assert "name" not in uow.applications.answers(only(uow, chat).id)
    chat.say("记作答案")
    assert uow.applications.answers(only(uow, chat).id)["name"] == "收费吗？"


@pytest.mark.parametrize(("said", "name"), [("1", "月亮是什么"), ("2", None), ("大橘灯", "大橘灯")])
def test_question_that_nobody_answers_may_be_the_answer(uow: UnitOfWork, said: str, name: str | None) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "灯", "月亮是什么")
    assert chat.labels == ["记作答案", "不是答案"]
    chat.say(said)
    assert uow.applications.answers(only(uow, chat).id).get("name") == name


def test_small_talk_is_replied_to_and_stored_nowhere(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "灯", "谢谢")
    assert [reply.text.splitlines()[0] for reply in chat.replies] == ["不客气。", "3/8 · 作品"]
    assert "name" not in uow.applications.answers(only(uow, chat).id)


def test_long_question_in_a_long_text_is_content(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    text = "我们为什么要做灯笼？" * 7
    chat.say("申报", "同意", "灯", "小橘灯", text)
    assert only(uow, chat).cursor["drafts"] == {"story": [text]}


def test_command_in_the_middle_leaves_the_draft_and_its_prompt(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "/privacy")
    assert (chat.replies[-1].text.splitlines()[0], len(chat.replies)) == ("2/8 · 作品", 2)
    chat.say("灯")
    assert chat.last.splitlines()[0] == "3/8 · 作品"


def test_apply_in_the_middle_shows_the_prompt_once(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "/apply lantern")
    assert chat.whole.count("2/8 · 作品") == 1


def test_save_and_continue_exactly_there(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "灯", "保存并离开")
    assert (chat.state.flow, chat.last) == ("", "已保存。随时发送“继续”，从这里接着填。")
    chat.say("继续")
    assert chat.last.splitlines()[:2] == ["3/8 · 作品", "作品名称"]


def test_new_conversation_of_the_same_person_continues_the_draft(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "灯")
    elsewhere = Chat(chat.services, chat.person, channel="web")
    elsewhere.say("申报")
    assert elsewhere.last.splitlines()[:2] == ["3/8 · 作品", "作品名称"]


def test_cancel_can_delete_the_draft(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "/cancel", "删除草稿")
    assert (chat.last, only(uow, chat).state, chat.state.flow) == ("草稿已删除。", "purged", "")


def test_form_changed_under_the_dialog_asks_before_it_takes(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "灯")
    terms = FORM.sections[0]
    changed = replace(terms.fields[0], label=replace(terms.fields[0].label, zh="新的告知"))
    form = replace(FORM, version="v2", sections=(replace(terms, fields=(changed,)), *FORM.sections[1:]))
    chat.services = make_services(
        uow, replace(LANTERN, form=form), library=Knowing({"lantern": replace(LANTERN, form=form)})
    )
    chat.say("小橘灯")
    assert chat.last.split("\n\n")[1].splitlines()[:2] == ["1/8 · terms", "新的告知"]
    assert "name" not in uow.applications.answers(only(uow, chat).id)


def test_enormous_and_invisible_texts_get_a_clear_reply(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意")
    for said in ("字" * 100_000, "\x00\x07 \u200b", "🏮🏮🏮"):
        chat.say(said)
        assert (chat.last.count("2/8 · 作品"), len(chat.last) < 200) == (1, True)


INVENTED = """
sections:
  - key: boat
    title: {zh: 龙舟, en: The boat}
    fields:
      - key: crew
        type: choice
        required: true
        label: {zh: 队伍, en: Crew}
        options:
          - {value: school, label: {zh: 学校, en: School}}
          - {value: village, label: {zh: 村, en: Village}}
      - key: school
        type: text
        required: true
        identifies: true
        when: {field: crew, in: school}
        label: {zh: 校名, en: Name of the school}
      - key: raced_on
        type: date
        label: {zh: 首次参赛日期, en: First race}
        rules: [{kind: not_future}]
        quote: 龙舟须参加过比赛。
"""


def invented_pack(tmp_path: Path) -> Programme:
    folder = tmp_path / "dragon-boat"
    folder.mkdir()
    (folder / "guide.md").write_text("# 龙舟奖\n\n龙舟须参加过比赛。\n", encoding="utf-8")
    (folder / "form.yaml").write_text(INVENTED, encoding="utf-8")
    return load_pack(folder)


def test_invented_form_works_without_code(uow: UnitOfWork, tmp_path: Path) -> None:
    chat = make_chat(uow, invented_pack(tmp_path))
    chat.say("申报", "学校")
    assert chat.last.splitlines()[:2] == ["2/3 · 龙舟", "校名"]
    chat.say("示例小学", "2020年5月", "2020年5月5日", "提交")
    found = only(uow, chat)
    assert (found.state, found.title, found.year) == ("submitted", "示例小学", 2026)
    assert receipt_in(chat.replies[0].text).startswith("DRAGONBOAT-2026-000001-")


def test_services_are_given(uow: UnitOfWork) -> None:
    assert isinstance(make_chat(uow).services, Services)
    assert isinstance(make_chat(uow).now, datetime)
