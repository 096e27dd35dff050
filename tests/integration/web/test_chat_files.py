"""Files at the chat page's addresses: up as a stream, down by signed links."""

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.channels.webchat import NAME, WebChatChannel
from bot.downloads import LIFETIME, Downloads
from bot.messages import Address, Inbound, Kind, Outgoing, OutgoingFile
from tests.integration.web.conftest import Client, Serve
from tests.integration.web.fakes import FakeTurns, Handled, make_edge
from tests.integration.web.test_chat_bad_input import visitor_of

ID = "0b7d0f5e-3f1c-4f0e-9a51-6f2a5d9c7e11"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY = hashlib.sha256(b"content").hexdigest()


class FileTurns(FakeTurns):
    """Turns that read what is sent, unless they are told not to."""

    def __init__(self, webchat: WebChatChannel, *, wanted: bool = True) -> None:
        super().__init__(webchat)
        self.wanted = wanted
        self.taken: list[bytes] = []
        self.begun = asyncio.Event()

    async def handle(self, inbound: Inbound) -> Handled:
        """Reads the files of an event that was not handled before."""
        self.begun.set()
        if self.wanted and (inbound.channel, inbound.event) not in self.events:
            for file in inbound.files:
                self.taken.append(b"".join([chunk async for chunk in self.webchat.fetch(file)]))
        return await super().handle(inbound)


def header(**changes: Any) -> dict[str, str]:
    data = {"id": ID, "name": "营业执照.pdf", "shown": 4, "locale": "zh", **changes}
    return {"X-Laurel-File": quote(json.dumps(data)), "Content-Type": "application/octet-stream"}


async def open_page(serve: Serve, **options: Any) -> tuple[Client, FileTurns]:
    webchat = WebChatChannel()
    turns = FileTurns(webchat, **options)
    client = await serve(make_edge(turns=turns, webchat=webchat))
    await client.get("/")
    return client, turns


async def test_file_reaches_the_turn_as_a_stream(serve: Serve) -> None:
    client, turns = await open_page(serve)
    content = bytes(range(256)) * 1000
    response = await client.post("/chat/files", data=content, headers=header())
    assert response.status == 200
    assert len((await response.json())["messages"]) == 1
    [inbound] = turns.inbounds
    visitor = visitor_of(client)
    assert (inbound.kind, inbound.chat, inbound.sender, inbound.shown) == (Kind.FILE, visitor, visitor, 4)
    assert [(file.name, file.size) for file in inbound.files] == [("营业执照.pdf", len(content))]
    assert turns.taken == [content]


async def test_file_sent_again_gets_the_stored_answer(serve: Serve) -> None:
    client, turns = await open_page(serve)
    answers = [await (await client.post("/chat/files", data=b"x", headers=header())).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert turns.taken == [b"x"]


async def test_file_that_nobody_wants_is_answered_all_the_same(serve: Serve) -> None:
    client, turns = await open_page(serve, wanted=False)
    response = await client.post("/chat/files", data=io.BytesIO(b"x" * 3_000_000), headers=header())
    assert (response.status, turns.taken) == (200, [])


async def test_connection_that_breaks_off_is_no_turn_and_the_repeat_is_one(serve: Serve) -> None:
    client, turns = await open_page(serve)
    cookie = f"laurel_visitor={next(iter(client.session.cookie_jar)).value}"
    reader, writer = await asyncio.open_connection(client.host, client.port)
    head = {**header(), "Host": "x", "Cookie": cookie, "Content-Length": "1000"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    writer.write(f"POST /chat/files HTTP/1.1\r\n{lines}\r\n".encode() + b"x" * 900)
    await writer.drain()
    await turns.begun.wait()
    writer.close()
    await writer.wait_closed()
    assert await reader.read() == b""
    response = await client.post("/chat/files", data=b"x" * 1000, headers=header())
    assert response.status == 200
    assert (turns.taken, len(turns.inbounds)) == ([b"x" * 1000], 1)


async def test_drip_is_taken_in_as_it_comes(serve: Serve) -> None:
    client, turns = await open_page(serve)

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b"drop"
            await asyncio.sleep(0)

    response = await client.post("/chat/files", data=drip(), headers=header())
    assert (response.status, turns.taken) == (200, [b"drop" * 50])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/octet-stream"}, 400),
        ({**header(), "X-Laurel-File": "%ff"}, 400),
        ({**header(), "X-Laurel-File": "[]"}, 400),
        (header(name=None), 400),
        (header(name="x" * 1001), 400),
        (header(id="1"), 400),
        (header(shown=-1), 400),
        ({**header(), "Content-Type": "multipart/form-data"}, 415),
        ({**header(), "Origin": "https://elsewhere.example"}, 403),
    ],
)
async def test_file_that_no_page_would_send_is_refused(serve: Serve, headers: dict[str, str], status: int) -> None:
    client, turns = await open_page(serve)
    response = await client.post("/chat/files", data=b"x", headers=headers)
    assert (response.status, turns.inbounds) == (status, [])


