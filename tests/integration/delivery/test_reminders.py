import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.delivery.scheduler import Scheduler
from bot.services import reminders
from bot.services.reminders import TooFar, TooLate
from knowledge.programme import Deadline
from storage.database import Storage
from storage.records import NewMessage
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import FakeLibrary, make_person, make_programme
from tests.integration.delivery.helpers import person_at

CLOSES = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # the end of 30 November in Beijing
SET = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
LANTERN = make_programme(deadline=Deadline(CLOSES))


def tick(storage: Storage, now: datetime, *, owner: str = "first") -> None:
    """One tick of a scheduler that has just been started."""
    Scheduler(storage, FakeLibrary({"lantern": LANTERN}), lambda: now, owner=owner, rights={}).tick()


def remind(storage: Storage, before: timedelta, *, now: datetime = SET) -> None:
    author = storage.run_sync(lambda uow: uow.persons.create(locale="zh", name="", now=now)).id
    storage.run_sync(
        lambda uow: reminders.add_reminder(uow=uow, programme=LANTERN, before=before, author_id=author, now=now)
    )


def applicant(storage: Storage, chat: str, *, locale: str = "zh", **answers: object) -> int:
    """A person with a draft."""
    person = person_at(storage, chat)

    def make(uow: Any) -> int:
        uow.persons.set_locale(person, locale)
        made = uow.applications.create("lantern", 2026, person, "f1", SET)
        uow.applications.save_answers(made.id, answers, SET)
        return int(made.id)

    return storage.run_sync(make)


def prepare(storage: Storage, application: int, official: str) -> None:
    """Submits an application, of whose official route its applicant was told or has said that it is done."""
    values = {"state": "submitted", "official": official, "receipt": f"LAN-{official}"}
    storage.run_sync(lambda uow: uow.applications.update(application, SET, **values))


def reminded(storage: Storage) -> list[tuple[str, str]]:
    """The reminders that are queued, as (chat, text)."""
    rows = storage.run_sync(lambda uow: uow.messages.get(range(1, 1000)))
    return [(row.chat, row.body["text"]) for row in rows if row.kind == "reminder"]


def move_deadline(storage: Storage, closes_at: datetime | None) -> None:
    author = storage.run_sync(lambda uow: uow.persons.create(locale="zh", name="", now=SET)).id
    storage.run_sync(lambda uow: uow.deadlines.add("lantern", None, closes_at, author, SET))


def test_reminder_names_what_is_missing_in_the_readers_language(storage: Storage) -> None:
    applicant(storage, "a")
    applicant(storage, "b", locale="en", name="Lamp Works")
    remind(storage, timedelta(days=3))
    tick(storage, CLOSES - timedelta(days=3) + timedelta(hours=8))
    assert reminded(storage) == [
        (
            "a",
            (
                "「灯笼奖」2026年11月30日（周一）24:00（北京时间）截止，您的申报还没有提交。\n还缺：单位名称。\n"
                "发送 /apply lantern 继续。"
            ),
        ),
        (
            "b",
            (
                "Lantern Prize closes Mon 30 November 2026, 24:00 (Beijing time). "
                "Your application is not submitted yet.\n"
                "Everything is filled in; it only has to be submitted.\nSend /apply lantern to go on."
            ),
        ),
    ]


def test_reminder_goes_to_nobody_who_has_submitted(storage: Storage) -> None:
    application = applicant(storage, "a", name="Lamp Works")
    storage.run_sync(lambda uow: uow.applications.update(application, SET, state="submitted"))
    applicant(storage, "b")
    remind(storage, timedelta(days=3))
    tick(storage, CLOSES - timedelta(days=1, hours=4))
    assert [chat for chat, _ in reminded(storage)] == ["b"]


