"""What happens to a file before the turn of its event: it is fetched from its channel and taken in.

That takes seconds and a network, which no transaction waits for. It is done only where somebody wants the file: in a
private chat, by a flow that takes files, and not for an event that was handled before.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bot.channels.base import Channel, NotFetched
from bot.context import Clock, Library
from bot.documents.grid import Grid, UnreadableDocument, read_grid
from bot.handlers import FLOWS
from bot.messages import Inbound, IncomingFile
from bot.services.paper_forms import wants_paper_form
from bot.uploads.intake import Intake
from bot.uploads.names import clean_name
from bot.uploads.refusals import Refusal
from storage.database import Storage
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an event's files are wanted for: at all (then of whom), and to be read as filled Word forms."""

    person_id: int | None = None
    paper: bool = False


class Reception:
    """Takes in the files of events."""

    def __init__(
        self, storage: Storage, library: Library, clock: Clock, channels: Mapping[str, Channel], intake: Intake
    ) -> None:
        self._storage = storage
        self._library = library
        self._clock = clock
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
        wanted = await self._storage.run(partial(self._wanted, inbound=inbound))
        if wanted.person_id is None:
            return inbound
        channel = self._channels[inbound.channel]
        receive = partial(self._receive, channel, person_id=wanted.person_id, paper=wanted.paper)
        files = [await receive(file) for file in inbound.files]
        return replace(inbound, files=tuple(files))

    async def _receive(self, channel: Channel, file: IncomingFile, *, person_id: int, paper: bool) -> IncomingFile:
        try:
            found = await self._intake.receive(channel.fetch(file), file.name, person_id=person_id)
        except NotFetched as error:
            found = Refusal(error.kind, {"name": clean_name(file.name), **error.values})
        if isinstance(found, Refusal):
            return replace(file, problem=found.plain())
        rows = await self._intake.look_into(found["key"], _rows) if paper and found["kind"] == "docx" else None
        return replace(file, attachment=found, rows=rows)

    def _wanted(self, uow: UnitOfWork, *, inbound: Inbound) -> _Wanted:
        if uow.events.find(inbound.channel, inbound.event) is not None:
            return _Wanted()
        found = uow.conversations.find(inbound.channel, inbound.chat, inbound.sender)
        flow = FLOWS.get(found.state.get("flow", "")) if found is not None else None
        if found is None or flow is None or not flow.takes_files:
            return _Wanted()
        place = flow.paper_for(found.state.get("data", {})) if flow.paper_for is not None else None
        return _Wanted(found.person_id, place is not None and self._wants_paper(uow, *place))

    def _wants_paper(self, uow: UnitOfWork, programme: str, application: int) -> bool:
        known = self._library.programmes.get(programme)
        if known is None:
            return False
        return wants_paper_form(uow=uow, programme=known, application_id=application, now=self._clock())


def _rows(path: Path) -> Grid | None:
    """What a Word file says: a filled form is read in the turn, and a turn opens no files."""
    try:
        return read_grid(path)
    except UnreadableDocument:
        return None
