"""What happens to a file before the turn of its event: it is fetched from its channel and taken in.

That takes seconds and a network, which no transaction waits for. It is done only where somebody wants the file: in a
private chat, by a flow that takes files, and not for an event that was handled before.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.channels.base import Channel, NotFetched
from bot.documents.grid import Grid, UnreadableDocument, read_grid
from bot.handlers import FLOWS
from bot.messages import Inbound, IncomingFile
from bot.uploads.intake import Intake
from bot.uploads.names import clean_name
from bot.uploads.refusals import Refusal
from storage.database import Storage
from storage.unit_of_work import UnitOfWork


class Reception:
    """Takes in the files of events."""

    def __init__(self, storage: Storage, channels: Mapping[str, Channel], intake: Intake) -> None:
        self._storage = storage
        self._channels = channels
        self._intake = intake
        self._under_way: dict[tuple[str, str], asyncio.Task[Inbound]] = {}

    async def take_in(self, inbound: Inbound) -> Inbound:
        """The event, each of its files with an attachment or a problem; as it was where nobody wants them.

        A platform that gets no answer in time repeats its event: the repeat waits for the same download. Raises
        Interrupted, and StorageError.
        """
        if not inbound.files or not inbound.private:
            return inbound
        key = inbound.channel, inbound.event
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(self._take_in(inbound))
            task.add_done_callback(partial(self._forget, key))
        # Whoever waits may be cancelled; the others still want it.
        return await asyncio.shield(task)

    def _forget(self, key: tuple[str, str], task: asyncio.Task[Inbound]) -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # told to those who wait; where nobody does any more, it is nobody's

    async def _take_in(self, inbound: Inbound) -> Inbound:
        if not await self._storage.run(partial(_is_wanted, inbound=inbound)):
            return inbound
        channel = self._channels[inbound.channel]
        return replace(inbound, files=tuple([await self._receive(channel, file) for file in inbound.files]))

    async def _receive(self, channel: Channel, file: IncomingFile) -> IncomingFile:
        try:
            found = await self._intake.receive(channel.fetch(file), file.name)
        except NotFetched as error:
            found = Refusal(error.kind, {"name": clean_name(file.name), **error.values})
        if isinstance(found, Refusal):
            return replace(file, problem=found.plain())
        rows = await asyncio.to_thread(_rows, self._intake.path(found["key"])) if found["kind"] == "docx" else None
        return replace(file, attachment=found, rows=rows)


def _rows(path: Path) -> Grid | None:
    """What a Word file says: a filled form is read in the turn, and a turn opens no files."""
    try:
        return read_grid(path)
    except UnreadableDocument:
        return None


def _is_wanted(uow: UnitOfWork, *, inbound: Inbound) -> bool:
    if uow.events.find(inbound.channel, inbound.event) is not None:
        return False
    found = uow.conversations.find(inbound.channel, inbound.chat, inbound.sender)
    flow = FLOWS.get(found.state.get("flow", "")) if found is not None else None
    return flow is not None and flow.takes_files
