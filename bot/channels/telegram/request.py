"""PTB's requests over aiohttp: a third of httpx's cost, and failures that say whether anything was sent."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import orjson
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

_CONNECT, _READ, _WRITE = 5.0, 15.0, 20.0
_DOWNLOAD, _STALLED = 300.0, 30.0
_OK, _REDIRECT, _TOO_LARGE, _TOO_MANY, _SERVER_ERROR = 200, 300, 413, 429, 500
_DEFAULT_FLOOD_WAIT = 5.0
_HTTP_PROXIES = ("http://", "https://")
# The request never left: python-socks and aiohttp say so by these.
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    ProxyConnectionError,
    ProxyError,
    ProxyTimeoutError,
)


class NotSent(NetworkError):
    """No connection: the request never left this machine."""


class ServerTrouble(NetworkError):
    """The Bot API answered 5xx, or something that stands before it answered in its place: a proxy, a log-in page."""


class TooLarge(NetworkError):
    """The Bot API answered 413."""


class Flooded(NetworkError):
    """The Bot API answered 429: wait `seconds`. PTB's own RetryAfter warns of a deprecation whenever it is made."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Too Many Requests")
        self.seconds = seconds


class MalformedReply(TelegramError):
    """An answer that is no JSON object, such as a page of a proxy: nobody knows what became of the request."""


class AiohttpRequest(BaseRequest):
    """One aiohttp session for all calls of a bot. Ignores the proxy variables of the environment.

    Raises NotSent and Flooded, ServerTrouble, TooLarge beside the errors of PTB; TimedOut and plain NetworkError mean
    that the request may have been carried out. No message of these holds the address, which contains the token.

    Args:
        proxy: http://, https://, socks4://, socks5:// or socks5h:// address, with credentials if need be; "" for none.
        connect_timeout: Seconds until a connection stands.
        read_timeout: Seconds without a byte of the answer.
    """

    __slots__ = ("_connect_timeout", "_proxy", "_read_timeout", "_session")

    def __init__(self, *, proxy: str = "", connect_timeout: float = _CONNECT, read_timeout: float = _READ) -> None:
        self._proxy = proxy
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds without a byte of the answer, unless a call says otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Opens the session, if it is not open."""
        self._open()

    async def shutdown(self) -> None:
        """Closes the session. A later request opens a new one."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - there is no pool that could be full
    ) -> tuple[int, bytes]:
        """One request. Returns the status and the body; raises the errors of the class."""
        read = _or_default(read_timeout, self._read_timeout)
        connect = _or_default(connect_timeout, self._connect_timeout)
        write = _or_default(write_timeout, _WRITE)
        total = None if None in (read, connect, write) else sum(filter(None, (read, connect, write)))
        limits = aiohttp.ClientTimeout(total=total, connect=connect, sock_connect=connect, sock_read=read)
        try:
            return await self._exchange(method, url, request_data, limits)
        except _NOT_SENT as error:
            raise NotSent(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    async def download(self, url: str) -> AsyncIterator[bytes]:
        """The body of an answer in chunks. Raises the errors of the class, and ServerTrouble for any other status."""
        limits = aiohttp.ClientTimeout(
            total=_DOWNLOAD, connect=self._connect_timeout, sock_connect=self._connect_timeout, sock_read=_STALLED
        )
        try:
            async with self._open().get(url, timeout=limits, allow_redirects=False) as response:
                _check_status(response.status, b"")
                if response.status != _OK:
                    raise ServerTrouble(f"HTTP {response.status}")
                async for chunk in response.content.iter_any():
                    yield chunk
        except _NOT_SENT as error:
            raise NotSent(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The JSON object of an answer. Raises MalformedReply for anything else."""
        try:
            parsed = orjson.loads(payload)
        except orjson.JSONDecodeError:
            parsed = _parse_leniently(payload)
        if not isinstance(parsed, dict):
            raise MalformedReply("no JSON object")
        return parsed

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # limit=0: whoever sends holds back by itself; a full pool here would only look like a slow Telegram.
            socks = self._proxy and not self._proxy.startswith(_HTTP_PROXIES)
            connector = _socks_connector(self._proxy) if socks else aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=None if socks else self._proxy or None,
                trust_env=False,
            )
        return self._session

    async def _exchange(
        self, method: str, url: str, data: RequestData | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        body, headers = _encode(data)
        session = self._open()
        async with session.request(
            method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
        ) as response:
            payload = await response.read()
        _check_status(response.status, payload)
        return response.status, payload


def _encode(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, Mapping[str, str]]:
    """The body: JSON, or multipart where files are uploaded."""
    if data is None or not data.parameters:
        return None, {}
    if not data.contains_files:
        return orjson.dumps(data.parameters), {"Content-Type": "application/json"}
    # Quoted, a name would arrive as %E7%94%B3…: the Bot API takes it as it stands, in UTF-8.
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)
    for name, (filename, content, media_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form, {}


def _check_status(status: int, payload: bytes) -> None:
    """Raises for what PTB would not tell apart; leaves the other statuses to it."""
    if status == _TOO_MANY:
        raise Flooded(_seconds_to_wait(payload))
    if status == _TOO_LARGE:
        raise TooLarge("Request Entity Too Large")
    # A proxy's 403 must not pass for "blocked by the user", nor its 404 for "no such bot".
    if status >= _SERVER_ERROR or (status >= _REDIRECT and not _from_api(payload)):
        raise ServerTrouble(f"HTTP {status}")


def _from_api(payload: bytes) -> bool:
    """Whether this is how the Bot API says no."""
    try:
        return orjson.loads(payload)["ok"] is False
    except (LookupError, TypeError, ValueError):
        return False


def _seconds_to_wait(payload: bytes) -> float:
    try:
        return max(float(orjson.loads(payload)["parameters"]["retry_after"]), 0.0)
    except (LookupError, TypeError, ValueError):
        return _DEFAULT_FLOOD_WAIT


def _parse_leniently(payload: bytes) -> object:
    """One lone surrogate in one message must not make a whole batch of updates unreadable."""
    try:
        return json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise MalformedReply("no JSON") from None


def _socks_connector(proxy: str) -> ProxyConnector:
    """Names are resolved by the proxy: where one is needed, the resolver at hand often lies."""
    return ProxyConnector.from_url(proxy.replace("socks5h://", "socks5://", 1), rdns=True, limit=0)


def _or_default(given: Any, default: float) -> float | None:
    """A time-out as the call gives it: seconds, None for none, or PTB's mark for "not given"."""
    return default if given is BaseRequest.DEFAULT_NONE else given
