from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.context import State
from bot.errors import UnknownProgramme, UsageError
from bot.handlers.admin_remind import remind
from bot.services.reminders import TooFar, TooLate, UnknownReminder
from knowledge.programme import Deadline
from storage.database import Storage
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_programme, make_services, make_turn


@pytest.fixture
def uow(sqlite_storage: Storage) -> Iterator[UnitOfWork]:
    with sqlite_storage._engine.begin() as connection:
        yield UnitOfWork(connection)


def say(uow: UnitOfWork, text: str, *, locale: str = "zh", deadline: Deadline | None = None) -> list[str]:
    """What staff read after "/remind text"."""
    programme = make_programme(deadline=deadline) if deadline else make_programme()
    staff = make_person(uow, role="staff", locale=locale)
    replies = remind(make_turn(staff, text, state=State()), make_services(uow, programme))
    return [reply.text for reply in replies]


def before(uow: UnitOfWork) -> list[timedelta]:
    return [timedelta(seconds=one.before_seconds) for one in uow.reminders.active()]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("lantern 3d", timedelta(days=3)),
        ("灯笼奖 3天", timedelta(days=3)),
        ("灯笼奖3天", timedelta(days=3)),
        ("灯笼奖 提前３天", timedelta(days=3)),
        ("lantern 12h", timedelta(hours=12)),
        ("lantern 12 hours", timedelta(hours=12)),
        ("lantern 12小时", timedelta(hours=12)),
        ("lantern 1 day", timedelta(days=1)),
        ("lantern 1w", timedelta(weeks=1)),
        ("Lantern Prize 2 days", timedelta(days=2)),
    ],
)
def test_offset_is_read_as_staff_write_it(uow: UnitOfWork, text: str, offset: timedelta) -> None:
    say(uow, text)
    assert before(uow) == [offset]


def test_reminder_says_when_it_goes_out_and_to_how_many(uow: UnitOfWork) -> None:
    for _ in range(2):
        person = make_person(uow)
        uow.applications.create("lantern", 2026, person.id, "f1", NOW)
    assert say(uow, "灯笼奖 3天") == [
        (
            "已设好：「灯笼奖」截止前 3 天提醒没有提交的人，目前 2 人。\n"
            "2026年11月28日（周六）08:00（北京时间）发出；截止时间变了，提醒跟着变。"
        )
    ]


def test_reminder_in_english(uow: UnitOfWork) -> None:
    assert say(uow, "lantern 12h", locale="en") == [
        (
            "Set: those who have not submitted to Lantern Prize are reminded 12 hours before it closes, "
            "0 as things stand.\n"
            "It goes out Mon 30 November 2026, 12:00 (Beijing time) and moves with the deadline."
        )
    ]


def test_reminder_without_a_deadline_waits_for_one(uow: UnitOfWork) -> None:
    assert say(uow, "lantern 3d", deadline=Deadline(None)) == [
        "已设好：「灯笼奖」截止前 3 天提醒没有提交的人，目前 0 人。\n截止时间尚未公布，公布后按它计算。"
    ]


def test_reminders_are_listed(uow: UnitOfWork) -> None:
    nothing = say(uow, "")
    say(uow, "lantern 3d")
    say(uow, "lantern 36h")
    assert nothing == ["还没有设提醒。写法：\n/remind 项目 3天（或 12小时）\n/remind 删除 编号"]
    assert say(uow, "") == [
        (
            "1 「灯笼奖」截止前 3 天，2026年11月28日（周六）08:00（北京时间）发出\n"
            "2 「灯笼奖」截止前 1 天零 12 小时，2026年11月29日（周日）12:00（北京时间）发出"
        )
    ]


@pytest.mark.parametrize("text", ["remove 1", "删除 1", "删除1", "1 删除"])
def test_reminder_is_removed(uow: UnitOfWork, text: str) -> None:
    say(uow, "lantern 3d")
    assert (say(uow, text), before(uow)) == (["已删除：「灯笼奖」截止前 3 天的提醒。"], [])


def test_unknown_reminder_is_refused(uow: UnitOfWork) -> None:
    with pytest.raises(UnknownReminder):
        say(uow, "remove 7")


@pytest.mark.parametrize("text", ["lantern", "lantern soon", "3d", "lantern 3 months"])
def test_what_is_not_understood_says_what_would_be_right(uow: UnitOfWork, text: str) -> None:
    with pytest.raises(UsageError):
        say(uow, text)


@pytest.mark.parametrize("middle", [" " * 50_000, "天" * 50_000, "e" + "\u0301\u0327" * 50_000])
def test_what_is_made_to_keep_the_machine_busy_is_refused_at_once(uow: UnitOfWork, middle: str) -> None:
    with pytest.raises(UsageError):
        say(uow, f"lantern{middle}3d")


def test_unknown_programme_is_refused(uow: UnitOfWork) -> None:
    with pytest.raises(UnknownProgramme):
        say(uow, "rocket 3d")


@pytest.mark.parametrize(
    ("text", "refusal"), [("lantern 30d", TooLate), ("lantern 0d", TooFar), ("lantern 400d", TooFar)]
)
def test_offset_out_of_range_is_refused(uow: UnitOfWork, text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        say(uow, text)
    assert before(uow) == []


def test_reminder_after_the_deadline_is_refused(uow: UnitOfWork) -> None:
    with pytest.raises(TooLate) as refusal:
        say(uow, "lantern 1d", deadline=Deadline(NOW - timedelta(days=1)))
    assert refusal.value.values["at"] is None
