"""What the tests of polling share."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.poller import Poller
from bot.messages import Inbound

Handle = Callable[[Inbound], Awaitable[object]]


class Desk:
    """What stands behind the poller: keeps what was handled, sleeps without waiting, and stops at the right moment."""

    def __init__(self) -> None:
        self.handled: list[Inbound] = []
        self.quarantined: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.slept: list[float] = []
        self.stop = asyncio.Event()
        self._changed = asyncio.Condition()

    @property
    def texts(self) -> list[str]:
        return [inbound.text for inbound in self.handled]

    async def handle(self, inbound: Inbound) -> None:
        self.handled.append(inbound)
        await self._notify()

    async def quarantine(self, event: str, reason: str) -> None:
        self.quarantined.append((event, reason))
        await self._notify()

    async def on_problem(self, reason: str) -> None:
        self.problems.append(reason)
        await self._notify()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self._notify()
        await asyncio.sleep(0)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: bool(condition()))

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class Running:
    """A poller at work, until the block ends."""

    def __init__(self, channel: TelegramChannel, desk: Desk, handle: Handle | None = None, **options: object) -> None:
        self._desk = desk
        self.poller = Poller(
            channel,
            handle or desk.handle,
            quarantine=desk.quarantine,
            on_problem=desk.on_problem,
            sleep=desk.sleep,
            **options,  # type: ignore[arg-type]
        )

    async def __aenter__(self) -> asyncio.Task[None]:
        self.task = asyncio.create_task(self.poller.run(self._desk.stop))
        return self.task

    async def __aexit__(self, *_: object) -> None:
        self._desk.stop.set()
        await asyncio.gather(self.task, return_exceptions=True)
