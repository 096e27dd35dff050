"""The API of the WeChat stand-in: stable_token and customer-service messages, with their windows and refusals."""

import asyncio
import secrets
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.standins.wechat_wire import TEXT_BYTES

MESSAGE_GRANT = (timedelta(hours=48), 5)
MENU_GRANT = (timedelta(minutes=1), 3)  # after a follow, a scan or a tap on the menu
TOKEN_LIFE = timedelta(hours=2)
TOKEN_OVERLAP = timedelta(minutes=5)
MEDIA_LIFE = timedelta(days=3)


@dataclass(frozen=True)
class Failure:
    """What the next call gets instead of its answer. `hang`: no answer at all. `delivered`: it works all the same."""

    errcode: int | None = None
    status: int = 200
    page: str = ""
    hang: bool = False
    delivered: bool = False


@dataclass
class Grant:
    """So many pushes until then."""

    until: datetime
    left: int


@dataclass
class Account:
    """A user as the platform knows them."""

    following: bool = False
    grants: list[Grant] = field(default_factory=list)
    pushed: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def grant(self, rule: tuple[timedelta, int], now: datetime) -> None:
        life, pushes = rule
        self.grants = [grant for grant in self.grants if grant.until > now] + [Grant(now + life, pushes)]
        if rule == MESSAGE_GRANT:  # a message begins its window anew
            self.grants = self.grants[-1:]


@dataclass
class Media:
    """A picture or video that a user sent."""

    content: bytes
    kind: str
    until: datetime


@dataclass
class Token:
    """An access token of the account."""

    value: str
    ends: datetime


class WeChatApiServer:
    """Answers as api.weixin.qq.com does. `changed` guards and tells of what was pushed to anybody."""

    def __init__(self, app_id: str, secret: str, now: Callable[[], datetime]) -> None:
        self.now = now
        self.accounts: dict[str, Account] = {}
        self.failures: dict[str, deque[Failure]] = {"stable_token": deque(), "send": deque(), "media": deque()}
        self.media: dict[str, Media] = {}
        self.calls: Counter[str] = Counter()
        self.forced = 0
        self.changed = threading.Condition()
        self._app_id, self._secret = app_id, secret
        self._tokens: list[Token] = []

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/cgi-bin/stable_token", self._stable_token)
        app.router.add_post("/cgi-bin/message/custom/send", self._send)
        app.router.add_get("/cgi-bin/media/get", self._media)
        app.router.add_get("/video/{id}", self._video)
        return app

    def drop_tokens(self) -> None:
        """Ends all tokens at once, as a reset of the secret does."""
        self._tokens = []

    async def _stable_token(self, request: web.Request) -> web.Response:
        self.calls["stable_token"] += 1
        if (failed := await self._fail("stable_token")) is not None:
            return failed
        body = await request.json()
        if body.get("grant_type") != "client_credential":
            return _refuse(40002)
        if body.get("appid") != self._app_id:
            return _refuse(40013)
        if body.get("secret") != self._secret:
            return _refuse(40125)
        self.forced += bool(body.get("force_refresh"))
        token = self._current(force=bool(body.get("force_refresh")))
        left = int((token.ends - self.now()).total_seconds())
        return web.json_response({"access_token": token.value, "expires_in": left})

    def _current(self, *, force: bool) -> Token:
        now = self.now()
        self._tokens = [] if force else [token for token in self._tokens if token.ends > now]
        if not self._tokens or self._tokens[-1].ends - now <= TOKEN_OVERLAP:
            self._tokens.append(Token(secrets.token_hex(32), now + TOKEN_LIFE))
        return self._tokens[-1]

    async def _send(self, request: web.Request) -> web.Response:
        self.calls["send"] += 1
        failure = self.failures["send"][0] if self.failures["send"] else None
        if failure is not None and failure.delivered:
            await self._deliver(request)
        if (failed := await self._fail("send")) is not None:
            return failed
        return _refuse(await self._deliver(request))

    async def _media(self, request: web.Request) -> web.Response:
        """A temporary medium; what is wrong, and the address of a video, come as JSON with 200."""
        self.calls["media"] += 1
        if (failed := await self._fail("media")) is not None:
            return failed
        if not self._takes(request):
            return _refuse(40001)
        found = self.media.get(request.query.get("media_id", ""))
        if found is None or found.until <= self.now():
            return _refuse(40007)
        if found.kind.startswith("video/"):
            url = f"{request.scheme}://{request.host}/video/{request.query['media_id']}"
            return web.json_response({"video_url": url}, content_type="text/plain")
        return web.Response(body=found.content, content_type=found.kind)

    async def _video(self, request: web.Request) -> web.Response:
        return web.Response(body=self.media[request.match_info["id"]].content, content_type="video/mp4")

    def _takes(self, request: web.Request) -> bool:
        """Whether the request has a token that is not over."""
        given = request.query.get("access_token", "")
        return any(secrets.compare_digest(given, token.value) and token.ends > self.now() for token in self._tokens)

    async def _deliver(self, request: web.Request) -> int:
        """Delivers or refuses; the errcode."""
        if not self._takes(request):
            return 40001
        body: dict[str, Any] = await request.json()
        account = self.accounts.get(body.get("touser", ""))
        if account is None:
            return 40003
        if body.get("msgtype") != "text":
            return 40008
        content = body["text"]["content"]
        if not content:
            return 44004
        if len(content.encode()) > TEXT_BYTES:
            return 45002
        return self._push(account, content)

    def _push(self, account: Account, content: str) -> int:
        open_grants = [grant for grant in account.grants if grant.until > self.now()]
        if not account.following or not open_grants:
            return 45015
        usable = next((grant for grant in open_grants if grant.left), None)
        if usable is None:
            return 45047
        usable.left -= 1
        with self.changed:
            account.pushed.append(content)
            account.seen.append(content)
            self.changed.notify_all()
        return 0

    async def _fail(self, name: str) -> web.Response | None:
        if not self.failures[name]:
            return None
        failure = self.failures[name].popleft()
        if failure.hang:
            await asyncio.Event().wait()  # until the caller gives up, or the server is stopped
        if failure.errcode is not None:
            return _refuse(failure.errcode)
        return web.Response(text=failure.page, status=failure.status, content_type="text/html")


def _refuse(errcode: int) -> web.Response:
    message = "ok" if errcode == 0 else "refused, hints: [ req_id: 0000000 ]"
    # The platform sends its JSON with 200, and not always as application/json.
    return web.json_response({"errcode": errcode, "errmsg": message}, content_type="text/plain")
