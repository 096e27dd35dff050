"""What became of messages, written down a moment later, many at a time: a commit for each would cost as much again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.delivery.pacing import Sleep
from bot.delivery.sending import Settled
from bot.messages import Address
from storage.errors import StorageError

log = structlog.get_logger()

# Until it is written a message that was sent counts as on its way; after a crash in between it is sent once more.
MARK_SECONDS = 0.1


class Marks:
    """Gathers what became of messages and hands it to `write`, all that came within a moment at once."""

    def __init__(self, write: Callable[[list[Settled]], Awaitable[None]], sleep: Sleep) -> None:
        """`write` raises StorageError where the database refuses; what it was given then goes along with the next."""
        self._write = write
        self._sleep = sleep
        self._waiting: list[Settled] = []
        self._refused: list[Settled] = []
        self._chats: set[Address] = set()
        self._turn = asyncio.Lock()
        self._soon: asyncio.Task[None] | None = None
        self._flushes: set[asyncio.Task[None]] = set()

    def note(self, settled: Sequence[Settled]) -> None:
        """Takes what is to be written within a moment."""
        if not settled:
            return
        self._waiting += settled
        self._chats.update(_chat(one) for one in settled)
        if self._soon is None or self._soon.done():
            self._soon = asyncio.create_task(self._write_soon())

    async def flush(self) -> None:
        """Returns when whatever was noted before is written, or was refused by the database."""
        if not (self._waiting or self._refused or self._turn.locked()):
            return
        # Whoever waits for it may be cancelled; what was taken to be written must not be lost with them.
        task = asyncio.create_task(self._flush())
        self._flushes.add(task)
        task.add_done_callback(self._flushes.discard)
        await asyncio.shield(task)

    async def flush_chat(self, chat: Address) -> None:
        """The same, where something of this chat is not written yet."""
        if chat in self._chats:
            await self.flush()

    async def _flush(self) -> None:
        async with self._turn:
            batch = self._refused + self._waiting
            self._waiting, self._refused = [], []
            if batch:
                await self._try(batch)
            self._chats = {_chat(one) for one in (*self._refused, *self._waiting)}

    async def _write_soon(self) -> None:
        while self._waiting:
            await self._sleep(MARK_SECONDS)
            await self.flush()

    async def _try(self, batch: list[Settled]) -> None:
        try:
            await self._write(batch)
        except StorageError as error:
            log.error("marks_delayed", count=len(batch), error=error)
            self._refused += batch
        except Exception as error:  # noqa: BLE001 - what cannot be written must not take the others with it
            if len(batch) == 1:
                log.error("mark_lost", message=batch[0].message.id, error=error)
                return
            for one in batch:
                await self._try([one])


def _chat(settled: Settled) -> Address:
    return Address(settled.message.channel, settled.message.chat)
