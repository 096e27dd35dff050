from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import BotError, UnknownProgramme, UsageError
from bot.handlers import admin_broadcast
from bot.handlers.broadcast_dialog import NoInstant, TooLong
from bot.letters import BrokenText, UnknownFields
from bot.messages import ONE_PIECE
from bot.services.broadcasts import NobodyReached, WrongNumber
from storage.records import Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_turn
from tests.unit.handlers.broadcasting.desk import Desk, labels, texts


def applicant(uow: UnitOfWork, state: str = "draft", *, name: str = "", channel: str = "telegram") -> Person:
    person = make_person(uow, name, channel=channel)
    made = uow.applications.create("lantern", 2026, person.id, "f1", NOW)
    uow.applications.update(made.id, NOW, state=state)
    return person


def test_broadcast_to_applicants_from_the_first_question_to_its_start(desk: Desk, uow: UnitOfWork) -> None:
    for _ in range(3):
        applicant(uow)
    late = applicant(uow, "submitted", channel="wechat")
    account = uow.identities.of_person(late.id)[0]
    uow.identities.touch(account.channel, account.external_id, chat=None, now=NOW - timedelta(days=3))
    gone = applicant(uow, "submitted")
    uow.identities.mark_unreachable("telegram", f"telegram-{gone.id}", "Forbidden")

    asked = desk.command("")
    assert texts(asked) == ["群发给谁？"]
    assert labels(asked[0]) == [
        "全部用户",
        "某个项目的申请人",
        "草稿没有提交的人",
        "某个状态的申请人",
        "工作人员",
        "最近的群发",
        "取消",
    ]
    assert texts(desk.say("2")) == ["哪个项目？"]
    assert texts(desk.say("灯笼奖")) == [
        "请发来要群发的文字，一条消息写完。\n可以用的字段：{{ name }}、{{ programme }}、{{ deadline }}"
    ]
    shown = desk.say("{{ name }}您好，「{{ programme }}」{{ deadline }}截止。")
    assert texts(shown) == [
        "王主任您好，「灯笼奖」2026年11月30日（周一）24:00（北京时间）截止。",
        (
            "以上是您会收到的样子。\n发给：灯笼奖 · 全部申请人\nTelegram：3 人，1 人联系不上\n"
            "微信：0 人，1 人要等下次来访\n"
            "用时：不到 1 分钟\n时间：确认后立即\n确认请输入送达人数 3。"
        ),
    ]
    assert [(choice.label, choice.numbered) for choice in shown[1].choices] == [
        ("先发给自己", False),
        ("定时", False),
        ("改文字", False),
        ("取消", False),
    ]
    started = desk.say("３")
    assert texts(started) == ["群发 1 开始了。发完会告诉您。"]
    assert [(one.state, one.audience, one.starts_at) for one in desk.broadcasts()] == [
        ("queued", {"programmes": ["lantern"]}, NOW)
    ]
    assert desk.state.flow == ""


def test_broadcast_in_english(uow: UnitOfWork) -> None:
    desk = Desk(uow, "en")
    desk.command("everyone")
    shown = desk.say("Hello {{ name }}")
    assert texts(shown) == [
        "Hello 王主任",
        (
            "Above is the message as you would get it.\nFor: everybody\nTelegram: 1 reached\n"
            "Takes: less than a minute\n"
            "Time: once confirmed\nTo confirm, type the number reached: 1."
        ),
    ]
    assert texts(desk.say("1")) == ["Broadcast 1 has begun. You will be told when it is done."]


@pytest.mark.parametrize(
    ("said", "audience"),
    [
        (["1"], {"everyone": True}),
        (["5"], {"roles": ["staff", "owner"]}),
        (["3", "2"], {"states": ["draft", "returned"]}),
        (["3", "1"], {"programmes": ["lantern"], "states": ["draft", "returned"]}),
        (["4", "1", "评审中"], {"programmes": ["lantern"], "states": ["in_review"]}),
        (["工作人员"], {"roles": ["staff", "owner"]}),
        (["lantern draft"], {"programmes": ["lantern"], "states": ["draft"]}),
    ],
)
def test_each_audience_can_be_chosen(desk: Desk, uow: UnitOfWork, said: list[str], audience: dict[str, object]) -> None:
    applicant(uow)
    applicant(uow, "in_review")
    desk.command("")
    for text in said:
        desk.say(text)
    reached = desk.say("通知")[1].text.rsplit(" ", 1)[1].rstrip("。")
    desk.say(reached)
    assert [one.audience for one in desk.broadcasts()] == [audience]


@pytest.mark.parametrize(
    ("text", "step"),
    [("all", "text"), ("staff", "text"), ("灯笼奖", "text"), ("灯笼奖 未提交", "text"), ("lantern in review", "text")],
)
def test_audience_can_be_named_with_the_command(desk: Desk, uow: UnitOfWork, text: str, step: str) -> None:
    applicant(uow)
    applicant(uow, "in_review")
    desk.command(text)
    assert desk.state.data["step"] == step


def test_audience_that_is_not_understood_says_what_would_be(desk: Desk) -> None:
    with pytest.raises(UsageError) as refusal:
        desk.command("our friends")
    assert "/broadcast list" in str(refusal.value.values["usage"])


