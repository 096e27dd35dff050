import asyncio
import socket
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.messages import Inbound
from bot.web.webhooks import SECRET_HEADER
from tests.integration.web.conftest import Client, Serve
from tests.integration.web.fakes import Busy, FakeTelegram, FakeTurns, FakeWeChat, Handled, make_edge, until

RIGHT = {SECRET_HEADER: "right"}
SIGNED = "/wechat?signature=right"


def turns_of(edge: Any) -> FakeTurns:
    assert isinstance(edge.turns, FakeTurns)
    return edge.turns


async def test_telegram_update_is_acknowledged_and_handled_before_the_answer(serve: Serve) -> None:
    door = FakeTelegram()
    edge = make_edge(telegram=door)
    client = await serve(edge)
    response = await client.post("/telegram", json={"update_id": 5, "text": "hi"}, headers=RIGHT)
    assert (response.status, await response.text()) == (200, "")
    assert door.acknowledged == [5]
    assert turns_of(edge).inbounds == [Inbound("telegram", "5", "7", "7", text="hi")]


async def test_telegram_update_that_says_nothing_is_taken(serve: Serve) -> None:
    edge = make_edge(telegram=FakeTelegram())
    client = await serve(edge)
    assert (await client.post("/telegram", json={"update_id": 5, "text": ""}, headers=RIGHT)).status == 200
    assert turns_of(edge).inbounds == []


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: "x" * 5000}])
async def test_telegram_without_the_secret_is_refused(serve: Serve, headers: dict[str, str]) -> None:
    edge = make_edge(telegram=FakeTelegram())
    client = await serve(edge)
    assert (await client.post("/telegram", json={"update_id": 5, "text": "hi"}, headers=headers)).status == 403
    assert turns_of(edge).inbounds == []


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b'{"update_id": 5, "te', 400), (b"<xml/>", 400), (b"[]", 400), (b" " * 300_000, 413)],
)
async def test_telegram_body_that_is_no_update_is_refused(serve: Serve, body: bytes, status: int) -> None:
    client = await serve(make_edge(telegram=FakeTelegram()))
    assert (await client.post("/telegram", data=body, headers=RIGHT)).status == status


async def test_telegram_update_that_cannot_be_read_is_quarantined_without_its_words(serve: Serve) -> None:
    client = await serve(make_edge(telegram=FakeTelegram()))
    with capture_logs() as logs:
        response = await client.post("/telegram", json={"update_id": 5, "words": "private"}, headers=RIGHT)
    assert response.status == 200
    assert [entry["update_id"] for entry in logs if entry["event"] == "update_quarantined"] == [5]
    assert "private" not in str([{**entry, "error": ""} for entry in logs])


async def test_telegram_is_asked_to_send_again_while_the_database_is_busy(serve: Serve) -> None:
    edge = make_edge(telegram=FakeTelegram())
    turns_of(edge).failing = [Busy()]
    client = await serve(edge)
    update = {"update_id": 5, "text": "hi"}
    assert (await client.post("/telegram", json=update, headers=RIGHT)).status == 503
    assert (await client.post("/telegram", json=update, headers=RIGHT)).status == 200
    assert len(turns_of(edge).inbounds) == 1


@pytest.mark.parametrize(("method", "path"), [("POST", "/telegram"), ("GET", "/wechat"), ("POST", "/wechat")])
async def test_door_that_is_off_is_not_there(serve: Serve, method: str, path: str) -> None:
    client = await serve(make_edge())
    assert (await client.request(method, path)).status == 404


async def test_door_takes_no_other_method(serve: Serve) -> None:
    client = await serve(make_edge(telegram=FakeTelegram()))
    response = await client.get("/telegram")
    assert (response.status, response.headers["Allow"]) == (405, "POST")


