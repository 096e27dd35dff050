import logging
from asyncio import gather
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.channels.base import Later, Misconfigured, Refused, Rights, Sent, Unknown, Unreachable, WindowClosed
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.sizes import measure
from bot.messages import Address, Outgoing
from tests.integration.wechat.conftest import EchoServer
from tests.standins.wechat import APP_ID, SECRET, Failure, User, WeChatStandin

IMPATIENT = aiohttp.ClientTimeout(total=5, sock_connect=1, sock_read=0.1)
PAGE = Failure(page="<html>an error</html>")
TEXT = "您的申报已收到。"
# The API is the same in both modes of the messages' encryption.
pytestmark = pytest.mark.parametrize("standin", [""], indirect=True, ids=["plain"])


def message(text: str = TEXT, chat: str = "oAnna") -> Outgoing:
    return Outgoing(1, Address("wechat", chat), text)


def open_channel(
    standin: WeChatStandin, api_base: str = "", app_id: str = APP_ID, secret: str = SECRET
) -> WeChatChannel:
    base = api_base or standin.api_base
    return WeChatChannel(app_id, secret, base, ("push",), standin.api.now, timeout=IMPATIENT)


@pytest.fixture
async def channel(standin: WeChatStandin) -> AsyncIterator[WeChatChannel]:
    opened = open_channel(standin)
    yield opened
    await opened.close()


@pytest.fixture
def anna(standin: WeChatStandin, server: EchoServer) -> User:
    """Somebody who wrote a moment ago."""
    user = standin.user("oAnna")
    user.send("你好")
    return user


async def test_message_is_pushed_as_it_is(anna: User, channel: WeChatChannel) -> None:
    assert await channel.send(message("一\r\n“二” ]]> <b> 😀\x00")) == Sent()
    assert anna.pushed == ["一\n“二” ]]> <b> 😀"]


