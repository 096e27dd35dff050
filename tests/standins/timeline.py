"""Time that passes only while everybody sleeps."""

import asyncio
import heapq
from itertools import count

_ROUNDS = 20


class Timeline:
    """A clock in seconds and a sleep that go together: the earliest sleeper is woken when nobody has anything to do."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._driver: asyncio.Task[None] | None = None

    def monotonic(self) -> float:
        """The seconds that have passed."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Returns when so many seconds have passed here."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), woken))
        if self._driver is None or self._driver.done():
            self._driver = asyncio.create_task(self._drive())
        await woken

    async def _drive(self) -> None:
        while self._sleepers:
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)
            instant, _, woken = heapq.heappop(self._sleepers)
            self.now = max(self.now, instant)
            if not woken.done():
                woken.set_result(None)