def test_reminder_goes_to_whoever_has_not_taken_the_official_route(storage: Storage) -> None:
    told, done = applicant(storage, "a", name="Lamp Works"), applicant(storage, "b", name="Kite Works")
    for application, official in ((told, "told"), (done, "done")):
        prepare(storage, application, official)
    remind(storage, timedelta(days=3))
    tick(storage, CLOSES - timedelta(days=1, hours=4))
    text = (
        "「灯笼奖」2026年11月30日（周一）24:00（北京时间）截止。您的 LAN-told 已备妥，还没有说官方渠道已递交。\n"
        "完成后发送“后续”告诉我。"
    )
    assert reminded(storage) == [("a", text)]


def test_reminder_goes_to_a_person_with_several_drafts_once(storage: Storage) -> None:
    application = applicant(storage, "a")
    person = storage.run_sync(lambda uow: uow.applications.get(application)).person_id  # type: ignore[union-attr]
    storage.run_sync(lambda uow: uow.applications.create("lantern", 2026, person, "f1", SET))
    remind(storage, timedelta(days=3))
    tick(storage, CLOSES - timedelta(days=1, hours=4))
    assert len(reminded(storage)) == 1


def test_reminder_does_not_fire_before_its_time(storage: Storage) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(hours=12))
    tick(storage, CLOSES - timedelta(hours=12, seconds=1))
    before = len(reminded(storage))
    tick(storage, CLOSES - timedelta(hours=12))
    assert (before, len(reminded(storage))) == (0, 1)


def test_reminder_fires_once_over_restarts(storage: Storage) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(hours=12))
    for minutes in range(5):
        tick(storage, CLOSES - timedelta(hours=12) + timedelta(minutes=minutes), owner=f"start {minutes}")
    assert len(reminded(storage)) == 1


def test_reminder_fires_again_when_the_deadline_moves(storage: Storage) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(hours=12))
    tick(storage, CLOSES - timedelta(hours=12))
    later = CLOSES + timedelta(days=7)
    move_deadline(storage, later)
    tick(storage, CLOSES - timedelta(hours=11))
    before = len(reminded(storage))
    tick(storage, later - timedelta(hours=12))
    tick(storage, later - timedelta(hours=11))
    assert (before, len(reminded(storage))) == (1, 2)
    assert "2026年12月7日" in reminded(storage)[1][1]


def test_reminder_waits_while_no_deadline_is_announced(storage: Storage) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(hours=12))
    move_deadline(storage, None)
    tick(storage, CLOSES - timedelta(hours=12))
    assert reminded(storage) == []


def test_reminder_that_was_missed_is_caught_up_once(storage: Storage) -> None:
    applicant(storage, "a")
    for days in (7, 3, 1):
        remind(storage, timedelta(days=days))
    now = CLOSES - timedelta(days=2, hours=4)  # down since before the first, back at noon of the 28th
    tick(storage, now)
    tick(storage, now + timedelta(minutes=1))
    before = len(reminded(storage))
    tick(storage, CLOSES - timedelta(hours=5))
    assert (before, len(reminded(storage))) == (1, 2)


def test_reminder_is_not_caught_up_after_the_deadline(storage: Storage) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(days=3))
    tick(storage, CLOSES)
    assert reminded(storage) == []


@pytest.mark.parametrize(
    ("now", "queued"),
    [
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), 0),  # 24:00, its own time
        (datetime(2026, 11, 27, 23, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 28, 0, 0, tzinfo=UTC), 1),  # 08:00
    ],
)
def test_quiet_hours_put_it_off_until_the_morning(storage: Storage, now: datetime, queued: int) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(days=3))
    tick(storage, now)
    assert len(reminded(storage)) == queued


def test_missed_reminder_wakes_nobody_at_night(storage: Storage) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(days=3))
    tick(storage, datetime(2026, 11, 28, 19, 0, tzinfo=UTC))  # 03:00
    assert reminded(storage) == []


def test_quiet_hours_give_way_where_the_deadline_would_pass(storage: Storage) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(hours=1))  # 23:00
    tick(storage, CLOSES - timedelta(hours=1))
    assert len(reminded(storage)) == 1


