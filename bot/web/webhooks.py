"""The platforms' doors: POST /telegram and GET, POST /wechat. A platform is answered 2xx only after the commit."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from aiohttp import web

from bot.channels.wechat.door import RefusedRequest
from bot.messages import Inbound
from bot.web.background import Background
from bot.web.bodies import PUSH_BYTES, UPDATE_BYTES, read_body, read_object
from bot.web.failures import Refusal
from bot.web.ports import TelegramDoor, Turns, WeChatDoor

PASSIVE_SECONDS = 4.2  # the platform waits 5 s; the rest is for the way back
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_SECRET_CHARS = 256
_NOTHING = "success"  # tells WeChat that the event has arrived and that no passive reply follows

_log = structlog.get_logger("bot.web")


class TelegramWebhook:
    """POST /telegram."""

    def __init__(self, turns: Turns, door: TelegramDoor, background: Background) -> None:
        self._turns = turns
        self._door = door
        self._background = background

    def routes(self) -> list[web.RouteDef]:
        """The door's address."""
        return [web.post("/telegram", self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """One update."""
        given = request.headers.get(SECRET_HEADER, "")
        if not given or len(given) > _SECRET_CHARS or not self._door.check_secret(given):
            raise Refusal(403, "unsigned")
        update = await read_object(request, UPDATE_BYTES)
        inbound = self._read(update)
        if inbound is not None:
            self._background.leave(self._background.spawn(self._door.acknowledge(update)))
            await self._turns.handle(inbound)
        return web.Response()

    def _read(self, update: Mapping[str, Any]) -> Inbound | None:
        """The event. An update that cannot be read is noted and taken: refused, it would block its chat for a day."""
        try:
            return self._door.read(update)
        except Exception as error:  # noqa: BLE001 - an update may hold anything
            number = update.get("update_id")
            _log.error("update_quarantined", update_id=number if isinstance(number, int) else None, error=error)
            return None


class WeChatWebhook:
    """GET and POST /wechat."""

    def __init__(
        self, turns: Turns, door: WeChatDoor, background: Background, *, passive_seconds: float = PASSIVE_SECONDS
    ) -> None:
        self._turns = turns
        self._door = door
        self._background = background
        self._passive_seconds = passive_seconds

    def routes(self) -> list[web.RouteDef]:
        """The door's address."""
        return [web.get("/wechat", self.echo, allow_head=False), web.post("/wechat", self.receive)]

    async def echo(self, request: web.Request) -> web.Response:
        """The platform's check of the address."""
        try:
            return web.Response(text=self._door.verify_echo(request.query))
        except RefusedRequest as refused:
            raise _refusal(refused) from None

    async def receive(self, request: web.Request) -> web.Response:
        """One message or event, answered in the same response where the turn is done in time."""
        body = await read_body(request, PUSH_BYTES)
        try:
            inbound = self._door.open(request.query, body)
        except RefusedRequest as refused:
            raise _refusal(refused) from None
        if inbound is None:
            return web.Response(text=_NOTHING)
        turn = self._background.spawn(self._turns.handle(inbound))
        done, _ = await asyncio.wait({turn}, timeout=self._passive_seconds)
        if not done:
            # The turn goes on; its messages are sent when their lease is over, or wait for the person's next contact.
            self._background.leave(turn)
            _log.warning("passive_reply_late", channel=inbound.channel)
            return web.Response(text=_NOTHING)
        content, carried = self._door.reply(inbound, turn.result().messages)
        if not content:
            return web.Response(text=_NOTHING)
        return await self._hand_over(request, content, carried)

    async def _hand_over(self, request: web.Request, content: bytes, carried: Sequence[int]) -> web.Response:
        """Writes the response, then notes it: a message that never left comes back when its lease ends."""
        response = web.Response(body=content, content_type="application/xml", charset="utf-8")
        try:
            await response.prepare(request)
            await response.write_eof()
        except ConnectionError:
            return response
        self._background.leave(self._background.spawn(self._turns.delivered(carried)))
        return response


def _refusal(refused: RefusedRequest) -> Refusal:
    codes = {413: "too_large", 403: "unsigned"}
    return Refusal(refused.status, codes.get(refused.status, "malformed"))
