"""The chat page as a channel: a message waits in the mailbox, and a page that is open looks there at once."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.channels.base import Limits, NotFetched, Outcome, Rights, Sent
from bot.messages import Address, IncomingFile, Outgoing

NAME = "webchat"
TEXT_CHARS = 8000
_PAGES = 20  # open pages of one visitor; those that were closed count until their waiting ends


class Crowded(Exception):
    """A visitor has too many pages open."""


@dataclass(slots=True, eq=False)
class Listener:
    """One page that waits for messages of its chat."""

    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, seconds: float) -> None:
        """Waits at most so long for `wake`; a call that came before counts, once."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    @property
    def woken(self) -> bool:
        """True where the mailbox may have something new."""
        return self._woken.is_set()

    def wake(self) -> None:
        """Lets the page look into the mailbox."""
        self._woken.set()


class WebChatChannel:
    """A visitor's page asks for its messages; nothing is lost when no page is open, it is in the mailbox."""

    name = NAME
    limits = Limits(text=TEXT_CHARS, measure=len)
    rights = Rights(mailbox=True)

    def __init__(self) -> None:
        self._rooms: dict[str, list[Listener]] = {}
        self._uploads: dict[str, AsyncIterator[bytes]] = {}
        self.closed = False

    async def send(self, message: Outgoing) -> Outcome:  # noqa: ARG002 - it waits where it is stored
        """Leaves the message where it is stored; `wake` tells when it can be read there."""
        return Sent()

    @contextmanager
    def upload(self, chunks: AsyncIterator[bytes]) -> Iterator[str]:
        """A file on its way in, within a request of the page: the handle to fetch it by, as long as that lasts."""
        handle = secrets.token_hex(8)
        self._uploads[handle] = chunks
        try:
            yield handle
        finally:
            self._uploads.pop(handle, None)

    async def fetch(self, file: IncomingFile) -> AsyncIterator[bytes]:
        """The bytes of a file that the page sends, once. Raises NotFetched; Interrupted where the page is gone."""
        chunks = self._uploads.pop(file.handle, None)
        if chunks is None:
            raise NotFetched("gone")
        async for chunk in chunks:
            yield chunk

    def wake(self, address: Address) -> None:
        """A message was noted as sent: the open pages of its chat look into the mailbox. Not for other channels."""
        if address.channel == NAME:
            for listener in self._rooms.get(address.chat, ()):
                listener.wake()

    def listen(self, chat: str) -> Listener:
        """Starts to wait for messages of a chat; ends with `leave`. Raises Crowded.

        Who then looks into the mailbox misses nothing: what is not there yet wakes them.
        """
        room = self._rooms.setdefault(chat, [])
        if len(room) >= _PAGES:
            raise Crowded
        listener = Listener()
        room.append(listener)
        return listener

    def leave(self, chat: str, listener: Listener) -> None:
        """Ends `listen`."""
        room = self._rooms.get(chat, [])
        if listener in room:
            room.remove(listener)
        if not room:
            self._rooms.pop(chat, None)

    async def close(self) -> None:
        """Lets every waiting page go."""
        self.closed = True
        for room in self._rooms.values():
            for listener in room:
                listener.wake()
