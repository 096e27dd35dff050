import asyncio

import pytest

from bot.channels.base import Sent
from bot.channels.webchat import NAME, Crowded, WebChatChannel
from bot.messages import Address, Outgoing


def message(number: int, chat: str = "one") -> Outgoing:
    return Outgoing(number, Address(NAME, chat), f"text {number}")


async def test_send_without_an_open_page_is_sent_and_leaves_nothing_behind() -> None:
    channel = WebChatChannel()
    assert await channel.send(message(1)) == Sent()
    assert channel.rooms() == 0


async def test_open_pages_of_the_chat_hear_and_others_do_not() -> None:
    channel = WebChatChannel()
    pages = [channel.listen("one", 0), channel.listen("one", 0), channel.listen("two", 0)]
    await channel.send(message(1))
    assert [page.heard for page in pages] == [[message(1)], [message(1)], []]
    assert [page.woken for page in pages] == [True, True, False]
    await channel.close()


async def test_page_hears_what_came_between_two_questions() -> None:
    channel = WebChatChannel()
    channel.leave("one", channel.listen("one", 0))
    await channel.send(message(1))
    await channel.send(message(2))
    page = channel.listen("one", 1)
    assert page.heard == [message(2)]
    await page.wait(0)
    await channel.close()


async def test_waiting_ends_without_a_message_when_the_time_is_up() -> None:
    channel = WebChatChannel()
    page = channel.listen("one", 0)
    await page.wait(0.001)
    assert (page.woken, page.heard) == (False, [])
    await channel.close()


async def test_chat_is_forgotten_when_its_pages_are_gone() -> None:
    channel = WebChatChannel(idle_seconds=0)
    page = channel.listen("one", 0)
    channel.leave("one", page)
    channel.leave("one", page)
    assert channel.rooms() == 1
    await asyncio.sleep(0.001)
    assert channel.rooms() == 0


async def test_chat_is_kept_when_a_page_comes_back() -> None:
    channel = WebChatChannel(idle_seconds=0)
    channel.leave("one", channel.listen("one", 0))
    page = channel.listen("one", 0)
    await asyncio.sleep(0.001)
    assert channel.rooms() == 1
    channel.leave("one", page)
    await channel.close()
    assert channel.rooms() == 0


async def test_visitor_with_too_many_pages_is_turned_away() -> None:
    channel = WebChatChannel()
    for _ in range(20):
        channel.listen("one", 0)
    with pytest.raises(Crowded):
        channel.listen("one", 0)
    assert channel.listen("two", 0).heard == []
    await channel.close()


async def test_close_wakes_pages_and_forgets_chats_as_they_leave() -> None:
    channel = WebChatChannel()
    page = channel.listen("one", 0)
    await channel.close()
    assert page.woken
    channel.leave("one", page)
    assert channel.rooms() == 0
    assert channel.listen("one", 0).woken
