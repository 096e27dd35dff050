"""Temporary media: the pictures and videos that people send, kept by the platform for three days."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import orjson
import structlog

from bot.channels.base import NotFetched
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.outcomes import TOKEN_REJECTED

TIMEOUT = aiohttp.ClientTimeout(total=300, sock_connect=5, sock_read=30)
_GONE = frozenset({40007})
_NO_RIGHT = frozenset({48001, 48004, 50002})
_WORDS = ("application/json", "text/")
_MOST_WORDS = 64 * 1024
_OK = 200

_log = structlog.get_logger(__name__)


class WeChatMedia:
    """Fetches media by their id.

    The platform says what is wrong in JSON with status 200, and gives the address of a video in the same way.
    """

    def __init__(self, api: WeChatApi, *, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        self._api = api
        self._timeout = timeout

    async def fetch(self, media_id: str) -> AsyncIterator[bytes]:
        """The bytes of a picture or video. Raises NotFetched."""
        try:
            async for chunk in self._fetch(media_id):
                yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            # The error's own text may show the token.
            _log.warning("wechat_media_not_fetched", error=type(error).__name__)
            raise NotFetched("unreachable") from None

    async def _fetch(self, media_id: str) -> AsyncIterator[bytes]:
        rejected = ""
        while True:
            token = await self._api.access_token(rejected=rejected) if rejected else await self._api.access_token()
            if not isinstance(token, str):
                raise NotFetched("unreachable")
            query = {"access_token": token, "media_id": media_id}
            address = self._api.address("/cgi-bin/media/get")
            async with self._api.session().get(
                address, params=query, timeout=self._timeout, allow_redirects=False
            ) as response:
                words = await _words(response)
                if words is None:
                    async for chunk in response.content.iter_any():
                        yield chunk
                    return
            if words.get("errcode") in TOKEN_REJECTED and not rejected:
                rejected = token
                continue
            async for chunk in self._video(_video_url(words)):
                yield chunk
            return

    async def _video(self, url: str) -> AsyncIterator[bytes]:
        async with self._api.session().get(url, timeout=self._timeout, max_redirects=3) as response:
            if response.status != _OK:
                raise NotFetched("unreachable")
            async for chunk in response.content.iter_any():
                yield chunk


async def _words(response: aiohttp.ClientResponse) -> Mapping[str, Any] | None:
    """What the platform says instead of the content; None where it gives the content. Raises NotFetched."""
    if response.status != _OK:
        raise NotFetched("unreachable")
    if not response.content_type.startswith(_WORDS):
        return None
    found = orjson.loads(await response.content.read(_MOST_WORDS))
    if not isinstance(found, dict):
        raise NotFetched("unreachable")
    return found


def _video_url(words: Mapping[str, Any]) -> str:
    """The address of a video. Raises NotFetched where the platform refuses."""
    errcode, url = words.get("errcode"), words.get("video_url")
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        return url
    _log.warning("wechat_media_refused", errcode=errcode if isinstance(errcode, int) else None)
    if errcode in _GONE:
        raise NotFetched("gone")
    raise NotFetched("not_here" if errcode in _NO_RIGHT else "unreachable")
