"""What crosses the border between the platforms and Laurel: plain values that name no platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

# What every channel carries in one message, in bytes of UTF-8. What is written for many channels keeps to it: a message
# in pieces could stop after the first, and begin again with it.
ONE_PIECE = 1900


class Kind(StrEnum):
    """What an inbound event is."""

    TEXT = "text"
    PRESS = "press"  # a button of an earlier message
    FILE = "file"
    START = "start"  # somebody opens the chat, follows the account, or comes by a deep link
    LEFT = "left"  # somebody blocks the bot or unfollows the account
    OTHER = "other"  # a sticker, a voice message, a location: nothing Laurel can read


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a chat of a channel."""

    channel: str
    chat: str


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file somebody sent.

    `handle` is for its channel alone to fetch it by; `size` is in bytes, None where the channel does not say it.
    `recompressed`: the platform changed its bytes, as it does with photos. Where the turn's flow takes files, either
    `attachment` is what was taken in ({"key", "name", "kind", "size", "pages", "width", "height"}) or `problem` says
    why not: a kind, for which the template files.j2 has a block problem_<kind>, and the values that fill it. `rows` is
    what stands in a Word file, as rows of cells.
    """

    handle: str
    name: str = ""
    media_type: str = ""
    size: int | None = None
    recompressed: bool = False
    attachment: Mapping[str, Any] | None = None
    problem: tuple[str, Mapping[str, Any]] | None = None
    rows: tuple[tuple[str, ...], ...] | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event of a channel.

    `event` is unique within the channel and equal for the platform's repeats of it. `sender` is the person's
    external id. `shown`, `order` and `sent_at` say what the person had seen when sending it, as far as the channel
    knows: the number of the prompt on the screen; the event's place in the chat's own numbering of messages
    (compared with `Sent.order`); the platform's time of sending. `aside`: it came from the form page and not by the
    platform, whose response can carry no answer then.
    """

    channel: str
    event: str
    chat: str
    sender: str
    kind: Kind = Kind.TEXT
    text: str = ""
    pressed: str = ""  # the token of the button
    payload: str = ""  # what a deep link carried
    files: tuple[IncomingFile, ...] = ()
    private: bool = True
    locale: str | None = None  # the client's language, as "zh" or "en", where the channel says it
    name: str = ""  # the name shown on the platform
    shown: int | None = None
    order: int | None = None
    sent_at: datetime | None = None
    aside: bool = False

    @property
    def address(self) -> Address:
        """The chat that an answer goes to."""
        return Address(self.channel, self.chat)


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, or a number where there are none.

    `value` is what choosing it means: "/command args" or a value of the flow. `numbered` False is for moves such as
    back and skip: where there are no buttons they are words to type, so that a number stays free to be an answer. In an
    `Outgoing`, `value` is the token that comes back as `Inbound.pressed` (at most 64 bytes).
    """

    value: str
    label: str
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes with a message: a key of the file store and the name the reader sees.

    `instead` is what to say where the channel does not carry a file of its size; `linked`: it has a link to the file.
    """

    key: str
    name: str
    media_type: str = "application/octet-stream"
    instead: str = ""
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: plain text, choices below it, files after it.

    `written`: the text has its choices in it already, as read on from a message that waited. `about` are the numbers of
    the people, beside the reader, whose data it shows: the message loses its text when one of them is forgotten.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    written: bool = False
    about: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a channel gets it to send: fits the channel's limits, choices carry their tokens.

    `prompt` numbers the choices' prompt within the chat (0: no choices). `key` is the idempotency key. `sequence`
    counts up in the order of sending, as a mailbox is read (0: not noted as sent yet).
    """

    id: int
    address: Address
    text: str
    choices: tuple[Choice, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    kind: str = "reply"  # reply | notification | broadcast | reminder
    key: str = ""
    prompt: int = 0
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Rights:
    """What the channel lets us start by ourselves.

    `push`: may send without being asked. `window`: only so long after the person's last message (None: always), and at
    most `pushes` messages in it (None: any number). `mailbox`: a message waits where the person finds it at the next
    visit. `rate`: messages a second to all chats together; `chat_interval`: seconds between two messages to one chat.
    """

    push: bool = True
    window: timedelta | None = None
    pushes: int | None = None
    mailbox: bool = False
    rate: float = 1000.0
    chat_interval: float = 0.0
