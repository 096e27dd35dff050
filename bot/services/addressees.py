"""What is known of somebody a message goes to, for texts that address them."""

from dataclasses import dataclass
from datetime import datetime

from bot.services.applications import due_of
from bot.services.recipients import DEFAULT_LOCALE
from knowledge import deadlines
from knowledge.programme import Notice, Programme
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody a text is written to. `deadline` is theirs in the programme, None where none is announced."""

    person_id: int
    name: str
    locale: str
    programme: Programme | None = None
    deadline: datetime | None = None


def find_addressee(*, uow: UnitOfWork, person_id: int, programme: Programme | None = None) -> Addressee:
    """The person as an addressee; with the default language where they never chose one."""
    person = uow.persons.get(person_id)
    name, locale = (person.name, person.locale or DEFAULT_LOCALE) if person else ("", DEFAULT_LOCALE)
    if programme is None:
        return Addressee(person_id, name, locale)
    return Addressee(
        person_id, name, locale, programme, told_deadline(uow=uow, programme=programme, person_id=person_id)
    )


def told_deadline(*, uow: UnitOfWork, programme: Programme, person_id: int | None = None) -> datetime | None:
    """The deadline people are told: a person's own, else what staff set, else the guide's stricter reading.

    Their own is the due time of what was returned to them, else their extension.
    """
    if person_id is not None:
        returned = uow.applications.draft_of(person_id, programme.id)
        if returned is not None and (due := due_of(returned)) is not None:
            return due
        extension = uow.deadlines.personal(person_id).get(programme.id)
        if extension is not None and extension.closes_at is not None:
            return extension.closes_at
    noted = uow.deadlines.latest().get(programme.id)
    return deadlines.reminding(programme, Notice(noted.closes_at, noted.noted_at) if noted else None)
