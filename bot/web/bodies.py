"""Reading what a request carries, within limits of size and time, before anything is made of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from bot.channels.base import Interrupted
from bot.web.failures import Refusal

PUSH_BYTES = 64 * 1024  # of WeChat: parsing XML is dear
UPDATE_BYTES = 256 * 1024  # of Telegram: a long text that quotes another, all escaped, has over 64 KiB
CHAT_BYTES = 256 * 1024
_SECONDS = 15.0
_STALLED_SECONDS = 30.0


async def read_body(request: web.Request, limit: int) -> bytes:
    """The whole body, at most `limit` bytes. Raises Refusal for one that is larger, too slow, or cut."""
    if request.content_length is not None and request.content_length > limit:
        raise Refusal(413, "too_large")
    body = bytearray()
    try:
        async with asyncio.timeout(_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise Refusal(413, "too_large")
    except TimeoutError:
        raise Refusal(408, "too_slow") from None
    except web.RequestPayloadError:
        raise Refusal(400, "cut") from None
    return bytes(body)


async def stream_body(request: web.Request) -> AsyncIterator[bytes]:
    """The body in chunks, as they come; who reads slowly slows the sender down.

    Raises Interrupted where the connection ends before the body does, or nothing comes for a while.
    """
    come = 0
    while True:
        try:
            async with asyncio.timeout(_STALLED_SECONDS):
                chunk = await request.content.readany()
        except TimeoutError:
            raise Interrupted("too_slow") from None
        except (web.RequestPayloadError, aiohttp.ClientPayloadError, ConnectionError):
            raise Interrupted("cut") from None
        if not chunk:
            break
        come += len(chunk)
        yield chunk
    if request.content_length not in {None, come}:
        raise Interrupted("cut")


async def read_object(request: web.Request, limit: int) -> dict[str, Any]:
    """The body as a JSON object. Raises Refusal for anything else, whatever the content type says."""
    body = await read_body(request, limit)
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refusal(400, "not_json") from None
    if not isinstance(found, dict):
        raise Refusal(400, "not_json")
    return found
