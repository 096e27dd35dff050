"""Deadlines as staff announced them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.models import deadlines
from storage.records import DeadlineNotice
from storage.rows import Repository, columns

_SELECT = sa.select(*columns(deadlines, DeadlineNotice))


def _latest(whose: sa.ColumnElement[bool]) -> sa.Select[Any]:
    last = sa.select(sa.func.max(deadlines.c.id)).where(whose).group_by(deadlines.c.programme)
    return _SELECT.where(deadlines.c.id.in_(last))


_LATEST = _latest(deadlines.c.person_id.is_(None))
_PERSONAL = _latest(deadlines.c.person_id == sa.bindparam("person_id"))


class Deadlines(Repository):
    """Announcements. All are kept; the latest of a programme counts."""

    def add(
        self, programme: str, person_id: int | None, closes_at: datetime | None, author_id: int, now: datetime
    ) -> None:
        """Announces a deadline, for one person or (None) for everybody; `closes_at` None: none is announced."""
        values = {"programme": programme, "person_id": person_id, "closes_at": closes_at}
        self._connection.execute(sa.insert(deadlines).values(author_id=author_id, noted_at=now, **values))

    def latest(self) -> dict[str, DeadlineNotice]:
        """The latest announcement of each programme for everybody."""
        return {notice.programme: notice for notice in self._all(DeadlineNotice, _LATEST)}

    def personal(self, person_id: int) -> dict[str, DeadlineNotice]:
        """The latest extension of each programme for this person."""
        found = self._all(DeadlineNotice, _PERSONAL, {"person_id": person_id})
        return {notice.programme: notice for notice in found}
