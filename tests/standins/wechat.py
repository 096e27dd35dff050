"""A stand-in of WeChat's Official Accounts platform, as honest as its documentation: it pushes what users send to a
running server, shows them what comes back, and is the API that the server calls.

    standin = WeChatStandin(token="…", aes_key="…", secret="…")
    api_base = standin.start()          # for LAUREL_WECHAT_API_BASE
    standin.target = "http://127.0.0.1:8080"
    reply = standin.user("oAnna").send("什么时候截止")
"""

import asyncio
import io
import itertools
import secrets
import threading
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
from aiohttp import web

from tests.standins.wechat_api import (
    MEDIA_LIFE,
    MENU_GRANT,
    MESSAGE_GRANT,
    Account,
    Failure,
    Media,
    WeChatApiServer,
)
from tests.standins.wechat_forge import Forge
from tests.standins.wechat_wire import Request, Wire, document

__all__ = ["Failure", "NoAnswerError", "Request", "User", "WeChatStandin"]

T = TypeVar("T")
ANSWER_SECONDS = 5.0
TRIES = 3
TOKEN = "a-token-of-tests"
SECRET = "a-secret-of-tests"
APP_ID = "wx0000000000000001"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


class NoAnswerError(AssertionError):
    """Three tries brought no answer: the user is shown 该公众号提供的服务出现故障，请稍后再试."""


class User:
    """Somebody who follows the account. Texts they see are in `seen`, those of them that came by push in `pushed`."""

    def __init__(self, standin: "WeChatStandin", openid: str) -> None:
        self.openid = openid
        self._standin = standin
        self._account = standin.api.accounts.setdefault(openid, Account(following=True))

    def send(self, text: str) -> str | None:
        """Sends a text: the passive reply's text, or None for "success"."""
        return self.send_message("text", Content=text)

    def send_image(self, content: bytes = b"", kind: str = "image/jpeg") -> str | None:
        """Sends a picture."""
        address = "http://mmbiz.qpic.cn/mmbiz_jpg/0"
        return self.send_message("image", PicUrl=address, MediaId=self._standin.keep(content, kind))

    def send_video(self, content: bytes) -> str | None:
        """Sends a video."""
        handle = self._standin.keep(content, "video/mp4")
        return self.send_message("video", MediaId=handle, ThumbMediaId=secrets.token_urlsafe(32))

    def send_voice(self) -> str | None:
        """Sends a voice message."""
        return self.send_message("voice", MediaId=secrets.token_urlsafe(32), Format="amr")

    def send_location(self) -> str | None:
        """Sends a place."""
        return self.send_message("location", Location_X="23.13", Location_Y="113.36", Scale="20", Label="here")

    def send_message(self, kind: str, **fields: str) -> str | None:
        """Sends a message of any kind."""
        return self._push(self._message(kind, fields), MESSAGE_GRANT)

    def send_three_times_at_once(self, text: str) -> list[str | None]:
        """The platform's repeats of one message, all at the same moment: the passive reply of each. One is shown."""
        xml = self._message("text", {"Content": text})
        self._account.grant(MESSAGE_GRANT, self._standin.api.now())
        request = self._standin.request(xml)
        bodies = self._standin.run(_gather(*(self._standin.push(request) for _ in range(TRIES))))
        return [self._show(bodies[0]), *(self._standin.wire.read_reply(body, self.openid) for body in bodies[1:])]

    def follow(self, scene: str = "") -> str | None:
        """Follows the account, by the code of a scene or without."""
        self._account.following = True
        key = {"EventKey": f"qrscene_{scene}", "Ticket": "ticket"} if scene else {"EventKey": ""}
        return self._push(self._event("subscribe", key), MENU_GRANT)

    def scan(self, scene: str) -> str | None:
        """Scans a code when following already."""
        return self._push(self._event("SCAN", {"EventKey": scene, "Ticket": "ticket"}), MENU_GRANT)

    def click(self, key: str) -> str | None:
        """Taps an entry of the account's menu."""
        return self._push(self._event("CLICK", {"EventKey": key}), MENU_GRANT)

    def unfollow(self) -> None:
        """Stops following: what the server answers reaches nobody."""
        xml = self._event("unsubscribe", {"EventKey": ""})
        self._account.following = False
        self._standin.run(self._standin.push(self._standin.request(xml)))

    @property
    def pushed(self) -> list[str]:
        """The texts that came by push, oldest first."""
        return list(self._account.pushed)

    @property
    def seen(self) -> list[str]:
        """All texts that the user saw, oldest first."""
        return list(self._account.seen)

    def wait_for_pushes(self, count: int, seconds: float = 10.0) -> list[str]:
        """Waits until so many texts have been pushed."""
        with self._standin.api.changed:
            arrived = self._standin.api.changed.wait_for(lambda: len(self._account.pushed) >= count, seconds)
        assert arrived, f"{len(self._account.pushed)} of {count} pushes came"
        return self.pushed

    def _message(self, kind: str, fields: Mapping[str, str]) -> str:
        return self._standin.xml(self.openid, {"MsgType": kind, **fields, "MsgId": self._standin.new_id()})

    def _event(self, event: str, fields: Mapping[str, str]) -> str:
        return self._standin.xml(self.openid, {"MsgType": "event", "Event": event, **fields})

    def _push(self, xml: str, grant: tuple[timedelta, int]) -> str | None:
        assert self._account.following, "only followers can write"
        self._account.grant(grant, self._standin.api.now())
        return self._show(self._standin.run(self._standin.push(self._standin.request(xml))))

    def _show(self, body: str) -> str | None:
        text = self._standin.wire.read_reply(body, self.openid)
        if text is not None:
            self._account.seen.append(text)
        return text


