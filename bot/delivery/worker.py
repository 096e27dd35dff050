"""The outbox worker: replies at once from the process that committed them, and whatever else is due.

A row is leased by the database's clock, sent, and marked. A reply is leased in the transaction that made it and sent
from memory; whatever else there is has to be claimed. What a crash left in the middle is claimed anew when its lease is
over, but for broadcasts: those are sent at most once and shown as unknown.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta

import structlog

from bot.channels.base import Channel
from bot.context import Clock
from bot.delivery.combining import Combined, Lanes
from bot.delivery.marking import MARK_SECONDS, Marks
from bot.delivery.pacing import Sleep, rest
from bot.delivery.sending import SEND_SECONDS, Sender, Settled
from bot.messages import Address
from storage.database import Storage
from storage.records import Mark, Message
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
POLL_SECONDS = 1.0
# A batch is what its channel takes in so many seconds: what is more urgent waits no longer than that.
BATCH_SECONDS = 2.0
MOST_ROWS = 1000


async def _tell_nobody(_channel: str, _reason: str) -> None:
    """For callers without staff to tell."""


def _wake_nobody(_address: Address) -> None:
    """For callers without a mailbox that anybody waits at."""


class Delivery:
    """Sends what the outbox holds for these channels, in order within each chat, several chats at once."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        clock: Clock,
        *,
        owner: str,
        sleep: Sleep = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        on_misconfigured: Callable[[str, str], Awaitable[None]] = _tell_nobody,
        on_sent: Callable[[Address], None] = _wake_nobody,
    ) -> None:
        """`owner` names this process in leases. `on_misconfigured(channel, reason)` is awaited once for each stop.

        `on_sent(address)` is called when a message is noted as sent: whoever reads the mailbox finds it there.
        """
        self.owner = owner
        self.lease = LEASE
        self.channels: Collection[str] = frozenset(channels)
        self._storage = storage
        self._clock = clock
        self._on_sent = on_sent
        self._sleep = sleep
        self._monotonic = monotonic
        self._senders = {
            name: Sender(channel, monotonic=monotonic, sleep=sleep, on_misconfigured=on_misconfigured)
            for name, channel in channels.items()
        }
        self._woken = {name: asyncio.Event() for name in channels}
        self._claims: Combined[int] = Combined(self._claim_these)
        self._marks = Marks(self._settle, sleep)
        self._left_over = False
        self._lanes: Lanes[Address] = Lanes()
        self._sending: dict[int, asyncio.Task[bool]] = {}

    async def prepare(self, address: Address) -> float:
        """Before a turn: what was sent to its chat is written down. The instant from which the turn's leases count."""
        await self._marks.flush_chat(address)
        return self._monotonic()

    async def send_now(self, rows: Sequence[Message], since: float) -> None:
        """Sends these replies, just committed, in order. Returns when each was tried; what remains is the worker's.

        Those that are `sending` have been leased by `owner` at the instant `since` or later; those that are `sent` are
        in their mailbox, and whoever reads it is told; those that are pending have to be claimed.
        """
        for address in {Address(row.channel, row.chat) for row in rows if row.state == "sent"}:
            self._on_sent(address)
        own = [row for row in rows if row.channel in self._senders]
        tasks = set(self._start([row for row in own if row.state == "sending"], self._lease_end(since)))
        if pending := [row.id for row in own if row.state == "pending"]:
            await self._claims(pending)
            tasks |= {self._sending[number] for number in pending if number in self._sending}
        if tasks:
            await asyncio.wait(tasks)

    def wake(self) -> None:
        """Something may be due: the worker looks at once."""
        for event in self._woken.values():
            event.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, and then ends what it has begun."""
        async with asyncio.TaskGroup() as group:
            for sender in self._senders.values():
                group.create_task(self._serve(sender, stop))
        await self.finish()

    async def finish(self) -> None:
        """Writes down what was sent. To be called when nothing is being sent any more."""
        await self._marks.flush()

    async def drain(self) -> None:
        """Works until nothing is due any more."""
        while any([await self._work(sender) for sender in self._senders.values()]):
            pass
        await self._marks.flush()

    async def _serve(self, sender: Sender, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._woken[sender.name].clear()
            try:
                worked = await self._work(sender)
            except Exception as error:  # noqa: BLE001 - the worker outlives whatever one round meets
                log.error("delivery_round_failed", channel=sender.name, error=error)
                worked = False
            if not worked:
                await rest(self._sleep, POLL_SECONDS, self._woken[sender.name], stop)

    async def _work(self, sender: Sender) -> bool:
        """Claims and sends one batch of a channel. False where nothing was due, or nothing could be done."""
        await self._marks.flush()
        if sender.pacing.held():
            return False
        until = self._lease_end()
        limit = 1 if sender.stopped else max(1, min(MOST_ROWS, int(sender.rights.rate * BATCH_SECONDS)))
        rows = await self._storage.run(lambda uow: self._claim(uow, sender.name, limit))
        tasks = self._start(rows, until)
        return any(await asyncio.gather(*tasks))

    def _claim(self, uow: UnitOfWork, channel: str, limit: int) -> list[Message]:
        # First, so that no broadcast of unknown fate is claimed and sent again.
        uow.messages.expired_broadcasts()
        return uow.messages.claim(channels=[channel], owner=self.owner, lease=LEASE, limit=limit)

    async def _claim_these(self, ids: list[int]) -> None:
        until = self._lease_end()
        rows = await self._storage.run(lambda uow: uow.messages.claim_ids(ids, owner=self.owner, lease=LEASE))
        # Something earlier of their chats is perhaps on its way from here: the worker looks again when it has arrived.
        self._left_over = self._left_over or (len(rows) < len(ids) and bool(self._sending))
        self._start(rows, until)

    def _lease_end(self, since: float | None = None) -> float:
        """Up to when what is leased from now on, or since an instant, may be sent: then it is marked in time."""
        begun = self._monotonic() if since is None else since
        return begun + LEASE.total_seconds() - SEND_SECONDS - MARK_SECONDS

    def _start(self, rows: Iterable[Message], until: float) -> list[asyncio.Task[bool]]:
        """A task for each chat. Tasks enter their chat's lane in the order they are made."""
        chats: dict[Address, list[Message]] = {}
        for row in rows:
            chats.setdefault(Address(row.channel, row.chat), []).append(row)
        tasks = []
        for address, own in chats.items():
            task = asyncio.create_task(self._send_in_order(address, own, until))
            tasks.append(task)
            for row in own:
                self._sending[row.id] = task
        return tasks

    async def _send_in_order(self, address: Address, rows: list[Message], until: float) -> bool:
        """Sends a chat's rows. Whether anything came to an end."""
        settled: list[Settled] = []

        async def send() -> None:
            sender = self._senders[address.channel]
            # One after the other; a pause decided on one row holds the chat, so that the rows behind it wait too.
            settled.extend([await sender.settle(row, until) for row in rows])

        try:
            await self._lanes.run(address, send)
        finally:
            for row in rows:
                self._sending.pop(row.id, None)
            self._marks.note(settled)
            if self._left_over:
                self._left_over = False
                self.wake()
        return any(one.decision.state != "pending" or one.decision.moved_to for one in settled)

    async def _settle(self, settled: list[Settled]) -> None:
        """Writes down what became of messages."""
        await self._storage.run(lambda uow: self._write(uow, settled))
        for one in settled:
            if one.decision.state == "sent":
                self._on_sent(Address(one.message.channel, one.message.chat))

    def _write(self, uow: UnitOfWork, batch: Iterable[Settled]) -> None:
        now = self._clock()
        uow.messages.mark([self._mark(one) for one in batch], now)
        for one in batch:
            message, decision = one.message, one.decision
            if decision.unreachable:
                uow.identities.mark_unreachable(message.channel, message.chat, decision.unreachable)
            if decision.moved_to:
                uow.identities.move_chat(message.channel, message.chat, decision.moved_to)
                uow.messages.move_chat(message.channel, message.chat, decision.moved_to)
            if decision.state == "sent" and self._senders[message.channel].rights.pushes is not None:
                uow.identities.count_push(message.channel, message.chat)

    def _mark(self, settled: Settled) -> Mark:
        decision = settled.decision
        return Mark(
            settled.message.id,
            decision.state,
            reason=decision.reason,
            external_id=decision.external_id,
            sent_order=decision.order,
            due_at=self._clock() + timedelta(seconds=decision.pause) if decision.state == "pending" else None,
            owner=self.owner,
        )
