"""Polling when something is in the way: another poller, a wrong token, a network that is down, an end."""

import asyncio
import socket

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.messages import Inbound
from tests.integration.telegram.polling import Desk, Running
from tests.standins.telegram import TelegramStandin


async def test_other_poller_is_reported_and_tried_again_slowly(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk
) -> None:
    async with Running(channel, desk):
        await asyncio.to_thread(standin.wait_until, lambda: standin.calls("getUpdates"))
        other = TelegramChannel(standin.token, api_base=standin.base_url)
        await other.updates(0, 0)
        await other.close()
        await desk.until(lambda: desk.slept == [60.0])
        standin.user(1001).send("你好")
        await desk.until(lambda: desk.texts == ["你好"])
    assert desk.problems == [
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        "",
    ]


async def test_webhook_that_was_left_is_taken_down(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk
) -> None:
    await channel.call("setWebhook", url="https://gone.example.org/telegram")
    async with Running(channel, desk):
        await asyncio.to_thread(standin.wait_until, lambda: len(standin.calls("getUpdates")) >= 2)
    assert standin.api.updates.url == ""
    assert (desk.problems, desk.slept) == ([], [])


async def test_wrong_token_is_reported_once(standin: TelegramStandin, desk: Desk) -> None:
    channel = TelegramChannel("1:another", api_base=standin.base_url)
    async with Running(channel, desk):
        await desk.until(lambda: len(desk.slept) >= 3)
    await channel.close()
    assert len(desk.problems) == 1
    assert desk.slept[:3] == [60.0, 60.0, 60.0]


async def test_unreachable_api_is_tried_again_ever_more_slowly(desk: Desk) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        channel = TelegramChannel("1:token", api_base=f"http://127.0.0.1:{nobody.getsockname()[1]}")
        async with Running(channel, desk) as running:
            await desk.until(lambda: len(desk.slept) >= 8)
            assert not running.done()
        await channel.close()
    assert desk.slept[:8] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    assert desk.problems == []


@pytest.mark.parametrize("failure", ["drop_before", "drop_after", "500", "200_page", "no_result", "403_page"])
async def test_failed_fetch_loses_nothing(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk, failure: str
) -> None:
    standin.fail_next("getUpdates", failure)  # type: ignore[arg-type]
    standin.user(1001).send("你好")
    async with Running(channel, desk):
        await desk.until(lambda: desk.texts == ["你好"])
    assert desk.slept == [1.0]


async def test_told_to_wait_it_waits_as_long(standin: TelegramStandin, channel: TelegramChannel, desk: Desk) -> None:
    standin.fail_next("getUpdates", "429", retry_after=17)
    standin.user(1001).send("你好")
    async with Running(channel, desk):
        await desk.until(lambda: desk.texts == ["你好"])
    assert desk.slept == [17.0]


async def test_polls_only_while_it_may(standin: TelegramStandin, channel: TelegramChannel, desk: Desk) -> None:
    standin.user(1001).send("你好")
    calls: list[int] = []

    async def may_run() -> bool:
        calls.append(len(standin.calls("getUpdates")))
        if len(calls) == 2:
            raise OSError
        return len(calls) > 2

    async with Running(channel, desk, may_run=may_run):
        await desk.until(lambda: desk.texts == ["你好"])
    assert (desk.slept, calls[:3]) == ([2.0, 2.0], [0, 0, 0])


async def test_stop_finishes_the_turn_under_way_and_confirms_it(
    standin: TelegramStandin, channel: TelegramChannel, desk: Desk
) -> None:
    gate = asyncio.Event()

    async def handle(inbound: Inbound) -> None:
        desk.stop.set()
        await gate.wait()
        await desk.handle(inbound)

    first = standin.user(1001).send("一")
    standin.user(1001).send("二")
    async with Running(channel, desk, handle) as running:
        await desk.stop.wait()
        gate.set()
        await running
    assert desk.texts == ["一"]
    assert (standin.waiting, standin.calls("getUpdates")[-1]["offset"]) == (1, first + 1)


async def test_stop_ends_a_long_poll_at_once(standin: TelegramStandin, channel: TelegramChannel, desk: Desk) -> None:
    async with Running(channel, desk) as running:
        await asyncio.to_thread(standin.wait_until, lambda: standin.calls("getUpdates"))
        desk.stop.set()
        async with asyncio.timeout(5):
            await running
        assert (running.done(), running.exception()) == (True, None)
