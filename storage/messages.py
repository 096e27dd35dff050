"""The outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import claims, outbox
from storage.models import messages, subjects
from storage.records import Mark, Message, NewMessage
from storage.rows import Repository, columns, fit

_COLUMNS = columns(messages, Message)
_SELECT = sa.select(*_COLUMNS)
_OPEN = sa.text("state IN ('pending', 'sending')")
_PASSIVE = "passive"
_LAST = 2**62
_GET = _SELECT.where(messages.c.id.in_(claims.IDS)).order_by(messages.c.id)
_LEASE = sa.update(messages).where(messages.c.id.in_(claims.IDS)).returning(*_COLUMNS)
_OF_CHAT = _SELECT.where(messages.c.channel == sa.bindparam("channel"), messages.c.chat == sa.bindparam("chat"))
_HELD = _OF_CHAT.where(messages.c.state == "held", messages.c.sequence.is_(None)).order_by(messages.c.id)
_AFTER = (
    _OF_CHAT.where(messages.c.state == "sent", messages.c.sequence > sa.bindparam("after"))
    .order_by(messages.c.sequence)
    .limit(sa.bindparam("limit"))
)
_SUBJECTS = (
    sa.select(subjects.c.person_id).where(subjects.c.message_id == sa.bindparam("id")).order_by(subjects.c.person_id)
)


class Messages(Repository):
    """One row a message. Order within a chat is the order of ids."""

    def add(self, new: Sequence[NewMessage], now: datetime) -> list[int]:
        """Queues messages; their ids, in order. A key that exists already queues nothing and gives the id it has."""
        return [self._add(message, now) for message in new]

    def _add(self, new: NewMessage, now: datetime) -> int:
        values = outbox.values_of(new, now)
        if new.state == "sending":
            # As long as asked for, but by the clock that claims compare with.
            values |= {"lease_until": self._clock() + ((new.lease_until or now) - now), "lease_owner": _PASSIVE}
        created = self._connection.execute(outbox.queue(self._dialect), values).scalar()
        if created is None:
            created = self._connection.execute(sa.select(messages.c.id).where(messages.c.key == new.key)).scalar_one()
        else:
            self._link(created, new.about)
        return int(created)

    def _link(self, number: int, about: tuple[int, ...]) -> None:
        links = [{"message_id": number, "person_id": person_id} for person_id in dict.fromkeys(about)]
        if links:
            self._connection.execute(sa.insert(subjects), links)

    def reply(self, new: Sequence[NewMessage], now: datetime, *, owner: str, lease: timedelta) -> list[Message]:
        """Queues messages of one chat in the state they ask for: `sent`, `sending`, leased by `owner`, or `pending`.

        Where something earlier of the chat is still to be sent they are pending instead: `claim_ids` or `claim` takes
        them when it is their turn. A key that exists already queues nothing and gives the message it has. A lease has
        whole seconds.
        """
        rows: list[Message] = []
        for message in new:
            rows.append(self._reply(message, now, owner, lease, below=rows[0].id if rows else _LAST))
        return rows

    def _reply(self, new: NewMessage, now: datetime, owner: str, lease: timedelta, *, below: int) -> Message:
        values = outbox.values_of(new, now) | {"of_channel": new.channel, "of_chat": new.chat, "below": below}
        del values["state"]
        if new.state == "sending":
            values |= {"seconds": int(lease.total_seconds()), "owner": owner}
        if new.state == "sent":
            values |= {"sent": now}
        created = self._connection.execute(outbox.reply(self._dialect, new.state), values).first()
        if created is None:
            return self._one(Message, _SELECT.where(messages.c.key == new.key))
        self._link(created.id, new.about)
        return outbox.row_of(new, now, created)

    def get(self, ids: Sequence[int]) -> list[Message]:
        """The messages of those ids that exist, by id."""
        return self._all(Message, _GET, {"ids": list(ids)})

    def find(self, key: str) -> Message | None:
        """The message with that key."""
        return self._first(Message, _SELECT.where(messages.c.key == key))

    def about(self, message_id: int) -> tuple[int, ...]:
        """The numbers of the people whom a message is about, beside its reader."""
        return tuple(self._connection.scalars(_SUBJECTS, {"id": message_id}))

    def after(self, channel: str, chat: str, sequence: int, limit: int = 100) -> list[Message]:
        """What was sent to a chat after a message, in the order of sending: the mailbox of the web page."""
        return self._all(Message, _AFTER, {"channel": channel, "chat": chat, "after": sequence, "limit": limit})

    def claim(self, *, channels: Sequence[str], owner: str, lease: timedelta, limit: int) -> list[Message]:
        """Takes rows that may be sent now, at most one a chat; `storage.claims` says which. Broadcasts come last."""
        now = self._clock()
        values: dict[str, Any] = {"now": now, "channels": list(channels)}
        found = list(self._connection.scalars(claims.URGENT, {**values, "limit": limit}))
        taken = self._lease(found, owner, now + lease)
        if len(taken) < limit:
            flowing = list(self._connection.scalars(claims.WITH_WORK))
            for broadcast in flowing:
                left = {**values, "limit": limit - len(taken), "broadcast": broadcast, "flowing": flowing}
                rows = list(self._connection.scalars(claims.CAMPAIGN, left))
                taken += self._lease(rows, owner, now + lease)
                if len(taken) == limit:
                    break
        return taken

    def claim_ids(self, ids: Sequence[int], *, owner: str, lease: timedelta) -> list[Message]:
        """Takes those of the rows that are due and whose chats wait for nothing else; several a chat, by id.

        What is left out (something earlier of the chat is still on its way) is `claim`'s to find.
        """
        if not ids:
            return []
        if self._dialect == "postgresql":
            self._connection.execute(claims.LOCK_IDS, {"ids": list(ids)})
        now = self._clock()
        free = self._connection.scalars(claims.FREE_IDS, {"ids": list(ids), "now": now})
        return self._lease(list(free), owner, now + lease)

    def _lease(self, ids: Sequence[int], owner: str, until: datetime) -> list[Message]:
        if not ids:
            return []
        lease = {"ids": list(ids), "state": "sending", "lease_owner": owner, "lease_until": until}
        return sorted(self._all(Message, _LEASE, lease), key=lambda message: message.id)

    def expired_broadcasts(self) -> int:
        """Broadcast rows whose lease ran out become unknown: they may have arrived. How many."""
        # Written out, so that the index of leased rows serves.
        leased = sa.text("state = 'sending'")
        gone = sa.update(messages).where(leased, messages.c.lease_until <= self._clock())
        return self._changed(
            gone.where(messages.c.broadcast_id.is_not(None)).values(state="unknown", lease_until=None, lease_owner="")
        )

    def end_leases(self, channels: Sequence[str]) -> None:
        """Whoever was sending these is gone: for the start of the only process that sends to the channels.

        What was to be the answer to a request keeps its time: the platform may ask again for it.
        """
        leased = sa.text("state = 'sending'")
        gone = sa.update(messages).where(leased, messages.c.channel.in_(channels), messages.c.lease_owner != _PASSIVE)
        self._connection.execute(gone.values(lease_until=self._clock()))

    def mark(self, results: Sequence[Mark], now: datetime) -> None:
        """Writes how sending ended. Rows that are no longer leased by the mark's owner stay as they are."""
        rows = [
            {
                "row": mark.id,
                "owner": mark.owner,
                "to": mark.state,
                "why": fit(messages.c.reason, mark.reason),
                "theirs": fit(messages.c.external_id, mark.external_id),
                "place": mark.sent_order,
                "due": mark.due_at,
                "sent": now if mark.state == "sent" else None,
                "again": int(mark.state == "pending"),
            }
            for mark in results
        ]
        if rows:
            self._connection.execute(outbox.mark(self._dialect), rows)

    def release_held(self, channel: str, chat: str, *, limit: int | None = None) -> list[int]:
        """What waited for the person's contact may go: held rows become pending, the oldest first. Their ids."""
        oldest = _HELD.with_only_columns(messages.c.id).limit(limit).with_for_update()
        ids = list(self._connection.scalars(oldest, {"channel": channel, "chat": chat}))
        if ids:
            rows = sa.update(messages).where(messages.c.id.in_(ids))
            self._connection.execute(rows.values(state="pending", reason=""))
        return ids

    def held(self, channel: str, chat: str) -> list[Message]:
        """What waits for the person's contact, oldest first."""
        return self._all(Message, _HELD, {"channel": channel, "chat": chat})

    def take_held(self, channel: str, chat: str) -> Message | None:
        """The oldest that waits, locked; say with `mark_sent` that it was given out."""
        oldest = _HELD.limit(1).with_for_update()
        return self._first(Message, oldest, {"channel": channel, "chat": chat})

    def mark_sent(self, ids: Sequence[int], now: datetime) -> None:
        """These were given out without a lease, as the answer to a request."""
        rows = [{"row": number, "sent": now} for number in ids]
        if rows:
            self._connection.execute(outbox.mark_sent(self._dialect), rows)

    def cancel(self, broadcast_id: int) -> int:
        """Whatever of a broadcast has not left will not leave; how many."""
        unsent = messages.c.state.in_(["pending", "held"])
        rows = sa.update(messages).where(messages.c.broadcast_id == broadcast_id, unsent)
        return self._changed(rows.values(state="cancelled", reason=""))

    def resume_unknown(self, broadcast_id: int) -> int:
        """Those of which nobody knows whether they arrived go out again; how many."""
        rows = sa.update(messages).where(messages.c.broadcast_id == broadcast_id, messages.c.state == "unknown")
        return self._changed(rows.values(state="pending", reason=""))

    def open_count(self) -> int:
        """How many are still to be sent or on their way."""
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(messages).where(_OPEN)).scalar_one())

    def addressees(self, broadcast_id: int, *, after: int, limit: int) -> list[tuple[int, int]]:
        """Unsent messages of a broadcast with an id greater than `after`, in order, each with the person it goes to."""
        unsent = messages.c.state.in_(["pending", "held"])
        own = sa.select(messages.c.id, messages.c.person_id).where(messages.c.broadcast_id == broadcast_id, unsent)
        rows = self._connection.execute(own.where(messages.c.id > after).order_by(messages.c.id).limit(limit))
        return [(int(row.id), int(row.person_id)) for row in rows]

    def set_texts(self, texts: Sequence[tuple[int, str]]) -> None:
        """Gives messages that have not left a text of their own, and nothing beside it."""
        # Spelt out: an IN is no statement for many rows at once.
        unsent = sa.or_(messages.c.state == "pending", messages.c.state == "held")
        own = sa.update(messages).where(messages.c.id == sa.bindparam("row"), unsent)
        bodies = [{"row": row, "own": {"text": text, "choices": [], "files": [], "prompt": 0}} for row, text in texts]
        if bodies:
            self._connection.execute(own.values(body=sa.bindparam("own", type_=messages.c.body.type)), bodies)

    def move_chat(self, channel: str, old: str, new: str) -> None:
        """The platform gave the chat another id: what has not left goes there."""
        unsent = messages.c.state.in_(["pending", "sending", "held"])
        own = sa.update(messages).where(messages.c.channel == channel, messages.c.chat == old, unsent)
        self._connection.execute(own.values(chat=new))
