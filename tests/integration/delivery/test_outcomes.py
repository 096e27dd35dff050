from typing import Any, TypeVar

import pytest

from bot.channels.base import Later, Limits, Misconfigured, Refused, Rights, Sent, Unknown, Unreachable, WindowClosed
from bot.delivery.sending import STOPPED_SECONDS
from storage.database import Storage
from tests.integration.delivery.helpers import (
    make_delivery,
    make_due,
    messages_of,
    person_at,
    queue,
    send,
    states,
)
from tests.standins.memory import MemoryChannel
from tests.standins.timeline import Timeline

T = TypeVar("T")


async def test_retry_after_holds_its_chat_and_its_order_alone(storage: Storage) -> None:
    timeline = Timeline()
    channel = MemoryChannel(outcomes={"a": [Later(30)]})
    delivery = make_delivery(storage, channel, timeline=timeline)
    ids = queue(storage, ("a", "1"), ("a", "2"), ("b", "3"))
    await send(storage, delivery, ids)
    while_held = channel.texts()
    timeline.now = 31
    make_due(storage)
    await delivery.drain()
    assert (while_held, len(channel.attempted)) == (["3"], 4)
    assert channel.texts("a") == ["1", "2"]


async def test_pause_of_the_channel_holds_every_chat(storage: Storage) -> None:
    timeline = Timeline()
    channel = MemoryChannel(outcomes={"a": [Later(30, scope="channel")]})
    delivery = make_delivery(storage, channel, timeline=timeline)
    await send(storage, delivery, queue(storage, ("a", "1")))
    ids = queue(storage, ("b", "2"))
    await delivery.drain()
    held = len(channel.attempted)
    timeline.now = 31
    make_due(storage)
    await delivery.drain()
    assert (held, sorted(channel.texts()), states(storage, ids)) == (1, ["1", "2"], ["sent"])


async def test_closed_window_holds_the_message_until_the_next_contact(storage: Storage) -> None:
    channel = MemoryChannel(outcomes={"a": [WindowClosed("45015")]})
    delivery = make_delivery(storage, channel)
    ids = queue(storage, ("a", "news"), kind="notification")
    await delivery.drain()
    held = states(storage, ids)
    storage.run_sync(lambda uow: uow.messages.release_held("memory", "a"))
    await delivery.drain()
    assert (held, channel.texts()) == (["held"], ["news"])


async def test_channel_without_push_is_never_asked_to_send(storage: Storage) -> None:
    channel = MemoryChannel(rights=Rights(push=False))
    ids = queue(storage, ("a", "news"), kind="notification")
    await make_delivery(storage, channel).drain()
    assert (channel.attempted, states(storage, ids)) == ([], ["held"])


async def test_mailbox_takes_what_nobody_asked_for(storage: Storage) -> None:
    channel = MemoryChannel(rights=Rights(push=False, mailbox=True))
    ids = queue(storage, ("a", "news"), kind="notification")
    await make_delivery(storage, channel).drain()
    assert states(storage, ids) == ["sent"]


async def test_pushes_are_counted_where_they_are_limited(storage: Storage) -> None:
    person_at(storage, "a")
    channel = MemoryChannel(rights=Rights(pushes=5))
    await send(storage, make_delivery(storage, channel), queue(storage, ("a", "1"), ("a", "2")))
    found = storage.run_sync(lambda uow: uow.identities.find("memory", "a"))
    assert found is not None
    assert found.pushes == 2


async def test_unreachable_person_is_marked_until_they_write(storage: Storage) -> None:
    person_at(storage, "a")
    channel = MemoryChannel(outcomes={"a": [Unreachable("Forbidden")]})
    ids = queue(storage, ("a", "1"))
    await send(storage, make_delivery(storage, channel), ids)
    found = storage.run_sync(lambda uow: uow.identities.find("memory", "a"))
    assert found is not None
    assert (found.reachable, found.unreachable_reason) == (False, "Forbidden")
    assert [(one.state, one.reason) for one in messages_of(storage, ids)] == [("failed", "blocked")]


