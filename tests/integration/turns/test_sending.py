"""Turns whose replies a delivery sends from memory, with marks that are never written by themselves."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from bot.channels.base import Later, Rights, Sent
from bot.delivery.worker import Delivery
from bot.turns import Turns
from storage.database import Storage
from tests.integration.turns.conftest import LIMITS, RIGHTS, House
from tests.standins.memory import MemoryChannel


async def sleep_for_ever(_seconds: float) -> None:
    await asyncio.Event().wait()


def connect(house: House, channel: MemoryChannel) -> Delivery:
    """Lets the house send to the channel, and the delivery by which it does."""
    delivery = Delivery(house.storage, {channel.name: channel}, lambda: house.now, owner="o", sleep=sleep_for_ever)
    limits, rights = {**LIMITS, channel.name: channel.limits}, {**RIGHTS, channel.name: channel.rights}
    house.turns = Turns(house.storage, house.library, lambda: house.now, limits, rights, delivery)
    return delivery


async def test_answer_right_after_the_prompt_arrived_is_an_answer(house: House) -> None:
    channel = MemoryChannel("buttons", outcomes={"anna": [Sent(order) for order in (11, 12, 13)]}, otherwise=Sent(31))
    connect(house, channel)
    await house.say("/apply", order=10)
    await house.say("某某公司", order=20)
    asked = channel.texts()[-1]
    await house.say("大型", order=30)
    assert "是在看到" not in channel.texts()[-1]
    assert channel.texts()[-1] != asked


async def test_answer_from_before_the_prompt_arrived_is_none(house: House) -> None:
    channel = MemoryChannel("buttons", outcomes={"anna": [Sent(11)]}, otherwise=Sent(30))
    connect(house, channel)
    await house.say("/apply", order=10)
    await house.say("某某公司", order=20)
    await house.say("大型", order=21)
    assert "是在看到" in "".join(channel.texts()[-2:])


async def test_replies_to_quick_turns_are_all_sent_at_once_and_in_order(house: House) -> None:
    channel = MemoryChannel("buttons")
    delivery = connect(house, channel)
    handled = [await house.say("评委是谁") for _ in range(3)]
    assert [message.id for message in channel.sent] == [found.messages[0].id for found in handled]
    await delivery.finish()
    assert house.states() == ["sent"] * 3


async def test_reply_behind_one_that_was_put_off_waits_for_it(house: House) -> None:
    channel = MemoryChannel("buttons", outcomes={"anna": [Later(30)]})
    delivery = connect(house, channel)
    await house.say("评委是谁")
    await house.say("收费吗")
    await delivery.finish()
    assert (channel.texts(), house.states()) == ([], ["pending", "pending"])


async def test_reply_in_a_mailbox_is_there_when_the_turn_is_committed(house: House) -> None:
    channel = MemoryChannel("page", rights=Rights(mailbox=True))
    connect(house, channel)
    handled = await house.say("评委是谁", channel="page")
    assert await house.turns.after("page", "anna", 0) == list(handled.messages)


async def test_replies_are_left_to_the_process_that_sends_them(house: House) -> None:
    connect(house, MemoryChannel("buttons"))
    await house.say("评委是谁", channel="numbers")
    assert house.states() == ["pending"]


@pytest.fixture
def verbs(sqlite_storage: Storage) -> Iterator[list[str]]:
    """The first words of what ran on the database."""
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        ran.append(statement.split(maxsplit=1)[0])

    event.listen(sqlite_storage._engine, "before_cursor_execute", note)
    yield ran
    event.remove(sqlite_storage._engine, "before_cursor_execute", note)


async def test_turn_and_its_reply_are_one_short_transaction(lite_house: House, verbs: list[str]) -> None:
    connect(lite_house, MemoryChannel("buttons"))
    await lite_house.say("评委是谁")
    await lite_house.say("收费吗", person="ben")
    verbs.clear()
    await lite_house.say("收费吗")  # the marks of the turns before come first
    # The account, the conversation with its person, the reply, the conversation's state, the event.
    assert verbs == ["BEGIN", "UPDATE", "BEGIN", "UPDATE", "SELECT", "INSERT", "UPDATE", "INSERT"]
