import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from bot.channels.telegram import poller as poller_module
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.poller import Poller
from bot.messages import Inbound
from tests.standins.telegram import TelegramStandin

Handle = Callable[[Inbound], Awaitable[object]]


class Desk:
    """What stands behind the poller: keeps what was handled, sleeps without waiting, and stops at the right moment."""

    def __init__(self) -> None:
        self.handled: list[Inbound] = []
        self.quarantined: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.slept: list[float] = []
        self.stop = asyncio.Event()
        self._changed = asyncio.Condition()

    @property
    def texts(self) -> list[str]:
        return [inbound.text for inbound in self.handled]

    async def handle(self, inbound: Inbound) -> None:
        self.handled.append(inbound)
        await self._notify()

    async def quarantine(self, event: str, reason: str) -> None:
        self.quarantined.append((event, reason))
        await self._notify()

    async def on_problem(self, reason: str) -> None:
        self.problems.append(reason)
        await self._notify()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self._notify()
        await asyncio.sleep(0)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: bool(condition()))

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class Running:
    """A poller at work, until the block ends."""

    def __init__(self, channel: TelegramChannel, desk: Desk, handle: Handle | None = None, **options: object) -> None:
        self._desk = desk
        self.poller = Poller(
            channel,
            handle or desk.handle,
            quarantine=desk.quarantine,
            on_problem=desk.on_problem,
            sleep=desk.sleep,
            **options,  # type: ignore[arg-type]
        )

    async def __aenter__(self) -> asyncio.Task[None]:
        self.task = asyncio.create_task(self.poller.run(self._desk.stop))
        return self.task

    async def __aexit__(self, *_: object) -> None:
        self._desk.stop.set()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
async def desk() -> Desk:
    return Desk()


@pytest.fixture(autouse=True)
def _fetch_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller_module, "_SETTLE", 0.01)


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
