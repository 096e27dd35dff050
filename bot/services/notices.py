"""Messages to people who did not just write: queued in the transaction that causes them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Address, Choice
from storage.records import NewMessage
from storage.unit_of_work import UnitOfWork


def notify_person(
    *,
    uow: UnitOfWork,
    person_id: int,
    text: str,
    key: str,
    now: datetime,
    kind: str = "notification",
    about: tuple[int, ...] = (),
) -> bool:
    """Queues a message to the account that the person used last. False where no account of theirs is left to write to.

    `key` makes it happen once: a second call with the same key queues nothing. `about` are the other people whose data
    the text shows.
    """
    identities = [found for found in uow.identities.of_person(person_id) if found.reachable]
    if not identities:
        return False
    latest = max(identities, key=lambda found: (found.last_inbound_at is not None, found.last_inbound_at, found.id))
    body = {"text": text, "choices": [], "files": [], "prompt": 0}
    uow.messages.add([NewMessage(key, latest.channel, latest.chat, person_id, kind, body, about=about)], now)
    return True


def notify_staff(
    *,
    uow: UnitOfWork,
    text_of: Callable[[str], str],
    key: str,
    now: datetime,
    about: tuple[int, ...],
    but: int | None = None,
) -> int:
    """Queues a message to every member of staff, each in their language, and says to how many.

    `text_of` makes the text in "zh" or "en". `about` are the people whose data it shows. `but` is a person who need not
    be told. `key` is completed with the person's id.
    """
    told = 0
    for person in uow.persons.staff():
        if person.id != but:
            text = text_of(person.locale or "zh")
            own = f"{key}:{person.id}"
            told += notify_person(uow=uow, person_id=person.id, text=text, key=own, now=now, about=about)
    return told


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waited: its text, its prompt, what the choices listed in it mean, and whose data it shows."""

    text: str
    prompt: int = 0
    means: tuple[Choice, ...] = ()
    about: tuple[int, ...] = ()


def take_waiting(*, uow: UnitOfWork, address: Address, now: datetime) -> Waiting | None:
    """The oldest message that waits in this chat, taken out of the waiting ones; None where none waits."""
    message = uow.messages.take_held(address.channel, address.chat)
    if message is None:
        return None
    uow.messages.mark_sent([message.id], now)
    means = tuple(Choice(*one) for one in message.body.get("means", ()))
    prompt = int(message.body.get("prompt", 0))
    return Waiting(str(message.body["text"]), prompt, means, uow.messages.about(message.id))
