from datetime import UTC, datetime, timedelta

import pytest

from bot.context import Services
from bot.errors import BotError
from bot.handlers import admin_review
from bot.handlers.admin_review import DueInThePast, DueNeeded, NoReasonTaken, ReasonNeeded
from bot.handlers.returning import UnreadableDue
from bot.services import applications
from storage.records import Application, Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.fixtures.people import (
    NOW,
    make_person,
    make_programme,
    make_services,
    make_submission,
    make_turn,
    texts_to,
)

LANTERN = make_programme()
DUE = datetime(2026, 12, 5, 10, 0, tzinfo=UTC)  # 18:00 in Beijing, days after the programme's deadline


@pytest.fixture
def member(uow: UnitOfWork) -> Person:
    return make_person(uow, "李", role="staff")


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return make_services(uow, LANTERN)


def returned(uow: UnitOfWork, member: Person, services: Services, words: str) -> tuple[Person, Application]:
    applicant = make_person(uow)
    found = make_submission(uow, applicant)
    admin_review.move(make_turn(member, f"{found.receipt} 退回 {words}"), services)
    return applicant, uow.applications.lock(found.id)


def test_comments_and_a_due_time_are_kept_and_told(uow: UnitOfWork, member: Person, services: Services) -> None:
    applicant, found = returned(uow, member, services, "请补充\n单位名称：请写全称\n截止：2026-12-05 18:00")
    assert (found.state, found.returned) == ("returned", {"due": DUE.isoformat(), "comments": {"name": "请写全称"}})
    assert texts_to(uow, applicant)[-1].splitlines() == [
        f"「灯笼奖」您的申报 {found.receipt}（晨光科技有限公司）已退回，请修改后重新提交。",
        "原因：请补充",
        "· 单位名称：请写全称",
        "请在2026年12月5日（周六）18:00（北京时间）前交回。",
        "发送“申报”接着修改。",
    ]


def test_a_returned_application_is_due_at_its_own_time(uow: UnitOfWork, member: Person, services: Services) -> None:
    applicant, found = returned(uow, member, services, "E-mail: please check\ndue: 2026-12-05 18:00")
    after_deadline = datetime(2026, 12, 1, tzinfo=UTC)
    on_time = [
        applications.is_on_time(uow=uow, programme=LANTERN, person_id=applicant.id, now=now, application=application)
        for application in (found, None)
        for now in (after_deadline, DUE)
    ]
    assert on_time == [True, False, False, False]


def test_after_the_deadline_nothing_is_returned_without_a_due_time(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    found = make_submission(uow, make_person(uow))
    late = datetime(2026, 12, 1, tzinfo=UTC)
    with pytest.raises(DueNeeded):
        admin_review.move(make_turn(member, f"{found.receipt} 退回 缺页", now=late), services)
    assert uow.applications.lock(found.id).state == "submitted"
    admin_review.move(make_turn(member, f"{found.receipt} 退回 缺页\n截止：12-05 18:00", now=late), services)
    assert uow.applications.lock(found.id).state == "returned"


def test_a_returned_application_is_found_beside_a_newer_draft(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    applicant, found = returned(uow, member, services, "\n电子邮箱：退信了\n截止：2026-12-05 18:00")
    uow.applications.save_answers(found.id, {"name": "晨光", "email": "a@example.com"}, NOW)
    draft = uow.applications.create("lantern", 2026, applicant.id, "f1", NOW)
    chat = Chat(services, applicant)
    chat.now = datetime(2026, 12, 1, tzinfo=UTC)
    chat.say("/apply")
    assert [choice.value for choice in chat.state.choices] == [
        f"/apply lantern #{found.id}",
        f"/apply lantern #{draft.id}",
    ]
    chat.say("1")
    assert "工作人员：退信了" in chat.last.splitlines()
    chat.say("保存", f"/apply lantern #{draft.id}")
    assert chat.last.startswith("「灯笼奖」的申报已于")


def test_what_is_changed_in_a_returned_application_is_nobody_elses(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    applicant, found = returned(uow, member, services, "\n单位名称：请写全称")
    chat = Chat(services, applicant)
    chat.say("/apply", "晨光科技（北京）有限公司")
    assert uow.applications.answers(found.id)["name"] == "晨光科技（北京）有限公司"
    assert uow.applications.lock(found.id).title == "晨光科技有限公司"


def test_a_comment_alone_is_reason_enough(uow: UnitOfWork, member: Person, services: Services) -> None:
    _, found = returned(uow, member, services, "\n电子邮箱：退信了")
    assert found.returned["comments"] == {"email": "退信了"}
    assert found.cursor == {
        "unfit": ["email"],
        "remarks": {"email": "退信了"},
        "skipped": ["name", "size", "works", "consent"],
    }


def test_what_is_commented_on_is_asked_again_with_the_comment(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    applicant = make_person(uow)
    found = make_submission(uow, applicant, answers={"name": "晨光", "size": "small"})
    uow.applications.save_answers(found.id, {"name": "晨光", "size": "small"}, NOW)
    admin_review.move(make_turn(member, f"{found.receipt} 退回 \n规模：请核对"), services)
    chat = Chat(services, applicant)
    chat.say("/apply")
    assert chat.last.splitlines()[1:] == ["规模（选填）", "工作人员：请核对", "现在是：小型"]
    chat.say("大型")
    assert uow.applications.lock(found.id).cursor.get("remarks") is None


def test_only_what_is_commented_on_is_asked_again(uow: UnitOfWork, member: Person, services: Services) -> None:
    applicant = make_person(uow)
    answers = {"name": "晨光", "works": [{"title": "灯"}], "consent": {"agreed_at": NOW.isoformat(), "wording": "x"}}
    found = make_submission(uow, applicant, answers=answers)
    uow.applications.save_answers(found.id, answers, NOW)
    admin_review.move(make_turn(member, f"{found.receipt} 退回 \n名称：请写全称"), services)
    chat = Chat(services, applicant)
    chat.say("/apply")
    assert chat.last.splitlines()[1] == "单位名称"
    chat.say("晨光科技")
    assert chat.last.startswith("核对")


def test_without_comments_nothing_is_kept_beside_the_reason(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    _, found = returned(uow, member, services, "注意：缺少盖章页")
    assert (found.returned, uow.applications.moves(found.id)[-1].reason) == ({}, "注意：缺少盖章页")


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("退回 请改\n截止：下周", UnreadableDue),
        (f"退回 请改\n截止：{NOW - timedelta(hours=1):%Y-%m-%d %H:%M}", DueInThePast),
        ("退回", ReasonNeeded),
        ("入选 恭喜\n单位名称：很好", NoReasonTaken),
    ],
)
def test_what_cannot_be_returned_so_stays_as_it_is(
    words: str, refusal: type[BotError], uow: UnitOfWork, member: Person, services: Services
) -> None:
    found = make_submission(uow, make_person(uow))
    with pytest.raises(refusal):
        admin_review.move(make_turn(member, f"{found.receipt} {words}"), services)
    assert uow.applications.lock(found.id).state == "submitted"