async def test_refused_message_fails_and_the_next_goes_on(storage: Storage) -> None:
    channel = MemoryChannel(outcomes={"a": [Refused("bad file")]})
    ids = queue(storage, ("a", "1"), ("a", "2"))
    await send(storage, make_delivery(storage, channel), ids)
    found = [(one.state, one.reason) for one in messages_of(storage, ids)]
    assert found == [("failed", "refused: bad file"), ("sent", "")]


async def test_moved_chat_gets_its_messages_at_the_new_place(storage: Storage) -> None:
    person_at(storage, "a")
    channel = MemoryChannel(outcomes={"a": [Later(0, moved_to="b")]})
    delivery = make_delivery(storage, channel)
    await send(storage, delivery, queue(storage, ("a", "1"), kind="notification"))
    await delivery.drain()
    assert [(one.address.chat, one.text) for one in channel.sent] == [("b", "1")]
    found = storage.run_sync(lambda uow: uow.identities.find("memory", "a"))
    assert found is not None
    assert found.chat == "b"


async def test_misconfigured_channel_stops_loses_nothing_and_staff_are_told_once(storage: Storage) -> None:
    told: list[tuple[str, str]] = []

    async def tell(channel: str, reason: str) -> None:
        told.append((channel, reason))

    timeline = Timeline()
    channel = MemoryChannel(otherwise=Misconfigured("40164"))
    delivery = make_delivery(storage, channel, timeline=timeline, on_misconfigured=tell)
    ids = queue(storage, ("a", "1"), ("b", "2"), ("c", "3"))
    await delivery.drain()
    await delivery.drain()
    stopped = states(storage, ids)
    tried = len(channel.attempted)
    timeline.now = STOPPED_SECONDS
    await delivery.drain()
    tried_again = len(channel.attempted) - tried
    channel.otherwise = Sent()
    timeline.now = 2 * STOPPED_SECONDS
    await delivery.drain()
    assert (stopped, tried_again) == (["pending"] * 3, 1)
    assert sorted(channel.texts()) == ["1", "2", "3"]
    assert told == [("memory", "40164"), ("memory", "")]


async def test_misconfigured_channel_keeps_no_other_from_sending(storage: Storage) -> None:
    broken = MemoryChannel("broken", otherwise=Misconfigured("401"))
    sound = MemoryChannel("sound")
    queue(storage, ("a", "1"), channel="broken")
    queue(storage, ("a", "2"), channel="sound")
    await make_delivery(storage, broken, sound).drain()
    assert (broken.texts(), sound.texts()) == ([], ["2"])


@pytest.mark.parametrize("ending", [Unknown("timeout"), RuntimeError("a mistake in the adapter")])
async def test_reply_of_unknown_fate_is_sent_once_more(storage: Storage, ending: Any) -> None:
    timeline = Timeline()
    channel = MemoryChannel(outcomes={"a": [ending]})
    delivery = make_delivery(storage, channel, timeline=timeline)
    ids = queue(storage, ("a", "1"))
    await send(storage, delivery, ids)
    timeline.now = 10
    make_due(storage)
    await delivery.drain()
    assert [(one.state, one.reason) for one in messages_of(storage, ids)] == [("sent", "possibly twice")]
    assert len(channel.attempted) == 2


async def test_reply_of_unknown_fate_is_not_sent_a_third_time(storage: Storage) -> None:
    timeline = Timeline()
    channel = MemoryChannel(otherwise=Unknown("timeout"))
    delivery = make_delivery(storage, channel, timeline=timeline)
    ids = queue(storage, ("a", "1"))
    for round_ in range(4):
        timeline.now = 10.0 * round_
        make_due(storage)
        await delivery.drain()
    assert (len(channel.attempted), states(storage, ids)) == (2, ["unknown"])


async def test_long_notification_is_cut_to_the_channels_size(storage: Storage) -> None:
    channel = MemoryChannel(limits=Limits(text=10, measure=len))
    await send(
        storage, make_delivery(storage, channel), queue(storage, ("a", "one two three four"), kind="notification")
    )
    assert channel.texts() == ["one two", "three four"]
