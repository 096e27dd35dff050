"""Work in order within a lane, in parallel across lanes, with so many hands."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Lanes(Generic[Item]):
    """Queues of work. A lane takes one hand at a time and queues for it anew after each item: none can take all.

    Args:
        work: Does one item. It must not raise.
        hands: How many items are worked on at once.
    """

    def __init__(self, work: Callable[[Item], Awaitable[None]], *, hands: int) -> None:
        self._work = work
        self._hands = asyncio.Semaphore(hands)
        self._lanes: dict[str, deque[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    def put(self, lane: str, item: Item) -> None:
        """Queues an item behind those of its lane."""
        if lane in self._lanes:
            self._lanes[lane].append(item)
            return
        self._lanes[lane] = deque([item])
        task = asyncio.create_task(self._drain(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self, seconds: float) -> None:
        """Waits until all is done, at most so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def close(self) -> None:
        """Finishes the items under way; drops those that wait."""
        self._closing = True
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def abandon(self) -> None:
        """Gives up even the items under way."""
        for task in self._tasks:
            task.cancel()

    async def _drain(self, lane: str) -> None:
        waiting = self._lanes[lane]
        while waiting and not self._closing:
            async with self._hands:
                if not self._closing:
                    await self._work(waiting.popleft())
        del self._lanes[lane]