async def test_wechat_echo(serve: Serve) -> None:
    client = await serve(make_edge(wechat=FakeWeChat()))
    response = await client.get("/wechat?signature=right&echostr=42")
    assert (response.status, await response.text(), response.content_type) == (200, "42", "text/plain")
    assert (await client.get("/wechat?signature=wrong&echostr=42")).status == 403


async def test_wechat_is_answered_in_the_same_response_and_then_counts_as_delivered(serve: Serve) -> None:
    edge = make_edge(wechat=FakeWeChat())
    client = await serve(edge)
    response = await client.post(SIGNED, data=b"1 hi")
    assert (response.status, await response.text()) == (200, "<xml>heard: hi</xml>")
    await until(lambda: turns_of(edge).handed_over)
    assert turns_of(edge).handed_over == [1]


async def test_wechat_repeats_get_the_same_reply_and_are_one_turn(serve: Serve) -> None:
    edge = make_edge(wechat=FakeWeChat())
    client = await serve(edge)
    responses = await asyncio.gather(*(client.post(SIGNED, data=b"1 hi") for _ in range(3)))
    assert [await response.text() for response in responses] == ["<xml>heard: hi</xml>"] * 3
    assert len(turns_of(edge).inbounds) == 1


async def test_wechat_turn_that_is_late_is_answered_success_and_goes_on(serve: Serve) -> None:
    edge = make_edge(wechat=FakeWeChat())
    turns, gate = turns_of(edge), asyncio.Event()
    plain = turns.handle

    async def slow(inbound: Inbound) -> Handled:
        await gate.wait()
        return await plain(inbound)

    turns.handle = slow  # type: ignore[method-assign]
    client = await serve(edge, passive_seconds=0.05)
    assert await (await client.post(SIGNED, data=b"1 hi")).text() == "success"
    gate.set()
    await until(lambda: turns.inbounds)
    assert turns.handed_over == []


async def test_wechat_event_that_needs_nothing_is_answered_success(serve: Serve) -> None:
    client = await serve(make_edge(wechat=FakeWeChat()))
    assert await (await client.post(SIGNED, data=b"1 nothing")).text() == "success"


async def test_wechat_turn_without_messages_is_answered_success(serve: Serve) -> None:
    client = await serve(make_edge(wechat=FakeWeChat(), script=lambda _inbound: []))
    assert await (await client.post(SIGNED, data=b"1 hi")).text() == "success"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/wechat", b"1 hi", 403),
        ("/wechat?signature=wrong", b"1 hi", 403),
        (SIGNED, b"1", 400),
        (SIGNED, b"x" * 70_000, 413),
    ],
)
async def test_wechat_refuses(serve: Serve, path: str, body: bytes, status: int) -> None:
    edge = make_edge(wechat=FakeWeChat())
    client = await serve(edge)
    assert (await client.post(path, data=body)).status == status
    assert turns_of(edge).inbounds == []


async def test_wechat_is_asked_to_send_again_while_the_database_is_busy(serve: Serve) -> None:
    edge = make_edge(wechat=FakeWeChat())
    turns_of(edge).failing = [Busy()]
    client = await serve(edge)
    assert (await client.post(SIGNED, data=b"1 hi")).status == 503
    assert await (await client.post(SIGNED, data=b"1 hi")).text() == "<xml>heard: hi</xml>"


async def test_body_that_is_cut_is_no_turn(serve: Serve) -> None:
    edge = make_edge(wechat=FakeWeChat())
    client = await serve(edge)
    await _send_half(client, b"POST /wechat?signature=right HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n1 hi")
    assert await (await client.post(SIGNED, data=b"2 next")).text() == "<xml>heard: next</xml>"
    assert [inbound.event for inbound in turns_of(edge).inbounds] == ["2"]


async def _send_half(client: Client, request: bytes) -> None:
    _reader, writer = await asyncio.open_connection(client.host, client.port)
    connection = writer.get_extra_info("socket")
    assert isinstance(connection.family, socket.AddressFamily)
    writer.write(request)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
