import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from bot.channels.base import Later, Misconfigured, Refused, Sent, Unknown, Unreachable
from bot.channels.telegram.channel import TelegramChannel, utf16_units
from bot.channels.text import split
from bot.messages import Address, Choice, Outgoing
from tests.standins.telegram import Failure, Received, TelegramStandin


def outgoing(chat: int, text: str = "您好", choices: tuple[Choice, ...] = ()) -> Outgoing:
    return Outgoing(1, Address("telegram", str(chat)), text, choices)


async def test_message_arrives_with_its_buttons_and_its_place(
    standin: TelegramStandin, channel: TelegramChannel
) -> None:
    anna = standin.user(1001, known=True)
    outcome = await channel.send(outgoing(1001, "您要申报吗？", (Choice("4.0", "申报"), Choice("4.1", "先看看"))))
    [seen] = anna.sent
    assert seen == Received(seen.id, "您要申报吗？", ("申报", "先看看"), ("4.0", "4.1"))
    assert outcome == Sent(order=seen.id, external_id=str(seen.id))


async def test_message_goes_as_plain_text_without_preview(standin: TelegramStandin, channel: TelegramChannel) -> None:
    standin.user(1001, known=True)
    await channel.send(outgoing(1001, "*https://example.org*"))
    assert standin.calls("sendMessage") == [
        {"chat_id": "1001", "text": "*https://example.org*", "link_preview_options": {"is_disabled": True}}
    ]


async def test_order_compares_with_that_of_inbound_messages(standin: TelegramStandin, channel: TelegramChannel) -> None:
    anna = standin.user(1001)
    anna.send("一")
    sent = await channel.send(outgoing(1001))
    anna.send("二")
    before, after = (channel.read(update) for update in await channel.updates(0, 0))
    assert isinstance(sent, Sent)
    assert before is not None
    assert after is not None
    assert [before.order, sent.order, after.order] == sorted([before.order or 0, sent.order or 0, after.order or 0])


async def test_long_text_cut_to_the_limit_is_taken(standin: TelegramStandin, channel: TelegramChannel) -> None:
    anna = standin.user(1001, known=True)
    pieces = split("𠀀" * 4500, channel.limits.text, channel.limits.measure)
    for piece in pieces:
        await channel.send(outgoing(1001, piece))
    assert "".join(anna.texts) == "𠀀" * 4500
    assert [utf16_units(text) for text in anna.texts] == [4000, 4000, 1000]


@pytest.mark.parametrize(
    ("failure", "outcome", "arrived"),
    [
        ("429", Later(9, "chat", "flood"), 0),
        ("500", Later(5.0, "chat", "HTTP 500"), 0),
        ("502_page", Later(5.0, "chat", "HTTP 502"), 0),
        ("403_page", Later(5.0, "chat", "HTTP 403"), 0),
        ("413", Refused("Request Entity Too Large"), 0),
        ("drop_before", Unknown("ServerDisconnectedError"), 0),
        ("drop_after", Unknown("ServerDisconnectedError"), 1),
        ("no_result", Unknown("no result"), 1),
        ("200_page", Unknown("no JSON"), 1),
    ],
)
async def test_outcome_of_a_failure(
    standin: TelegramStandin, channel: TelegramChannel, failure: Failure, outcome: object, arrived: int
) -> None:
    anna = standin.user(1001, known=True)
    standin.fail_next("sendMessage", failure, retry_after=9)
    assert await channel.send(outgoing(1001)) == outcome
    assert len(anna.sent) == arrived


async def test_silence_after_sending_is_unknown(standin: TelegramStandin) -> None:
    anna = standin.user(1001, known=True)
    standin.fail_next("sendMessage", "silence")
    channel = TelegramChannel(standin.token, api_base=standin.base_url, read_timeout=0.05)
    assert await channel.send(outgoing(1001)) == Unknown("Timed out")
    await channel.close()
    assert len(anna.sent) == 1


async def test_no_connection_is_later_for_the_whole_channel() -> None:
    channel = TelegramChannel("1:token", api_base=f"http://127.0.0.1:{_free_port()}")
    assert await channel.send(outgoing(1001)) == Later(5.0, "channel", "ClientConnectorError")
    await channel.close()


async def test_sooner_than_the_chat_allows_is_later(standin: TelegramStandin, channel: TelegramChannel) -> None:
    standin.user(1001, known=True)
    standin.limit_chats(60)
    await channel.send(outgoing(1001))
    assert await channel.send(outgoing(1001)) == Later(60, "chat", "flood")


async def test_who_blocked_the_bot_is_unreachable_until_they_return(
    standin: TelegramStandin, channel: TelegramChannel
) -> None:
    anna = standin.user(1001, known=True)
    anna.block()
    assert await channel.send(outgoing(1001)) == Unreachable("Forbidden: bot was blocked by the user")
    anna.unblock()
    assert await channel.send(outgoing(1001)) == Sent(order=1, external_id="1")


async def test_who_never_wrote_is_unreachable(standin: TelegramStandin, channel: TelegramChannel) -> None:
    standin.user(1001)
    assert await channel.send(outgoing(1001)) == Unreachable("Chat not found")


async def test_group_that_migrated_is_sent_to_at_its_new_id(standin: TelegramStandin, channel: TelegramChannel) -> None:
    moved = standin.group(-200, kind="group").migrate(-100200)
    assert await channel.send(outgoing(-200)) == Later(0, "chat", "chat migrated", moved_to="-100200")
    await channel.send(outgoing(-100200))
    assert moved.texts == ["您好"]


