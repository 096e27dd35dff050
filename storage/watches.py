"""Who wants to hear of a programme's deadline without applying."""

from datetime import datetime

import sqlalchemy as sa

from storage.models import watches
from storage.rows import Repository


class Watches(Repository):
    """Subscriptions; a person and a programme make one."""

    def add(self, person_id: int, programme: str, now: datetime) -> None:
        """The person hears of the programme's deadline from now on."""
        insert = self._upsert(watches).values(person_id=person_id, programme=programme, created_at=now)
        self._connection.execute(insert.on_conflict_do_nothing())

    def remove(self, person_id: int, programme: str) -> bool:
        """They hear of it no more. False where they had not asked for it."""
        own = sa.delete(watches).where(watches.c.person_id == person_id, watches.c.programme == programme)
        return self._connection.execute(own).rowcount > 0

    def has(self, person_id: int, programme: str) -> bool:
        """Whether the person asked for it."""
        own = sa.select(watches.c.person_id).where(watches.c.person_id == person_id, watches.c.programme == programme)
        return self._connection.execute(own).first() is not None

    def people(self, programme: str) -> list[int]:
        """Everybody who asked, the first one first."""
        asked = sa.select(watches.c.person_id).where(watches.c.programme == programme)
        return list(self._connection.execute(asked.order_by(watches.c.created_at, watches.c.person_id)).scalars())
