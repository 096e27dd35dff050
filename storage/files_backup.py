"""Copies of the file store beside a backup of the database.

The database is copied first: whatever it names is then among the files, but for what is swept away between the two.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from storage.database import Storage
from storage.errors import BackupRefused, NoSuchFile, StoreFull
from storage.files import LocalFiles

_CHUNK = 1024 * 1024


@dataclass
class Copied:
    """What came of a copy: how many files the target now has of the source, and the keys of those that it has not.

    `gone` were swept away while they were copied; `damaged` are not what their name says, and nothing sound of them is
    in the target.
    """

    count: int = 0
    gone: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def files_beside(path: Path) -> Path:
    """The folder that holds the files of a backup."""
    return path.with_name(f"{path.name}.files")


def copy_files(source: Path, target: Path) -> Copied:
    """Copies the content of one file store into another. What the target has is read, and mended where it is damaged.

    Raises BackupRefused where something cannot be read or written.
    """
    here, there, copied = LocalFiles(source), LocalFiles(target), Copied()
    try:
        for key in here.keys():  # noqa: SIM118 - a store is no mapping
            try:
                if _is_sound(there, key) or _copy(here, there, key):
                    copied.count += 1
                else:
                    copied.damaged.append(key)
            except NoSuchFile:
                copied.gone.append(key)
    except (OSError, StoreFull) as error:
        raise BackupRefused(f"cannot copy the files to {target}: {error}") from error
    return copied


def find_missing(storage: Storage, folder: Path) -> list[str]:
    """The keys that the database names and a file store lacks."""
    store = LocalFiles(folder)
    return [key for key in storage.run_sync(lambda uow: uow.files.keys()) if not _has(store, key)]


def _is_sound(store: LocalFiles, key: str) -> bool:
    """Whether a store has content of that key, and its bytes are still those that the key is the digest of."""
    if not _has(store, key):
        return False
    with _open(store, key) as file:
        digest = hashlib.sha256()
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
        return digest.hexdigest() == key


def _has(store: LocalFiles, key: str) -> bool:
    try:
        store.path(key)
    except NoSuchFile:
        return False
    return True


def _open(store: LocalFiles, key: str) -> BinaryIO:
    """The content. Raises NoSuchFile, also where it is swept away at this moment."""
    try:
        return store.open(key)
    except FileNotFoundError:
        raise NoSuchFile(key) from None


def _copy(source: LocalFiles, target: LocalFiles, key: str) -> bool:
    """Copies content; False where it is not what its key says, and then nothing is kept of it. Raises NoSuchFile."""
    digest = hashlib.sha256()
    with _open(source, key) as file:
        upload = target.open_upload()
        try:
            while chunk := file.read(_CHUNK):
                upload.write(chunk)
                digest.update(chunk)
            if digest.hexdigest() == key:
                upload.commit()
            return digest.hexdigest() == key
        finally:
            upload.abort()
