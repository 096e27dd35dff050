"""Rows that tests begin with."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from storage.database import Storage
from storage.models import Instant, messages
from storage.records import Audience, Message, NewMessage, Person
from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
EVERYBODY = Audience(everyone=True)
OPEN_CHANNELS = {"telegram": (None, None, True), "web": (None, None, True)}


def person(uow: UnitOfWork, name: str = "anna", channel: str = "telegram", role: str = "applicant") -> Person:
    """Somebody with one account, whose external id and chat bear their name."""
    created = uow.persons.create(locale="zh", name=name, now=NOW)
    uow.identities.create(created.id, channel, f"{name}-id", f"{name}-chat", NOW)
    if role != "applicant":
        uow.persons.set_role(created.id, role)
    return created


def message(
    key: str, chat: str = "anna-chat", *, channel: str = "telegram", kind: str = "reply", **values: object
) -> NewMessage:
    """A message to be queued."""
    body = {"text": key, "choices": [], "files": [], "prompt": 0}
    return NewMessage(key, channel, chat, None, kind, body, **values)  # type: ignore[arg-type]


def broadcast(uow: UnitOfWork, *, state: str = "running", text: str = "all") -> int:
    """A broadcast by a member of staff of its own."""
    author = uow.persons.create(locale="zh", name="staff", now=NOW)
    return uow.broadcasts.add(author.id, text, {}, {}, state, None, NOW)


def claim(
    storage: Storage, *, owner: str = "one", channels: Sequence[str] = ("telegram",), limit: int = 100
) -> list[str]:
    """The keys of what a worker gets, in order."""
    rows = storage.run_sync(lambda uow: uow.messages.claim(channels=channels, owner=owner, lease=LEASE, limit=limit))
    return [row.key for row in rows]


def found(storage: Storage, key: str) -> Message:
    """The message with that key."""
    row = storage.run_sync(lambda uow: uow.messages.find(key))
    assert row is not None
    return row


def change(storage: Storage, key: str, **values: object) -> None:
    """Writes columns of a message past the repository."""
    statement = sa.update(messages).where(messages.c.key == key).values(values)
    with storage._engine.begin() as connection:
        connection.execute(statement)


def expire(storage: Storage, key: str) -> None:
    """Lets a message's lease run out."""
    change(storage, key, lease_until=sa.literal(datetime(2020, 1, 1, tzinfo=UTC), Instant))
