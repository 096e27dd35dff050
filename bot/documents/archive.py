"""Zip archives whose bytes follow from their content alone."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first instant that the format knows
_MODE = 0o644 << 16
_CHUNK = 1 << 20
_UNIX = 3


def entry(name: str, *, packed: bool, at: tuple[int, int, int, int, int, int] = _EARLIEST) -> ZipInfo:
    """The head of a member. `packed`: its content is compressed already."""
    info = ZipInfo(name, at)
    info.compress_type = ZIP_STORED if packed else ZIP_DEFLATED
    info.external_attr, info.create_system = _MODE, _UNIX
    return info


def pour(source: BinaryIO, write: Callable[[bytes], object]) -> tuple[str, int]:
    """Copies a stream piece by piece. Gives the SHA-256 in hex and the size in bytes."""
    digest, size = sha256(), 0
    while chunk := source.read(_CHUNK):
        write(chunk)
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def repack(archive: bytes) -> bytes:
    """An Office document with the time of packing taken out."""
    made = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(entry(name, packed=name.startswith("word/media/")), old.read(name))
    return made.getvalue()
