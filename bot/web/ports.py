"""What the web's edge needs of the rest, as ports: the wiring hands over the real ones, tests their own."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.channels.webchat import WebChatChannel
from bot.flows.entries import Change
from bot.flows.values import Attachment
from bot.links import Expired, Invalid
from bot.messages import Inbound, Outgoing, OutgoingFile
from bot.services.form_page import Changed, Holder, Page


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


class FormLinks(Protocol):
    """Signs and reads the links and the sessions of the form page."""

    lifetime: timedelta

    def page_url(self, application_id: int, person_id: int, now: datetime) -> str:
        """A new link."""

    def read(self, token: str, now: datetime) -> Holder | Expired | Invalid:
        """Whom a link is for, and to what."""

    def sign_session(self, holder: Holder, browser: str, now: datetime) -> str:
        """A session of a browser with an application."""

    def read_session(self, token: str, now: datetime) -> tuple[Holder, str] | None:
        """The session's holder and browser; None for one that is over or none of ours."""


class Said(Protocol):
    """What came of a word that the form page said in its person's chat."""

    @property
    def messages(self) -> tuple[Outgoing, ...]:
        """The messages in the chat that answer it."""

    @property
    def reference(self) -> str:
        """The code under which the log tells of a failed turn; empty after a good one."""


class FormDesk(Protocol):
    """What stands behind the form page (bot.form_desk.FormDesk)."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """Tells the time."""

    @property
    def links(self) -> FormLinks:
        """Its links."""

    async def is_own_link(self, token: str, browser: str) -> bool:
        """Whether a link is still free, or was taken by this browser."""

    async def take_link(self, token: str, browser: str) -> bool:
        """Binds a link to the first browser that takes it. False for every other one."""

    async def open(self, holder: Holder, locale: str = "") -> Page | None:
        """What the page shows in a language (empty: the person's); None where the holder has nothing (any more)."""

    async def enter(self, holder: Holder, changes: Sequence[Change], locale: str = "") -> Changed | None:
        """Makes changes in one transaction; None where nothing can be entered (any more). Raises KeyError."""

    async def speak(self, holder: Holder, word: str, event: str) -> Said | None:
        """Says a word in the person's chat, once under each `event`; None where none of theirs is on here."""

    def path(self, key: str) -> Path:
        """The content of a file that was taken in. Raises NoSuchFile, a LookupError."""


class Uploads(Protocol):
    """Takes files in."""

    async def take_in(
        self, chunks: AsyncIterable[bytes], name: str, *, person_id: int, application_id: int
    ) -> Attachment | Refused:
        """The attachment, kept, or why the file is not taken. What the stream raises goes through."""


class Refused(Protocol):
    """Why a file is not taken: the block problem_<kind> of files.j2 explains it, filled by `values`."""

    @property
    def kind(self) -> str:
        """The kind."""

    @property
    def values(self) -> Mapping[str, Any]:
        """The values."""


class Download(Protocol):
    """A file that a link leads to."""

    @property
    def path(self) -> Path:
        """Its content."""

    @property
    def name(self) -> str:
        """What it is to be saved as."""

    @property
    def media_type(self) -> str:
        """Its type."""


class Downloads(Protocol):
    """Links to the files of messages (bot.downloads.Downloads)."""

    def address(self, file: OutgoingFile, reader: str = "") -> str:
        """The path under which a file is served to one reader alone, for some days."""

    async def open(self, token: str, reader: str = "") -> Download | Expired | Invalid:
        """What the last part of such a path leads to. Some files are made now, in some seconds."""


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
    `unavailable` are the errors of `turns` that will pass: the platform is asked to try again. `chat_upload_bytes` is
    the greatest file that the chat page offers to send; `turns` has the last word.
    """

    turns: Turns
    mailbox: Mailbox
    webchat: WebChatChannel
    secret: bytes = field(repr=False)
    ready: Callable[[], Awaitable[Readiness]]
    public_url: str = ""
    telegram: TelegramDoor | None = None
    wechat: WeChatDoor | None = None
    forms: FormDesk | None = None
    uploads: Uploads | None = None
    downloads: Downloads | None = None
    chat_upload_bytes: int = 20 * 1024 * 1024
    unavailable: tuple[type[Exception], ...] = ()