def test_removed_reminder_does_not_fire(storage: Storage) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(hours=12))
    storage.run_sync(lambda uow: reminders.remove_reminder(uow=uow, number=1))
    tick(storage, CLOSES - timedelta(hours=12))
    assert reminded(storage) == []


def test_extension_of_one_person_is_told_to_them(storage: Storage) -> None:
    application = applicant(storage, "a")
    person = storage.run_sync(lambda uow: uow.applications.get(application)).person_id  # type: ignore[union-attr]
    later = CLOSES + timedelta(days=2)
    storage.run_sync(lambda uow: uow.deadlines.add("lantern", person, later, person, SET))
    remind(storage, timedelta(hours=12))
    tick(storage, CLOSES - timedelta(hours=12))
    assert "2026年12月2日（周三）24:00" in reminded(storage)[0][1]


@pytest.mark.parametrize(
    ("before", "refusal"),
    [(timedelta(days=30), TooLate), (timedelta(), TooFar), (timedelta(days=366), TooFar)],
)
def test_reminder_out_of_its_range_is_refused(
    sqlite_storage: Storage, before: timedelta, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        remind(sqlite_storage, before)


async def test_one_process_keeps_the_schedule_at_a_time(storage: Storage) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(hours=12))
    await storage.run(lambda uow: uow.leases.acquire("scheduler", "another", timedelta(hours=1)))
    rested, stop = asyncio.Event(), asyncio.Event()

    async def sleep(_seconds: float) -> None:
        rested.set()
        await stop.wait()

    scheduler = Scheduler(
        storage,
        FakeLibrary({"lantern": LANTERN}),
        lambda: CLOSES - timedelta(hours=12),
        owner="first",
        rights={},
        sleep=sleep,
    )
    running = asyncio.create_task(scheduler.run(stop))
    await asyncio.wait_for(rested.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert reminded(storage) == []


async def test_schedule_runs_wakes_the_worker_and_is_let_go(storage: Storage) -> None:
    applicant(storage, "a")
    remind(storage, timedelta(hours=12))
    woken: list[bool] = []
    rested, stop = asyncio.Event(), asyncio.Event()

    async def sleep(_seconds: float) -> None:
        rested.set()
        await stop.wait()

    scheduler = Scheduler(
        storage,
        FakeLibrary({"lantern": LANTERN}),
        lambda: CLOSES - timedelta(hours=12),
        owner="first",
        rights={},
        wake=lambda: woken.append(True),
        sleep=sleep,
    )
    running = asyncio.create_task(scheduler.run(stop))
    await asyncio.wait_for(rested.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    free = await storage.run(lambda uow: uow.leases.acquire("scheduler", "another", timedelta(hours=1)))
    assert (woken, free, len(reminded(storage))) == ([True], True, 1)


def test_old_events_are_forgotten(storage: Storage) -> None:
    def add(uow: UnitOfWork) -> None:
        uow.events.add("memory", "old", CLOSES - timedelta(days=31), [])
        uow.events.add("memory", "young", CLOSES - timedelta(days=29), [])

    storage.run_sync(add)
    tick(storage, CLOSES)
    kept = storage.run_sync(lambda uow: [uow.events.find("memory", name) is not None for name in ("old", "young")])
    assert kept == [False, True]


def test_address_of_a_farewell_is_forgotten_an_hour_later(storage: Storage) -> None:
    def forget(uow: UnitOfWork) -> int:
        person = make_person(uow, now=CLOSES)
        uow.persons.forget(person.id, CLOSES)
        body = {"text": "再见", "choices": [], "files": [], "prompt": 0}
        (number,) = uow.messages.add([NewMessage("bye", "memory", "anna", person.id, "reply", body)], CLOSES)
        uow.messages.mark_sent([number], CLOSES)
        return number

    number = storage.run_sync(forget)
    chats = []
    for minutes in (59, 61):
        tick(storage, CLOSES + timedelta(minutes=minutes))
        chats += [row.chat for row in storage.run_sync(lambda uow: uow.messages.get([number]))]
    assert chats == ["anna", ""]
