import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.context import Services, Turn
from bot.errors import BotError, NotFound, UnknownProgramme, UsageError
from bot.handlers import admin_programme
from bot.handlers.admin_programme import LastOwner
from bot.handlers.arguments import Mistyped
from bot.handlers.deadline_arguments import OtherProgramme
from bot.messages import Reply
from bot.render import render
from bot.services import staff as staff_service
from storage.records import Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import (
    NOW,
    make_person,
    make_programme,
    make_services,
    make_submission,
    make_turn,
    texts_to,
)

NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


@pytest.fixture
def member(uow: UnitOfWork) -> Person:
    return make_person(uow, "李", role="staff")


@pytest.fixture
def owner(uow: UnitOfWork) -> Person:
    return make_person(uow, "王", role="owner")


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return make_services(uow)


def lines(*texts: str) -> str:
    return "\n".join(texts)


def asked(member: Person, services: Services, text: str) -> tuple[Turn, Reply]:
    turn = make_turn(member, text)
    [reply] = admin_programme.deadline(turn, services)
    turn.state.prompt += 1  # as the turn's machinery counts what it shows
    return turn, reply


def confirm(turn: Turn, services: Services, choice: str | None = "set", text: str = "") -> Reply:
    [reply] = admin_programme.confirm_deadline(make_turn(turn.person, text, choice=choice, state=turn.state), services)
    return reply


def test_deadline_with_a_programme_alone_shows_it(member: Person, services: Services) -> None:
    turn, reply = asked(member, services, "灯笼奖")
    assert reply.text.splitlines()[0] == "「灯笼奖」的截止时间：2026年11月30日（周一）24:00（北京时间）"
    assert turn.state.flow == ""


