import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from bot.channels.base import Refused
from bot.messages import Address, Rights
from storage.database import Storage
from storage.errors import DatabaseBusy
from storage.records import Audience
from storage.unit_of_work import UnitOfWork
from tests.integration.delivery.helpers import (
    NOW,
    expire_leases,
    make_delivery,
    person_at,
    queue,
    send,
    states,
)
from tests.standins.memory import MemoryChannel
from tests.standins.timeline import Timeline

T = TypeVar("T")


async def test_replies_are_sent_at_once_and_in_order(storage: Storage) -> None:
    channel = MemoryChannel()
    ids = queue(storage, ("a", "1"), ("a", "2"), ("a", "3"))
    await send(storage, make_delivery(storage, channel), ids)
    assert (channel.texts(), states(storage, ids)) == (["1", "2", "3"], ["sent"] * 3)


async def test_only_the_replies_asked_for_are_sent(storage: Storage) -> None:
    channel = MemoryChannel()
    queue(storage, ("b", "of another turn"))
    await send(storage, make_delivery(storage, channel), queue(storage, ("a", "mine")))
    assert channel.texts() == ["mine"]


async def test_mailbox_is_told_of_what_it_holds(storage: Storage) -> None:
    told: list[tuple[str, list[str]]] = []

    def look(address: Address) -> None:
        rows = storage.run_sync(lambda uow: uow.messages.after(address.channel, address.chat, 0))
        told.append((address.chat, [str(row.body["text"]) for row in rows]))

    channel = MemoryChannel(outcomes={"b": [Refused("gone")]})
    delivery = make_delivery(storage, channel, on_sent=look)
    await send(storage, delivery, queue(storage, ("a", "1"), ("b", "2")))
    assert told == [("a", ["1"])]


async def test_broadcast_that_was_paused_reaches_a_mailbox_that_was_read_meanwhile(storage: Storage) -> None:
    delivery = make_delivery(storage, MemoryChannel(rights=Rights(mailbox=True)))
    author = person_at(storage, "anna")

    def begin(uow: UnitOfWork) -> int:
        number = uow.broadcasts.add(author, "to all", {}, {}, "running", None, NOW)
        uow.broadcasts.freeze(number, Audience(everyone=True), {"memory": (None, None, True)}, NOW)
        uow.broadcasts.set_state(number, "paused", NOW)
        return number

    number = storage.run_sync(begin)
    await send(storage, delivery, queue(storage, ("anna", "reply")))
    (read,) = storage.run_sync(lambda uow: uow.messages.after("memory", "anna", 0))
    storage.run_sync(lambda uow: uow.broadcasts.set_state(number, "running", NOW))
    await delivery.drain()
    later = storage.run_sync(lambda uow: uow.messages.after("memory", "anna", read.sequence or 0))
    assert (read.body["text"], [row.body["text"] for row in later]) == ("reply", ["to all"])


async def test_many_turns_at_once_keep_the_order_of_each_chat(storage: Storage) -> None:
    channel = MemoryChannel()
    delivery = make_delivery(storage, channel)
    turns = [queue(storage, ("a", f"{turn}.1"), ("b", f"{turn}.1"), ("a", f"{turn}.2")) for turn in range(5)]
    await asyncio.gather(*(send(storage, delivery, ids) for ids in turns))
    await delivery.drain()
    wanted = [f"{turn}.{part}" for turn in range(5) for part in (1, 2)]
    assert (channel.texts("a"), channel.texts("b")) == (wanted, [f"{turn}.1" for turn in range(5)])


async def test_nothing_is_sent_twice_by_worker_and_turn_together(storage: Storage) -> None:
    channel = MemoryChannel()
    delivery = make_delivery(storage, channel)
    ids = queue(storage, *((f"c{number}", "once") for number in range(20)))
    await asyncio.gather(send(storage, delivery, ids), delivery.drain())
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
    await send(storage, make_delivery(storage, channel, timeline=timeline), ids)
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
    await send(storage, delivery, ids)
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
