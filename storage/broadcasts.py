"""Messages to many."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.audiences import ACCOUNTS, Windows, chosen, standing
from storage.errors import NoSuchRow
from storage.models import Id, Instant, Json, broadcasts, identities, messages
from storage.records import Audience, Broadcast, Reach
from storage.records import Json as Plain
from storage.rows import Repository, columns

_SELECT = sa.select(*columns(broadcasts, Broadcast))
_ENDED = ("completed", "cancelled")
_WITH_REASON = ("failed", "held")


class Broadcasts(Repository):
    """Broadcasts; their messages stand in the outbox from the freezing on."""

    def add(
        self,
        author_id: int,
        text: str,
        audience: Plain,
        preview: Plain,
        state: str,
        starts_at: datetime | None,
        now: datetime,
    ) -> int:
        """A new broadcast; its number."""
        values = {"author_id": author_id, "text": text, "audience": audience, "preview": preview, "state": state}
        statement = sa.insert(broadcasts).values(starts_at=starts_at, created_at=now, **values)
        return int(self._connection.execute(statement.returning(broadcasts.c.id)).scalar_one())

    def get(self, broadcast_id: int) -> Broadcast | None:
        """The broadcast of that number."""
        return self._first(Broadcast, _SELECT.where(broadcasts.c.id == broadcast_id))

    def recent(self, limit: int = 10) -> list[Broadcast]:
        """The last ones, latest first."""
        return self._all(Broadcast, _SELECT.order_by(broadcasts.c.id.desc()).limit(limit))

    def set_state(self, broadcast_id: int, state: str, now: datetime) -> None:
        """Its state from now on; the end is noted with the instant."""
        values = {"state": state, "completed_at": now if state in _ENDED else None}
        self._connection.execute(sa.update(broadcasts).where(broadcasts.c.id == broadcast_id).values(values))

    def due(self, now: datetime) -> list[Broadcast]:
        """The queued ones whose time has come, locked so that only one process starts them."""
        come = sa.or_(broadcasts.c.starts_at.is_(None), broadcasts.c.starts_at <= now)
        queued = _SELECT.where(broadcasts.c.state == "queued", come).order_by(broadcasts.c.id)
        # Whoever holds the row is starting it: skipped, not waited for.
        return self._all(Broadcast, queued.with_for_update(skip_locked=True))

    def reach(self, audience: Audience, windows: Windows, now: datetime) -> dict[str, Reach]:
        """For each channel, how many accounts of the audience get the message now, later, and not at all."""
        state = standing(windows, now).label("standing")
        found = sa.select(identities.c.channel, state, sa.func.count()).select_from(ACCOUNTS)
        counts: dict[str, dict[str, int]] = {}
        for channel, name, number in self._connection.execute(
            found.where(chosen(audience, windows)).group_by(identities.c.channel, sa.text("standing"))
        ):
            counts.setdefault(channel, {})[name] = number
        return {channel: Reach(**counts[channel]) for channel in sorted(counts)}

    def freeze(self, broadcast_id: int, audience: Audience, windows: Windows, now: datetime) -> int:
        """Queues the message for everybody of the audience as it is now; how many rows.

        A second time adds nobody twice. Blocked accounts get a failed row with reason "blocked", those outside the
        channel's window a held one with reason "window". Raises NoSuchRow.
        """
        broadcast = self.get(broadcast_id)
        if broadcast is None:
            raise NoSuchRow(f"broadcast {broadcast_id}")
        body = {"text": broadcast.text, "choices": [], "files": [], "prompt": 0}
        stands = standing(windows, now)
        key = sa.literal(f"broadcast:{broadcast_id}:") + sa.cast(identities.c.id, sa.String)
        values: dict[str, sa.ColumnElement[Any]] = {
            "key": key,
            "channel": identities.c.channel,
            "chat": identities.c.chat,
            "person_id": identities.c.person_id,
            "kind": sa.literal("broadcast"),
            "body": sa.literal(body, Json),
            "state": sa.case((stands == "blocked", "failed"), (stands == "waiting", "held"), else_="pending"),
            "reason": sa.case((stands == "blocked", "blocked"), (stands == "waiting", "window"), else_=""),
            "due_at": sa.literal(now, Instant),
            "created_at": sa.literal(now, Instant),
            "broadcast_id": sa.literal(broadcast_id, Id),
        }
        rows = sa.select(*values.values()).select_from(ACCOUNTS)
        rows = rows.where(chosen(audience, windows)).order_by(identities.c.id)
        # One statement is one instant: nobody joins or leaves the audience between two rows.
        return self._changed(self._upsert(messages).from_select(list(values), rows).on_conflict_do_nothing())

    def report(self, broadcast_id: int) -> dict[str, dict[str, int]]:
        """For each channel, how many messages are in each state; failed and held ones by reason ("failed:blocked")."""
        by = (messages.c.channel, messages.c.state, messages.c.reason)
        found = sa.select(*by, sa.func.count()).where(messages.c.broadcast_id == broadcast_id)
        report: dict[str, dict[str, int]] = {}
        for channel, state, reason, number in self._connection.execute(found.group_by(*by).order_by(*by)):
            name = f"{state}:{reason}" if reason and state in _WITH_REASON else state
            channels = report.setdefault(channel, {})
            channels[name] = channels.get(name, 0) + number
        return report

    def finished(self, broadcast_id: int) -> bool:
        """Whether nothing of it is left to send: what waits for a contact does not count."""
        # The state is written out, or the partial index of open rows could not serve.
        left = sa.exists().where(messages.c.broadcast_id == broadcast_id, sa.text("state IN ('pending', 'sending')"))
        return not self._connection.scalar(sa.select(left))

    def running(self) -> list[Broadcast]:
        """Those that are being sent, locked so that only one process ends them."""
        found = _SELECT.where(broadcasts.c.state == "running").order_by(broadcasts.c.id)
        return self._all(Broadcast, found.with_for_update(skip_locked=True))