def test_deadline_previews_before_after_how_many_and_what_to_consider(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    make_submission(uow, make_person(uow), 1)
    uow.applications.create("lantern", 2026, make_person(uow).id, "f1", NOW)
    turn, reply = asked(member, services, "lantern 2026-12-15")
    assert reply.text == "\n".join(
        [
            "「灯笼奖」的截止时间",
            "现在：2026年11月30日（周一）24:00（北京时间）",
            "改为：2026年12月15日（周二）24:00（北京时间）",
            "只写了日期，按当天结束计。",
            "注意：不足指南承诺的提前时间：“截止前一个月公布。”",
            "注意：晚于“评审”的开始，会压缩其时间：“12月10日评审。”",
            "确认后通知 2 位申报人。",
        ]
    )
    assert [choice.value for choice in reply.choices] == ["set", "cancel"]
    assert turn.state.flow == "deadline"
    assert uow.deadlines.latest() == {}


@pytest.mark.parametrize(
    "text",
    ["lantern 2026-12-31 24:00", "灯笼奖　2026年12月31日24点", "Lantern Prize 12-31", "灯笼 2026-12-31T16:00:00Z"],
)
def test_deadline_is_set_and_told_after_confirmation(
    uow: UnitOfWork, member: Person, services: Services, text: str
) -> None:
    chinese, english, stranger = make_person(uow), make_person(uow, locale="en"), make_person(uow)
    make_submission(uow, chinese, 1)
    uow.applications.create("lantern", 2026, english.id, "f1", NOW)
    turn, _ = asked(member, services, text)
    reply = confirm(turn, services)
    assert reply.text == "「灯笼奖」的截止时间已设为 2026年12月31日（周四）24:00（北京时间），已通知 2 位申报人。"
    assert uow.deadlines.latest()["lantern"].closes_at == NEW_YEAR
    assert turn.state.flow == ""
    assert texts_to(uow, chinese) == [
        lines(
            "「灯笼奖」主办方通知：",
            "申报截止时间改为 2026年12月31日（周四）24:00（北京时间）。",
            "原为 2026年11月30日（周一）24:00（北京时间）。",
        )
    ]
    assert texts_to(uow, english) == [
        lines(
            "Lantern Prize, notice of the organizer:",
            "Applications are now due by Thu 31 December 2026, 24:00 (Beijing time).",
            "It was Mon 30 November 2026, 24:00 (Beijing time).",
        )
    ]
    assert texts_to(uow, stranger) == []


@pytest.mark.parametrize("word", ["none", "无", "未公布", "NONE"])
def test_deadline_none_is_not_announced(uow: UnitOfWork, member: Person, services: Services, word: str) -> None:
    applicant = make_person(uow)
    make_submission(uow, applicant, 1)
    turn, reply = asked(member, services, f"lantern {word}")
    assert reply.text.splitlines()[2] == "改为：尚未公布"
    assert confirm(turn, services, None, "确认").text.startswith("「灯笼奖」的截止时间已设为“尚未公布”")
    assert uow.deadlines.latest()["lantern"].closes_at is None
    assert (
        texts_to(uow, applicant)[0].splitlines()[1] == "原定的申报截止时间取消，新的时间尚未公布，公布后在这里通知您。"
    )


def test_deadline_cancelled_changes_nothing(uow: UnitOfWork, member: Person, services: Services) -> None:
    turn, _ = asked(member, services, "lantern none")
    assert confirm(turn, services, "cancel").text == "没有改动截止时间。"
    assert (turn.state.flow, uow.deadlines.latest()) == ("", {})


def test_deadline_by_another_text_asks_again(uow: UnitOfWork, member: Person, services: Services) -> None:
    turn, first = asked(member, services, "lantern 2026-12-31")
    assert confirm(turn, services, None, "几点来着") == first
    assert (turn.state.flow, uow.deadlines.latest()) == ("deadline", {})


def test_deadline_by_a_word_after_something_else_was_shown_asks_again(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    turn, first = asked(member, services, "lantern 2026-12-31")
    turn.state.prompt += 1
    assert confirm(turn, services, None, "好") == first
    assert uow.deadlines.latest() == {}


def test_deadline_changed_by_another_in_between_is_shown_first(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    turn, _ = asked(member, services, "lantern 2026-12-31")
    uow.deadlines.add("lantern", None, NEW_YEAR - timedelta(days=1), member.id, NOW)
    reply = confirm(turn, services)
    assert reply.text.splitlines()[1] == "现在：2026年12月30日（周三）24:00（北京时间）"
    confirm(turn, services)
    assert uow.deadlines.latest()["lantern"].closes_at == NEW_YEAR


def test_deadline_as_it_is_already_asks_nothing(member: Person, services: Services) -> None:
    turn, reply = asked(member, services, "lantern 2026-11-30 24:00")
    assert reply.text == "「灯笼奖」的截止时间本来就是 2026年11月30日（周一）24:00（北京时间），没有改动。"
    assert turn.state.flow == ""


def test_deadline_confirmed_by_somebody_who_is_no_longer_staff_is_refused(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    turn, _ = asked(member, services, "lantern none")
    uow.persons.set_role(member.id, "applicant")
    former = uow.persons.get(member.id)
    assert former is not None
    turn.person = former
    assert confirm(turn, services).text == render("errors.not_staff", "zh")
    assert uow.deadlines.latest() == {}


@pytest.mark.parametrize("by", ["receipt", "number"])
def test_deadline_of_one_person_is_set_and_told_to_them_alone(
    uow: UnitOfWork, member: Person, services: Services, by: str
) -> None:
    applicant, other = make_person(uow), make_person(uow)
    receipt = make_submission(uow, applicant, 1).receipt
    make_submission(uow, other, 2, title="远山集团")
    who = receipt if by == "receipt" else f"＃{applicant.id}"
    turn, reply = asked(member, services, f"lantern {who} 2026-12-01 18:00")
    assert reply.text.splitlines()[0] == f"「灯笼奖」只对 #{applicant.id} 的截止时间"
    confirm(turn, services)
    assert texts_to(uow, applicant) == [
        "「灯笼奖」主办方通知：\n您的申报截止时间单独定为 2026年12月1日（周二）18:00（北京时间）。"
    ]
    assert texts_to(uow, other) == []
    personal = uow.deadlines.personal(applicant.id)["lantern"]
    assert personal.closes_at == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    assert uow.deadlines.latest() == {}


def test_deadline_by_a_receipt_of_another_programme_is_refused(uow: UnitOfWork, member: Person) -> None:
    kite = make_programme(id="kite", aliases=(), receipt="KITE", name=make_programme().name)
    receipt = make_submission(uow, make_person(uow), 1, programme="kite", prefix="KITE").receipt
    services = make_services(uow, make_programme(), kite)
    with pytest.raises(OtherProgramme) as refused:
        admin_programme.deadline(make_turn(member, f"lantern {receipt} none"), services)
    assert render(refused.value.template, "zh", **refused.value.values) == f"{receipt} 是「灯笼奖」的申报。"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", UsageError),
        ("lantern 明天", UsageError),
        ("lantern 2026-02-30", UsageError),
        ("lantern #7", UsageError),
        ("lantern #999 2026-12-31", NotFound),
        ("lantern LAN-2026-000001-Z 2026-12-31", Mistyped),
        ("风筝 2026-12-31", UnknownProgramme),
        ("风筝", UnknownProgramme),
        ("a " * 50_000, UnknownProgramme),
        ("lantern " + "1" * 100_000, UsageError),
    ],
)
def test_deadline_that_is_not_understood_is_refused(
    member: Person, services: Services, text: str, error: type[BotError]
) -> None:
    with pytest.raises(error) as refused:
        admin_programme.deadline(make_turn(member, text), services)
    for locale in ("zh", "en"):
        assert render(refused.value.template, locale, **refused.value.values)


@pytest.mark.parametrize(
    ("text", "role"), [("", "staff"), ("staff", "staff"), ("工作人员", "staff"), ("ＯＷＮＥＲ", "owner")]
)
def test_invite_gives_a_text_to_pass_on_that_works(
    uow: UnitOfWork, owner: Person, services: Services, text: str, role: str
) -> None:
    replies = admin_programme.invite(make_turn(owner, text), services)
    found = re.fullmatch(r".*\n/join (\S+)", replies[1].text)
    assert found is not None
    guest = make_person(uow)
    assert staff_service.join(uow=uow, person_id=guest.id, token=found[1], now=NOW) == role


def test_invite_to_another_role_is_refused(owner: Person, services: Services) -> None:
    with pytest.raises(UsageError):
        admin_programme.invite(make_turn(owner, "judge"), services)


def test_staff_lists_members_with_their_numbers(owner: Person, member: Person, services: Services) -> None:
    [reply] = admin_programme.staff(make_turn(owner), services)
    assert reply.text == (f"#{owner.id} 王，所有者（您）\n#{member.id} 李，工作人员\n移除：/staff remove 编号")


@pytest.mark.parametrize("text", ["remove {}", "移除 #{}", "ＲＥＭＯＶＥ　＃{}"])
def test_staff_remove_makes_an_applicant_and_tells_them(
    uow: UnitOfWork, owner: Person, member: Person, services: Services, text: str
) -> None:
    [reply] = admin_programme.staff(make_turn(owner, text.format(member.id)), services)
    assert reply.text == f"#{member.id} 李 不再是工作人员。"
    assert [person.id for person in uow.persons.staff()] == [owner.id]
    assert texts_to(uow, member) == ["您不再是工作人员。申报与提问照常可用。"]


@pytest.mark.parametrize(("text", "error"), [("remove", UsageError), ("remove x", UsageError), ("remove 99", NotFound)])
def test_staff_remove_of_nobody_is_refused(owner: Person, services: Services, text: str, error: type[BotError]) -> None:
    with pytest.raises(error):
        admin_programme.staff(make_turn(owner, text), services)


def test_staff_remove_of_the_last_owner_is_refused(uow: UnitOfWork, owner: Person, services: Services) -> None:
    with pytest.raises(LastOwner):
        admin_programme.staff(make_turn(owner, f"remove {owner.id}"), services)
    assert uow.persons.has_owner()
