"""Long polling: one update after the other within a chat, confirmed only when what it caused is committed."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.telegram.backlog import Backlog
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.read import Unreadable, callback_id
from bot.channels.telegram.request import Flooded
from bot.messages import Inbound

_FIRST_PAUSE, _LONGEST_PAUSE, _LEASE_PAUSE = 1.0, 60.0, 2.0
_HANDS = 16
_SETTLE = 0.5  # seconds that a slow chat may keep the others from being fetched
_TRIES = 5
_FAREWELL = 3.0

Handle = Callable[[Inbound], Awaitable[object]]
Quarantine = Callable[[str, str], Awaitable[None]]
Problem = Callable[[str], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]
Result = TypeVar("Result")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Work:
    """An update under way. With a `fault` it is to be set aside, not handled. `tap` is to be answered."""

    number: int
    inbound: Inbound | None
    tap: str | None = None
    fault: str = ""


async def _always() -> bool:
    return True


async def _log_alone(*_: str) -> None:
    """The log has it already."""


class Poller:
    """Fetches updates and hands them on. Whatever the network does, `run` goes on.

    Args:
        channel: The bot.
        handle: Returns when the event is committed. While it raises, the same event is handed over again after a pause.
        quarantine: Gets the id of an update that cannot be read or handled, and why. Then the update is skipped.
        on_problem: Is told what staff must mend (another poller, a wrong token), and "" when it is mended.
        may_run: Whether this process is the one that polls. Asked before each fetch: a lease must outlast `timeout`.
        timeout: Seconds that a fetch waits for updates, at most 50.
        hands: How many chats are handled at once.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        channel: TelegramChannel,
        handle: Handle,
        *,
        quarantine: Quarantine = _log_alone,
        on_problem: Problem = _log_alone,
        may_run: Callable[[], Awaitable[bool]] = _always,
        timeout: int = 50,
        hands: int = _HANDS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._channel = channel
        self._handle = handle
        self._stop = asyncio.Event()
        self._quarantine = quarantine
        self._on_problem = on_problem
        self._may_run = may_run
        self._timeout = timeout
        self._sleep = sleep
        self._lanes = Lanes(self._do, hands=hands)
        self._backlog = Backlog()
        self._committed = 0
        self._confirmed = 0
        self._next_pause = _FIRST_PAUSE
        self._reported = ""
        self._unhooked = False

    async def run(self, stop: asyncio.Event) -> None:
        """Polls until stopped: what is under way is finished and confirmed, the rest comes again at the next start."""
        self._stop = stop
        try:
            while not self._stop.is_set():
                if await self._allowed():
                    await self._round()
                else:
                    await self._pause(_LEASE_PAUSE)
        except asyncio.CancelledError:
            self._lanes.abandon()
            raise
        finally:
            await self._lanes.close()
        await self._confirm()

    async def _allowed(self) -> bool:
        try:
            return await self._may_run()
        except Exception as error:  # noqa: BLE001 - a lease that cannot be had is not held
            _log.warning("telegram_lease_unknown", error=type(error).__name__)
            return False

    async def _round(self) -> None:
        """Fetches what there is and hands it on."""
        offset = self._backlog.offset
        try:
            updates = await self._unless_stopped(self._fetch(offset))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may succeed
            await self._recover(error)
            return
        if updates is None:
            return
        self._confirmed = offset
        self._next_pause = _FIRST_PAUSE
        await self._report("")
        if not updates and not self._backlog:
            self._backlog.rest()
        numbered = [update for update in updates if self._accept(update)]
        if updates and not numbered:
            await self._pause(_FIRST_PAUSE)  # asking at once would bring the same
        await self._unless_stopped(self._lanes.settle(_SETTLE))

    async def _fetch(self, offset: int) -> list[Any]:
        await self._channel.identify()
        return await self._channel.updates(offset, 0 if self._backlog else self._timeout)

    def _accept(self, update: Any) -> bool:
        """Puts an update on its lane. False for one that has no number."""
        number = update.get("update_id") if isinstance(update, Mapping) else None
        if not isinstance(number, int):
            _log.error("telegram_update_without_number")
            return False
        if not self._backlog.add(number):
            return True
        try:
            work = _Work(number, self._channel.read(update), callback_id(update))
        except Unreadable as error:
            _log.error("telegram_update_unreadable", update=number, reason=str(error))
            work = _Work(number, None, fault=str(error))
        if work.inbound is None and not work.fault:
            self._backlog.finish(number)
        else:
            self._lanes.put(work.inbound.chat if work.inbound else "", work)
        return True

    async def _do(self, work: _Work) -> None:
        if self._stop.is_set():
            return
        if work.tap:
            await asyncio.gather(self._channel.answer_callback(work.tap), self._finish(work))
        else:
            await self._finish(work)

    async def _finish(self, work: _Work) -> None:
        """Handles an update for as long as it takes. Not done when stopped before: it will come again."""
        committed, tries, pause = self._committed, 0, _FIRST_PAUSE
        while not await self._try(work):
            tries += 1
            # Where others succeed it is not the database that fails but this update.
            if tries >= _TRIES and self._committed > committed:
                if work.fault:
                    break
                work, tries = replace(work, inbound=None, fault="failed"), 0
                continue
            await self._pause(pause)
            if self._stop.is_set():
                return
            pause = min(pause * 2, _LONGEST_PAUSE)
        self._backlog.finish(work.number)

    async def _try(self, work: _Work) -> bool:
        try:
            if work.inbound is None:
                await self._quarantine(str(work.number), work.fault)
            else:
                await self._handle(work.inbound)
        except Exception as error:  # noqa: BLE001 - one chat's trouble must not end the others'
            _log.error("telegram_update_failed", update=work.number, error=type(error).__name__)
            return False
        self._committed += 1
        return True

    async def _recover(self, error: Exception) -> None:
        """After a fetch that failed: mends what can be mended, tells staff of what they must, and waits."""
        if isinstance(error, Conflict) and "webhook" in error.message and not self._unhooked:
            try:
                await self._channel.call("deleteWebhook")
            except TelegramError as further:
                error = further
            else:
                self._unhooked = True
                return
        reason = error.message if isinstance(error, TelegramError) else type(error).__name__
        _log.warning("telegram_unreachable", reason=reason)
        if isinstance(error, Conflict | InvalidToken):
            await self._report(reason)
            await self._pause(_LONGEST_PAUSE)
        elif isinstance(error, Flooded):
            await self._pause(error.seconds)
        else:
            await self._pause(self._next_pause)
            self._next_pause = min(self._next_pause * 2, _LONGEST_PAUSE)

    async def _report(self, reason: str) -> None:
        if reason == self._reported:
            return
        try:
            await self._on_problem(reason)
            self._reported = reason
        except Exception as error:  # noqa: BLE001 - polling goes on, and the next time it is told again
            _log.error("telegram_problem_not_told", error=type(error).__name__)

    async def _pause(self, seconds: float) -> None:
        async def wait() -> None:
            await self._sleep(seconds)

        await self._unless_stopped(wait())

    async def _unless_stopped(self, work: Coroutine[Any, Any, Result]) -> Result | None:
        """The result of the work; None where we are stopped before, and the work is given up."""
        task, stopping = asyncio.create_task(work), asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            stopping.cancel()
            await asyncio.gather(task, stopping, return_exceptions=True)

    async def _confirm(self) -> None:
        """Before leaving, confirms what was committed since the last fetch, so that it need not come again."""
        if self._backlog.offset > self._confirmed and await self._allowed():
            with suppress(TelegramError, TimeoutError):
                async with asyncio.timeout(_FAREWELL):
                    await self._channel.updates(self._backlog.offset, 0)
