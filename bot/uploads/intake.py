"""Takes a file in: a stream of chunks becomes content of the file store and an attachment, or a refusal.

Memory stays flat however large or slow the stream is, and whatever happens on the way leaves nothing behind.
"""

import asyncio
from collections.abc import AsyncIterable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.uploads.names import clean_name
from bot.uploads.refusals import Refusal, show_size
from storage.database import Storage
from storage.errors import StoreFull
from storage.files import FileStore, Upload
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.uploads.inspection import Inspected

Attachment = Mapping[str, Any]

_AT_ONCE = 2  # inspections: each may need a few hundred megabytes for a moment
_BATCH = 256 * 1024  # what is gathered before a thread writes it

log = structlog.get_logger()


class Intake:
    """Takes files in. `limit`, of a call or else of this intake, is the greatest size in bytes."""

    def __init__(self, store: FileStore, storage: Storage, clock: Callable[[], datetime], *, limit: int) -> None:
        self._store = store
        self._storage = storage
        self._clock = clock
        self._limit = limit
        self._inspecting = asyncio.Semaphore(_AT_ONCE)

    async def take_in(
        self,
        chunks: AsyncIterable[bytes],
        name: str,
        *,
        person_id: int,
        application_id: int | None = None,
        limit: int | None = None,
    ) -> Attachment | Refusal:
        """`receive`, and notes in a transaction of its own whose file it is."""
        found = await self.receive(chunks, name, limit=limit)
        if not isinstance(found, Refusal):
            now = self._clock()
            await self._storage.run(lambda uow: note_file(uow, person_id, found, now, application_id=application_id))
        return found

    async def receive(
        self, chunks: AsyncIterable[bytes], name: str, *, limit: int | None = None
    ) -> Attachment | Refusal:
        """The attachment {"key", "name", "kind", "size", "pages", "width", "height"}, its content kept in the store.

        Until `note_file` says whose it is, the content is swept away after an hour. What the stream raises goes through
        as it is, and nothing of the file is left.
        """
        try:
            upload = await asyncio.to_thread(self._store.open_upload)
        except StoreFull:
            return _full(name)
        try:
            return await self._receive(upload, chunks, name, self._limit if limit is None else limit)
        except StoreFull:
            return _full(name)
        finally:
            # Not in a thread: whoever is cancelled must not wait for one. What is committed is not touched.
            upload.abort()

    def path(self, key: str) -> Path:
        """The content of an attachment. Raises NoSuchFile."""
        return self._store.path(key)

    async def _receive(
        self, upload: Upload, chunks: AsyncIterable[bytes], name: str, limit: int
    ) -> Attachment | Refusal:
        gathered = bytearray()
        async for chunk in chunks:
            gathered += chunk
            if upload.size + len(gathered) > limit:
                return Refusal("too_large", {"name": clean_name(name), "limit": show_size(limit), "most": limit})
            if len(gathered) >= _BATCH:
                await asyncio.to_thread(upload.write, bytes(gathered))
                gathered.clear()
        await asyncio.to_thread(upload.write, bytes(gathered))
        async with self._inspecting:
            found = await asyncio.to_thread(_inspect, upload, name)
        if isinstance(found, Refusal):
            return found
        stored = await asyncio.to_thread(upload.commit)
        return {
            "key": stored.key,
            "name": found.name,
            "kind": found.kind,
            "size": stored.size,
            "pages": found.pages,
            "width": found.width,
            "height": found.height,
        }


def note_file(
    uow: UnitOfWork, person_id: int, attachment: Attachment, now: datetime, *, application_id: int | None = None
) -> None:
    """Notes whose file an attachment is: its content is then kept for as long as they are known and it is of use."""
    uow.files.add(person_id, **attachment, application_id=application_id, now=now)


def _inspect(upload: Upload, name: str) -> "Inspected | Refusal":
    from bot.uploads.inspection import inspect  # slow to import, and most processes never see a file

    return inspect(upload.flush(), name)


def _full(name: str) -> Refusal:
    log.error("file_store_full")
    return Refusal("no_room", {"name": clean_name(name)})
