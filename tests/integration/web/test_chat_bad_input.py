"""Bad input at the chat page's addresses: a clear refusal, and no turn."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from bot.messages import Inbound
from bot.web.visitors import COOKIE
from tests.integration.web.conftest import Client, Serve
from tests.integration.web.fakes import Busy, FakeTurns, make_edge, until

ID = "0b7d0f5e-3f1c-4f0e-9a51-6f2a5d9c7e11"


def visitor_of(client: Client) -> str:
    return next(cookie.value for cookie in client.session.cookie_jar if cookie.key == COOKIE).partition(".")[0]


async def post(client: Client, body: object, **headers: str) -> tuple[int, Any]:
    response = await client.post("/chat/messages", json=body, headers=headers)
    return response.status, await response.json()


async def listen(client: Client, after: int = 0, wait: int = 0) -> list[str]:
    response = await client.get("/chat/messages", params={"after": str(after), "wait": str(wait)})
    assert response.status == 200
    return [message["text"] for message in (await response.json())["messages"]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": ID},
        {"text": "hi"},
        {"id": "1", "text": "hi"},
        {"id": 1, "text": "hi"},
        {"id": ID, "text": None},
        {"id": ID, "text": ["hi"]},
        {"id": ID, "text": "hi", "pressed": "1.0"},
        {"id": ID, "pressed": "x" * 65},
        {"id": ID, "text": "hi", "shown": -1},
        {"id": ID, "text": "hi", "shown": True},
        {"id": ID, "text": "hi", "shown": "4"},
        {"id": ID, "text": "hi", "shown": 10**30},
    ],
)
async def test_message_that_no_page_would_send_is_refused(serve: Serve, body: object) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    response = await client.post("/chat/messages", data=json.dumps(body), headers={"Content-Type": "application/json"})
    assert response.status == 400
    assert isinstance(edge.turns, FakeTurns)
    assert edge.turns.inbounds == []


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"", "application/json", 400, "not_json"),
        (b'{"id": "0b7d0f5e-3f1', "application/json", 400, "not_json"),
        (b"[1]", "application/json", 400, "not_json"),
        (b"\xff\xfe", "application/json", 400, "not_json"),
        (b'{"id":"x","text":"\\ud800"}', "application/json", 400, "not_json"),
        (b"[" * 5000, "application/json", 400, "not_json"),
        (b"id=1&text=hi", "application/x-www-form-urlencoded", 415, "not_json"),
        (b'{"text":"hi"}', "text/plain", 415, "not_json"),
        (b'"' + b"x" * 300_000 + b'"', "application/json", 413, "too_large"),
    ],
)
async def test_body_that_cannot_be_read_is_refused(
    serve: Serve, body: bytes, content_type: str, status: int, code: str
) -> None:
    client = await serve(make_edge())
    await client.get("/")
    response = await client.post("/chat/messages", data=body, headers={"Content-Type": content_type})
    assert (response.status, (await response.json())["error"]["code"]) == (status, code)


async def test_huge_body_without_a_length_is_refused(serve: Serve) -> None:
    async def pour() -> Any:
        for _ in range(40):
            yield b"x" * 10_000

    client = await serve(make_edge())
    await client.get("/")
    response = await client.post("/chat/messages", data=pour(), headers={"Content-Type": "application/json"})
    assert response.status == 413


async def test_text_of_100_kb_is_a_turn(serve: Serve) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    assert (await post(client, {"id": ID, "text": "x" * 100_000}))[0] == 200


async def test_refusal_speaks_the_visitors_language_and_has_a_reference(serve: Serve) -> None:
    client = await serve(make_edge())
    await client.get("/")
    _, body = await post(client, {"id": "bad"}, **{"Accept-Language": "en"})
    error = body["error"]
    assert error["text"] == "The request is incomplete or not as it should be."
    assert len(error["reference"]) == 8


@pytest.mark.parametrize("cookie", ["", "nonsense", "a" * 24 + "." + "b" * 43, "Ää"])
async def test_forged_cookie_is_nobody(serve: Serve, cookie: str) -> None:
    client = await serve(make_edge())
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    response = await client.post("/chat/messages", json={"id": ID, "text": "hi"}, headers=headers)
    assert (response.status, (await response.json())["error"]["code"]) == (401, "no_visitor")
    assert (await client.get("/chat/messages", headers=headers)).status == 401


async def test_cookie_with_anothers_id_is_nobody(serve: Serve) -> None:
    client = await serve(make_edge())
    value = (await client.get("/")).cookies[COOKIE].value
    changed = ("B" if value[0] == "A" else "A") + value[1:]
    client.session.cookie_jar.clear()
    response = await client.get("/chat/messages?wait=0", headers={"Cookie": f"{COOKIE}={changed}"})
    assert response.status == 401


async def test_cookie_signed_with_another_secret_is_nobody(serve: Serve) -> None:
    other = await serve(make_edge(secret=b"the secret before"))
    value = (await other.get("/")).cookies[COOKIE].value
    client = await serve(make_edge())
    response = await client.get("/chat/messages?wait=0", headers={"Cookie": f"{COOKIE}={value}"})
    assert response.status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_cross_origin_post_is_refused(serve: Serve, headers: dict[str, str]) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    status, body = await post(client, {"id": ID, "text": "hi"}, **headers)
    assert (status, body["error"]["code"]) == (403, "cross_origin")
    assert isinstance(edge.turns, FakeTurns)
    assert edge.turns.inbounds == []


@pytest.mark.parametrize("origin", ["{own}", "https://laurel.example"])
async def test_post_from_our_own_page_is_taken(serve: Serve, origin: str) -> None:
    client = await serve(make_edge(public_url="https://laurel.example"))
    value = (await client.get("/")).cookies[COOKIE].value
    headers = {
        "Origin": origin.format(own=str(client.make_url("")).rstrip("/")),
        "Sec-Fetch-Site": "same-origin",
        "Cookie": f"{COOKIE}={value}",
    }
    assert (await post(client, {"id": ID, "text": "hi"}, **headers))[0] == 200


async def test_busy_database_asks_the_page_to_try_again_and_the_repeat_is_the_turn(serve: Serve) -> None:
    edge = make_edge()
    assert isinstance(edge.turns, FakeTurns)
    edge.turns.failing = [Busy()]
    client = await serve(edge)
    await client.get("/")
    response = await client.post("/chat/messages", json={"id": ID, "text": "hi"})
    assert (response.status, response.headers["Retry-After"]) == (503, "2")
    assert (await post(client, {"id": ID, "text": "hi"}))[0] == 200
    assert len(edge.turns.inbounds) == 1


async def test_crash_is_told_with_a_reference_and_without_its_words(serve: Serve) -> None:
    edge = make_edge()
    assert isinstance(edge.turns, FakeTurns)
    edge.turns.failing = [RuntimeError("what a person wrote")]
    client = await serve(edge)
    await client.get("/")
    response = await client.post("/chat/messages", json={"id": ID, "text": "hi"})
    assert response.status == 500
    assert "what a person wrote" not in await response.text()


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=" + "9" * 40, "wait=1.5", "after=１"])
async def test_listening_with_a_bad_number_is_refused(serve: Serve, query: str) -> None:
    client = await serve(make_edge())
    await client.get("/")
    assert (await client.get(f"/chat/messages?{query}")).status == 400


async def test_visitor_who_floods_is_slowed_down(serve: Serve) -> None:
    edge = make_edge()
    gate = asyncio.Event()
    turns = edge.turns
    assert isinstance(turns, FakeTurns)
    plain = turns.handle

    async def slow(inbound: Inbound) -> Any:
        await gate.wait()
        return await plain(inbound)

    turns.handle = slow  # type: ignore[method-assign]
    client = await serve(edge)
    await client.get("/")
    posts = [asyncio.create_task(post(client, {"id": str(uuid4()), "text": "hi"})) for _ in range(6)]
    await until(lambda: sum(found.done() for found in posts) == 2)
    gate.set()
    assert sorted([status for status, _ in await asyncio.gather(*posts)]) == [200, 200, 200, 200, 429, 429]
