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
from bot.channels.telegram.request import AiohttpRequest
from bot.messages import IncomingFile, OutgoingFile

# What the Bot API lets bots download. A larger file is refused by a sentence, of which this is a part.
MOST_BYTES = 20 * 1024 * 1024
_TOO_BIG = "file is too big"
_MAKING_SECONDS = 10.0  # half of what a send may take, so that the upload has the other

_log = structlog.get_logger(__name__)


class NoContent(Exception):
    """A file to be sent is not in the store any more."""


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
            raise NotFetched("too_large_here", limit="20 MB")
        try:
            found = await self._call("getFile", file_id=file.handle)
            path = found.get("file_path") if isinstance(found, dict) else None
            if not isinstance(path, str) or not path:
                raise NotFetched("gone")
            async for chunk in self._request.download(f"{self._address}/{quote(path)}"):
                yield chunk
        except BadRequest as error:
            if _TOO_BIG in error.message.casefold():
                raise NotFetched("too_large_here", limit="20 MB") from None
            raise NotFetched("gone") from None
        except TelegramError as error:
            _log.warning("telegram_file_not_fetched", error=type(error).__name__)
            raise NotFetched("unreachable") from None

    async def send(self, chat: str, file: OutgoingFile) -> Any:
        """Uploads a file, read as it is sent: the result of sendDocument.

        Raises TelegramError, and before anything is sent NoContent and NotReady.
        """
        with (await self._path(file)).open("rb") as content:
            document = InputFile(content, filename=file.name, read_file_handle=False)
            return await self._call("sendDocument", chat_id=chat, document=document)

    async def _path(self, file: OutgoingFile) -> Path:
        """Where the content is. Some is made only now: what takes too long goes on, and the next try finds it made."""
        if self._contents is None:
            raise NoContent(file.key)
        try:
            async with asyncio.timeout(_MAKING_SECONDS):
                return await asyncio.to_thread(self._contents.path, file.key)
        except LookupError:
            raise NoContent(file.key) from None
        except Exception as error:  # noqa: BLE001 - whatever making it raises, the next try may succeed
            _log.error("telegram_file_not_ready", error=type(error).__name__)
            raise NotReady(type(error).__name__) from None
