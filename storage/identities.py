"""Accounts of people on channels."""

from datetime import datetime

import sqlalchemy as sa

from storage.errors import Conflict
from storage.models import Instant, identities
from storage.records import Identity
from storage.rows import Repository, columns, fit

_COLUMNS = columns(identities, Identity)
_SELECT = sa.select(*_COLUMNS)
_FIND = _SELECT.where(
    identities.c.channel == sa.bindparam("channel"), identities.c.external_id == sa.bindparam("external_id")
)
_OF_PERSON = _SELECT.where(identities.c.person_id == sa.bindparam("person_id")).order_by(identities.c.id)
_TOUCH = (
    sa.update(identities)
    .where(identities.c.channel == sa.bindparam("where"), identities.c.external_id == sa.bindparam("who"))
    .values(
        chat=sa.func.coalesce(sa.bindparam("private", type_=sa.String), identities.c.chat),
        last_inbound_at=sa.bindparam("heard", type_=Instant),
        pushes=0,
        reachable=True,
        unreachable_reason="",
    )
    .returning(identities.c.person_id)
)


class Identities(Repository):
    """Accounts; a channel and an external id make exactly one."""

    def find(self, channel: str, external_id: str) -> Identity | None:
        """The account with that id."""
        return self._first(Identity, _FIND, {"channel": channel, "external_id": external_id})

    def create(self, person_id: int, channel: str, external_id: str, chat: str, now: datetime) -> Identity:
        """A new account, just heard from. Raises Conflict where another transaction has just made it."""
        values = {
            "person_id": person_id,
            "channel": channel,
            "external_id": external_id,
            "chat": chat,
            "last_inbound_at": now,
        }
        # A first message twice at once: the second waits for the first's commit, and then is to find its row.
        statement = self._upsert(identities).values(values).on_conflict_do_nothing().returning(*_COLUMNS)
        created = self._first(Identity, statement)
        if created is None:
            raise Conflict
        return created

    def touch(self, channel: str, external_id: str, *, chat: str | None, now: datetime) -> int | None:
        """They wrote: their window opens anew. `chat` is the private chat, None for a message in a group.

        The person's id; None where the account is not known. The account is locked: turns of one sender go in a row.
        """
        values = {"where": channel, "who": external_id, "private": chat, "heard": now}
        found: int | None = self._connection.execute(_TOUCH, values).scalar()
        return found

    def of_person(self, person_id: int) -> list[Identity]:
        """All accounts of a person, by number."""
        return self._all(Identity, _OF_PERSON, {"person_id": person_id})

    def mark_unreachable(self, channel: str, chat: str, reason: str) -> None:
        """Nothing arrives there until they write again."""
        values = {"reachable": False, "unreachable_reason": fit(identities.c.unreachable_reason, reason)}
        self._connection.execute(self._update(channel, chat).values(values))

    def count_push(self, channel: str, chat: str) -> None:
        """One more message was sent unasked."""
        self._connection.execute(self._update(channel, chat).values(pushes=identities.c.pushes + 1))

    def move_chat(self, channel: str, old: str, new: str) -> None:
        """The platform gave the chat another id."""
        self._connection.execute(self._update(channel, old).values(chat=new))

    def _update(self, channel: str, chat: str) -> sa.Update:
        return sa.update(identities).where(identities.c.channel == channel, identities.c.chat == chat)
