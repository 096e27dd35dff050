"""The edge on its own: turns that answer by a script, doors that believe what they are told."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.webchat import NAME, WebChatChannel
from bot.channels.wechat.door import RefusedRequest
from bot.messages import Address, Choice, Inbound, Outgoing
from bot.web.ports import Edge, Readiness

Script = Callable[[Inbound], Sequence[tuple[str, tuple[Choice, ...]]]]
SECRET = b"an invented secret of the tests"


@dataclass(frozen=True)
class Handled:
    """What came of an event."""

    messages: tuple[Outgoing, ...] = ()
    repeated: bool = False
    reference: str = ""


class Busy(Exception):
    """The database is locked, as the edge hears of it."""


def echo(inbound: Inbound) -> Sequence[tuple[str, tuple[Choice, ...]]]:
    """Answers with what was said."""
    said = inbound.text or inbound.pressed or f"start {inbound.payload}".strip()
    return [(f"heard: {said}", ())]


@dataclass
class FakeTurns:
    """Turns and mailbox in memory: an event once, numbered messages, prompts numbered where there are choices."""

    webchat: WebChatChannel
    script: Script = echo
    failing: list[Exception] = field(default_factory=list)
    events: dict[tuple[str, str], Handled] = field(default_factory=dict)
    inbounds: list[Inbound] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    handed_over: list[int] = field(default_factory=list)
    prompt: int = 0

    async def handle(self, inbound: Inbound) -> Handled:
        """One event, once."""
        if self.failing:
            raise self.failing.pop(0)
        key = (inbound.channel, inbound.event)
        if key in self.events:
            return Handled(self.events[key].messages, repeated=True)
        self.inbounds.append(inbound)
        messages = tuple(self.make(inbound.address, text, choices) for text, choices in self.script(inbound))
        self.events[key] = Handled(messages)
        for message in messages:
            await self.send(message)
        return self.events[key]

    def make(self, address: Address, text: str, choices: tuple[Choice, ...] = ()) -> Outgoing:
        """A stored message."""
        if choices:
            self.prompt += 1
        number = max((each.id for each in self.sent), default=0) + 1
        message = Outgoing(number, address, text, choices, prompt=self.prompt, sequence=self._next())
        self.sent.append(message)
        return message

    def _next(self) -> int:
        return max((each.sequence for each in self.sent), default=0) + 1

    async def send(self, message: Outgoing) -> None:
        """Sends as delivery does."""
        self.webchat.wake(message.address)

    async def delivered(self, ids: Sequence[int]) -> None:
        """Notes what left in a response."""
        self.handed_over += ids

    async def after(self, channel: str, chat: str, sequence: int) -> list[Outgoing]:
        """The mailbox, in parts of 100."""
        address = Address(channel, chat)
        later = [each for each in self.sent if each.address == address and each.sequence > sequence]
        return sorted(later, key=lambda each: each.sequence)[:100]

    async def push(self, chat: str, text: str) -> Outgoing:
        """A notification to a visitor."""
        message = self.make(Address(NAME, chat), text)
        await self.send(message)
        return message


class FakeTelegram:
    """A door with the secret "right" that reads {"update_id": 1, "text": "…"}."""

    def __init__(self) -> None:
        self.acknowledged: list[int] = []

    def check_secret(self, given: str | None) -> bool:
        """Whether the secret is "right"."""
        return given == "right"

    def read(self, update: Mapping[str, Any]) -> Inbound | None:
        """An event; an update without text is unreadable, one with an empty text says nothing."""
        if not update["text"]:
            return None
        return Inbound("telegram", str(update["update_id"]), "7", "7", text=update["text"])

    async def acknowledge(self, update: Mapping[str, Any]) -> None:
        """Notes the update."""
        self.acknowledged.append(update["update_id"])


class FakeWeChat:
    """A door whose signature is "right" and whose bodies are "<MsgId> <text>"."""

    def verify_echo(self, query: Mapping[str, str]) -> str:
        """The echo string."""
        self._check(query)
        return query["echostr"]

    def open(self, query: Mapping[str, str], body: bytes) -> Inbound | None:
        """An event."""
        self._check(query)
        number, _, text = body.decode().partition(" ")
        if not text:
            raise RefusedRequest("unreadable", 400)
        return None if text == "nothing" else Inbound("wechat", number, "openid", "openid", text=text)

    def reply(self, inbound: Inbound, messages: Sequence[Outgoing]) -> tuple[bytes, tuple[int, ...]]:
        """The first message as XML."""
        if not messages:
            return b"", ()
        return f"<xml>{messages[0].text}</xml>".encode(), (messages[0].id,)

    def _check(self, query: Mapping[str, str]) -> None:
        if query.get("signature") != "right":
            raise RefusedRequest("unsigned", 403)


async def until(condition: Callable[[], object]) -> None:
    """Lets the others work until the condition holds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - there is no event for whatever a test waits for
            await asyncio.sleep(0)


async def ready() -> Readiness:
    """All is well."""
    return Readiness("ok", {"webchat": "on", "telegram": "on"}, 3)


def make_edge(**changes: Any) -> Edge:
    """An edge of fakes; `turns` in it is a FakeTurns unless given."""
    webchat = changes.pop("webchat", None) or WebChatChannel()
    turns = changes.pop("turns", None) or FakeTurns(webchat, changes.pop("script", echo))
    values: dict[str, Any] = {"secret": SECRET, "ready": ready, "unavailable": (Busy,)}
    return Edge(turns=turns, mailbox=turns, webchat=webchat, **{**values, **changes})
