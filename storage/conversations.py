"""What is going on in each chat with each person."""

from datetime import datetime

import sqlalchemy as sa

from storage.models import conversations, events, persons
from storage.records import Conversation, Json, Opening, Person
from storage.rows import Repository, columns

_SELECT = sa.select(*columns(conversations, Conversation))
_FIND = _SELECT.where(
    conversations.c.channel == sa.bindparam("channel"),
    conversations.c.chat == sa.bindparam("chat"),
    conversations.c.sender == sa.bindparam("sender"),
)
_LOCK = _FIND.with_for_update()
_COLUMNS = columns(conversations, Conversation)
_HANDLED = sa.exists().where(events.c.channel == conversations.c.channel, events.c.event == sa.bindparam("event"))
_OPEN = (
    sa.select(*_COLUMNS, *columns(persons, Person), _HANDLED)
    .join(persons, persons.c.id == conversations.c.person_id)
    .where(
        conversations.c.channel == sa.bindparam("channel"),
        conversations.c.chat == sa.bindparam("chat"),
        conversations.c.sender == sa.bindparam("sender"),
        conversations.c.person_id == sa.bindparam("person_id"),
    )
    .with_for_update(of=conversations)
)
_UPDATE = sa.update(conversations).where(conversations.c.id == sa.bindparam("own"))


class Conversations(Repository):
    """Conversations; a channel, chat and sender make exactly one."""

    def open(self, channel: str, chat: str, sender: str, person_id: int, event: str, now: datetime) -> Opening:
        """`lock`, with the person, and whether the event was handled, in one statement.

        The latter is exact where the account was locked before (`Identities.touch`); else `Events.add` may yet refuse.
        """
        place = {"channel": channel, "chat": chat, "sender": sender, "person_id": person_id, "event": event}
        row = self._connection.execute(_OPEN, place).first()
        if row is None:
            self.lock(channel, chat, sender, person_id, now)
            row = self._connection.execute(_OPEN, place).one()
        end = len(_COLUMNS)
        return Opening(Conversation(*row[:end]), Person(*row[end:-1]), bool(row[-1]))

    def find(self, channel: str, chat: str, sender: str) -> Conversation | None:
        """The conversation as it is, for a look ahead: whoever acts on it has to `open` it."""
        return self._first(Conversation, _FIND, {"channel": channel, "chat": chat, "sender": sender})

    def lock(self, channel: str, chat: str, sender: str, person_id: int, now: datetime) -> Conversation:
        """The conversation, made if new, and nobody else's until the end of the transaction.

        One that was another person's (who was forgotten, or whose account changed hands) starts afresh.
        """
        place = {"channel": channel, "chat": chat, "sender": sender}
        # The row is the lock: whoever comes second waits here and then reads what the first has committed.
        found = self._first(Conversation, _LOCK, place)
        if found is None:
            values = {**place, "person_id": person_id, "state": {}, "updated_at": now}
            # Of two first messages one inserts; the other waits for that commit, does nothing, and locks the row.
            self._connection.execute(self._upsert(conversations).values(values).on_conflict_do_nothing())
            found = self._one(Conversation, _LOCK, place)
        if found.person_id != person_id:
            change = {"own": found.id, "person_id": person_id, "state": {}, "updated_at": now}
            self._connection.execute(_UPDATE, change)
            found = self._one(Conversation, _LOCK, place)
        return found

    def save(self, conversation_id: int, state: Json, now: datetime) -> None:
        """Writes its state. Does nothing where the person was forgotten meanwhile."""
        self._connection.execute(_UPDATE, {"own": conversation_id, "state": state, "updated_at": now})

    def of_person(self, person_id: int) -> list[Conversation]:
        """All conversations with a person, by number."""
        return self._all(
            Conversation, _SELECT.where(conversations.c.person_id == person_id).order_by(conversations.c.id)
        )