@pytest.mark.parametrize(
    "message",
    [
        outgoing(1001, " "),
        outgoing(1001, "x" * 4097),
        outgoing(1001, choices=(Choice("费" * 22, "费用"),)),
        outgoing(1001, choices=(Choice("4.0", " "),)),
    ],
)
async def test_what_telegram_will_never_take_is_refused(
    standin: TelegramStandin, channel: TelegramChannel, message: Outgoing
) -> None:
    standin.user(1001, known=True)
    assert isinstance(await channel.send(message), Refused)


async def test_wrong_token_is_misconfigured(standin: TelegramStandin) -> None:
    standin.user(1001, known=True)
    channel = TelegramChannel("1:another", api_base=standin.base_url)
    assert isinstance(await channel.send(outgoing(1001)), Misconfigured)
    await channel.close()


async def test_unforeseen_error_is_unknown_and_logged_without_text_or_token(
    standin: TelegramStandin, channel: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> object:
        raise RuntimeError(standin.token)

    monkeypatch.setattr(channel, "call", broken)
    with capture_logs() as logs:
        assert await channel.send(outgoing(1001, "secret")) == Unknown("RuntimeError")
    assert logs == [{"event": "telegram_send_failed", "message": 1, "error": "RuntimeError", "log_level": "error"}]


async def test_tap_is_answered_and_a_late_answer_harms_nobody(
    standin: TelegramStandin, channel: TelegramChannel
) -> None:
    tap = standin.user(1001, known=True).press_token("4.0")
    await channel.answer_callback(tap)
    assert standin.api.taps == {tap: True}
    await channel.answer_callback(tap)


async def test_commands_are_published_for_each_language_and_everybody_else(
    standin: TelegramStandin, channel: TelegramChannel
) -> None:
    zh, en = [("help", "我能做什么")], [("help", "What I can do")]
    assert await channel.publish_commands({"zh": zh, "en": en})
    assert standin.api.commands == {"zh": zh, "en": en, "": en}


async def test_commands_that_telegram_refuses_are_reported(channel: TelegramChannel) -> None:
    assert not await channel.publish_commands({"zh": [("进度", "进度")]})


async def test_bot_learns_its_name_once(standin: TelegramStandin, channel: TelegramChannel) -> None:
    await channel.identify()
    await channel.identify()
    assert (channel.me.id, channel.me.username) == (standin.api.me["id"], standin.api.me["username"])
    assert len(standin.calls("getMe")) == 1


async def test_channel_opens_anew_after_close(standin: TelegramStandin, channel: TelegramChannel) -> None:
    anna = standin.user(1001, known=True)
    await channel.send(outgoing(1001))
    await channel.close()
    await channel.send(outgoing(1001))
    assert len(anna.sent) == 2


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"])
async def test_proxy_of_the_environment_is_not_used(
    standin: TelegramStandin, channel: TelegramChannel, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, f"http://127.0.0.1:{_free_port()}")
    anna = standin.user(1001, known=True)
    await channel.send(outgoing(1001))
    assert len(anna.sent) == 1


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_proxy_of_the_settings_is_used(standin: TelegramStandin, scheme: str) -> None:
    anna = standin.user(1001, known=True)
    async with _proxy(_speak_http if scheme == "http" else _speak_socks) as (port, asked):
        # A name that only the proxy can resolve.
        base = f"http://api.telegram.invalid:{standin.base_url.rpartition(':')[2]}"
        channel = TelegramChannel(standin.token, api_base=base, proxy=f"{scheme}://127.0.0.1:{port}")
        outcome = await channel.send(outgoing(1001))
        await channel.close()
    assert isinstance(outcome, Sent)
    assert len(anna.sent) == 1
    assert asked == ["api.telegram.invalid"]


async def test_proxy_that_is_gone_is_later() -> None:
    for scheme in ("http", "socks5"):
        channel = TelegramChannel(
            "1:token", api_base="http://127.0.0.1:9", proxy=f"{scheme}://127.0.0.1:{_free_port()}"
        )
        outcome = await channel.send(outgoing(1001))
        await channel.close()
        assert isinstance(outcome, Later)


# What a proxy is asked in its own protocol: the name, the port, and what it has read of the request already.
Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[tuple[str, int, bytes]]]


@contextlib.asynccontextmanager
async def _proxy(speak: Speak) -> AsyncIterator[tuple[int, list[str]]]:
    """A proxy that takes every name for this machine: its port, and the names that it was asked for."""
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port, head = await speak(reader, writer)
        asked.append(host)
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        inner_writer.write(head)
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


async def _speak_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int, bytes]:
    line = await reader.readline()
    method, url, version = line.split(b" ")
    host, _, path = url.removeprefix(b"http://").partition(b"/")
    name, _, port = host.partition(b":")
    return name.decode(), int(port), b" ".join((method, b"/" + path, version))


async def _speak_socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int, bytes]:
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")
    _, _, _, kind, length = await reader.readexactly(5)
    assert kind == 3, "the name was resolved here, not by the proxy"
    name = await reader.readexactly(length)
    [port] = struct.unpack(">H", await reader.readexactly(2))
    writer.write(b"\x05\x00\x00\x01" + bytes(6))
    return name.decode(), port, b""


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
