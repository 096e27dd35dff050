"""Whom a change concerns, and the language they read."""

from dataclasses import dataclass

from storage.unit_of_work import UnitOfWork

DEFAULT_LOCALE = "zh"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be told, and in what language."""

    person_id: int
    locale: str


def find_recipient(*, uow: UnitOfWork, person_id: int) -> Recipient:
    """The recipient that a person is; the default language where they never chose one."""
    person = uow.persons.get(person_id)
    return Recipient(person_id, (person.locale if person else None) or DEFAULT_LOCALE)