async def test_full_message_is_taken(anna: User, channel: WeChatChannel) -> None:
    text = "字" * (channel.limits.text // 3)
    assert await channel.send(message(text)) == Sent()
    assert channel.limits.measure(text) == measure(text) == 2046


async def test_message_over_the_limit_is_refused_here(
    standin: WeChatStandin, anna: User, channel: WeChatChannel
) -> None:
    assert await channel.send(message("字" * 683)) == Refused("too long")
    assert await channel.send(message(" \x00")) == Refused("empty")
    assert standin.api.calls["send"] == 0


async def test_account_without_push_sends_nothing(standin: WeChatStandin, anna: User) -> None:
    channel = WeChatChannel(APP_ID, "", standin.api_base, (), standin.api.now)
    assert await channel.send(message()) == WindowClosed("no push")
    await channel.close()
    assert standin.api.calls.total() == 0
    assert channel.rights == Rights(push=False, window=timedelta(hours=48), pushes=5, rate=10.0)


async def test_window_closes_after_48_hours(standin: WeChatStandin, anna: User, channel: WeChatChannel) -> None:
    standin.advance(hours=47.9)
    assert await channel.send(message()) == Sent()
    standin.advance(hours=0.2)
    assert isinstance(await channel.send(message()), WindowClosed)
    anna.send("还在")
    assert await channel.send(message()) == Sent()


async def test_window_holds_five_pushes(anna: User, channel: WeChatChannel) -> None:
    assert [await channel.send(message(str(number))) for number in range(5)] == [Sent()] * 5
    closed = await channel.send(message())
    assert isinstance(closed, WindowClosed)
    assert closed.reason.startswith("45047")
    anna.send("还在")
    assert await channel.send(message()) == Sent()


async def test_follow_allows_three_pushes_for_a_minute(
    standin: WeChatStandin, server: EchoServer, channel: WeChatChannel
) -> None:
    standin.user("oAnna").follow()
    assert [type(await channel.send(message())) for _ in range(4)] == [Sent, Sent, Sent, WindowClosed]
    standin.user("oBert").follow()
    standin.advance(minutes=2)
    assert isinstance(await channel.send(message(chat="oBert")), WindowClosed)


async def test_person_who_left_cannot_be_told_from_a_closed_window(anna: User, channel: WeChatChannel) -> None:
    anna.unfollow()
    assert isinstance(await channel.send(message()), WindowClosed)


async def test_stranger_is_unreachable(standin: WeChatStandin, channel: WeChatChannel) -> None:
    assert isinstance(await channel.send(message(chat="oNobody")), Unreachable)


async def test_many_sends_fetch_one_token(standin: WeChatStandin, server: EchoServer, channel: WeChatChannel) -> None:
    users = [standin.user(f"oUser{number}") for number in range(20)]
    for user in users:
        user.send("你好")
    outcomes = await gather(*(channel.send(message(chat=user.openid)) for user in users))
    assert outcomes == [Sent()] * 20
    assert standin.api.calls["stable_token"] == 1


async def test_token_is_fetched_again_five_minutes_before_its_end(
    standin: WeChatStandin, anna: User, channel: WeChatChannel
) -> None:
    await channel.send(message())
    standin.advance(minutes=114)
    await channel.send(message())
    assert standin.api.calls["stable_token"] == 1
    standin.advance(minutes=1.5)
    assert await channel.send(message()) == Sent()
    assert standin.api.calls["stable_token"] == 2


async def test_rejected_token_is_fetched_again_once(standin: WeChatStandin, anna: User, channel: WeChatChannel) -> None:
    await channel.send(message("一"))
    standin.api.drop_tokens()
    assert await gather(*(channel.send(message(text)) for text in "二三四")) == [Sent()] * 3
    assert standin.api.calls["stable_token"] == 2
    assert sorted(anna.pushed) == sorted("一二三四")
    assert standin.api.forced == 0


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_token_that_is_rejected_twice_is_a_matter_of_settings(
    standin: WeChatStandin, anna: User, channel: WeChatChannel, errcode: int
) -> None:
    standin.fail("send", Failure(errcode), times=2)
    assert isinstance(await channel.send(message()), Misconfigured)
    assert standin.api.calls == {"stable_token": 2, "send": 2}
    assert await channel.send(message()) == Sent()


async def test_wrong_secret_is_a_matter_of_settings(standin: WeChatStandin, anna: User) -> None:
    for channel, code in (
        (open_channel(standin, secret="wrong"), "40125"),
        (open_channel(standin, app_id="wx1"), "40013"),
    ):
        outcome = await channel.send(message())
        assert isinstance(outcome, Misconfigured)
        assert outcome.reason.startswith(code)
        await channel.close()


async def test_address_off_the_whitelist_is_a_matter_of_settings(
    standin: WeChatStandin, anna: User, channel: WeChatChannel
) -> None:
    standin.fail("stable_token", Failure(40164))
    assert isinstance(await channel.send(message()), Misconfigured)


@pytest.mark.parametrize(
    "failure",
    [PAGE, Failure(hang=True), Failure(status=502), Failure(errcode=-1), Failure(page="{}"), Failure(page="[]")],
)
async def test_message_waits_for_a_token(
    standin: WeChatStandin, anna: User, channel: WeChatChannel, failure: Failure
) -> None:
    standin.fail("stable_token", failure)
    outcome = await channel.send(message())
    assert isinstance(outcome, Later)
    assert outcome.scope == "channel"
    assert standin.api.calls["send"] == 0
    assert await channel.send(message()) == Sent()


@pytest.mark.parametrize(
    "failure",
    [
        PAGE,
        Failure(hang=True),
        Failure(hang=True, delivered=True),
        Failure(page="{}"),
        Failure(page="[]"),
        Failure(page='{"errcode": "0"}'),
    ],
)
async def test_answer_that_says_nothing_is_unknown(
    standin: WeChatStandin, anna: User, channel: WeChatChannel, failure: Failure
) -> None:
    standin.fail("send", failure)
    assert isinstance(await channel.send(message()), Unknown)
    assert anna.pushed == ([TEXT] if failure.delivered else [])


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
async def test_broken_platform_is_tried_later(
    standin: WeChatStandin, anna: User, channel: WeChatChannel, status: int
) -> None:
    standin.fail("send", Failure(status=status, page="<html>"))
    assert await channel.send(message()) == Later(10.0, "channel", f"HTTP {status}")


@pytest.mark.parametrize("status", [302, 403, 404])
async def test_wrong_address_is_a_matter_of_settings(
    standin: WeChatStandin, anna: User, channel: WeChatChannel, status: int
) -> None:
    standin.fail("send", Failure(status=status))
    assert isinstance(await channel.send(message()), Misconfigured)


async def test_unreachable_platform_is_tried_later(standin: WeChatStandin, anna: User) -> None:
    channel = open_channel(standin, api_base="http://127.0.0.1:9")
    outcome = await channel.send(message())
    await channel.close()
    assert outcome == Later(10.0, "channel", "ClientConnectorError")


async def test_address_that_is_none_is_a_matter_of_settings(standin: WeChatStandin) -> None:
    channel = open_channel(standin, api_base="http://[")
    assert isinstance(await channel.send(message()), Misconfigured)
    await channel.close()


async def test_closed_channel_sends_later(standin: WeChatStandin, anna: User, channel: WeChatChannel) -> None:
    await channel.send(message())
    await channel.close()
    assert isinstance(await channel.send(message()), Later)


async def test_secret_and_token_stay_secret(
    standin: WeChatStandin, anna: User, channel: WeChatChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    outcomes = [await channel.send(message())]
    for failure in (PAGE, Failure(hang=True), Failure(status=502), Failure(errcode=40001), Failure(status=404)):
        standin.fail("send", failure)
        outcomes.append(await channel.send(message()))
    told = caplog.text + repr(outcomes) + repr(channel) + repr(vars(channel)) + repr(channel._api._token)
    assert SECRET not in told
    assert channel._api._token.value not in told
