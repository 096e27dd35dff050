"""The content of files: outside the database, named by its own digest, written whole or not at all."""

import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from storage.errors import NoSuchFile, StoreFull

KEY = re.compile(r"[0-9a-f]{64}")
_FULL = frozenset({ENOSPC, EDQUOT, EFBIG})
_HALF_LIFE = timedelta(days=1)  # an upload that nobody has written to for so long was cut by a crash
_NOW = timedelta.min


class Stored(NamedTuple):
    """Content that is kept: the SHA-256 of its bytes in hex, and how many they are."""

    key: str
    size: int


class Upload(Protocol):
    """Content on its way in, by calls that block. Ends with `commit` or `abort`; an abort after that does nothing."""

    size: int

    def write(self, chunk: bytes) -> None:
        """Adds bytes. Raises StoreFull."""

    def flush(self) -> Path:
        """Where all that was written can be read before it is kept. Raises StoreFull."""

    def commit(self) -> Stored:
        """Keeps the content, for good when this returns. Raises StoreFull, and then nothing is left of it."""

    def abort(self) -> None:
        """Throws away what was written. Raises nothing."""


class FileStore(Protocol):
    """Content by its key. The same bytes are kept once."""

    def open_upload(self) -> Upload:
        """A new upload. Raises StoreFull."""

    def open(self, key: str) -> BinaryIO:
        """The content, to be read as a stream and closed. Raises NoSuchFile."""

    def path(self, key: str) -> Path:
        """The content as a file that nobody changes. Raises NoSuchFile."""

    def delete(self, key: str, *, idle: timedelta = _NOW) -> bool:
        """Removes content that nobody has uploaded for so long. Whether it was there and went."""

    def keys(self, *, idle: timedelta = _NOW) -> Iterator[str]:
        """The keys of what nobody has uploaded for so long."""

    def sweep(self) -> int:
        """Removes what crashes left of uploads; how many."""


class LocalFiles:
    """A folder: <folder>/ab/cdef… by digest, and <folder>/.new for what is on its way in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._new = folder / ".new"

    def open_upload(self) -> "LocalUpload":
        """A new upload. Raises StoreFull."""
        with _full_told():
            self._new.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._new / secrets.token_hex(16)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        return LocalUpload(self, path, os.fdopen(descriptor, "w+b"))

    def open(self, key: str) -> BinaryIO:
        """The content, to be read as a stream and closed. Raises NoSuchFile."""
        return self.path(key).open("rb")

    def path(self, key: str) -> Path:
        """The content as a file that nobody changes. Raises NoSuchFile."""
        path = self._place(key)
        if not path.is_file():
            raise NoSuchFile(key)
        return path

    def delete(self, key: str, *, idle: timedelta = _NOW) -> bool:
        """Removes content that nobody has uploaded for so long. Whether it was there and went."""
        path = self._place(key)
        with self._lock(), suppress(FileNotFoundError):
            if _idle(path) >= idle:
                path.unlink()
                return True
        return False

    def keys(self, *, idle: timedelta = _NOW) -> Iterator[str]:
        """The keys of what nobody has uploaded for so long."""
        for path in self._folder.glob("??/*"):
            key = path.parent.name + path.name
            with suppress(FileNotFoundError):
                if KEY.fullmatch(key) and _idle(path) >= idle:
                    yield key

    def sweep(self) -> int:
        """Removes what crashes left of uploads; how many."""
        gone = 0
        for path in self._new.glob("*"):
            with suppress(FileNotFoundError):
                if _idle(path) >= _HALF_LIFE:
                    path.unlink()
                    gone += 1
        return gone

    def keep(self, half: Path, key: str) -> None:
        """Moves a whole upload to its place. Content that is there already counts as uploaded now."""
        path = self._place(key)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        # Nobody may find the old content unused and remove it between our look and our move.
        with self._lock():
            half.replace(path)
        _sync_folder(path.parent)

    def _place(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise NoSuchFile(key)
        return self._folder / key[:2] / key[2:]

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One process at a time replaces or removes content."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / ".lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class LocalUpload:
    """An upload into a folder. `size` is in bytes, so far."""

    def __init__(self, files: LocalFiles, path: Path, file: BinaryIO) -> None:
        self.size = 0
        self._files = files
        self._path = path
        self._file = file
        self._digest = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        """Adds bytes. Raises StoreFull."""
        with _full_told():
            self._file.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)

    def flush(self) -> Path:
        """Where all that was written can be read before it is kept. Raises StoreFull."""
        with _full_told():
            self._file.flush()
        return self._path

    def commit(self) -> Stored:
        """Keeps the content, for good when this returns. Raises StoreFull, and then nothing is left of it."""
        try:
            with _full_told():
                self._file.flush()
                os.fsync(self._file.fileno())
                os.utime(self._file.fileno())  # slow uploads count from their end
                self._file.close()
                key = self._digest.hexdigest()
                self._files.keep(self._path, key)
        except BaseException:
            self.abort()
            raise
        return Stored(key, self.size)

    def abort(self) -> None:
        """Throws away what was written. Raises nothing."""
        with suppress(OSError):  # a full disk refuses to take even what the buffer still holds
            self._file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _idle(path: Path) -> timedelta:
    # Compared with the file system's own times, so by its clock and none that a caller sets.
    return timedelta(seconds=time.time() - path.stat().st_mtime)


@contextmanager
def _full_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull(str(error.strerror)) from None
        raise


def _sync_folder(folder: Path) -> None:
    """After a crash a name may be lost whose folder was not written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