def test_unknown_programme_is_named(desk: Desk) -> None:
    desk.command("")
    desk.say("2")
    with pytest.raises(UnknownProgramme):
        desk.say("火箭奖")


def test_audience_without_anybody_is_refused(desk: Desk) -> None:
    desk.command("")
    desk.say("2")
    with pytest.raises(NobodyReached):
        desk.say("1")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("{{ salary }} {{ name }}", UnknownFields),
        ("{{ deadline }}", UnknownFields),
        ("{{ name", BrokenText),
        ("{{ 1/0 }}", BrokenText),
        ("{{ name.__class__ }}", BrokenText),
        ("x" * (ONE_PIECE + 1), TooLong),
    ],
)
def test_text_that_cannot_be_sent_is_refused(desk: Desk, text: str, refusal: type[BotError]) -> None:
    desk.command("all")
    with pytest.raises(refusal):
        desk.say(text)
    assert desk.state.data["step"] == "text"


def test_unknown_fields_are_named_with_the_known_ones(desk: Desk) -> None:
    desk.command("all")
    with pytest.raises(UnknownFields) as refusal:
        desk.say("{{ salary }}")
    assert refusal.value.values == {"fields": ("salary",), "known": ("name",)}


def test_test_to_oneself_sends_the_bare_text_and_starts_nothing(desk: Desk) -> None:
    desk.command("all")
    desk.say("您好，{{ name }}")
    assert texts(desk.say("先发给自己")) == ["您好，王主任", "上面就是收到的样子。确认请输入送达人数 1。"]
    assert desk.broadcasts() == []


def test_wrong_number_starts_nothing(desk: Desk) -> None:
    desk.command("all")
    desk.say("通知")
    with pytest.raises(WrongNumber):
        desk.say("2")
    assert desk.broadcasts() == []


@pytest.mark.parametrize("words", ["好的，发吧", "1" + " " * 50_000 + "人", "1" + "\u0301\u0327" * 50_000])
def test_other_words_than_the_number_start_nothing(desk: Desk, words: str) -> None:
    desk.command("all")
    desk.say("通知")
    assert texts(desk.say(words)) == ["还没有发出。确认请输入送达人数 1。"]
    assert desk.broadcasts() == []


def test_number_that_has_changed_meanwhile_is_shown_anew(desk: Desk, uow: UnitOfWork) -> None:
    desk.command("all")
    desk.say("通知")
    make_person(uow)
    again = desk.say("1")
    assert (again[0].text, again[-1].text.splitlines()[-1]) == (
        "没有发出：送达人数刚从 1 变为 2。请看新的预览。",
        "确认请输入送达人数 2。",
    )
    desk.say("2")
    assert [one.state for one in desk.broadcasts()] == ["queued"]


def test_broadcast_can_be_planned_for_later(desk: Desk) -> None:
    desk.command("all")
    desk.say("通知")
    assert texts(desk.say("定时")) == ["什么时候发？例如 12-31 09:00。"]
    shown = desk.say("12-31 09:00")
    assert shown[1].text.splitlines()[-2] == "时间：2026年12月31日（周四）09:00（北京时间）"
    assert texts(desk.say("1")) == ["群发 1 已排好，2026年12月31日（周四）09:00（北京时间）发出。"]
    assert [one.starts_at for one in desk.broadcasts()] == [datetime(2026, 12, 31, 1, 0, tzinfo=UTC)]


@pytest.mark.parametrize(("text", "past"), [("2025-12-31 09:00", True), ("12-31", False), ("明天吧", False)])
def test_time_that_is_past_or_not_understood_is_refused(desk: Desk, text: str, past: bool) -> None:
    desk.command("all")
    desk.say("通知")
    desk.say("定时")
    with pytest.raises(NoInstant) as refusal:
        desk.say(text)
    assert refusal.value.values["past"] is past


def test_text_can_be_changed_and_steps_gone_back(desk: Desk) -> None:
    desk.command("all")
    desk.say("旧的")
    desk.say("改文字")
    assert texts(desk.say("新的"))[0] == "新的"
    desk.say("返回")
    desk.say("返回")
    assert desk.state.data["step"] == "audience"


def test_dialog_can_be_cancelled_at_every_step(desk: Desk) -> None:
    desk.command("all")
    desk.say("通知")
    assert texts(desk.say("取消")) == ["已取消，什么都没有发。"]
    assert (desk.state.flow, desk.broadcasts()) == ("", [])


def test_prompt_is_shown_again_after_an_interruption(desk: Desk) -> None:
    desk.command("")
    turn = make_turn(desk.person, state=desk.state)
    assert texts(admin_broadcast.prompt_again(turn, desk.services)) == ["群发给谁？"]


def test_who_is_no_staff_any_more_cannot_go_on(desk: Desk, uow: UnitOfWork) -> None:
    desk.command("all")
    uow.persons.set_role(desk.person.id, "applicant")
    former = uow.persons.get(desk.person.id)
    assert former is not None
    desk.person = former
    replies = desk.say("通知")
    assert (desk.state.flow, desk.broadcasts(), len(replies)) == ("", [], 1)
