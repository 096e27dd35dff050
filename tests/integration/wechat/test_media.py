"""Pictures and videos that people send, by the API of temporary media."""

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.channels.base import NotFetched
from bot.channels.wechat.channel import WeChatChannel
from bot.messages import IncomingFile
from tests.fixtures.uploads import make_picture
from tests.integration.wechat.conftest import EchoServer
from tests.standins.wechat import APP_ID, SECRET, Failure, WeChatStandin

PICTURE = make_picture("jpg")
# The API is the same in both modes of the messages' encryption.
pytestmark = pytest.mark.parametrize("standin", [""], indirect=True, ids=["plain"])


@pytest.fixture
async def channel(standin: WeChatStandin) -> AsyncIterator[WeChatChannel]:
    opened = WeChatChannel(APP_ID, SECRET, standin.api_base, ("media",), standin.api.now)
    yield opened
    await opened.close()


async def fetched(channel: WeChatChannel, handle: str) -> bytes:
    return b"".join([chunk async for chunk in channel.fetch(IncomingFile(handle))])


async def problem(channel: WeChatChannel, handle: str) -> str:
    with pytest.raises(NotFetched) as caught:
        await fetched(channel, handle)
    assert caught.value.values == {}
    return caught.value.kind


async def test_picture_is_fetched_by_the_id_of_its_message(
    standin: WeChatStandin, server: EchoServer, channel: WeChatChannel
) -> None:
    standin.user("oAnna").send_image(PICTURE)
    [inbound] = server.inbound
    [file] = inbound.files
    assert await fetched(channel, file.handle) == PICTURE


async def test_video_is_fetched_from_the_address_that_the_api_gives(
    standin: WeChatStandin, server: EchoServer, channel: WeChatChannel
) -> None:
    standin.user("oAnna").send_video(b"video")
    assert [await fetched(channel, file.handle) for file in server.inbound[0].files] == [b"video"]


async def test_picture_after_three_days_is_gone(standin: WeChatStandin, channel: WeChatChannel) -> None:
    handle = standin.keep(PICTURE, "image/jpeg")
    standin.advance(hours=73)
    assert await problem(channel, handle) == "gone"
    assert await problem(channel, "unknown") == "gone"


async def test_token_that_was_ended_is_fetched_anew_once(standin: WeChatStandin, channel: WeChatChannel) -> None:
    handle = standin.keep(PICTURE, "image/jpeg")
    assert await fetched(channel, handle) == PICTURE
    standin.api.drop_tokens()
    assert await fetched(channel, handle) == PICTURE
    standin.fail("media", Failure(errcode=40001), times=2)
    assert await problem(channel, handle) == "unreachable"
    assert (standin.api.calls["media"], standin.api.forced) == (5, 0)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Failure(errcode=48001), "not_here"),
        (Failure(errcode=45009), "unreachable"),
        (Failure(errcode=-1), "unreachable"),
        (Failure(page="<html>an error</html>"), "unreachable"),
        (Failure(status=502, page="<html>an error</html>"), "unreachable"),
    ],
)
async def test_refusal_is_told(standin: WeChatStandin, channel: WeChatChannel, failure: Failure, kind: str) -> None:
    handle = standin.keep(PICTURE, "image/jpeg")
    standin.fail("media", failure)
    with capture_logs() as logs:
        assert await problem(channel, handle) == kind
    assert SECRET not in str(logs)
    assert handle not in str(logs)


async def test_refused_token_is_told(standin: WeChatStandin, channel: WeChatChannel) -> None:
    standin.fail("stable_token", Failure(errcode=40125))
    assert await problem(channel, standin.keep(PICTURE, "image/jpeg")) == "unreachable"


async def test_account_without_the_right_fetches_nothing(standin: WeChatStandin) -> None:
    channel = WeChatChannel(APP_ID, SECRET, standin.api_base, ("push",), standin.api.now)
    assert await problem(channel, standin.keep(PICTURE, "image/jpeg")) == "not_here"
    assert standin.api.calls == {}


async def test_platform_out_of_reach_is_told(standin: WeChatStandin) -> None:
    channel = WeChatChannel(APP_ID, SECRET, "http://127.0.0.1:9", ("media",), standin.api.now)
    assert await problem(channel, "m") == "unreachable"
    await channel.close()
