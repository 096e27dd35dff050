"""People."""

from datetime import datetime

import sqlalchemy as sa

from storage.forgetting import forget_person, sweep_forgotten
from storage.models import persons
from storage.records import Person
from storage.rows import Repository, columns, fit

_SELECT = sa.select(*columns(persons, Person))
_GET = _SELECT.where(persons.c.id == sa.bindparam("id"))


class Persons(Repository):
    """People. Whoever asked to be forgotten stays as a nameless row that other rows point to."""

    def create(self, *, locale: str | None, name: str, now: datetime) -> Person:
        """A new applicant."""
        values = {"role": "applicant", "locale": locale, "name": fit(persons.c.name, name), "created_at": now}
        return self._one(Person, sa.insert(persons).values(values).returning(*columns(persons, Person)))

    def get(self, person_id: int) -> Person | None:
        """The person of that number."""
        return self._first(Person, _GET, {"id": person_id})

    def is_known(self, person_id: int) -> bool:
        """Whether there is such a person, who was not forgotten."""
        known = sa.exists().where(persons.c.id == person_id, persons.c.forgotten_at.is_(None))
        return bool(self._connection.scalar(sa.select(known)))

    def set_locale(self, person_id: int, locale: str) -> None:
        """Their language from now on."""
        self._connection.execute(sa.update(persons).where(persons.c.id == person_id).values(locale=locale))

    def set_role(self, person_id: int, role: str) -> None:
        """Makes them applicant, staff or owner."""
        self._connection.execute(sa.update(persons).where(persons.c.id == person_id).values(role=role))

    def staff(self) -> list[Person]:
        """Staff and owners, by number."""
        return self._all(Person, _SELECT.where(persons.c.role.in_(["staff", "owner"])).order_by(persons.c.id))

    def has_owner(self) -> bool:
        """Whether anybody owns this installation."""
        return bool(self._connection.scalar(sa.select(sa.exists().where(persons.c.role == "owner"))))

    def forget(self, person_id: int, now: datetime) -> None:
        """Erases whatever they wrote and whatever tells who they were; see `storage.forgetting`."""
        forget_person(self._connection, person_id, now)

    def sweep(self, before: datetime) -> int:
        """Empties what was still queued for those who were forgotten before that instant; how many messages."""
        return sweep_forgotten(self._connection, before)
