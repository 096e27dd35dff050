import asyncio
import re
import socket
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.web.ports import Readiness
from bot.web.server import build, start
from tests.integration.web.conftest import Serve
from tests.integration.web.fakes import FakeTelegram, make_edge

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing", "/chat/messages"])
async def test_every_answer_carries_the_security_headers(serve: Serve, path: str) -> None:
    client = await serve(make_edge())
    response = await client.get(path)
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert "Server" not in response.headers


async def test_page_has_no_inline_script_or_style(serve: Serve) -> None:
    client = await serve(make_edge())
    page = await (await client.get("/")).text()
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []


async def test_assets_are_cached_for_ever_under_their_hash(serve: Serve) -> None:
    client = await serve(make_edge())
    page = await (await client.get("/")).text()
    assets = sorted(set(re.findall(r"/assets/[0-9a-f]{16}/[a-z.]+", page)))
    assert [path.rpartition("/")[2] for path in assets] == ["chat.css", "chat.js", "laurel.svg", "theme.css"]
    for path in assets:
        response = await client.get(path)
        assert (response.status, response.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


@pytest.mark.parametrize(
    "path", ["/assets/0000000000000000/chat.js", "/assets/{version}/chat.html", "/assets/{version}/..%2Fchat.py"]
)
async def test_other_assets_are_not_there(serve: Serve, path: str) -> None:
    client = await serve(make_edge())
    found = re.search(r"/assets/([0-9a-f]{16})/", await (await client.get("/")).text())
    assert found is not None
    assert (await client.get(path.format(version=found[1]))).status == 404


@pytest.mark.parametrize(
    ("accept", "language", "words"),
    [("text/html", "en", "There is no such page."), ("text/html", "zh", "没有这个页面。")],
)
async def test_missing_page_is_explained_to_people(serve: Serve, accept: str, language: str, words: str) -> None:
    client = await serve(make_edge())
    response = await client.get("/nothing", headers={"Accept": accept, "Accept-Language": language})
    assert (response.status, response.content_type) == (404, "text/html")
    assert f"<h1>{words}</h1>" in await response.text()


async def test_missing_page_is_explained_to_programs(serve: Serve) -> None:
    client = await serve(make_edge())
    response = await client.get("/nothing", headers={"Accept": "application/json"})
    body = await response.json()
    assert (response.status, body["error"]["code"]) == (404, "not_found")


async def test_health_says_that_the_process_is_up(serve: Serve) -> None:
    client = await serve(make_edge())
    assert await (await client.get("/healthz")).json() == {"status": "ok"}


async def test_readiness_tells_database_channels_and_backlog(serve: Serve) -> None:
    client = await serve(make_edge())
    response = await client.get("/readyz")
    assert response.status == 200
    assert await response.json() == {
        "status": "ok",
        "database": "ok",
        "channels": {"telegram": "on", "webchat": "on"},
        "backlog": 3,
    }


async def test_readiness_of_a_busy_database_is_503(serve: Serve) -> None:
    async def ready() -> Readiness:
        return Readiness("busy", {})

    client = await serve(make_edge(ready=ready))
    response = await client.get("/readyz")
    assert (response.status, (await response.json())["database"]) == (503, "busy")


async def test_readiness_that_cannot_be_told_is_503_without_the_cause(serve: Serve) -> None:
    async def ready() -> Readiness:
        raise OSError("postgresql://user:password@host")

    client = await serve(make_edge(ready=ready))
    response = await client.get("/readyz")
    assert (response.status, (await response.json())["database"]) == (503, "unreachable")


async def test_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="empty secret"):
        build(make_edge(secret=b""))


async def test_real_server_logs_no_query_and_shows_no_banner() -> None:
    runner, address = await start(build(make_edge()), "127.0.0.1", 0)
    try:
        with capture_logs() as logs:
            async with aiohttp.ClientSession() as session, session.get(f"{address}/?start=join-token") as response:
                assert (response.status, response.headers.get("Server")) == (200, None)
            await runner.cleanup()
    finally:
        await runner.cleanup()
    lines = [entry for entry in logs if entry["event"] == "request"]
    assert [(entry["method"], entry["path"], entry["status"]) for entry in lines] == [("GET", "/", 200)]
    assert "join-token" not in str(logs)


async def test_real_server_never_unpacks_a_body() -> None:
    edge = make_edge(telegram=FakeTelegram())
    runner, address = await start(build(edge), "127.0.0.1", 0)
    try:
        headers = {"Content-Encoding": "gzip", "X-Telegram-Bot-Api-Secret-Token": "right"}
        async with aiohttp.ClientSession() as session:
            response = await session.post(f"{address}/telegram", data=b"\x1f\x8b bomb", headers=headers)
            assert response.status == 400
    finally:
        await runner.cleanup()


async def test_what_is_no_http_is_refused_and_its_content_stays_out_of_the_log(
    capfd: pytest.CaptureFixture[str],
) -> None:
    runner, address = await start(build(make_edge()), "127.0.0.1", 0)
    try:
        with capture_logs() as logs:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nCookie: private" + b"x" * 20_000 + b"\r\n\r\n")
            answer = await reader.read()
            writer.close()
    finally:
        await runner.cleanup()
    assert answer.startswith(b"HTTP/1.0 400 ")
    assert [(entry["event"], type(entry["error"]).__name__) for entry in logs if "error" in entry] == [
        ("http_broken", "LineTooLong")
    ]
    assert "private" not in capfd.readouterr().err


async def test_taken_address_is_an_oserror() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port: Any = taken.getsockname()[1]
        with pytest.raises(OSError, match=str(port)):
            await start(build(make_edge()), "127.0.0.1", port)
