"""Work that outlives the request that began it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")

_log = structlog.get_logger("bot.web")


class Background:
    """Keeps hold of tasks (the event loop alone would forget them), and tells the log of those that fail unseen."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Starts work whose result somebody will look at."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def leave(self, task: asyncio.Task[Any]) -> None:
        """Nobody will look at this task's result."""
        task.add_done_callback(_tell_log)

    async def settle(self, seconds: float) -> None:
        """Waits at most so long for what is under way."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)


def _tell_log(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("background_work_failed", error=error)
