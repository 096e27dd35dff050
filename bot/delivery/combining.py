"""One call for many callers: what comes while a call is under way goes along in the next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Combined(Generic[T]):
    """Hands items to `work` in the order they came, one call at a time, each call with all that wait.

    What `work` raises reaches the one caller who made that call.
    """

    def __init__(self, work: Callable[[list[T]], Awaitable[None]]) -> None:
        self._work = work
        self._waiting: list[T] = []
        self._turn = asyncio.Lock()

    async def __call__(self, items: Sequence[T]) -> None:
        """Returns when the items were handed over and worked on."""
        self._waiting.extend(items)
        async with self._turn:
            taken, self._waiting = self._waiting, []
            if taken:
                await self._work(taken)


class Lanes(Generic[T]):
    """A queue for each key: who enters first goes first, and a key that nobody uses takes no room."""

    def __init__(self) -> None:
        self._locks: dict[T, asyncio.Lock] = {}
        self._users: dict[T, int] = {}

    async def run(self, key: T, work: Callable[[], Awaitable[None]]) -> None:
        """Does the work when those who came before with the same key are done."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._users[key] = self._users.get(key, 0) + 1
        try:
            async with lock:
                await work()
        finally:
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key], self._locks[key]
