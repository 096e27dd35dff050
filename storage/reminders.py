"""Reminders before deadlines."""

from datetime import datetime

import sqlalchemy as sa

from storage.models import reminders
from storage.records import Reminder
from storage.rows import Repository, columns

_COLUMNS = columns(reminders, Reminder)


class Reminders(Repository):
    """Reminders; a programme and an offset make exactly one."""

    def add(self, programme: str, before_seconds: int, author_id: int, now: datetime) -> Reminder:
        """A reminder so many seconds before the deadline; one that was removed comes back."""
        values = {"programme": programme, "before_seconds": before_seconds, "author_id": author_id, "active": True}
        key = [reminders.c.programme, reminders.c.before_seconds]
        insert = self._upsert(reminders).values(created_at=now, **values)
        # What it fired for stays: asked for a second time it does not fire again for the same deadline.
        update = insert.on_conflict_do_update(index_elements=key, set_={"active": True, "author_id": author_id})
        return self._one(Reminder, update.returning(*_COLUMNS))

    def active(self) -> list[Reminder]:
        """The reminders that stand, by number."""
        return self._all(Reminder, sa.select(*_COLUMNS).where(reminders.c.active).order_by(reminders.c.id))

    def remove(self, reminder_id: int) -> None:
        """It fires no more."""
        self._connection.execute(sa.update(reminders).where(reminders.c.id == reminder_id).values(active=False))

    def mark_fired(self, reminder_id: int, closes_at: datetime, now: datetime) -> None:
        """It fired for this deadline."""
        own = sa.update(reminders).where(reminders.c.id == reminder_id)
        self._connection.execute(own.values(fired_for=closes_at, fired_at=now))
