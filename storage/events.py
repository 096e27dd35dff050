"""Inbound events that were handled, so that a platform's repeat is answered and not handled again."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from storage.errors import AlreadyHandled
from storage.models import events
from storage.records import Event
from storage.rows import Repository, columns, upsert

_FIND = sa.select(*columns(events, Event)).where(
    events.c.channel == sa.bindparam("channel"), events.c.event == sa.bindparam("event")
)


@cache
def _add(dialect: str) -> sa.Insert:
    # PostgreSQL lets the second wait for the first's commit, so that exactly one transaction adds the row.
    return upsert(events, dialect).on_conflict_do_nothing()


class Events(Repository):
    """Handled events; a channel and the platform's id make exactly one."""

    def find(self, channel: str, event: str) -> Event | None:
        """The event, if it was handled."""
        row = self._connection.execute(_FIND, {"channel": channel, "event": event}).first()
        return (
            None if row is None else Event(row.channel, row.event, row.received_at, tuple(row.messages), row.reference)
        )

    def add(self, channel: str, event: str, now: datetime, messages: Sequence[int], reference: str = "") -> None:
        """Notes an event as handled, with the messages that answered it.

        Raises AlreadyHandled where another transaction has handled it meanwhile: let it roll this one back.
        """
        values = {"channel": channel, "event": event, "received_at": now, "messages": list(messages)}
        if self._changed(_add(self._dialect), {"reference": reference, **values}) == 0:
            raise AlreadyHandled(f"{channel} {event}")

    def prune(self, before: datetime) -> int:
        """Drops events received before that instant; how many."""
        return self._changed(sa.delete(events).where(events.c.received_at < before))
