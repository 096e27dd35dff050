"""The few calls of WeChat's API that Laurel makes, with time-outs, one access token and every failure as a value."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import orjson

from bot.channels.base import Later, Misconfigured, Outcome, Unknown
from bot.channels.wechat.outcomes import TOKEN_REJECTED, outcome_of, token_outcome_of

TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5, sock_read=8)
_EARLY = timedelta(minutes=5)
_DAY = 86_400
_PAUSE = 10.0  # seconds before the next try when the platform is not reached or broken
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer of the API. It says errcode 0, or in answers with content nothing, where all went well."""

    errcode: int | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    """An access token, and from when on it is fetched anew."""

    value: str
    refresh_at: datetime


_NO_TOKEN = _Token("", datetime.min.replace(tzinfo=UTC))


class WeChatApi:
    """Calls the API for one account. It logs and raises nothing, and what it returns shows neither secret nor token."""

    def __init__(
        self,
        app_id: str,
        secret: str,
        api_base: str,
        clock: Callable[[], datetime],
        *,
        session: aiohttp.ClientSession | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._account = {"grant_type": "client_credential", "appid": app_id, "secret": secret}
        self._base = api_base.rstrip("/")
        self._clock = clock
        self._session = session
        self._timeout = timeout
        self._token = _NO_TOKEN
        self._fetching = asyncio.Lock()

    async def send_custom_message(self, body: Mapping[str, Any]) -> Outcome:
        """Sends a customer-service message, and once more with a fresh token where the old one is no longer taken."""
        token = await self.access_token()
        if not isinstance(token, str):
            return token
        answer = await self._send(token, body)
        if isinstance(answer, _Answer) and answer.errcode in TOKEN_REJECTED:
            token = await self.access_token(rejected=token)
            if not isinstance(token, str):
                return token
            answer = await self._send(token, body)
        if not isinstance(answer, _Answer):
            return answer
        return Unknown("no errcode") if answer.errcode is None else outcome_of(answer.errcode, self._clock())

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()

    def address(self, path: str) -> str:
        """The whole address of a call."""
        return self._base + path

    async def _send(self, token: str, body: Mapping[str, Any]) -> "_Answer | Outcome":
        return await self._post("/cgi-bin/message/custom/send", body, access_token=token)

    async def access_token(self, rejected: str = "") -> str | Later | Misconfigured:
        """The token, fetched when there is none, when it ends in five minutes, or when the one we have was rejected.

        Whoever comes while another fetches waits for that fetch. It never forces a new token: that has a quota of 20 a
        day and ends the token of every other process.
        """
        async with self._fetching:
            if self._token.value != rejected and self._clock() < self._token.refresh_at:
                return self._token.value
            answer = await self._post("/cgi-bin/stable_token", self._account)
            if isinstance(answer, Later | Misconfigured):
                return answer
            if not isinstance(answer, _Answer):
                return Later(_PAUSE, "channel", "access token: no answer")
            return self._keep(answer)

    def _keep(self, answer: _Answer) -> str | Later | Misconfigured:
        value, seconds = answer.values.get("access_token"), answer.values.get("expires_in")
        if answer.errcode:
            return token_outcome_of(answer.errcode, self._clock())
        if not isinstance(value, str) or not value or not isinstance(seconds, int):
            return Later(_PAUSE, "channel", "access token: an answer without one")
        self._token = _Token(value, self._clock() + timedelta(seconds=min(seconds, _DAY)) - _EARLY)
        return value

    async def _post(
        self, path: str, body: Mapping[str, Any], **query: str
    ) -> "_Answer | Later | Misconfigured | Unknown":
        try:
            async with self.session().post(
                self._base + path,
                params=query,
                data=orjson.dumps(body),
                headers={"Content-Type": "application/json"},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                return _read(response.status, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, RuntimeError) as error:
            return Later(_PAUSE, "channel", type(error).__name__)  # it never left; RuntimeError: we are closing
        except aiohttp.InvalidURL:
            return Misconfigured("the API's address is no URL")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Unknown(type(error).__name__)  # it may have arrived; the error's own text may show the token

    def session(self) -> aiohttp.ClientSession:
        """The connections, for a running loop."""
        if self._session is None:  # not before: a session belongs to a running loop
            self._session = aiohttp.ClientSession()
        return self._session


def _read(status: int, body: bytes) -> _Answer | Later | Misconfigured | Unknown:
    """An answer by its content, whatever its type claims to be: errors come as JSON with 200, and pages too."""
    if status >= 500 or status == _TOO_MANY_REQUESTS:
        return Later(_PAUSE, "channel", f"HTTP {status}")
    if status >= 300:
        return Misconfigured(f"HTTP {status}: is the API's address right?")
    try:
        values = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Unknown("no JSON")
    if not isinstance(values, dict) or not isinstance(values.get("errcode"), int | None):
        return Unknown("no answer of the API")
    return _Answer(values.get("errcode"), values)
