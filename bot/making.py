"""Makes the files that a message only names by what they are to be: a package, a register of submissions.

A turn is short, and making takes up to two seconds, longer with PDF files or for thousands of submissions. So the turn
queues a message whose file has an order for its key, and whoever hands the file over asks here where its content lies.
A crash in between loses nothing: the order still stands in the outbox, and making it again gives the same.
"""

import asyncio
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import structlog

from bot.documents.archive import pour
from bot.documents.filing import Filing
from bot.documents.office import Office
from bot.services import exports, packages
from knowledge.programme import Programme
from storage.database import Storage
from storage.errors import NoSuchFile
from storage.files import FileStore

log = structlog.get_logger()

_REMEMBERED = 256


@dataclass(slots=True)
class _Bench:
    """Where one kind of thing is made, one at a time. `made` are the keys of what was, by what it was made of.

    Its thread is its own: whoever waits for a package takes no thread from uploads, downloads and what else is quick.
    """

    made: OrderedDict[str, str] = field(default_factory=OrderedDict)
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "laurel-making"))


def _present() -> datetime:
    return datetime.now(UTC)


class Maker:
    """Where the content of outgoing files lies: in the store, or made into it first.

    One package and one register is made at a time in a process, each on a thread of its own. What was made belongs to
    nobody: the store's sweep removes it after an hour or later, and it is made again where it is asked for again.
    """

    def __init__(
        self,
        storage: Storage,
        programmes: Mapping[str, Programme],
        files: FileStore,
        office: Office | None = None,
        clock: Callable[[], datetime] = _present,
    ) -> None:
        self._storage, self._programmes, self._files = storage, programmes, files
        self._office = office if office is not None else Office()
        self._clock = clock
        self._packages, self._registers = _Bench(), _Bench()

    async def fetch(self, key: str) -> Path:
        """The content of an outgoing file's key, as a file.

        It takes up to two seconds where a package is to be made, up to twelve more where PDF files are, and some
        seconds for each thousand submissions of a register; then it waits for those that are asked for before it. What
        was begun goes on where nobody waits any more.

        Raises NoSuchFile where there is none, its submission is gone or its reader is staff no more, StoreFull,
        StorageError; whatever else it raises is a mistake in the programme's Word forms.
        """
        found = await asyncio.to_thread(self._find, key)
        return found if isinstance(found, Path) else await asyncio.shield(asyncio.wrap_future(found))

    def path(self, key: str) -> Path:
        """`fetch` for callers without an event loop. It blocks: never to be called in a transaction."""
        found = self._find(key)
        return found if isinstance(found, Path) else found.result()

    def close(self) -> None:
        """Waits for what is being made; what has not been begun is given up, and asked for again."""
        for bench in (self._packages, self._registers):
            bench.thread.shutdown(cancel_futures=True)

    def _find(self, key: str) -> "Path | Future[Path]":
        """What is there already, or what is going to be made."""
        if (package := packages.read_order(key)) is not None:
            self._filing(package)  # asked each time: nobody gets what was made of somebody who was forgotten since
            bench, make = self._packages, partial(self._package, package)
            return self._known(bench, key) or bench.thread.submit(self._made, bench, key, make)
        if (register := exports.read_order(key)) is not None:
            return self._registers.thread.submit(self._open_register, register)
        return self._files.path(key)

    def _made(self, bench: _Bench, mark: str, make: Callable[[], str]) -> Path:
        """What was made of that before, if it is still there; else it is made now, on the bench's thread."""
        if (known := self._known(bench, mark)) is not None:
            return known
        made = make()
        bench.made[mark] = made
        if len(bench.made) > _REMEMBERED:
            bench.made.popitem(last=False)
        return self._files.path(made)

    def _known(self, bench: _Bench, mark: str) -> Path | None:
        try:
            return self._files.path(bench.made[mark])
        except LookupError:
            return None

    def _filing(self, order: packages.Order) -> Filing:
        filing = self._storage.run_sync(
            lambda uow: packages.find_filing(uow=uow, programmes=self._programmes, order=order)
        )
        if filing is None:
            raise NoSuchFile(order.key)
        return filing

    def _package(self, order: packages.Order) -> str:
        """Builds a package beside the store and takes it in. Gives its key."""
        filing = self._filing(order)
        # Word and PDF libraries take a tenth of a second to import: only who makes something pays for it.
        from bot.documents.package import write_package

        with tempfile.TemporaryDirectory(prefix="laurel-making-") as name, tempfile.TemporaryFile() as archive:
            packed = write_package(filing, archive, open_file=self._files.open, office=self._office, folder=Path(name))
            if packed.missing or packed.no_pdf:
                log.warning("package_not_whole", missing=len(packed.missing), no_pdf=packed.no_pdf)
            archive.seek(0)
            return self._keep(archive)

    def _open_register(self, order: exports.Order) -> Path:
        """A register for its reader, if they are still staff. Who opened which is in the log."""
        allowed = self._storage.run_sync(
            lambda uow: exports.allow_order(uow=uow, programmes=self._programmes, order=order)
        )
        if allowed is None:
            raise NoSuchFile(order.key)
        mark = f"{order.key}:{allowed.forgotten}"
        path = self._made(self._registers, mark, lambda: self._register(order, allowed.programme))
        log.info("register_opened", programme=order.programme, chosen=order.state, person=order.person_id)
        return path

    def _register(self, order: exports.Order, programme: Programme) -> str:
        """Writes a register beside the store and takes it in. Gives its key."""
        with tempfile.TemporaryFile() as made:
            make_register(self._storage, programme, made, state=order.state, locale=order.locale, made_at=self._clock())
            made.seek(0)
            return self._keep(made)

    def _keep(self, source: BinaryIO) -> str:
        upload = self._files.open_upload()
        try:
            pour(source, upload.write)
            return upload.commit().key
        finally:
            upload.abort()


def make_register(
    storage: Storage, programme: Programme, out: BinaryIO, *, state: str, locale: str, made_at: datetime
) -> int:
    """Writes the register of a programme's submissions in a state ("": any); gives their number. Blocks as `path`."""
    from bot.documents.register import write_register

    entries = exports.read_entries(storage, programme, state)
    count = write_register(entries, out, programme=programme, locale=locale, made_at=made_at, state=state)
    log.info("register_made", programme=programme.id, chosen=state, count=count)
    return count