async def test_file_of_nobody_is_refused(serve: Serve) -> None:
    webchat = WebChatChannel()
    turns = FileTurns(webchat)
    client = await serve(make_edge(turns=turns, webchat=webchat))
    response = await client.post("/chat/files", data=b"x", headers={**header(), "Cookie": "laurel_visitor=forged"})
    assert (response.status, turns.inbounds) == (401, [])


class Shelf:
    """Contents with one file."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "content"
        self.file.write_bytes(b"content")

    async def fetch(self, key: str) -> Path:
        """The file of the key."""
        if key != KEY:
            raise LookupError(key)
        return self.file


class Clock:
    """A clock that tests set."""

    now = NOW

    def __call__(self) -> datetime:
        """The instant that was set."""
        return self.now


async def open_shelf(serve: Serve, folder: Path, name: str = "申报书.docx") -> tuple[Client, str, Clock]:
    """A page whose first answer carries a file, and the file's address."""
    clock = Clock()
    webchat = WebChatChannel()
    turns = FakeTurns(webchat)
    edge = make_edge(turns=turns, webchat=webchat, downloads=Downloads(b"a key", Shelf(folder), clock))
    client = await serve(edge)
    await client.get("/")
    files = (OutgoingFile(KEY, name),)
    turns.sent.append(Outgoing(1, Address(NAME, visitor_of(client)), "好", files=files, sequence=1))
    [message] = (await (await client.get("/chat/messages?wait=0")).json())["messages"]
    [file] = message["files"]
    assert file["name"] == name
    return client, file["url"], clock


async def test_file_of_a_message_is_given_to_its_reader(serve: Serve, tmp_path: Path) -> None:
    client, url, _ = await open_shelf(serve, tmp_path)
    response = await client.get(url)
    assert (response.status, await response.read()) == (200, b"content")
    assert response.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote('申报书.docx')}"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.content_type == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def test_file_of_a_message_is_given_to_nobody_else(serve: Serve, tmp_path: Path) -> None:
    client, url, _ = await open_shelf(serve, tmp_path)
    client.session.cookie_jar.clear()
    assert (await client.get(url)).status == 404
    await client.get("/")
    assert (await client.get(url)).status == 404


async def test_file_is_told_as_expired_when_its_time_is_over(serve: Serve, tmp_path: Path) -> None:
    client, url, clock = await open_shelf(serve, tmp_path)
    clock.now = NOW + LIFETIME + timedelta(seconds=1)
    response = await client.get(url, headers={"Accept": "text/html", "Accept-Language": "zh"})
    assert response.status == 410
    assert "这个下载链接已过期" in await response.text()


@pytest.mark.parametrize("token", ["x", "a.1.b", "..%2f..%2fetc%2fpasswd"])
async def test_address_that_was_not_signed_leads_nowhere(serve: Serve, tmp_path: Path, token: str) -> None:
    client, _, _ = await open_shelf(serve, tmp_path)
    assert (await client.get(f"/files/{token}")).status == 404


async def test_page_without_files_leads_nowhere(serve: Serve) -> None:
    client = await serve(make_edge())
    await client.get("/")
    assert (await client.get("/files/x")).status == 404


async def test_whatever_a_file_is_it_is_saved_and_not_shown(serve: Serve, tmp_path: Path) -> None:
    client, url, _ = await open_shelf(serve, tmp_path, 'a"b.html')
    response = await client.get(url)
    assert (response.status, response.content_type) == (200, "application/octet-stream")
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a_b.html"
