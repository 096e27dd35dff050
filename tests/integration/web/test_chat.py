"""The chat page's addresses: visitors, events, answers, and messages that come by themselves."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from bot.channels.webchat import NAME
from bot.messages import Choice, Inbound, Kind
from bot.web.visitors import COOKIE
from tests.integration.web.conftest import Client, Serve
from tests.integration.web.fakes import FakeTurns, make_edge, until

ID = "0b7d0f5e-3f1c-4f0e-9a51-6f2a5d9c7e11"


def visitor_of(client: Client) -> str:
    return next(cookie.value for cookie in client.session.cookie_jar if cookie.key == COOKIE).partition(".")[0]


def event_of(visitor: str) -> str:
    return sha256(f"{visitor}:{ID}".encode()).hexdigest()


async def post(client: Client, body: object, **headers: str) -> tuple[int, Any]:
    response = await client.post("/chat/messages", json=body, headers=headers)
    return response.status, await response.json()


async def listen(client: Client, after: int = 0, wait: int = 0) -> list[str]:
    response = await client.get("/chat/messages", params={"after": str(after), "wait": str(wait)})
    assert response.status == 200
    return [message["text"] for message in (await response.json())["messages"]]


async def test_page_makes_a_new_visitor_known(serve: Serve) -> None:
    client = await serve(make_edge())
    response = await client.get("/")
    cookie = response.cookies[COOKIE]
    assert response.status == 200
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["path"]) == (True, "Lax", "", "/")
    assert response.headers["Cache-Control"] == "no-store"


async def test_page_behind_https_keeps_the_cookie_to_https(serve: Serve) -> None:
    client = await serve(make_edge(public_url="https://laurel.example"))
    assert (await client.get("/")).cookies[COOKIE]["secure"] is True


async def test_page_leaves_a_known_visitor_who_they_are(serve: Serve) -> None:
    client = await serve(make_edge())
    await client.get("/")
    before = visitor_of(client)
    await client.get("/")
    assert visitor_of(client) == before


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("de;q=1, en;q=0.3, zh;q=0.7", "zh-CN"),
        ("fr", "zh-CN"),
        ("en;q=nonsense", "zh-CN"),
        ("", "zh-CN"),
    ],
)
async def test_page_speaks_the_browsers_language(serve: Serve, accepted: str, tag: str) -> None:
    client = await serve(make_edge())
    page = await (await client.get("/", headers={"Accept-Language": accepted})).text()
    assert page.splitlines()[1].startswith(f'<html lang="{tag}"')


async def test_page_speaks_the_language_chosen_on_it(serve: Serve) -> None:
    client = await serve(make_edge())
    page = await (await client.get("/", headers={"Accept-Language": "zh", "Cookie": "laurel_locale=en"})).text()
    assert page.splitlines()[1].startswith('<html lang="en"')


async def test_message_reaches_the_turn_with_all_that_the_page_knows(serve: Serve) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    status, body = await post(client, {"id": ID, "text": "多少钱\x00？", "shown": 4, "locale": "zh"})
    visitor = visitor_of(client)
    assert status == 200
    assert body == {
        "messages": [
            {
                "id": 1,
                "sequence": 1,
                "text": "heard: 多少钱？",
                "choices": [],
                "prompt": 0,
                "kind": "reply",
                "files": [],
            }
        ],
        "reference": "",
    }
    assert isinstance(edge.turns, FakeTurns)
    assert edge.turns.inbounds == [
        Inbound(NAME, event_of(visitor), visitor, visitor, text="多少钱？", locale="zh", shown=4)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"pressed": "3.1", "shown": 3}, {"kind": Kind.PRESS, "pressed": "3.1", "shown": 3}),
        ({"start": "join-abc_9"}, {"kind": Kind.START, "payload": "join-abc_9"}),
        ({"start": "no token at all"}, {"kind": Kind.START, "payload": ""}),
        ({"start": ""}, {"kind": Kind.START}),
        ({"text": ""}, {}),
        ({"text": "x", "locale": "fr"}, {"text": "x"}),
    ],
)
async def test_other_events_reach_the_turn(serve: Serve, body: dict[str, Any], expected: dict[str, Any]) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    assert (await post(client, {"id": ID, **body}))[0] == 200
    visitor = visitor_of(client)
    assert isinstance(edge.turns, FakeTurns)
    assert edge.turns.inbounds == [Inbound(NAME, event_of(visitor), visitor, visitor, **expected)]


async def test_repeated_message_is_one_turn_and_answered_the_same(serve: Serve) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    answers = await asyncio.gather(*(post(client, {"id": ID, "text": "hi"}) for _ in range(3)))
    answers.append(await post(client, {"id": ID.upper(), "text": "hi"}))
    assert answers == [answers[0]] * 4
    assert isinstance(edge.turns, FakeTurns)
    assert len(edge.turns.inbounds) == 1


async def test_same_id_of_another_visitor_is_another_event(serve: Serve) -> None:
    edge = make_edge()
    one = await serve(edge)
    other = await serve(edge)
    await one.get("/")
    await other.get("/")
    await post(one, {"id": ID, "text": "my secret"})
    _, body = await post(other, {"id": ID, "text": "hello"})
    assert [message["text"] for message in body["messages"]] == ["heard: hello"]
    assert await listen(other) == ["heard: hello"]


async def test_choices_come_with_their_tokens_and_prompt(serve: Serve) -> None:
    def script(_inbound: Inbound) -> Sequence[tuple[str, tuple[Choice, ...]]]:
        return [("Which?", (Choice("1.0", "One"), Choice("1.1", "Back", numbered=False)))]

    client = await serve(make_edge(script=script))
    await client.get("/")
    _, body = await post(client, {"id": ID, "text": "hi"})
    assert body["messages"] == [
        {
            "id": 1,
            "text": "Which?",
            "choices": [
                {"token": "1.0", "label": "One", "quiet": False},
                {"token": "1.1", "label": "Back", "quiet": True},
            ],
            "prompt": 1,
            "kind": "reply",
            "sequence": 1,
            "files": [],
        }
    ]


async def test_history_comes_back_in_parts(serve: Serve) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    assert isinstance(edge.turns, FakeTurns)
    for number in range(130):
        await edge.turns.push(visitor_of(client), str(number))
    assert await listen(client) == [str(number) for number in range(100)]
    assert await listen(client, after=100) == [str(number) for number in range(100, 130)]
    assert await listen(client, after=130) == []


async def test_waiting_page_hears_of_a_message_at_once(serve: Serve) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    waiting = asyncio.create_task(listen(client, wait=25))
    await until(lambda: edge.webchat._rooms)
    assert isinstance(edge.turns, FakeTurns)
    await edge.turns.push("somebody else", "not yours")
    await edge.turns.push(visitor_of(client), "yours")
    assert await asyncio.wait_for(waiting, 10) == ["yours"]


async def test_waiting_page_is_told_nothing_that_the_mailbox_does_not_have(serve: Serve) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    waiting = asyncio.create_task(listen(client, wait=25))
    await until(lambda: edge.webchat._rooms)
    assert isinstance(edge.turns, FakeTurns)
    erased = await edge.turns.push(visitor_of(client), "private")
    edge.turns.sent.remove(erased)
    await edge.turns.push(visitor_of(client), "public")
    assert await asyncio.wait_for(waiting, 10) == ["public"]


async def test_message_sent_late_under_a_lower_id_comes_after_what_was_seen(serve: Serve) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    assert isinstance(edge.turns, FakeTurns)
    late = await edge.turns.push(visitor_of(client), "late")
    edge.turns.sent.remove(late)
    seen = await edge.turns.push(visitor_of(client), "seen")
    edge.turns.sent.append(replace(late, sequence=seen.sequence + 1))
    assert await listen(client) == ["seen", "late"]
    assert await listen(client, after=seen.sequence) == ["late"]


async def test_server_that_stops_lets_waiting_pages_go(serve: Serve) -> None:
    edge = make_edge()
    client = await serve(edge)
    await client.get("/")
    waiting = asyncio.create_task(listen(client, wait=25))
    await until(lambda: edge.webchat._rooms)
    await edge.webchat.close()
    assert await asyncio.wait_for(waiting, 10) == []
