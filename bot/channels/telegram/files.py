"""Files over the Bot API: fetched by their id, and uploaded as documents."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import structlog
from telegram import InputFile
from telegram.error import BadRequest, TelegramError

from bot.channels.base import Contents, NotFetched
from bot.channels.telegram.request import AiohttpRequest, TooLarge
from bot.messages import IncomingFile, OutgoingFile
from bot.sizes import upper_size

# What the Bot API lets bots download. A larger file is refused by a sentence, of which this is a part.
MOST_BYTES = 20 * 1024 * 1024
_TOO_BIG = "file is too big"
# What bots may send, less what the request needs beside it; and what arrives within a send's time on most lines.
MOST_SENT = 49 * 1000 * 1000
_MOST_AT_EASE = 20 * 1000 * 1000
_MAKING_SECONDS = 10.0  # half of what a send may take, so that the upload has the other

_log = structlog.get_logger(__name__)


class NoContent(Exception):
    """A file to be sent is not in the store any more."""


class TooHeavy(Exception):
    """A file to be sent is larger than Telegram takes, and nothing is to be said instead."""


class NotReady(Exception):
    """A file to be sent is still being made, or cannot be made now."""


class Call(Protocol):
    """Calls a method of the Bot API and returns its result. Raises TelegramError."""

    async def __call__(self, method: str, **parameters: Any) -> Any:
        """One call."""


class TelegramFiles:
    """The files of one bot. `address` is where they are downloaded from: it holds the token, and is shown nowhere."""

    def __init__(self, call: Call, request: AiohttpRequest, address: str, contents: Contents | None) -> None:
        self._call = call
        self._request = request
        self._address = address
        self._contents = contents

    async def fetch(self, file: IncomingFile) -> AsyncIterator[bytes]:
        """The bytes of a file. Raises NotFetched."""
        if file.size is not None and file.size > MOST_BYTES:
            raise NotFetched("too_large_here", limit=upper_size(MOST_BYTES), most=MOST_BYTES)
        try:
            found = await self._call("getFile", file_id=file.handle)
            path = found.get("file_path") if isinstance(found, dict) else None
            if not isinstance(path, str) or not path:
                raise NotFetched("gone")
            async for chunk in self._request.download(f"{self._address}/{quote(path)}"):
                yield chunk
        except BadRequest as error:
            if _TOO_BIG in error.message.casefold():
                raise NotFetched("too_large_here", limit=upper_size(MOST_BYTES), most=MOST_BYTES) from None
            raise NotFetched("gone") from None
        except TelegramError as error:
            _log.warning("telegram_file_not_fetched", error=type(error).__name__)
            raise NotFetched("unreachable") from None

    async def send(self, chat: str, file: OutgoingFile) -> Any:
        """Uploads a file, read as it is sent, or says what is to be said instead of one too large: the call's result.

        Raises TelegramError, and before anything is sent NoContent, NotReady and TooHeavy.
        """
        path = await self._path(file)
        size = path.stat().st_size
        if size > MOST_SENT or (size > _MOST_AT_EASE and file.linked):
            return await self._say_instead(chat, file)
        try:
            with path.open("rb") as content:
                document = InputFile(content, filename=file.name, read_file_handle=False)
                return await self._call("sendDocument", chat_id=chat, document=document)
        except TooLarge:  # a proxy on the way, or a server of one's own, may take less
            return await self._say_instead(chat, file)

    async def _say_instead(self, chat: str, file: OutgoingFile) -> Any:
        if not file.instead:
            raise TooHeavy(file.key)
        preview = {"is_disabled": True}
        return await self._call("sendMessage", chat_id=chat, text=file.instead, link_preview_options=preview)

    async def _path(self, file: OutgoingFile) -> Path:
        """Where the content is. Some is made only now: what takes too long goes on, and the next try finds it made."""
        if self._contents is None:
            raise NoContent(file.key)
        try:
            async with asyncio.timeout(_MAKING_SECONDS):
                return await self._contents.fetch(file.key)
        except LookupError:
            raise NoContent(file.key) from None
        except Exception as error:  # noqa: BLE001 - whatever making it raises, the next try may succeed
            _log.error("telegram_file_not_ready", error=type(error).__name__)
            raise NotReady(type(error).__name__) from None
