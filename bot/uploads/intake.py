"""Takes a file in: a stream of chunks becomes content of the file store and an attachment, or a refusal.

Memory stays flat however large or slow the stream is, and whatever happens on the way leaves nothing behind.
"""

import asyncio
from collections.abc import AsyncIterable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakValueDictionary

import structlog

from bot.sizes import upper_size
from bot.uploads.names import clean_name
from bot.uploads.refusals import Refusal
from storage.database import Storage
from storage.errors import StoreFull
from storage.files import FileStore, Upload
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.uploads.inspection import Inspected

Attachment = Mapping[str, Any]
_Found = TypeVar("_Found")

_AT_ONCE = 2  # inspections: each may need a few hundred megabytes for a moment
_OF_ONE_PERSON = 3  # files received at once; others wait, so that a quota cannot be outrun
_SETTLED = timedelta(hours=1)  # what no answer names so long after it came was replaced or taken away
_BATCH = 256 * 1024  # what is gathered before a thread writes it

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Quota:
    """How much is kept of one person: so many files, together so many bytes.

    On some channels anybody makes as many accounts as they like, such as visitors of a web page: of all people who are
    known by an account on these `open_channels` alone, `visitors` bytes are kept together.
    """

    files: int = 200
    size: int = 1024**3
    open_channels: frozenset[str] = frozenset()
    visitors: int = 20 * 1024**3


class Intake:
    """Takes files in. `limit`, of a call or else of this intake, is the greatest size in bytes."""

    def __init__(
        self,
        store: FileStore,
        storage: Storage,
        clock: Callable[[], datetime],
        *,
        limit: int,
        quota: Quota = Quota(),
    ) -> None:
        self._store = store
        self._storage = storage
        self._clock = clock
        self._limit = limit
        self._quota = quota
        self._inspecting = asyncio.Semaphore(_AT_ONCE)
        self._receiving: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()

    async def take_in(
        self,
        chunks: AsyncIterable[bytes],
        name: str,
        *,
        person_id: int,
        application_id: int,
        limit: int | None = None,
    ) -> Attachment | Refusal:
        """`receive`, and notes in a transaction of its own whose file it is, if its application is theirs still."""
        found = await self.receive(chunks, name, person_id=person_id, limit=limit)
        if isinstance(found, Refusal):
            return found
        return await self._storage.run(partial(self._note, person_id=person_id, file=found, of=application_id))

    async def receive(
        self, chunks: AsyncIterable[bytes], name: str, *, person_id: int, limit: int | None = None
    ) -> Attachment | Refusal:
        """The attachment {"key", "name", "kind", "size", "pages", "width", "height"}, its content kept in the store.

        Nothing is read from somebody of whom there is too much already. Until `note_file` says whose it is, the content
        is swept away after an hour. What the stream raises goes through as it is, and nothing of the file is left.
        """
        turns = self._receiving.setdefault(person_id, asyncio.Semaphore(_OF_ONE_PERSON))
        async with turns:
            full = await self._storage.run(partial(self._lacks_room, person_id=person_id, name=name))
            if full is not None:
                return full
            return await self._take(chunks, name, self._limit if limit is None else limit)

    async def _take(self, chunks: AsyncIterable[bytes], name: str, limit: int) -> Attachment | Refusal:
        try:
            upload = await asyncio.to_thread(self._store.open_upload)
        except StoreFull:
            return _full(name)
        try:
            return await self._receive(upload, chunks, name, limit)
        except StoreFull:
            return _full(name)
        finally:
            # Not in a thread: whoever is cancelled must not wait for one. What is committed is not touched.
            upload.abort()

    async def look_into(self, key: str, read: Callable[[Path], _Found]) -> _Found:
        """What `read` finds in the content of an attachment: in a thread, and as few at once as are inspected.

        Raises NoSuchFile, and what `read` raises.
        """
        async with self._inspecting:
            return await asyncio.to_thread(read, self._store.path(key))

    async def _receive(
        self, upload: Upload, chunks: AsyncIterable[bytes], name: str, limit: int
    ) -> Attachment | Refusal:
        gathered = bytearray()
        async for chunk in chunks:
            gathered += chunk
            if upload.size + len(gathered) > limit:
                return Refusal("too_large", {"name": clean_name(name), "limit": upper_size(limit), "most": limit})
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

    def _lacks_room(self, uow: UnitOfWork, person_id: int, name: str, size: int = 1) -> Refusal | None:
        """Why so many bytes more are not kept of a person; None where they may be.

        What they need no more goes where it is in the way.
        """
        if not self._fits(uow, person_id, size):
            uow.files.prune(self._clock() - _SETTLED, person_id)
            if not self._fits(uow, person_id, size):
                limit = upper_size(self._quota.size)
                return Refusal("too_much", {"name": clean_name(name), "files": self._quota.files, "limit": limit})
        if not self._visitors_fit(uow, person_id, size):
            uow.files.prune(self._clock() - _SETTLED)
            if not self._visitors_fit(uow, person_id, size):
                return _visitors_full(name)
        return None

    def _fits(self, uow: UnitOfWork, person_id: int, size: int) -> bool:
        count, total = uow.files.usage(person_id)
        return count < self._quota.files and total + size <= self._quota.size

    def _visitors_fit(self, uow: UnitOfWork, person_id: int, size: int) -> bool:
        channels = self._quota.open_channels
        if not channels or any(one.channel not in channels for one in uow.identities.of_person(person_id)):
            return True
        return uow.files.usage_of_channels(channels) + size <= self._quota.visitors

    def _note(self, uow: UnitOfWork, *, person_id: int, file: Attachment, of: int) -> Attachment | Refusal:
        """Notes a file; not one of somebody who was forgotten while it came."""
        found = uow.applications.get(of)
        if found is None or found.person_id != person_id or not uow.persons.is_known(person_id):
            return Refusal("not_open", {"name": file["name"]})
        full = self._lacks_room(uow, person_id, file["name"], file["size"])
        if full is not None:
            return full
        note_file(uow, person_id, file, self._clock(), application_id=of)
        return file


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


def _visitors_full(name: str) -> Refusal:
    log.error("visitors_quota_full")
    return Refusal("visitors_full", {"name": clean_name(name)})
