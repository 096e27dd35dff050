"""Reminders before a deadline, to those who have not finished: once for each deadline, and anew when it moves."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.errors import BotError
from bot.flows import outline
from bot.flows.lifecycle import EDITABLE
from bot.flows.values import Moment
from bot.services.addressees import Addressee, find_addressee, told_deadline
from bot.services.followup import open_routes
from bot.services.notices import notify_person
from bot.services.programmes import edition_year
from bot.services.submissions import is_official_here
from knowledge.form import Field
from knowledge.programme import Programme
from storage.records import Application, Reminder
from storage.unit_of_work import UnitOfWork

QUIET_FROM = time(22)
QUIET_UNTIL = time(8)
LONGEST = timedelta(days=365)


class TooLate(BotError):
    """The reminder's time is over already. Values: at (None: the deadline itself has passed), zone."""

    template = "reminders.too_late"


class TooFar(BotError):
    """An offset of nothing, or of more than a year. Values: days."""

    template = "reminders.too_far"


class UnknownReminder(BotError):
    """No reminder stands under this number. Values: number."""

    template = "reminders.unknown"


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder that stands. `at` is when it goes out, None where no deadline is announced or it lies in the past.

    `fired`: it went out for the present deadline.
    """

    number: int
    programme: str
    before: timedelta
    closes_at: datetime | None
    at: datetime | None
    fired: bool = False


@dataclass(frozen=True, slots=True)
class ReminderPreview:
    """What a reminder would do: when it goes out, and to how many people as things stand. Times as in `Planned`."""

    closes_at: datetime | None
    at: datetime | None
    people: int


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder whose time has come for the deadline `closes_at`. `passed_over`: earlier ones that it stands for."""

    reminder: Reminder
    programme: Programme
    closes_at: datetime
    passed_over: tuple[Reminder, ...] = ()


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Somebody who has not submitted, and what keeps them from it: fields that are missing or no longer fit.

    With a `receipt`: somebody who has submitted here and not said that the official route was taken; `missing` are the
    fields of the routes that are open.
    """

    addressee: Addressee
    missing: tuple[Field, ...]
    receipt: str = ""


def add_reminder(*, uow: UnitOfWork, programme: Programme, before: timedelta, author_id: int, now: datetime) -> Planned:
    """A reminder so long before the programme's deadline; the same one twice is one. Raises TooFar, TooLate."""
    if not timedelta() < before <= LONGEST:
        raise TooFar(days=LONGEST.days)
    preview = preview_reminder(uow=uow, programme=programme, before=before, now=now)
    if preview.closes_at is not None and (preview.at is None or preview.at <= now):
        raise TooLate(at=preview.at, zone=programme.zone)
    made = uow.reminders.add(programme.id, int(before.total_seconds()), author_id, now)
    return _planned(uow, made, programme, now)


def remove_reminder(*, uow: UnitOfWork, number: int) -> Reminder:
    """It goes out no more. Raises UnknownReminder."""
    found = next((one for one in uow.reminders.active() if one.id == number), None)
    if found is None:
        raise UnknownReminder(number=number)
    uow.reminders.remove(number)
    return found


def list_reminders(*, uow: UnitOfWork, programmes: Mapping[str, Programme], now: datetime) -> list[Planned]:
    """The reminders that stand, of the programmes that are here."""
    known = [one for one in uow.reminders.active() if one.programme in programmes]
    return [_planned(uow, one, programmes[one.programme], now) for one in known]


def preview_reminder(*, uow: UnitOfWork, programme: Programme, before: timedelta, now: datetime) -> ReminderPreview:
    """When a reminder would go out, and to how many."""
    closes_at = told_deadline(uow=uow, programme=programme)
    at = _time_of(before, closes_at, programme) if closes_at is not None and now < closes_at else None
    return ReminderPreview(closes_at, at, len(_unfinished(uow, programme, now)))


