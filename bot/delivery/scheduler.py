"""What happens by the clock: broadcasts begin and end, reminders go out, old events are forgotten.

One process at a time keeps the schedule, by a lease in the database. Each concern is a unit of work that looks at what
is due now and notes what it did in the same transaction, so that a missed tick is caught up by the next one, once.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot import letters
from bot.context import Clock, Library
from bot.delivery.pacing import Sleep, rest
from bot.messages import Rights
from bot.services import broadcasts, reminders
from bot.services.addressees import find_addressee
from bot.services.notices import notify_person
from storage.database import Storage
from storage.errors import StorageError
from storage.records import Broadcast
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

LEASE_NAME = "scheduler"
LEASE = timedelta(seconds=30)
TICK_SECONDS = 2.0
# Platforms repeat an event for a day at most.
EVENTS_KEPT = timedelta(days=30)
# The farewell of whoever was forgotten is on its way so long at most; then its address goes too.
FAREWELL_KEPT = timedelta(hours=1)
# A file that no answer names: one that was replaced, or made by Laurel and linked to for as long.
UNUSED_FILES_KEPT = timedelta(days=7)
PRUNE_EVERY = timedelta(hours=1)


def _do_nothing() -> None:
    """For callers without a worker to wake."""


class Scheduler:
    """Keeps the schedule while it holds the lease. `wake` is called when something was queued."""

    def __init__(
        self,
        storage: Storage,
        library: Library,
        clock: Clock,
        *,
        owner: str,
        rights: Mapping[str, Rights],
        wake: Callable[[], None] = _do_nothing,
        sweep: Callable[[], object] = _do_nothing,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`sweep` removes the content of files that nobody has any more; it is called on a thread, and takes long."""
        self._storage = storage
        self._library = library
        self._clock = clock
        self._owner = owner
        self._rights = rights
        self._wake = wake
        self._sweep = sweep
        self._sleep = sleep
        self._pruned_at: datetime | None = None
        self._sweep_due = False
        self._concerns = (self._start_broadcasts, self._end_broadcasts, self._remind, self._prune)

    def tick(self) -> None:
        """Does what is due, each concern in a transaction of its own."""
        for concern in self._concerns:
            self._storage.run_sync(concern)
        if self._sweep_due:
            self._sweep_due = False
            self._sweep()

    async def run(self, stop: asyncio.Event) -> None:
        """Ticks until `stop` is set, and lets go of the schedule then."""
        while not stop.is_set():
            try:
                await self._round()
            except Exception as error:  # noqa: BLE001 - the schedule outlives whatever one tick meets
                log.error("tick_failed", error=error)
            await rest(self._sleep, TICK_SECONDS, stop)
        with suppress(StorageError):  # it runs out by itself
            await self._storage.run(lambda uow: uow.leases.release(LEASE_NAME, self._owner))

    async def _round(self) -> None:
        if not await self._storage.run(lambda uow: uow.leases.acquire(LEASE_NAME, self._owner, LEASE)):
            return
        queued = 0
        for concern in self._concerns:
            try:
                queued += await self._storage.run(concern)
            except Exception as error:  # noqa: BLE001 - one concern in trouble must not stop the others
                log.error("concern_failed", concern=concern.__name__, error=error)
        if queued:
            self._wake()
        if self._sweep_due:
            self._sweep_due = False
            await self._sweep_aside()

    async def _sweep_aside(self) -> None:
        try:
            await asyncio.to_thread(self._sweep)
        except Exception as error:  # noqa: BLE001 - the next hour is another chance
            log.error("sweep_failed", error=error)

    def _start_broadcasts(self, uow: UnitOfWork) -> int:
        return sum(self._start(uow, found) for found in uow.broadcasts.due(self._clock()))

    def _start(self, uow: UnitOfWork, broadcast: Broadcast) -> int:
        """Starts a broadcast. One whose text cannot be written for somebody is paused, and does not keep the others."""
        now = self._clock()
        audience = broadcasts.audience_of(broadcast)
        named = audience.programmes[0] if len(audience.programmes) == 1 else ""
        programme = self._library.programmes.get(named)

        def text_for(person_id: int) -> str:
            return letters.write(broadcast.text, find_addressee(uow=uow, person_id=person_id, programme=programme))

        try:
            with uow.savepoint():
                return broadcasts.start_broadcast(
                    uow=uow,
                    broadcast=broadcast,
                    rights=self._rights,
                    text_for=text_for if letters.has_fields(broadcast.text) else None,
                    now=now,
                )
        except (letters.UnknownFields, letters.BrokenText) as error:
            log.error("broadcast_unwritable", broadcast=broadcast.id, error=error)
            uow.broadcasts.set_state(broadcast.id, "paused", now)
            return 0

    def _end_broadcasts(self, uow: UnitOfWork) -> int:
        """Ends what has nothing left to send, and tells its author."""
        now = self._clock()
        done = broadcasts.complete_broadcasts(uow=uow, now=now)
        for broadcast in done:
            found = broadcasts.report_broadcast(uow=uow, number=broadcast.id)
            author = find_addressee(uow=uow, person_id=broadcast.author_id)
            text = letters.report(found, author.locale)
            key = f"broadcast-done:{broadcast.id}:{now.isoformat()}"
            notify_person(uow=uow, person_id=author.person_id, text=text, key=key, now=now)
        return len(done)

    def _remind(self, uow: UnitOfWork) -> int:
        now = self._clock()
        due = reminders.due_reminders(uow=uow, programmes=self._library.programmes, now=now)
        return sum(reminders.fire_reminder(uow=uow, due=one, text_of=letters.remind, now=now) for one in due)

    def _prune(self, uow: UnitOfWork) -> int:
        now = self._clock()
        if self._pruned_at is None or now - self._pruned_at >= PRUNE_EVERY:
            uow.events.prune(now - EVENTS_KEPT)
            uow.persons.sweep(now - FAREWELL_KEPT)
            uow.files.prune(now - UNUSED_FILES_KEPT)
            self._pruned_at, self._sweep_due = now, True
        return 0
