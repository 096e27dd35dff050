"""What the web's edge needs of the rest, as ports: the wiring hands over the real ones, tests their own."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.channels.webchat import WebChatChannel
from bot.messages import Inbound, Outgoing


class Handled(Protocol):
    """What came of an event (bot.turns.Handled)."""

    @property
    def messages(self) -> tuple[Outgoing, ...]:
        """The messages that answer it, stored already."""

    @property
    def repeated(self) -> bool:
        """True where the event was handled before: the messages are the stored ones."""

    @property
    def reference(self) -> str:
        """The code under which the log tells of a failed turn; empty after a good one."""


class Turns(Protocol):
    """Handles events (bot.turns.Turns)."""

    async def handle(self, inbound: Inbound) -> Handled:
        """One event, once, committed on return. Raises only when nothing could be stored."""

    async def delivered(self, ids: Sequence[int]) -> None:
        """Says that these messages left in our own response."""


class Mailbox(Protocol):
    """What a page shows: the messages of a chat that were sent."""

    async def after(self, channel: str, chat: str, sequence: int) -> list[Outgoing]:
        """The messages with a greater sequence, in the order of sending; a long list comes in parts."""


class TelegramDoor(Protocol):
    """Telegram's webhook side."""

    def check_secret(self, given: str | None) -> bool:
        """True where the request's secret header is ours, compared in constant time."""

    def read(self, update: Mapping[str, Any]) -> Inbound | None:
        """The update as an event; None where it says nothing that concerns us. Raises for an unreadable one."""

    async def acknowledge(self, update: Mapping[str, Any]) -> None:
        """Stops the spinner of a pressed button. Raises nothing."""


class WeChatDoor(Protocol):
    """WeChat's message push, both ways."""

    def verify_echo(self, query: Mapping[str, str]) -> str:
        """What to answer when the platform checks our address. Raises RefusedRequest."""

    def open(self, query: Mapping[str, str], body: bytes) -> Inbound | None:
        """Verifies, decrypts and reads a push; None where it needs no handling. Raises RefusedRequest."""

    def reply(self, inbound: Inbound, messages: Sequence[Outgoing]) -> tuple[bytes, tuple[int, ...]]:
        """The passive reply's XML and the ids of the messages that it carries; empty bytes where it carries none."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """`database`: "ok" or a word for what is wrong; `channels`: a word each; `backlog`: messages not yet sent."""

    database: str
    channels: Mapping[str, str]
    backlog: int | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """What the edge is made of. A door that is None is off and answers 404.

    `secret` signs cookies. `public_url` is the outside's address of this server, empty where only its own is known.
    `unavailable` are the errors of `turns` that will pass: the platform is asked to try again.
    """

    turns: Turns
    mailbox: Mailbox
    webchat: WebChatChannel
    secret: bytes = field(repr=False)
    ready: Callable[[], Awaitable[Readiness]]
    public_url: str = ""
    telegram: TelegramDoor | None = None
    wechat: WeChatDoor | None = None
    unavailable: tuple[type[Exception], ...] = ()
