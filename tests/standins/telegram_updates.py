"""The updates of a bot as the Bot API keeps them: fetched by long polling, or pushed to a webhook, chat by chat."""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

Update = dict[str, Any]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
DEFAULT_KINDS = frozenset({"message", "edited_message", "callback_query", "my_chat_member", "channel_post"})
MOST_AT_ONCE = 100
LONGEST_POLL = 50
RETRY_SECONDS = (0.02, 0.5)  # the platform's 1 s doubling to 60 s, made shorter


class ConflictError(Exception):
    """409."""


class Updates:
    """The queue of one bot. Lives in one event loop. `changed` is called after each change that tests may wait for."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.kinds = DEFAULT_KINDS
        self.url = ""
        self.secret = ""
        self.pushes: list[tuple[int, int]] = []  # (update, status) of each push; 0: no answer
        self._changed = changed
        self._numbers = itertools.count(700_000_001)
        self._waiting: dict[int, Update] = {}
        self._arrived = asyncio.Event()
        self._poller: asyncio.Event | None = None
        self._chats: dict[int, deque[int]] = {}
        self._pushing: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    @property
    def waiting(self) -> int:
        """How many updates are not confirmed."""
        return len(self._waiting)

    def add(self, kind: str, content: Any, **more: Any) -> int:
        """Something happened. The update's number, also where nobody asked for its kind."""
        number = next(self._numbers)
        if kind in self.kinds:
            self.add_raw({"update_id": number, kind: content, **more})
        return number

    def add_raw(self, update: Update) -> int:
        """An update of any content; it gets a number where it has none."""
        if "update_id" not in update:
            update["update_id"] = next(self._numbers)
        number = int(update["update_id"])
        self._waiting[number] = update
        self._arrived.set()
        if self.url:
            self._push_later(number)
        self._changed()
        return number

    def subscribe(self, kinds: list[str] | None) -> None:
        """Remembers `allowed_updates`; None leaves them, an empty list is the default."""
        if kinds is not None:
            self.kinds = frozenset(kinds) or DEFAULT_KINDS

    async def fetch(self, offset: int, limit: int, seconds: int) -> list[Update]:
        """getUpdates. Raises ConflictError when a webhook is set, or another poller comes while this one waits."""
        if self.url:
            raise ConflictError(WEBHOOK_ACTIVE)
        if self._poller is not None:
            self._poller.set()
        self._confirm(offset)
        ended = self._poller = asyncio.Event()
        try:
            await self._wait(ended, min(seconds, LONGEST_POLL))
        finally:
            if self._poller is ended:
                self._poller = None
        found = [self._waiting[number] for number in sorted(self._waiting)]
        return found[: min(limit, MOST_AT_ONCE)]

    async def set_webhook(self, url: str, secret: str) -> None:
        """Sends updates to an address from now on, first those that wait; "" ends it."""
        self.url, self.secret = url, secret
        for task in self._pushing.values():
            task.cancel()
        self._pushing.clear()
        self._chats.clear()
        if url:
            if self._poller is not None:
                self._poller.set()
            for number in sorted(self._waiting):
                self._push_later(number)

    async def close(self) -> None:
        """Ends pushing."""
        await self.set_webhook("", "")
        if self._poller is not None:
            self._poller.set()
        if self._session is not None:
            await self._session.close()

    def _confirm(self, offset: int) -> None:
        for number in [number for number in self._waiting if number < offset]:
            del self._waiting[number]
        self._changed()

    async def _wait(self, ended: asyncio.Event, seconds: int) -> None:
        """Until there are updates, the time is over, or the poller is ended by another."""
        self._arrived.clear()
        if self._waiting or not seconds:
            return
        events = [asyncio.ensure_future(self._arrived.wait()), asyncio.ensure_future(ended.wait())]
        await asyncio.wait(events, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for event in events:
            event.cancel()
        if ended.is_set():
            raise ConflictError(WEBHOOK_ACTIVE if self.url else OTHER_POLLER)

    def _push_later(self, number: int) -> None:
        chat = _chat_of(self._waiting[number])
        self._chats.setdefault(chat, deque()).append(number)
        if chat not in self._pushing:
            self._pushing[chat] = asyncio.ensure_future(self._push(chat))

    async def _push(self, chat: int) -> None:
        """Pushes a chat's updates in order; the next one only after a 2xx."""
        pause = RETRY_SECONDS[0]
        while self._chats[chat]:
            number = self._chats[chat][0]
            status = await self._post(self._waiting[number])
            self.pushes.append((number, status))
            self._changed()
            if 200 <= status < 300:
                self._chats[chat].popleft()
                del self._waiting[number]
                self._changed()
                pause = RETRY_SECONDS[0]
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, RETRY_SECONDS[1])
        del self._pushing[chat]

    async def _post(self, update: Update) -> int:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            async with self._session.post(self.url, json=update, headers=headers) as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


def _chat_of(update: Update) -> int:
    """What the server queues by: the chat of a message. A tap has a queue beside it, and may overtake it."""
    for content in update.values():
        if isinstance(content, dict) and "data" in content:
            return -int(content["from"]["id"])
        if isinstance(content, dict) and isinstance(content.get("chat"), dict):
            return int(content["chat"].get("id", 0))
    return 0
