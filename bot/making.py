"""Makes the files that a message only names by what they are to be: a package is built when somebody is to get it.

A turn is short, and making takes up to two seconds, longer with PDF files. So the turn queues a message whose file has
an order for its key, and whoever hands the file over asks here where its content lies. A crash in between loses
nothing: the order still stands in the outbox, and making it again gives the same.
"""

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import structlog

from bot.documents.archive import pour
from bot.documents.filing import Filing
from bot.documents.office import Office
from bot.services.packages import Order, find_filing, read_order
from knowledge.programme import Programme
from storage.database import Storage
from storage.errors import NoSuchFile
from storage.files import FileStore

log = structlog.get_logger()

_REMEMBERED = 256


class Maker:
    """Where the content of outgoing files lies: in the store, or made into it first.

    One thing is made at a time in a process. What was made belongs to nobody: the store's sweep removes it after an
    hour or later, and it is made again where it is asked for again.
    """

    def __init__(
        self, storage: Storage, programmes: Mapping[str, Programme], files: FileStore, office: Office | None = None
    ) -> None:
        self._storage, self._programmes, self._files = storage, programmes, files
        self._office = office if office is not None else Office()
        self._made = OrderedDict[str, str]()
        self._turn = threading.Lock()

    def path(self, key: str) -> Path:
        """The content of an outgoing file's key, as a file.

        It blocks: up to two seconds where a package is to be made, up to twelve more where PDF files are. Never to be
        called on the event loop or in a transaction.

        Raises NoSuchFile where there is none or its submission is gone, StoreFull, StorageError; whatever else it
        raises is a mistake in the programme's Word forms.
        """
        order = read_order(key)
        if order is None:
            return self._files.path(key)
        with self._turn:
            if (known := self._known(key)) is not None:
                return known
            made = self._make(self._filing(order))
            self._made[key] = made
            if len(self._made) > _REMEMBERED:
                self._made.popitem(last=False)
            return self._files.path(made)

    def _known(self, key: str) -> Path | None:
        """What was made of an order before, if it is still there."""
        try:
            return self._files.path(self._made[key])
        except LookupError:
            return None

    def _filing(self, order: Order) -> Filing:
        filing = self._storage.run_sync(lambda uow: find_filing(uow=uow, programmes=self._programmes, order=order))
        if filing is None:
            raise NoSuchFile(order.key)
        return filing

    def _make(self, filing: Filing) -> str:
        """Builds a package beside the store and takes it in. Gives its key."""
        # Word and PDF libraries take a tenth of a second to import: only who makes something pays for it.
        from bot.documents.package import write_package

        with tempfile.TemporaryDirectory(prefix="laurel-making-") as name, tempfile.TemporaryFile() as archive:
            packed = write_package(filing, archive, open_file=self._files.open, office=self._office, folder=Path(name))
            if packed.missing or packed.no_pdf:
                log.warning("package_not_whole", missing=len(packed.missing), no_pdf=packed.no_pdf)
            archive.seek(0)
            return self._keep(archive)

    def _keep(self, source: BinaryIO) -> str:
        upload = self._files.open_upload()
        try:
            pour(source, upload.write)
            return upload.commit().key
        finally:
            upload.abort()
