"""Copies of the file store beside a backup of the database.

The database is copied first: whatever it names is then among the files. Content never changes, so what is there already
need not be copied again.
"""

from pathlib import Path

from storage.errors import BackupRefused, StoreFull
from storage.files import LocalFiles, Upload

_CHUNK = 1024 * 1024


def files_beside(path: Path) -> Path:
    """The folder that holds the files of a backup."""
    return path.with_name(f"{path.name}.files")


def copy_files(source: Path, target: Path) -> int:
    """Copies the content of one file store into another; how many files it now has of it.

    Raises BackupRefused where something cannot be read or written, or is not what its name says.
    """
    here, there, count = LocalFiles(source), LocalFiles(target), 0
    present = set(there.keys())
    try:
        for key in here.keys():  # noqa: SIM118 - a store is no mapping
            if key not in present:
                _copy(here.path(key), there.open_upload(), key)
            count += 1
    except (OSError, StoreFull) as error:
        raise BackupRefused(f"cannot copy the files to {target}: {error}") from error
    return count


def _copy(content: Path, upload: Upload, key: str) -> None:
    try:
        with content.open("rb") as file:
            while chunk := file.read(_CHUNK):
                upload.write(chunk)
        if upload.commit().key != key:
            raise BackupRefused(f"{content} is damaged")
    finally:
        upload.abort()
