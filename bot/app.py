"""Wires everything: the only module that knows all parts."""

import asyncio
import signal
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol
from uuid import uuid4

import structlog

from bot.alone import alone
from bot.channels.console import NAME as CONSOLE
from bot.channels.webchat import NAME as WEBCHAT
from bot.context import Clock, Library
from bot.delivery.scheduler import Scheduler
from bot.delivery.worker import Delivery
from bot.doors import Doors, open_doors
from bot.downloads import Downloads
from bot.form_desk import FormDesk, FormLinks
from bot.making import Maker
from bot.reception import Reception
from bot.render import render
from bot.services import staff
from bot.services.notices import notify_staff
from bot.settings import Settings
from bot.turns import Turns
from bot.uploads.intake import Intake, Quota
from bot.web.ports import Edge, Readiness
from bot.web.server import build, start
from knowledge.opening import load_packs
from storage.database import Storage
from storage.errors import StorageError
from storage.files import LocalFiles
from storage.files_sweep import sweep_files
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()


def system_clock() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def fixed_clock(instant: datetime) -> Clock:
    """A clock that stands still, for trying out what happens at an instant."""
    return lambda: instant


@dataclass(frozen=True)
class Laurel:
    """Everything, wired."""

    settings: Settings
    clock: Clock
    storage: Storage
    library: Library
    delivery: Delivery
    scheduler: Scheduler
    turns: Turns
    doors: Doors
    files: LocalFiles
    contents: Maker
    downloads: Downloads
    links: FormLinks

    @classmethod
    def open(cls, settings: Settings, *, clock: Clock = system_clock, sends: Collection[str] | None = None) -> "Laurel":
        """Opens the packs, the database (and brings it up to date) and the doors that the settings open.

        `sends` are the channels that this process sends to; None: all. Raises StorageError or PackError with what is
        wrong.
        """
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        library = load_packs(settings.packs_dir)
        library.warm()
        storage = Storage.open(settings.database)
        storage.upgrade()
        files = LocalFiles(settings.files_dir)
        contents = Maker(storage, library.programmes, files, clock=clock)
        downloads = Downloads(settings.secret(), contents, clock, settings.public_url)
        doors = open_doors(settings, clock, contents)
        doors.tell = partial(_tell_staff, storage, clock)
        own = {name: channel for name, channel in doors.channels.items() if sends is None or name in sends}
        rights = {name: channel.rights for name, channel in doors.channels.items()}
        owner = uuid4().hex
        delivery = Delivery(storage, own, clock, owner=owner, on_misconfigured=doors.report, on_sent=doors.webchat.wake)
        scheduler = Scheduler(
            storage,
            library,
            clock,
            owner=owner,
            rights=rights,
            wake=delivery.wake,
            sweep=partial(sweep_files, storage, files),
        )
        intake = Intake(files, storage, clock, limit=settings.chat_upload_bytes, quota=_quota(settings))
        links = _form_links(settings)
        turns = Turns(
            storage=storage,
            library=library,
            clock=clock,
            limits={name: channel.limits for name, channel in doors.channels.items()},
            rights=rights,
            dispatch=delivery,
            links=links,
            reception=Reception(storage, library, clock, doors.channels, intake),
            file_link=downloads.link,
        )
        return cls(
            settings, clock, storage, library, delivery, scheduler, turns, doors, files, contents, downloads, links
        )

    def close(self) -> None:
        """Waits for what is being made, and lets go of the database."""
        self.contents.close()
        self.storage.close()

    async def work(self, stop: asyncio.Event) -> None:
        """Sends what waits and keeps the schedule, until `stop`."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.delivery.run(stop))
            tasks.create_task(self.scheduler.run(stop))

    async def work_once(self) -> None:
        """Keeps the schedule once and sends whatever is due."""
        self.scheduler.tick()
        await self.delivery.drain()
        self.scheduler.tick()  # what was drained may have been the last of a broadcast

    async def serve(self, stop: asyncio.Event, announce: "Announce") -> None:
        """Serves the doors and works, until `stop`. `announce` gets the address. Raises OSError where it is taken."""
        edge = Edge(
            turns=self.turns,
            mailbox=self.turns,
            webchat=self.doors.webchat,
            secret=self.settings.secret(),
            ready=self._ready,
            public_url=self.settings.public_url,
            telegram=self.doors.telegram_webhook,
            wechat=self.doors.wechat,
            forms=self._form_desk(),
            uploads=Intake(
                self.files,
                self.storage,
                self.clock,
                limit=self.settings.page_upload_bytes,
                quota=_quota(self.settings),
            ),
            downloads=self.downloads,
            chat_upload_bytes=self.settings.chat_upload_bytes,
            unavailable=(StorageError,),
        )
        with alone(self.settings.data_dir) as only:
            if only and self.storage.dialect == "sqlite":
                await self.storage.run(self._take_over)
            runner, address = await start(build(edge), self.settings.host, self.settings.port)
            self.links.listens_at(address)
            try:
                announce(address)
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self.work(stop))
                    tasks.create_task(self.doors.run(self.turns.handle, self.storage, self.settings, stop))
            finally:
                await runner.cleanup()
                await self.delivery.finish()
                for channel in self.doors.channels.values():
                    await channel.close()

    def _form_desk(self) -> FormDesk:
        handle, channels = self.turns.handle, self.doors.channels
        return FormDesk(self.storage, self.library, self.files, self.clock, self.links, handle, channels)

    def _take_over(self, uow: UnitOfWork) -> None:
        """An embedded database has one serving process: what a killed one held is free at once."""
        uow.leases.end_all()
        uow.messages.end_leases([name for name in self.doors.channels if name != CONSOLE])

    def owner_invitation(self) -> str | None:
        """The token of a new invitation for the owner, None where there is an owner already."""
        return self.storage.run_sync(lambda uow: staff.ensure_owner_invitation(uow=uow, now=self.clock()))

    async def _ready(self) -> Readiness:
        backlog = await self.storage.run(lambda uow: uow.messages.open_count())
        return Readiness(database="ok", channels=self.doors.states(), backlog=backlog)


def _quota(settings: Settings) -> Quota:
    return Quota(open_channels=frozenset({WEBCHAT}), visitors=settings.visitors_bytes)


def _form_links(settings: Settings) -> FormLinks:
    here = f"http://{settings.host}:{settings.port}"
    return FormLinks(settings.secret(), settings.public_url or here, outside=bool(settings.public_url))


async def _tell_staff(storage: Storage, clock: Clock, channel: str, reason: str) -> None:
    """Tells staff, on the channels that work, that one has stopped or works again."""
    block = "errors.channel_stopped" if reason else "errors.channel_mended"
    now = clock()

    def tell(uow: UnitOfWork) -> int:
        key = f"{block}:{channel}:{now.isoformat()}"
        return notify_staff(
            uow=uow,
            text_of=lambda locale: render(block, locale, channel=channel, reason=reason),
            key=key,
            now=now,
            about=(),
        )

    await storage.run(tell)


class Announce(Protocol):
    """Is told the address that the server listens on."""

    def __call__(self, address: str) -> None:
        """Called once, when requests are answered."""


@contextmanager
def stopped_by_signals(loop: asyncio.AbstractEventLoop) -> Iterator[asyncio.Event]:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    signals: Sequence[signal.Signals] = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
