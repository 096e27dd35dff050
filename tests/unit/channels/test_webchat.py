import pytest

from bot.channels.base import Sent
from bot.channels.webchat import NAME, Crowded, WebChatChannel
from bot.messages import Address, Outgoing

ONE = Address(NAME, "one")


async def test_send_leaves_the_message_to_the_mailbox() -> None:
    channel = WebChatChannel()
    page = channel.listen("one")
    assert await channel.send(Outgoing(1, ONE, "text")) == Sent()
    assert page.woken is False


async def test_open_pages_of_the_chat_are_woken_and_others_are_not() -> None:
    channel = WebChatChannel()
    pages = [channel.listen("one"), channel.listen("one"), channel.listen("two")]
    channel.wake(ONE)
    assert [page.woken for page in pages] == [True, True, False]


async def test_message_of_another_channel_wakes_nobody() -> None:
    channel = WebChatChannel()
    page = channel.listen("one")
    channel.wake(Address("telegram", "one"))
    assert page.woken is False


async def test_waiting_ends_when_woken_before_or_when_the_time_is_up() -> None:
    channel = WebChatChannel()
    page = channel.listen("one")
    channel.wake(ONE)
    await page.wait(60)
    assert page.woken is False
    await page.wait(0.001)
    assert page.woken is False


async def test_chat_is_forgotten_when_its_pages_are_gone() -> None:
    channel = WebChatChannel()
    pages = [channel.listen("one"), channel.listen("one")]
    for page in (pages[0], pages[0]):
        channel.leave("one", page)
        assert len(channel._rooms) == 1
    channel.leave("one", pages[1])
    assert len(channel._rooms) == 0


async def test_visitor_with_too_many_pages_is_turned_away() -> None:
    channel = WebChatChannel()
    for _ in range(20):
        channel.listen("one")
    with pytest.raises(Crowded):
        channel.listen("one")
    assert channel.listen("two").woken is False


async def test_close_wakes_pages() -> None:
    channel = WebChatChannel()
    page = channel.listen("one")
    await channel.close()
    assert (page.woken, channel.closed) == (True, True)
    channel.leave("one", page)
    assert len(channel._rooms) == 0
