"""What an upload costs a serving process in memory, while the file drips in slowly. Linux only: it reads /proc.

python -m benchmarks.forms
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from urllib.parse import quote
from uuid import uuid4

import aiohttp

from bot.channels.webchat import WebChatChannel
from bot.messages import Inbound, Outgoing
from bot.uploads.intake import Intake
from bot.web.ports import Edge, Readiness
from bot.web.server import build, start
from storage.database import Storage
from storage.files import LocalFiles

MB = 1024 * 1024
SIZE = 20 * MB
AT_ONCE = (1, 10)
_DROP = 32 * 1024
_DROPS_BETWEEN_LOOKS = 64
_HEAD = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42"


def upload_memory() -> Iterator[str]:
    """By how many MB the server's memory grows at most while files of 20 MB drip in, one and ten at once."""
    with TemporaryDirectory() as folder, _serving(Path(folder)) as server:
        asyncio.run(_drip(server, 1))  # whatever is loaded at the first upload is no upload's
        for count in AT_ONCE:
            grown = asyncio.run(_drip(server, count))
            yield f"{count:2} x 20 MB at once: memory grows by {grown / MB:5.1f} MB"


@dataclass(frozen=True)
class _Server:
    process: subprocess.Popen[str]
    address: str

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def memory(self) -> int:
        """The resident memory in bytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise LookupError("VmRSS")


def _serving(folder: Path) -> _Server:
    command = [sys.executable, "-m", "benchmarks.uploads", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    return _Server(process, process.stdout.readline().strip())


async def _drip(server: _Server, count: int) -> int:
    """Uploads so many files at once, drop by drop, and looks at the memory meanwhile: its growth."""
    before, looks = server.memory(), [0]

    async def drops() -> AsyncIterator[bytes]:
        yield _HEAD.ljust(_DROP, b"\x00")
        for number in range(1, SIZE // _DROP):
            yield uuid4().bytes * (_DROP // 16)
            if number % _DROPS_BETWEEN_LOOKS == 0:
                looks.append(server.memory())
            await asyncio.sleep(0.001)

    async def upload(number: int) -> None:
        async with aiohttp.ClientSession(server.address, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            await (await session.get("/")).read()
            told = quote(json.dumps({"id": str(uuid4()), "name": f"{number}.mp4"}))
            headers = {"X-Laurel-File": told, "Content-Type": "application/octet-stream"}
            async with session.post("/chat/files", data=drops(), headers=headers) as response:
                assert response.status == 200, response.status

    await asyncio.gather(*(upload(number) for number in range(count)))
    return max(looks) - before


@dataclass(frozen=True)
class _Handled:
    messages: tuple[Outgoing, ...] = ()
    repeated: bool = False
    reference: str = ""


@dataclass(frozen=True)
class _Turns:
    """Takes files in and says nothing."""

    webchat: WebChatChannel
    intake: Intake

    async def handle(self, inbound: Inbound) -> _Handled:
        for file in inbound.files:
            found = await self.intake.receive(self.webchat.fetch(file), file.name, person_id=1)
            assert isinstance(found, dict), found
        return _Handled()

    async def delivered(self, _ids: object) -> None:
        """Nothing leaves in a response."""

    async def after(self, _channel: str, _chat: str, _sequence: int) -> list[Outgoing]:
        return []


async def _ready() -> Readiness:
    return Readiness("ok", {})


async def _serve(folder: Path) -> None:
    storage, webchat = Storage.open(f"sqlite:///{folder / 'laurel.db'}"), WebChatChannel()
    intake = Intake(LocalFiles(folder / "files"), storage, lambda: datetime.now(UTC), limit=SIZE)
    turns = _Turns(webchat, intake)
    edge = Edge(turns=turns, mailbox=turns, webchat=webchat, secret=b"a key of this benchmark", ready=_ready)
    _, address = await start(build(edge), "127.0.0.1", 0)
    print(address, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
