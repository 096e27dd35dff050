"""When a message may leave: a rate for the channel, a lower one for broadcasts, an interval for each chat, and holds.

pyrate-limiter was looked at and is not used: its limiter reads a clock of its own, sleeps by itself, and whoever waits
tries again and again in no order. Here a message gets the instant of its turn at once (the generic cell rate
algorithm), waits for it once, and turns are taken in the order of asking.
"""

import asyncio
from collections.abc import Awaitable, Callable

from bot.messages import Rights
from bot.services.broadcasts import broadcast_rate

# How many messages of one turn a chat takes at once; platforms allow short bursts above one message a second.
CHAT_BURST = 3
_BURST_SECONDS = 0.05
_MANY_CHATS = 10_000

Sleep = Callable[[float], Awaitable[object]]


class Bucket:
    """So many turns a second, evenly spaced but for bursts of `burst`."""

    def __init__(self, rate: float, burst: float = 1.0) -> None:
        self._interval = 1.0 / rate
        self._tolerance = (max(burst, 1.0) - 1.0) * self._interval
        self._next = float("-inf")

    def peek(self, now: float) -> float:
        """The instant of the next turn, `now` or later."""
        return max(now, self._next - self._tolerance)

    def take(self, now: float) -> float:
        """Takes the next turn and gives its instant."""
        turn = self.peek(now)
        self._next = max(self._next, turn) + self._interval
        return turn

    def idle(self, now: float) -> bool:
        """Whether nothing is left to remember."""
        return self._next <= now


class Pacing:
    """The pace of one channel in this process. Instants are those of `monotonic`, in seconds."""

    def __init__(self, rights: Rights, monotonic: Callable[[], float], sleep: Sleep) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._chat_rate = 1.0 / rights.chat_interval if rights.chat_interval > 0 else None
        self._all = Bucket(rights.rate, rights.rate * _BURST_SECONDS)
        lower = broadcast_rate(rights)
        self._broadcasts = Bucket(lower, lower * _BURST_SECONDS)
        self._chats: dict[str, Bucket] = {}
        self._holds: dict[str, float] = {}
        self._channel_hold = float("-inf")

    def hold(self, seconds: float, chat: str | None = None) -> None:
        """Nothing leaves to the chat, or without one to the channel, for so many seconds."""
        until = self._monotonic() + seconds
        if chat is None:
            self._channel_hold = max(self._channel_hold, until)
        else:
            self._holds[chat] = max(self._holds.get(chat, until), until)

    def release(self) -> None:
        """Ends the channel's hold."""
        self._channel_hold = float("-inf")

    def held(self, chat: str | None = None) -> float:
        """The seconds for which the chat, or without one the channel, is still held; 0.0 when it is free."""
        now = self._monotonic()
        until = self._channel_hold if chat is None else max(self._channel_hold, self._holds.get(chat, now))
        if chat is not None and until <= now:
            self._holds.pop(chat, None)
        return max(0.0, until - now)

    async def turn(self, chat: str, *, broadcast: bool, until: float = float("inf")) -> bool:
        """Waits until a message to the chat may leave; False, at once, where that is not before `until`.

        A turn that would come too late is not taken: whoever waits behind it would wait for nothing.
        """
        buckets = [self._chat(chat)] if self._chat_rate is not None else []
        buckets += [self._broadcasts, self._all] if broadcast else [self._all]
        for bucket in buckets:
            if bucket.peek(self._monotonic()) >= until:
                return False
            await self._wait(bucket.take(self._monotonic()))
        return True

    def _chat(self, chat: str) -> Bucket:
        if chat not in self._chats:
            if len(self._chats) >= _MANY_CHATS:
                now = self._monotonic()
                self._chats = {name: bucket for name, bucket in self._chats.items() if not bucket.idle(now)}
            self._chats[chat] = Bucket(self._chat_rate or 1.0, CHAT_BURST)
        return self._chats[chat]

    async def _wait(self, instant: float) -> None:
        if (seconds := instant - self._monotonic()) > 0:
            await self._sleep(seconds)


async def rest(sleep: Sleep, seconds: float, *events: asyncio.Event) -> None:
    """Waits so long, or until one of the events is set."""

    async def pause() -> None:
        await sleep(seconds)

    waits = [asyncio.ensure_future(pause()), *(asyncio.ensure_future(event.wait()) for event in events)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
