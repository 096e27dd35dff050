import asyncio

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.messages import Inbound
from tests.integration.telegram.polling import Desk, Running
from tests.standins.telegram import TelegramStandin


async def test_ten_updates_of_a_chat_are_handled_in_order(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk
) -> None:
    anna = standin.user(1001)
    for number in range(10):
        anna.send(f"{number}")
    async with Running(channel, desk):
        await desk.until(lambda: len(desk.handled) == 10)
    assert desk.texts == [f"{number}" for number in range(10)]
    assert standin.waiting == 0


async def test_message_sent_while_polling_is_fetched_at_once(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk
) -> None:
    async with Running(channel, desk):
        await asyncio.to_thread(standin.wait_until, lambda: standin.calls("getUpdates"))
        standin.user(1001).send("你好")
        await desk.until(lambda: desk.texts == ["你好"])
    assert standin.calls("getUpdates")[0] == {
        "offset": 0,
        "timeout": 50,
        "allowed_updates": ["message", "callback_query", "my_chat_member"],
    }


async def test_update_comes_again_after_a_crash_between_handling_and_confirming(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk
) -> None:
    standin.user(1001).send("第一条")
    standin.user(1001).send("第二条")

    async def crash(inbound: Inbound) -> None:
        await desk.handle(inbound)
        crashed.cancel()
        await asyncio.Event().wait()

    async with Running(channel, desk, crash) as crashed:
        with pytest.raises(asyncio.CancelledError):
            await crashed
    assert desk.texts == ["第一条"]
    assert standin.waiting == 2
    again = Desk()
    async with Running(channel, again):
        await again.until(lambda: len(again.handled) == 2)
    assert again.texts == ["第一条", "第二条"]
    assert again.handled[0] == desk.handled[0]
    assert standin.waiting == 0


async def test_update_whose_turn_fails_is_handed_over_again_before_the_next(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk
) -> None:
    for text in ("一", "二"):
        standin.user(1001).send(text)
    failures = iter([OSError("the database is locked"), OSError("the database is locked")])

    async def handle(inbound: Inbound) -> None:
        for failure in failures:
            raise failure
        await desk.handle(inbound)

    async with Running(channel, desk, handle):
        await desk.until(lambda: len(desk.handled) == 2)
    assert desk.texts == ["一", "二"]
    assert desk.slept == [1.0, 2.0]


async def test_update_that_alone_fails_is_set_aside(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk
) -> None:
    poison = standin.user(1001).send("poison")

    async def handle(inbound: Inbound) -> None:
        if inbound.text == "poison":
            if len(desk.slept) == 2:
                await asyncio.to_thread(standin.user(1002).send, "好")
            raise ValueError
        await desk.handle(inbound)

    async with Running(channel, desk, handle):
        await desk.until(lambda: desk.quarantined)
        standin.user(1001).send("后来")
        await desk.until(lambda: len(desk.handled) == 2)
    assert desk.quarantined == [(str(poison), "failed")]
    assert desk.texts == ["好", "后来"]
    assert standin.waiting == 0


async def test_hung_turn_keeps_no_other_chat_waiting(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk
) -> None:
    gate = asyncio.Event()

    async def handle(inbound: Inbound) -> None:
        if inbound.chat == "1001":
            await gate.wait()
        await desk.handle(inbound)

    slow = standin.user(1001).send("慢")
    async with Running(channel, desk, handle):
        await asyncio.to_thread(standin.wait_until, lambda: standin.calls("getUpdates"))
        standin.user(1002).send("快")
        await desk.until(lambda: desk.texts == ["快"])
        assert standin.waiting == 2
        gate.set()
        await desk.until(lambda: len(desk.handled) == 2)
        await asyncio.to_thread(standin.wait_until, lambda: standin.waiting == 0)
    assert {call["offset"] for call in standin.calls("getUpdates")} == {0, slow, slow + 2}


@pytest.mark.parametrize("count", [1, 40])
async def test_unreadable_update_is_set_aside_and_the_rest_goes_on(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk, count: int
) -> None:
    broken = [standin.send_raw({"message": {"chat": "nowhere"}}) for _ in range(count)]
    standin.user(1001).send("你好")
    async with Running(channel, desk):
        await desk.until(lambda: desk.texts == ["你好"] and len(desk.quarantined) == count)
    assert desk.quarantined == [(str(number), "TypeError") for number in broken]
    assert standin.waiting == 0


async def test_updates_that_call_for_nothing_are_confirmed(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk
) -> None:
    standin.user(1001).send("闲聊", group=standin.group(-100200))
    standin.user(1001).send("你好")
    async with Running(channel, desk):
        await desk.until(lambda: desk.texts == ["你好"])
    assert (desk.texts, standin.waiting) == (["你好"], 0)


async def test_tap_is_answered_and_handled(standin: TelegramStandin, channel: TelegramChannel, desk: Desk) -> None:
    tap = standin.user(1001, known=True).press_token("4.1")
    async with Running(channel, desk):
        await desk.until(lambda: [inbound.pressed for inbound in desk.handled] == ["4.1"])
    assert standin.api.taps == {tap: True}


async def test_mention_in_a_group_is_recognised(standin: TelegramStandin, channel: TelegramChannel, desk: Desk) -> None:
    standin.user(1001).send(f"@{standin.api.me['username']} 什么时候截止", group=standin.group(-100200))
    async with Running(channel, desk):
        await desk.until(lambda: desk.texts == ["什么时候截止"])
    assert [inbound.private for inbound in desk.handled] == [False]
