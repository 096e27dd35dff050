"""The chat page: the page itself, what the visitor says, and what Laurel says meanwhile."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.channels.text import clean
from bot.channels.webchat import NAME, Crowded
from bot.messages import Inbound, Kind, Outgoing
from bot.render import LOCALES
from bot.web.bodies import CHAT_BYTES, read_object
from bot.web.chat_files import ChatFiles
from bot.web.failures import Refusal
from bot.web.languages import choose_locale
from bot.web.origins import from_our_page
from bot.web.pages import Pages
from bot.web.ports import Edge
from bot.web.visitors import Visitors

POLL_SECONDS = 25
_RECHECK_SECONDS = 5.0  # another process may have sent it: this one hears nothing and has to look
_AT_ONCE = 4
_MOST_INT = 2**53
_TOKEN_BYTES = 64
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KINDS = {"text": Kind.TEXT, "pressed": Kind.PRESS, "start": Kind.START}


class ChatPage:
    """Serves the page and its two addresses."""

    def __init__(self, edge: Edge, pages: Pages) -> None:
        self._edge = edge
        self._pages = pages
        self._visitors = Visitors(edge.secret, secure=edge.public_url.startswith("https://"))
        self._busy: Counter[str] = Counter()

    def routes(self) -> list[web.RouteDef]:
        """The page's addresses."""
        return [
            web.get("/", self.page),
            web.get("/chat/messages", self.listen, allow_head=False),
            web.post("/chat/messages", self.say),
            *ChatFiles(self._edge, self).routes(),
        ]

    def envelope(self, data: dict[str, Any], visitor: str) -> dict[str, Any]:
        """What an event of the page holds whatever it is. Raises Refusal(400)."""
        return read_envelope(data, visitor)

    def visitor(self, request: web.Request) -> str:
        """Who asks, where they are known; else ""."""
        return self._visitors.known(request) or ""

    async def page(self, request: web.Request) -> web.Response:
        """The page; a new visitor becomes known here."""
        visitor = self._visitors.known(request) or self._visitors.new()
        most = self._edge.chat_upload_bytes
        response = self._pages.chat(locale=choose_locale(request), mark=self._visitors.mark(visitor), most=most)
        self._visitors.remember(response, visitor)
        return response

    async def say(self, request: web.Request) -> web.Response:
        """One event, once, as JSON {id, text | pressed | start, shown, locale}. Answers with the replies."""
        visitor = self.admit(request)
        if request.content_type != "application/json":
            raise Refusal(415, "not_json")
        return await self.answer(read_event(await read_object(request, CHAT_BYTES), visitor))

    async def answer(self, inbound: Inbound) -> web.Response:
        """Handles an event of a visitor, and answers with the replies. Raises Refusal for one too many at once."""
        visitor = inbound.sender
        if self._busy[visitor] >= _AT_ONCE:
            raise Refusal(429, "too_many")
        self._busy[visitor] += 1
        try:
            handled = await self._edge.turns.handle(inbound)
        finally:
            self._busy[visitor] -= 1
            if not self._busy[visitor]:
                del self._busy[visitor]
        return self._messages(handled.messages, visitor, reference=handled.reference)

    async def listen(self, request: web.Request) -> web.Response:
        """The messages sent after the given sequence; waits for one as long as `wait` seconds allow."""
        visitor = self.admit(request)
        after = _number(request.query.get("after", "0"), most=_MOST_INT)
        seconds = _number(request.query.get("wait", str(POLL_SECONDS)), most=POLL_SECONDS)
        return self._messages(await self._fresh(visitor, after, seconds), visitor)

    async def _fresh(self, visitor: str, after: int, seconds: float) -> list[Outgoing]:
        channel = self._edge.webchat
        try:
            listener = channel.listen(visitor)
        except Crowded:
            raise Refusal(429, "too_many") from None
        try:
            while True:
                stored = await self._edge.mailbox.after(NAME, visitor, after)
                if stored or channel.closed or seconds <= 0:
                    return stored
                await listener.wait(min(seconds, _RECHECK_SECONDS))
                seconds -= _RECHECK_SECONDS
        finally:
            channel.leave(visitor, listener)

    def admit(self, request: web.Request) -> str:
        """The visitor. Raises Refusal for a page of somebody else's and for a cookie that is not ours."""
        if not from_our_page(request, self._edge.public_url):
            raise Refusal(403, "cross_origin")
        visitor = self._visitors.known(request)
        if visitor is None:
            raise Refusal(401, "no_visitor")
        return visitor

    def _messages(self, messages: Iterable[Outgoing], visitor: str, **more: object) -> web.Response:
        shown = [{**_plain(message), "files": self._files(message, visitor)} for message in messages]
        return web.json_response({"messages": shown, **more}, headers={"Cache-Control": "no-store"})

    def _files(self, message: Outgoing, visitor: str) -> list[dict[str, str]]:
        """The files of a message, under addresses that lead this visitor to them and nobody else."""
        links = self._edge.downloads
        return [{"name": file.name, "url": links.address(file, visitor)} for file in message.files] if links else []


def read_event(data: dict[str, Any], visitor: str) -> Inbound:
    """What the page sent, as an event. Raises Refusal(400) for anything the page would not send."""
    given = [name for name in _KINDS if name in data]
    if len(given) != 1 or not isinstance(data[given[0]], str):
        raise Refusal(400, "malformed")
    name, value = given[0], str(data[given[0]])
    if name == "pressed" and len(value.encode()) > _TOKEN_BYTES:
        raise Refusal(400, "malformed")
    return Inbound(
        kind=_KINDS[name],
        text=clean(value) if name == "text" else "",
        pressed=value if name == "pressed" else "",
        payload=value if name == "start" and _PAYLOAD.fullmatch(value) else "",
        **read_envelope(data, visitor),
    )


def read_envelope(data: dict[str, Any], visitor: str) -> dict[str, Any]:
    """What an Inbound of the page holds whatever it is: who says it, and {id, shown, locale}. Raises Refusal(400)."""
    return {
        "channel": NAME,
        "event": _event(visitor, data.get("id")),
        "chat": visitor,
        "sender": visitor,
        "locale": data["locale"] if data.get("locale") in LOCALES else None,
        "shown": _shown(data.get("shown")),
    }


def _event(visitor: str, value: object) -> str:
    """The event's id: the visitor's own, so that nobody meets another's stored reply, and telling nobody who it is."""
    if isinstance(value, str) and _UUID.fullmatch(value):
        return hashlib.sha256(f"{visitor}:{value.lower()}".encode()).hexdigest()
    raise Refusal(400, "malformed")


def _shown(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST_INT:
        raise Refusal(400, "malformed")
    return value


def _number(text: str, *, most: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > len(str(_MOST_INT)):
        raise Refusal(400, "malformed")
    return min(int(text), most)


def _plain(message: Outgoing) -> dict[str, object]:
    choices = [
        {"token": choice.value, "label": choice.label, "quiet": not choice.numbered} for choice in message.choices
    ]
    return {
        "id": message.id,
        "sequence": message.sequence,
        "text": message.text,
        "choices": choices,
        "prompt": message.prompt,
        "kind": message.kind,
    }
