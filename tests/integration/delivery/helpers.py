"""What the tests of delivery share: a delivery on a timeline, people, messages, and a way to let leases run out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.channels.base import Channel
from bot.delivery.worker import LEASE, Delivery
from bot.messages import Address
from storage.database import Storage
from storage.records import Message, NewMessage
from tests.standins.memory import MemoryChannel
from tests.standins.timeline import Timeline

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def _body(text: str) -> dict[str, Any]:
    return {"text": text, "choices": [], "files": [], "prompt": 0}


def clock() -> datetime:
    """Noon in Beijing, for ever."""
    return NOW


def make_delivery(storage: Storage, *channels: MemoryChannel, owner: str = "first", **changes: Any) -> Delivery:
    """A delivery whose time passes only while it sleeps."""
    timeline = changes.pop("timeline", None) or Timeline()
    known: Mapping[str, Channel] = {channel.name: channel for channel in channels}
    values = {"sleep": timeline.sleep, "monotonic": timeline.monotonic, "clock": clock, **changes}
    return Delivery(storage, known, values.pop("clock"), owner=owner, **values)


def queue(storage: Storage, *messages: tuple[str, str], channel: str = "memory", **changes: Any) -> list[int]:
    """Queues messages given as (chat, text); their ids."""

    def new(number: int, chat: str, text: str) -> NewMessage:
        values: dict[str, Any] = {"key": f"{chat}:{text}:{number}", "person_id": None, "kind": "reply", **changes}
        return NewMessage(channel=channel, chat=chat, body=_body(text), **values)

    made = [new(number, chat, text) for number, (chat, text) in enumerate(messages)]
    return storage.run_sync(lambda uow: uow.messages.add(made, NOW))


def reply(storage: Storage, *messages: tuple[str, str], owner: str = "first", state: str = "sending") -> list[Message]:
    """Queues replies given as (chat, text) as a turn of the process `owner` does."""
    new = [
        NewMessage(f"reply:{chat}:{text}", "memory", chat, None, "reply", _body(text), state) for chat, text in messages
    ]
    return storage.run_sync(lambda uow: uow.messages.reply(new, NOW, owner=owner, lease=LEASE))


async def send(storage: Storage, delivery: Delivery, ids: list[int]) -> None:
    """Sends queued messages as a turn does after its commit, and has it written down."""
    since = await delivery.prepare(Address("", ""))
    await delivery.send_now(messages_of(storage, ids), since)
    await delivery.finish()


def person_at(storage: Storage, chat: str, *, channel: str = "memory", last: datetime = NOW, name: str = "") -> int:
    """A person with an account whose chat is this, who wrote last at `last`."""

    def make(uow: Any) -> int:
        person = uow.persons.create(locale="zh", name=name, now=last)
        uow.identities.create(person.id, channel, chat, chat, last)
        return int(person.id)

    return storage.run_sync(make)


def messages_of(storage: Storage, ids: list[int]) -> list[Message]:
    """The messages as they stand."""
    return storage.run_sync(lambda uow: uow.messages.get(ids))


def states(storage: Storage, ids: list[int]) -> list[str]:
    """The messages' states."""
    return [message.state for message in messages_of(storage, ids)]


def _write(storage: Storage, statement: str) -> None:
    storage.run_sync(lambda uow: uow._connection.execute(sa.text(statement)))


def expire_leases(storage: Storage) -> None:
    """Every lease on a message has run out: what a minute after a crash does."""
    _write(storage, "UPDATE messages SET lease_until = '2000-01-01 00:00:00' WHERE state = 'sending'")


def make_due(storage: Storage) -> None:
    """Every pause of a message is over."""
    _write(storage, "UPDATE messages SET due_at = '2000-01-01 00:00:00' WHERE state = 'pending'")
