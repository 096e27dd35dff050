import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from storage.database import Storage
from storage.errors import DatabaseBusy
from storage.unit_of_work import UnitOfWork
from tests.integration.delivery.helpers import (
    NOW,
    expire_leases,
    make_delivery,
    queue,
    states,
)
from tests.standins.memory import MemoryChannel
from tests.standins.timeline import Timeline

T = TypeVar("T")


async def test_replies_are_sent_at_once_and_in_order(storage: Storage) -> None:
    channel = MemoryChannel()
    ids = queue(storage, ("a", "1"), ("a", "2"), ("a", "3"))
    await make_delivery(storage, channel).send_now(ids)
    assert (channel.texts(), states(storage, ids)) == (["1", "2", "3"], ["sent"] * 3)


async def test_only_the_replies_asked_for_are_sent(storage: Storage) -> None:
    channel = MemoryChannel()
    queue(storage, ("b", "of another turn"))
    await make_delivery(storage, channel).send_now(queue(storage, ("a", "mine")))
    assert channel.texts() == ["mine"]


async def test_many_turns_at_once_keep_the_order_of_each_chat(storage: Storage) -> None:
    channel = MemoryChannel()
    delivery = make_delivery(storage, channel)
    turns = [queue(storage, ("a", f"{turn}.1"), ("b", f"{turn}.1"), ("a", f"{turn}.2")) for turn in range(5)]
    await asyncio.gather(*(delivery.send_now(ids) for ids in turns))
    await delivery.drain()
    wanted = [f"{turn}.{part}" for turn in range(5) for part in (1, 2)]
    assert (channel.texts("a"), channel.texts("b")) == (wanted, [f"{turn}.1" for turn in range(5)])


async def test_nothing_is_sent_twice_by_worker_and_turn_together(storage: Storage) -> None:
    channel = MemoryChannel()
    delivery = make_delivery(storage, channel)
    ids = queue(storage, *((f"c{number}", "once") for number in range(20)))
    await asyncio.gather(delivery.send_now(ids), delivery.drain())
    await delivery.drain()
    assert (len(channel.attempted), states(storage, ids)) == (20, ["sent"] * 20)


async def test_two_processes_send_everything_once(storage: Storage) -> None:
    channel = MemoryChannel()
    first, second = (make_delivery(storage, channel, owner=owner) for owner in ("first", "second"))
    ids = queue(storage, *((f"c{number % 7}", str(number)) for number in range(40)))
    await asyncio.gather(first.drain(), second.drain())
    await first.drain()
    assert (len(channel.attempted), states(storage, ids)) == (40, ["sent"] * 40)
    assert [channel.texts(f"c{chat}") for chat in range(7)] == [
        [str(number) for number in range(40) if number % 7 == chat] for chat in range(7)
    ]


async def test_replies_of_a_killed_process_are_sent_once_by_the_next(storage: Storage) -> None:
    ids = queue(storage, ("a", "1"), ("a", "2"))
    # Killed between claim and send: the rows stay leased by a process that is gone.
    storage.run_sync(lambda uow: uow.messages.claim_ids(ids, owner="dead", lease=timedelta(minutes=1)))
    channel = MemoryChannel()
    delivery = make_delivery(storage, channel)
    await delivery.drain()
    before = channel.texts()
    expire_leases(storage)
    await delivery.drain()
    await delivery.drain()
    assert (before, channel.texts(), states(storage, ids)) == ([], ["1", "2"], ["sent", "sent"])


async def test_replies_that_a_killed_process_never_claimed_are_sent_by_the_next(storage: Storage) -> None:
    channel = MemoryChannel()
    ids = queue(storage, ("a", "1"), ("b", "2"))
    await make_delivery(storage, channel).drain()
    assert (sorted(channel.texts()), states(storage, ids)) == (["1", "2"], ["sent", "sent"])


async def test_passive_reply_that_was_not_handed_over_is_taken_over(storage: Storage) -> None:
    channel = MemoryChannel()
    ids = queue(storage, ("a", "late"), state="sending", lease_until=NOW + timedelta(seconds=20))
    delivery = make_delivery(storage, channel)
    await delivery.drain()
    before = channel.texts()
    expire_leases(storage)
    await delivery.drain()
    assert (before, channel.texts(), states(storage, ids)) == ([], ["late"], ["sent"])


async def test_nothing_is_sent_after_ones_own_lease(storage: Storage) -> None:
    timeline = Timeline()

    def dawdle(_message: object) -> None:
        timeline.now += 50  # a send that took nearly the whole lease

    channel = MemoryChannel(on_send=dawdle)
    ids = queue(storage, ("a", "1"), ("a", "2"))
    await make_delivery(storage, channel, timeline=timeline).send_now(ids)
    assert (channel.texts(), states(storage, ids)) == (["1"], ["sent", "pending"])


class ForgetfulStorage:
    """A storage whose database is locked when `refusals` marks are to be written."""

    def __init__(self, storage: Storage, refusals: int) -> None:
        self._storage = storage
        self.refusals = refusals

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        if self.refusals and "_settle" in work.__qualname__:
            self.refusals -= 1
            raise DatabaseBusy
        return await self._storage.run(work)


async def test_marks_that_the_database_refused_are_written_later(storage: Storage) -> None:
    channel = MemoryChannel()
    refusing: Any = ForgetfulStorage(storage, 1)
    delivery = make_delivery(refusing, channel)
    ids = queue(storage, ("a", "1"))
    await delivery.send_now(ids)
    before = states(storage, ids)
    await delivery.drain()
    assert (before, states(storage, ids), len(channel.attempted)) == (["sending"], ["sent"], 1)


async def test_worker_runs_wakes_and_stops(storage: Storage) -> None:
    sent, stop = asyncio.Event(), asyncio.Event()
    channel = MemoryChannel(on_send=lambda _message: sent.set())
    delivery = make_delivery(storage, channel)
    running = asyncio.create_task(delivery.run(stop))
    ids = queue(storage, ("a", "1"))
    delivery.wake()
    await asyncio.wait_for(sent.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert states(storage, ids) == ["sent"]


async def test_worker_outlives_a_database_that_refuses_claims(storage: Storage) -> None:
    class RefusingOnce:
        refused = False

        async def run(self, work: Callable[[UnitOfWork], T]) -> T:
            if not self.refused:
                self.refused = True
                raise DatabaseBusy
            return await storage.run(work)

    sent, stop = asyncio.Event(), asyncio.Event()
    channel = MemoryChannel(on_send=lambda _message: sent.set())
    ids = queue(storage, ("a", "1"))
    refusing: Any = RefusingOnce()
    running = asyncio.create_task(make_delivery(refusing, channel).run(stop))
    await asyncio.wait_for(sent.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert states(storage, ids) == ["sent"]
