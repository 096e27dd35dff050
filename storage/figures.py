"""Numbers for staff."""

import sqlalchemy as sa

from storage.models import applications, identities, messages, persons, questions
from storage.rows import Repository


class Figures(Repository):
    """Counts, without anybody's data."""

    def all(self) -> dict[str, int]:
        """All figures.

        persons, persons:<channel>, drafts, applications:<programme>:<state> (without drafts), questions:open,
        questions:answered, messages:<state>. What is zero is left out, but for the names without a variable part.
        """
        known = sa.select(sa.func.count()).select_from(persons).where(persons.c.forgotten_at.is_(None))
        drafts = sa.select(sa.func.count()).select_from(applications).where(applications.c.state == "draft")
        found = {
            "persons": int(self._connection.execute(known).scalar_one()),
            "drafts": int(self._connection.execute(drafts).scalar_one()),
            "questions:open": 0,
            "questions:answered": 0,
        }
        people = sa.func.count(identities.c.person_id.distinct())
        found |= self._counts("persons", [identities.c.channel], people)
        submitted = [applications.c.programme, applications.c.state]
        found |= self._counts("applications", submitted, sa.func.count(), applications.c.state != "draft")
        found |= self._counts("questions", [questions.c.state], sa.func.count())
        found |= self._counts("messages", [messages.c.state], sa.func.count())
        return found

    def _counts(
        self, name: str, by: list[sa.Column[str]], number: sa.ColumnElement[int], *where: sa.ColumnElement[bool]
    ) -> dict[str, int]:
        statement = sa.select(number, *by).where(*where).group_by(*by).order_by(*by)
        return {":".join((name, *row[1:])): row[0] for row in self._connection.execute(statement)}
