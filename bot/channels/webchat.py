"""The chat page as a channel: a message waits in the mailbox, and a page that is open hears of it at once."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bot.channels.base import Limits, Outcome, Rights, Sent
from bot.messages import Outgoing

NAME = "webchat"
TEXT_CHARS = 8000
IDLE_SECONDS = 60.0
_KEPT = 50
_PAGES = 20  # open pages of one visitor; those that were closed count until their waiting ends


class Crowded(Exception):
    """A visitor has too many pages open."""


@dataclass(slots=True, eq=False)
class Listener:
    """One page that waits for messages of its chat. `heard` are those that came while it listened, oldest first."""

    heard: list[Outgoing] = field(default_factory=list)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, seconds: float) -> None:
        """Waits at most so long for a message or for `wake`."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    @property
    def woken(self) -> bool:
        """True where a message came or the waiting was ended."""
        return self._woken.is_set()

    def hear(self, message: Outgoing) -> None:
        """Takes a message and wakes the page."""
        self.heard.append(message)
        self._woken.set()

    def wake(self) -> None:
        """Ends the waiting without a message."""
        self._woken.set()


@dataclass(slots=True)
class _Room:
    """A chat that has pages open, or had a moment ago. `recent` bridges the time between two questions of a page."""

    listeners: list[Listener] = field(default_factory=list)
    recent: deque[Outgoing] = field(default_factory=lambda: deque(maxlen=_KEPT))
    forgetting: asyncio.TimerHandle | None = None


class WebChatChannel:
    """A visitor's page asks for its messages; nothing is lost when no page is open, it is in the mailbox."""

    name = NAME
    limits = Limits(text=TEXT_CHARS, measure=len)
    rights = Rights(mailbox=True)

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._rooms: dict[str, _Room] = {}
        self._closed = False

    async def send(self, message: Outgoing) -> Outcome:
        """Tells the open pages of the chat. Always sent: who has no page open finds it at the next visit."""
        room = self._rooms.get(message.address.chat)
        if room is not None:
            room.recent.append(message)
            for listener in room.listeners:
                listener.hear(message)
        return Sent()

    def listen(self, chat: str, after: int) -> Listener:
        """Starts to hear the chat's messages with an id greater than `after`; ends with `leave`. Raises Crowded.

        A page that begins (`after` 0) is told nothing from memory: what the mailbox no longer has may have been erased.
        """
        room = self._rooms.setdefault(chat, _Room())
        if len(room.listeners) >= _PAGES:
            raise Crowded
        if room.forgetting is not None:
            room.forgetting.cancel()
            room.forgetting = None
        listener = Listener()
        for message in room.recent if after else ():
            if message.id > after:
                listener.hear(message)
        room.listeners.append(listener)
        if self._closed:
            listener.wake()
        return listener

    def leave(self, chat: str, listener: Listener) -> None:
        """Ends `listen`. A chat without pages is forgotten after a while."""
        room = self._rooms.get(chat)
        if room is None:
            return
        if listener in room.listeners:
            room.listeners.remove(listener)
        if room.listeners or room.forgetting is not None:
            return
        if self._closed:
            self._forget(chat)
        else:
            room.forgetting = asyncio.get_running_loop().call_later(self._idle_seconds, self._forget, chat)

    def rooms(self) -> int:
        """How many chats are remembered."""
        return len(self._rooms)

    async def close(self) -> None:
        """Lets every waiting page go."""
        self._closed = True
        for chat, room in list(self._rooms.items()):
            if room.forgetting is not None:
                self._forget(chat)
            for listener in room.listeners:
                listener.wake()

    def _forget(self, chat: str) -> None:
        room = self._rooms.pop(chat, None)
        if room is not None and room.forgetting is not None:
            room.forgetting.cancel()