def due_reminders(*, uow: UnitOfWork, programmes: Mapping[str, Programme], now: datetime) -> list[Due]:
    """The reminders whose time has come. Of several that were missed the last one stands for all of its programme."""
    due: list[Due] = []
    for programme in programmes.values():
        closes_at = told_deadline(uow=uow, programme=programme)
        if closes_at is None or now >= closes_at:
            continue
        own = [one for one in uow.reminders.active() if one.programme == programme.id]
        come = [one for one in own if one.fired_for != closes_at and _has_come(one, closes_at, programme, now)]
        if come:
            last, *earlier = sorted(come, key=lambda one: one.before_seconds)
            due.append(Due(last, programme, closes_at, tuple(earlier)))
    return due


def fire_reminder(*, uow: UnitOfWork, due: Due, text_of: Callable[[Unfinished], str], now: datetime) -> int:
    """Queues the reminder for everybody who has not finished, once each, and notes that it fired; to how many."""
    told = 0
    for one in unfinished_applicants(uow=uow, programme=due.programme, now=now):
        person_id = one.addressee.person_id
        key = f"reminder:{due.reminder.id}:{due.closes_at.isoformat()}:{person_id}"
        told += notify_person(uow=uow, person_id=person_id, text=text_of(one), key=key, now=now, kind="reminder")
    for fired in (due.reminder, *due.passed_over):
        uow.reminders.mark_fired(fired.id, due.closes_at, now)
    return told


def unfinished_applicants(*, uow: UnitOfWork, programme: Programme, now: datetime) -> Iterator[Unfinished]:
    """Everybody with an application that is a draft, returned or not delivered yet, once each, with what it lacks."""
    moment = Moment(now.astimezone(programme.zone), edition_year(programme, now))
    for application in _unfinished(uow, programme, now):
        addressee = find_addressee(uow=uow, person_id=application.person_id, programme=programme)
        missing: tuple[Field, ...] = ()
        receipt = application.receipt or "" if application.state not in EDITABLE else ""
        if programme.form is not None:
            answers = uow.applications.answers(application.id)
            gaps = (gap.field for gap in outline.gaps(programme.form, answers, moment))
            missing = open_routes(programme.form, answers) if receipt else tuple(gaps)
        yield Unfinished(addressee, missing, receipt)


def _unfinished(uow: UnitOfWork, programme: Programme, now: datetime) -> list[Application]:
    """The latest unfinished application of each person, else their latest that is not delivered yet."""
    year = edition_year(programme, now)
    found = uow.applications.unfinished(programme.id, year)
    prepared = [] if is_official_here(programme) else uow.applications.undelivered(programme.id, year)
    latest = {one.person_id: one for one in sorted(prepared, key=lambda one: one.id)}
    return list({**latest, **{one.person_id: one for one in sorted(found, key=lambda one: one.id)}}.values())


def _planned(uow: UnitOfWork, reminder: Reminder, programme: Programme, now: datetime) -> Planned:
    before = timedelta(seconds=reminder.before_seconds)
    closes_at = told_deadline(uow=uow, programme=programme)
    planned = Planned(reminder.id, programme.id, before, closes_at, None)
    if closes_at is None or now >= closes_at:
        return planned
    at = _time_of(before, closes_at, programme)
    fired = reminder.fired_for == closes_at
    return Planned(reminder.id, programme.id, before, closes_at, at, fired)


def _has_come(reminder: Reminder, closes_at: datetime, programme: Programme, now: datetime) -> bool:
    """Whether it may go out now: its time is over, and nobody is woken by one that was missed."""
    at = _time_of(timedelta(seconds=reminder.before_seconds), closes_at, programme)
    return at <= now and _awake(now, closes_at, programme) == now


def _time_of(before: timedelta, closes_at: datetime, programme: Programme) -> datetime:
    return _awake(closes_at - before, closes_at, programme)


def _awake(instant: datetime, closes_at: datetime, programme: Programme) -> datetime:
    """The instant itself, or the end of the quiet hours it falls in, unless the deadline would have passed by then."""
    local = instant.astimezone(programme.zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return instant
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    morning = datetime.combine(day, QUIET_UNTIL, programme.zone)
    return morning if morning < closes_at else instant
