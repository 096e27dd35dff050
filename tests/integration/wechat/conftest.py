"""The stand-in of the platform with a server behind it that is nothing but the adapter's door and an echo."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.channels.wechat.door import RefusedRequest, WeChatDoor
from bot.channels.wechat.reading import WeChatInbound
from bot.messages import Kind, Outgoing
from tests.standins.wechat import AES_KEY, WeChatStandin


class EchoServer:
    """Answers what it gets. `silent` is how many of the next requests it leaves unanswered until they are given up."""

    def __init__(self, door: WeChatDoor) -> None:
        self.door = door
        self.inbound: list[WeChatInbound] = []
        self.bodies: list[bytes] = []
        self.silent = 0
        self.broken = 0

    def application(self) -> web.Application:
        app = web.Application(client_max_size=10**7)
        app.router.add_get("/wechat", self.check)
        app.router.add_post("/wechat", self.take)
        return app

    async def check(self, request: web.Request) -> web.Response:
        try:
            return web.Response(text=self.door.verify_echo(request.query))
        except RefusedRequest as refused:
            return web.Response(text=refused.reason, status=refused.status)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)
        if self.broken:
            self.broken -= 1
            return web.Response(status=503)
        if self.silent:
            self.silent -= 1
            await request.protocol.closed  # type: ignore[attr-defined]
        try:
            inbound = self.door.open(request.query, body)
        except RefusedRequest as refused:
            return web.Response(text=refused.reason, status=refused.status)
        return self.answer(inbound)

    def answer(self, inbound: WeChatInbound | None) -> web.Response:
        if inbound is None:
            return web.Response(text="success")
        self.inbound.append(inbound)
        text = inbound.text if inbound.kind is Kind.TEXT else f"{inbound.kind} {inbound.payload}".strip()
        content, _ = self.door.reply(inbound, [Outgoing(1, inbound.address, text)])
        return web.Response(body=content or b"success")


@pytest.fixture(params=["", AES_KEY], ids=["plain", "aes"])
def standin(request: pytest.FixtureRequest) -> Iterator[WeChatStandin]:
    with WeChatStandin(aes_key=request.param, scale=0.1) as platform:
        yield platform


@pytest.fixture
def server(standin: WeChatStandin) -> Iterator[EchoServer]:
    wire = standin.wire
    echo = EchoServer(WeChatDoor(wire.token, wire.app_id, wire.aes_key, lambda: datetime.now(UTC)))
    runner = web.AppRunner(echo.application(), shutdown_timeout=0.1)

    async def open_server() -> str:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    standin.target = standin.run(open_server())
    yield echo
    standin.run(runner.cleanup())