class WeChatStandin:
    """The platform for one account; its methods are for tests' own threads, its work is done in a thread with a loop.

    `scale` shortens the 5 seconds in which the platform wants an answer. `clock` is the time of messages and
    signatures; `advance` moves only what the platform remembers: windows and tokens.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        app_id: str = APP_ID,
        aes_key: str = "",
        secret: str = SECRET,
        scale: float = 1.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.wire = Wire(token, app_id, aes_key)
        self.api = WeChatApiServer(app_id, secret, lambda: clock() + self._ahead)
        self.forge = Forge(self)
        self.target = ""
        self.api_base = ""
        self.last: Request | None = None
        self._clock = clock
        self._ahead = timedelta()
        self._answer_seconds = ANSWER_SECONDS * scale
        self._ids = itertools.count(secrets.randbits(53))

    def start(self, target: str = "") -> str:
        """Starts the API server: its address. `target` is the address of the server to push to, now or later."""
        self.target = target or self.target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wechat-standin", daemon=True)
        self._thread.start()
        self.api_base = self.run(self._open())
        return self.api_base

    def stop(self) -> None:
        """Ends the API server, the connections and the thread."""
        self.run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def user(self, openid: str) -> User:
        """A user of the platform, who follows the account until `unfollow`."""
        return User(self, openid)

    def advance(self, *, hours: float = 0, minutes: float = 0) -> None:
        """Lets time pass for windows and tokens."""
        self._ahead += timedelta(hours=hours, minutes=minutes)

    def keep(self, content: bytes, kind: str) -> str:
        """Keeps what a user sends for three days: its media id."""
        handle = secrets.token_urlsafe(32)
        self.api.media[handle] = Media(content, kind, self.api.now() + MEDIA_LIFE)
        return handle

    def fail(self, call: str, failure: Failure, times: int = 1) -> None:
        """Lets the next calls of "send", "media" or "stable_token" fail."""
        self.api.failures[call].extend([failure] * times)

    def post_raw(self, query: Mapping[str, str], body: bytes) -> tuple[int, str]:
        """Posts anything once: status and body of the answer."""
        return self.run(self._post(Request(dict(query), body), 30.0))

    def check_address(self, echo: str = "5837479310267492104") -> tuple[int, str]:
        """What the platform does when the server's address is entered: status and body of the answer."""
        return self.get_raw(self.wire.echo(echo, self.stamp()))

    def get_raw(self, query: Mapping[str, str]) -> tuple[int, str]:
        """Asks the server's address with any query: status and body of the answer."""
        return self.run(self._get(dict(query)))

    def xml(self, openid: str, fields: Mapping[str, str | int]) -> str:
        """A message or event of a user, now."""
        envelope: dict[str, str | int] = {
            "ToUserName": self.wire.account,
            "FromUserName": openid,
            "CreateTime": self.stamp(),
        }
        return document({**envelope, **fields})

    def request(self, xml: str) -> Request:
        """A genuine request with any content, signed now."""
        return self.wire.push(xml, self.stamp())

    def stamp(self) -> int:
        """The platform's time in seconds."""
        return int(self._clock().timestamp())

    def new_id(self) -> int:
        """A message id as never before."""
        return next(self._ids)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine in the platform's thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def push(self, request: Request) -> str:
        """Posts a request as the platform does, up to three times: the body of the answer."""
        self.last = request
        failures = []
        for _ in range(TRIES):
            try:
                status, body = await self._post(request, self._answer_seconds)
            except (aiohttp.ClientError, TimeoutError) as error:
                failures.append(type(error).__name__)
                continue
            if status == 200:
                return body
            failures.append(f"HTTP {status}")
        raise NoAnswerError(", ".join(failures))

    async def _post(self, request: Request, seconds: float) -> tuple[int, str]:
        timeout = aiohttp.ClientTimeout(total=seconds)
        headers = {"Content-Type": "text/xml"}
        address = f"{self.target}/wechat"
        async with self._session.post(
            address, params=request.query, data=io.BytesIO(request.body), headers=headers, timeout=timeout
        ) as response:
            return response.status, await response.text()

    async def _get(self, query: dict[str, str]) -> tuple[int, str]:
        async with self._session.get(f"{self.target}/wechat", params=query) as response:
            return response.status, await response.text()

    async def _open(self) -> str:
        self._session = aiohttp.ClientSession()
        self._runner = web.AppRunner(self.api.application(), shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def _close(self) -> None:
        await self._session.close()
        await self._runner.cleanup()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _gather(*works: Coroutine[Any, Any, T]) -> list[T]:
    return list(await asyncio.gather(*works))
