"""Notifications that a command causes: written in the reader's language, queued once for each event."""

import hashlib
from collections.abc import Callable

from bot.context import Services, Turn
from bot.services.notices import notify_person
from bot.services.recipients import Recipient

_DIGEST = 16


def tell(turn: Turn, services: Services, recipient: Recipient, text_of: Callable[[str], str], *, key: str) -> bool:
    """Queues a notification. False where no account of the person is left to write to.

    `text_of` makes the text in "zh" or "en"; `key` says what is told, such as "move:12".
    """
    return notify_person(
        uow=services.uow,
        person_id=recipient.person_id,
        text=text_of(recipient.locale),
        key=f"{key}:{event_digest(turn)}:{recipient.person_id}",
        now=turn.now,
    )


def event_digest(turn: Turn) -> str:
    """A short text that is the same for every delivery of this event and differs from any other's."""
    event = f"{turn.inbound.channel}:{turn.inbound.event}"
    return hashlib.sha256(event.encode()).hexdigest()[:_DIGEST]
