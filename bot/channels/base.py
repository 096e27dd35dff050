"""The port that every channel fills: its limits, its rights (bot.messages.Rights), and the ways a send can end."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from bot.messages import IncomingFile, Outgoing, Rights

__all__ = [
    "Channel",
    "Contents",
    "Interrupted",
    "Later",
    "Limits",
    "Misconfigured",
    "NotFetched",
    "Outcome",
    "Refused",
    "Rights",
    "Sent",
    "Unknown",
    "Unreachable",
    "WindowClosed",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may hold. `measure` counts a text in the unit of `text` (UTF-16 units, bytes, characters)."""

    text: int
    measure: Callable[[str], int]
    buttons: bool = True  # False: choices are written as numbers below the text
    replies: int | None = None  # how many messages may answer one event at once; the rest waits behind "more"
    # How files go out: beside a text, each as a message of its own, or as links that the text ends with.
    files: Literal["beside", "apart", "link"] = "beside"


@dataclass(frozen=True, slots=True)
class Sent:
    """Delivered to the platform. `order` is comparable with `Inbound.order`; `external_id` is the platform's id."""

    order: int | None = None
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """Try again after so many seconds; meanwhile hold this chat or the whole channel. `moved_to`: the chat's new id."""

    seconds: float
    scope: Literal["chat", "channel"] = "chat"
    reason: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class WindowClosed:
    """The platform lets nobody write to this person now; the message waits for their next contact."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person blocked the bot, left, or does not exist."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """This message will never be taken; others may."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Misconfigured:
    """Nothing will be taken until staff mend the settings: the channel stops, nothing is lost."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been delivered or not: a time-out after sending, an answer that cannot be read."""

    reason: str = ""


Outcome = Sent | Later | WindowClosed | Unreachable | Refused | Misconfigured | Unknown


class NotFetched(Exception):
    """A file that somebody sent cannot be had. `kind` and `values` as in `IncomingFile.problem`, without the name."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


class Interrupted(Exception):
    """The sender's connection broke off in the middle of a file. The event is not over: they will send it again."""


class Contents(Protocol):
    """Where the content of outgoing files lies."""

    async def fetch(self, key: str) -> Path:
        """The content as a file. Raises LookupError where there is none. Some files are made now, in some seconds."""


class Channel(Protocol):
    """A door to people. Its methods are called from the event loop."""

    name: str
    limits: Limits
    rights: Rights

    async def send(self, message: Outgoing) -> Outcome:
        """Sends one message. Raises nothing: every failure is an outcome."""

    def fetch(self, file: IncomingFile) -> AsyncIterator[bytes]:
        """The bytes of a file that somebody sent, in chunks. Raises NotFetched or Interrupted, also half-way."""

    async def close(self) -> None:
        """Lets go of connections."""
