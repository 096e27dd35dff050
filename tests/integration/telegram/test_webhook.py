import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.webhook import check_secret, set_webhook
from tests.standins.telegram import TelegramStandin
from tests.standins.telegram_updates import SECRET_HEADER

SECRET = "a-secret-of-tests"


class Door:
    """A server's address for updates. It answers with the statuses given, then 200."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: list[int] = []
        self.texts: list[str] = []
        self.signed: set[bool] = set()

    async def receive(self, request: web.Request) -> web.Response:
        self.signed.add(check_secret(request.headers.get(SECRET_HEADER), SECRET))
        update = await request.json()
        self.texts.append(update["message"]["text"])
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    opened = Door()
    app = web.Application()
    app.router.add_post("/telegram", opened.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    opened.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield opened
    await runner.cleanup()


async def _no_sleep(_: float) -> None:
    await asyncio.sleep(0)


async def test_updates_come_signed_and_in_order_and_again_until_taken(
    standin: TelegramStandin, channel: TelegramChannel, door: Door
) -> None:
    door.statuses = [500, 503]
    standin.user(1001).send("一")
    await set_webhook(channel, door.url, SECRET)
    standin.user(1001).send("二")
    await asyncio.to_thread(standin.wait_until, lambda: standin.waiting == 0)
    assert door.texts == ["一", "一", "一", "二"]
    assert door.signed == {True}
    assert channel.me.username == standin.api.me["username"]


async def test_refused_update_holds_its_own_chat_alone(
    standin: TelegramStandin, channel: TelegramChannel, door: Door
) -> None:
    door.statuses = [500]
    await set_webhook(channel, door.url, SECRET)
    first = standin.user(1001).send("一")
    second = standin.user(1001).send("二")
    await asyncio.to_thread(standin.wait_until, lambda: standin.waiting == 0)
    assert standin.api.updates.pushes == [(first, 500), (first, 200), (second, 200)]


async def test_webhook_is_set_when_telegram_comes_back(
    standin: TelegramStandin, channel: TelegramChannel, door: Door
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    standin.fail_next("getMe", "drop_before", times=2)
    standin.fail_next("setWebhook", "502_page", times=2)
    await set_webhook(channel, door.url, SECRET, sleep=sleep)
    assert slept == [1.0, 2.0, 4.0, 8.0]
    assert (standin.api.updates.url, standin.api.updates.secret) == (door.url, SECRET)


async def test_address_that_telegram_refuses_is_reported_once(
    standin: TelegramStandin, channel: TelegramChannel
) -> None:
    told: list[str] = []

    async def on_problem(reason: str) -> None:
        told.append(reason)

    setting = asyncio.create_task(
        set_webhook(channel, "http://laurel.example.org/telegram", SECRET, on_problem=on_problem, sleep=_no_sleep)
    )
    await asyncio.to_thread(standin.wait_until, lambda: len(standin.calls("setWebhook")) >= 3)
    setting.cancel()
    await asyncio.gather(setting, return_exceptions=True)
    assert told == ["Bad webhook: an https url must be provided for webhook"]
