"""Deadlines as staff announce them, for a whole programme or for one person."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from bot.services.recipients import Recipient, find_recipient
from knowledge import deadlines
from knowledge.programme import Notice, Programme
from knowledge.wording import Wording
from storage.records import Application, Person
from storage.unit_of_work import UnitOfWork

_BATCH = 500
_BEYOND_NUMBERS = 2**31
_UNCONCERNED = frozenset({"purged", "withdrawn", "superseded"})


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to consider before a deadline is set, with the guide's sentence where one stands against it.

    `kind`: past (submissions close at once), brought_forward, short_notice (the guide promises more, its fact
    `deadline_lead_months`), shortens_stage (the guide's next `stage` would begin before the deadline).
    """

    kind: str
    quote: str = ""
    stage: Wording | None = None


@dataclass(frozen=True, slots=True)
class DeadlineChange:
    """A deadline before and after. None: not announced. `person_id` is set where it is for one person alone."""

    programme: str
    before: datetime | None
    after: datetime | None
    person_id: int | None
    cautions: tuple[Caution, ...]
    told: tuple[Recipient, ...]


def edition_year(programme: Programme, now: datetime) -> int:
    """The year an application of now belongs to: the edition's, else the calendar's in the programme's zone."""
    return programme.year or now.astimezone(programme.zone).year


def current_deadline(*, uow: UnitOfWork, programme: Programme, person_id: int | None = None) -> datetime | None:
    """The deadline that holds now: a person's extension, else what staff announced, else the guide's."""
    personal = uow.deadlines.personal(person_id).get(programme.id) if person_id is not None else None
    if personal is not None and personal.closes_at is not None:
        return personal.closes_at
    noted = uow.deadlines.latest().get(programme.id)
    return deadlines.effective(programme, Notice(noted.closes_at, noted.noted_at) if noted else None)


def preview_deadline(
    *, uow: UnitOfWork, programme: Programme, closes_at: datetime | None, now: datetime, person_id: int | None = None
) -> DeadlineChange:
    """What setting a deadline would change, whom it would tell, and what is to be considered. Changes nothing."""
    before = current_deadline(uow=uow, programme=programme, person_id=person_id)
    cautions = tuple(_cautions(programme, before, closes_at, now, promised=person_id is None))
    told = _concerned(uow, programme, now) if person_id is None else (find_recipient(uow=uow, person_id=person_id),)
    return DeadlineChange(programme.id, before, closes_at, person_id, cautions, told)


def set_deadline(
    *, uow: UnitOfWork, programme: Programme, closes_at: datetime | None, author_id: int, now: datetime
) -> DeadlineChange:
    """Announces a programme's deadline (exclusive); None: not announced.

    `told`: all with an application of it, and whoever asked to hear of it.
    """
    change = preview_deadline(uow=uow, programme=programme, closes_at=closes_at, now=now)
    uow.deadlines.add(programme.id, None, closes_at, author_id, now)
    return change


def set_extension(
    *,
    uow: UnitOfWork,
    programme: Programme,
    person_id: int,
    closes_at: datetime | None,
    author_id: int,
    now: datetime,
) -> DeadlineChange:
    """Gives one person a deadline of their own in a programme; None takes it back."""
    change = preview_deadline(uow=uow, programme=programme, closes_at=closes_at, now=now, person_id=person_id)
    uow.deadlines.add(programme.id, person_id, closes_at, author_id, now)
    return change


def watch_deadline(*, uow: UnitOfWork, programme: Programme, person_id: int, now: datetime) -> datetime | None:
    """The person hears of the programme's deadline from now on. Gives the deadline that holds now."""
    uow.watches.add(person_id, programme.id, now)
    return current_deadline(uow=uow, programme=programme)


def unwatch_deadline(*, uow: UnitOfWork, programme: Programme, person_id: int) -> bool:
    """The person hears of it no more, unless by an application. False where they had not asked for it."""
    return uow.watches.remove(person_id, programme.id)


def watches_deadline(*, uow: UnitOfWork, programme: Programme, person_id: int) -> bool:
    """Whether the person asked to hear of it."""
    return uow.watches.has(person_id, programme.id)


def find_person(*, uow: UnitOfWork, person_id: int) -> Person | None:
    """The person of a number; None where there is none."""
    return uow.persons.get(person_id) if 0 < person_id < _BEYOND_NUMBERS else None


def _cautions(
    programme: Programme, before: datetime | None, closes_at: datetime | None, now: datetime, *, promised: bool
) -> Iterator[Caution]:
    """`promised`: the guide's word on how early a deadline is announced applies; not to one person's extension."""
    if closes_at is None:
        return
    if closes_at <= now:
        yield Caution("past")
    if before is not None and closes_at < before:
        yield Caution("brought_forward")
    if promised and now < closes_at and closes_at != before:
        yield from _short_notice(programme, closes_at, now)
    yield from _shortened_stage(programme, closes_at)


def _short_notice(programme: Programme, closes_at: datetime, now: datetime) -> Iterator[Caution]:
    fact = programme.facts.get("deadline_lead_months")
    if fact is None or not isinstance(fact.value, int):
        return
    if closes_at < _months_later(now.astimezone(programme.zone), fact.value):
        yield Caution("short_notice", fact.quote.text if fact.quote else "")


def _shortened_stage(programme: Programme, closes_at: datetime) -> Iterator[Caution]:
    """The first stage after the guide's own deadline that would have to begin before the new one."""
    own = programme.deadline.closes_at
    if own is None:
        return
    for stage in programme.stages:
        begins = datetime.combine(stage.starts, time.min, programme.zone) if stage.starts else None
        if begins is not None and own <= begins < closes_at:
            yield Caution("shortens_stage", stage.quote.text if stage.quote else "", stage.name)
            return


def _months_later(instant: datetime, months: int) -> datetime:
    """The same day and time so many months later, or the last day of a shorter month."""
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    day = min(instant.day, monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)


def _concerned(uow: UnitOfWork, programme: Programme, now: datetime) -> tuple[Recipient, ...]:
    """Everybody with an application of this year's programme, drafts included, and who asked to hear, once each."""
    year = edition_year(programme, now)
    unfinished = uow.applications.unfinished(programme.id, year)
    submitted = (found for found in _submitted(uow, programme) if found.year == year)
    persons = dict.fromkeys(found.person_id for found in (*unfinished, *submitted) if found.state not in _UNCONCERNED)
    persons |= dict.fromkeys(uow.watches.people(programme.id))
    return tuple(find_recipient(uow=uow, person_id=person_id) for person_id in persons)


def _submitted(uow: UnitOfWork, programme: Programme) -> Iterator[Application]:
    offset = 0
    while batch := uow.applications.page(programme=programme.id, limit=_BATCH, offset=offset):
        yield from batch
        offset += len(batch)
