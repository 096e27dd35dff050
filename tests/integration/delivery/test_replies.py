"""Replies that are leased in the transaction that made them, and marks that are written later."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from bot.delivery.worker import LEASE
from bot.messages import Address, Outgoing, Rights
from storage.database import Storage
from storage.records import Message
from storage.unit_of_work import UnitOfWork
from tests.integration.delivery.helpers import expire_leases, make_delivery, queue, reply, states
from tests.standins.memory import MemoryChannel

T = TypeVar("T")


def numbers(rows: list[Message]) -> list[int]:
    return [row.id for row in rows]


async def sleep_for_ever(_seconds: float) -> None:
    await asyncio.Event().wait()


class CountingStorage:
    """A storage that keeps the names of the work it ran."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.ran: list[str] = []

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        self.ran.append(work.__qualname__.split(".")[1])
        return await self._storage.run(work)


async def test_leased_replies_are_sent_in_order_and_marked_together(storage: Storage) -> None:
    channel, counting = MemoryChannel(), CountingStorage(storage)
    known: Any = counting
    delivery = make_delivery(known, channel, sleep=sleep_for_ever)
    rows = reply(storage, ("a", "1"), ("a", "2"), ("a", "3"))
    others = reply(storage, ("b", "4"))
    await asyncio.gather(delivery.send_now(rows, 0.0), delivery.send_now(others, 0.0))
    before = states(storage, numbers(rows + others))
    await delivery.finish()
    assert (channel.texts("a"), channel.texts("b"), before) == (["1", "2", "3"], ["4"], ["sending"] * 4)
    assert (states(storage, numbers(rows + others)), counting.ran) == (["sent"] * 4, ["_settle"])


async def test_marks_are_written_a_moment_later(storage: Storage) -> None:
    written = asyncio.Event()

    class Told(CountingStorage):
        async def run(self, work: Callable[[UnitOfWork], T]) -> T:
            result = await super().run(work)
            written.set()
            return result

    known: Any = Told(storage)
    rows = reply(storage, ("a", "1"))
    await make_delivery(known, MemoryChannel()).send_now(rows, 0.0)
    await asyncio.wait_for(written.wait(), 10)
    assert states(storage, numbers(rows)) == ["sent"]


async def test_marks_are_written_when_the_process_stops(storage: Storage) -> None:
    delivery, stop = make_delivery(storage, MemoryChannel(), sleep=sleep_for_ever), asyncio.Event()
    rows = reply(storage, ("a", "1"))
    await delivery.send_now(rows, 0.0)
    before = states(storage, numbers(rows))
    stop.set()
    await asyncio.wait_for(delivery.run(stop), 10)
    assert (before, states(storage, numbers(rows))) == (["sending"], ["sent"])


async def test_marks_of_a_chat_are_written_before_its_next_turn(storage: Storage) -> None:
    delivery = make_delivery(storage, MemoryChannel(), sleep=sleep_for_ever)
    rows = reply(storage, ("a", "1"))
    await delivery.send_now(rows, 0.0)
    await delivery.prepare(Address("memory", "b"))
    before = states(storage, numbers(rows))
    await delivery.prepare(Address("memory", "a"))
    assert (before, states(storage, numbers(rows))) == (["sending"], ["sent"])


async def test_replies_of_a_process_killed_after_the_commit_are_sent_once_by_the_next(storage: Storage) -> None:
    rows = reply(storage, ("a", "1"), ("a", "2"), owner="dead")
    channel = MemoryChannel()
    delivery = make_delivery(storage, channel)
    await delivery.drain()
    before = channel.texts()
    expire_leases(storage)
    await delivery.drain()
    await delivery.drain()
    assert (before, channel.texts(), states(storage, numbers(rows))) == ([], ["1", "2"], ["sent", "sent"])


async def test_replies_of_a_process_killed_before_the_marks_are_sent_once_more(storage: Storage) -> None:
    channel = MemoryChannel()
    rows = reply(storage, ("a", "1"), owner="dead")
    await make_delivery(storage, channel, owner="dead", sleep=sleep_for_ever).send_now(rows, 0.0)
    expire_leases(storage)
    delivery = make_delivery(storage, channel)
    await delivery.drain()
    await delivery.drain()
    assert (channel.texts(), states(storage, numbers(rows))) == (["1", "1"], ["sent"])


async def test_reply_does_not_overtake_what_is_open(storage: Storage) -> None:
    channel = MemoryChannel()
    delivery = make_delivery(storage, channel)
    queue(storage, ("a", "older"))
    rows = reply(storage, ("a", "newer"))
    await delivery.send_now(rows, 0.0)
    before = channel.texts()
    await delivery.drain()
    assert ([row.state for row in rows], before, channel.texts()) == (["pending"], [], ["older", "newer"])


async def test_reply_waits_for_one_on_its_way_and_follows_it(storage: Storage) -> None:
    arrived, stop = asyncio.Event(), asyncio.Event()
    more: list[Message] = []

    def ask_again(message: Outgoing) -> None:
        if message.text == "1":
            more.extend(reply(storage, ("a", "2")))
        else:
            arrived.set()

    channel = MemoryChannel(on_send=ask_again)
    delivery = make_delivery(storage, channel)
    running = asyncio.create_task(delivery.run(stop))
    await delivery.send_now(reply(storage, ("a", "1")), 0.0)
    await delivery.send_now(more, 0.0)
    await asyncio.wait_for(arrived.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert ([row.state for row in more], channel.texts()) == (["pending"], ["1", "2"])


async def test_reply_whose_lease_is_over_is_not_sent_by_its_owner(storage: Storage) -> None:
    channel = MemoryChannel()
    delivery = make_delivery(storage, channel)
    rows = reply(storage, ("a", "late"))
    await delivery.send_now(rows, -LEASE.total_seconds())
    await delivery.finish()
    assert (channel.texts(), states(storage, numbers(rows))) == ([], ["pending"])


async def test_reply_in_a_mailbox_is_told_and_needs_no_mark(storage: Storage) -> None:
    channel, counting = MemoryChannel(rights=Rights(push=False, mailbox=True)), CountingStorage(storage)
    known: Any = counting
    told: list[Address] = []
    delivery = make_delivery(known, channel, on_sent=told.append)
    rows = reply(storage, ("a", "1"), ("a", "2"), state="sent")
    await delivery.send_now(rows, 0.0)
    await delivery.finish()
    assert (told, counting.ran, channel.attempted) == ([Address("memory", "a")], [], [])
    assert states(storage, numbers(rows)) == ["sent", "sent"]


async def test_mailbox_is_told_of_what_was_sent_when_it_is_marked(storage: Storage) -> None:
    told: list[Address] = []
    delivery = make_delivery(storage, MemoryChannel(), on_sent=told.append, sleep=sleep_for_ever)
    await delivery.send_now(reply(storage, ("a", "1")), 0.0)
    before = list(told)
    await delivery.finish()
    assert (before, told) == ([], [Address("memory", "a")])


async def test_replies_of_a_channel_that_another_process_serves_are_left_to_it(storage: Storage) -> None:
    rows = reply(storage, ("a", "1"), state="pending")
    await make_delivery(storage, MemoryChannel("other")).send_now(rows, 0.0)
    assert states(storage, numbers(rows)) == ["pending"]
