"""The chat page's files: what the visitor sends, as a stream, and what Laurel gives out under signed addresses."""

from collections.abc import AsyncIterator
from typing import Any, Protocol
from urllib.parse import quote, unquote

import orjson
from aiohttp import web

from bot.channels.base import Interrupted
from bot.links import Expired, Invalid
from bot.messages import Inbound, IncomingFile, Kind
from bot.web.bodies import stream_body
from bot.web.failures import Refusal
from bot.web.ports import Edge

HEADER = "X-Laurel-File"
_NAME_CHARS = 1000
_PATIENCE = 5  # times the greatest file, of one that is too large
_INTERRUPTED = {"too_slow": 408, "cut": 400}


class Page(Protocol):
    """The chat page."""

    def admit(self, request: web.Request) -> str:
        """The visitor. Raises Refusal."""

    def visitor(self, request: web.Request) -> str:
        """The visitor, "" for nobody known."""

    def envelope(self, data: dict[str, Any], visitor: str) -> dict[str, Any]:
        """What an event of the page holds whatever it is. Raises Refusal."""

    async def answer(self, inbound: Inbound) -> web.Response:
        """Handles an event, and answers with the replies. Raises Refusal."""


class ChatFiles:
    """POST /chat/files and GET /files/{token}."""

    def __init__(self, edge: Edge, page: Page) -> None:
        self._edge = edge
        self._page = page

    def routes(self) -> list[web.RouteDef]:
        """The addresses."""
        return [web.post("/chat/files", self.send), web.get("/files/{token}", self.fetch)]

    async def send(self, request: web.Request) -> web.Response:
        """One file, once: its bytes as the body, and {id, name, shown, locale} as percent-encoded JSON in a header.

        Answers with the replies, as what is said does. A connection that breaks off leaves nothing: the page sends the
        file again under the same id.
        """
        visitor = self._page.admit(request)
        if request.content_type != "application/octet-stream":
            raise Refusal(415, "malformed")
        data = _read_header(request)
        chunks = stream_body(request)
        with self._edge.webchat.upload(chunks) as handle:
            file = IncomingFile(handle, data["name"], size=request.content_length)
            inbound = Inbound(kind=Kind.FILE, files=(file,), **self._page.envelope(data, visitor))
            try:
                response = await self._page.answer(inbound)
                await _discard(chunks, _PATIENCE * self._edge.chat_upload_bytes)
            except Interrupted as error:
                raise Refusal(_INTERRUPTED[str(error)], str(error)) from None
        return response

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """A file of a message, to be saved."""
        links = self._edge.downloads
        visitor = self._page.visitor(request)
        found = await links.open(request.match_info["token"], visitor) if links else Invalid()
        if isinstance(found, Invalid):
            raise Refusal(404, "not_found")
        if isinstance(found, Expired):
            raise Refusal(410, "link_expired")
        response = web.FileResponse(found.path)
        response.content_type = found.media_type
        # Whatever the file is, no browser is to run it under our address.
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _read_header(request: web.Request) -> dict[str, Any]:
    try:
        data = orjson.loads(unquote(request.headers.get(HEADER, ""), errors="strict"))
    except ValueError:
        raise Refusal(400, "malformed") from None
    if not isinstance(data, dict) or not isinstance(data.get("name"), str) or len(data["name"]) > _NAME_CHARS:
        raise Refusal(400, "malformed")
    return data


async def _discard(chunks: AsyncIterator[bytes], most: int) -> None:
    """Reads what nobody wanted to its end: a browser that is still sending does not see an answer."""
    come = 0
    async for chunk in chunks:
        come += len(chunk)
        if come > most:
            return
