"""Zip archives, Office's among them: readable, not locked, and no more than they say."""

import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from bot.sizes import upper_size
from bot.uploads.kinds import MACRO_ENDINGS, is_archive
from bot.uploads.names import ending
from bot.uploads.refusals import Refusal

MOST_ENTRIES = 5000
# Each entry of the directory begins with this. An archive that is packed within another has some as well.
_ENTRY = b"PK\x01\x02"
_MOST_MARKS = 4 * MOST_ENTRIES
MOST_UNPACKED = 1024**3
# A small archive may be packed as tightly as it likes; a large one that grows so much is made to harm.
HARMLESS_UNPACKED = 64 * 1024**2
MOST_RATIO = 200
_LOCKED = 0x1
_OFFICE = frozenset({"docx", "dotx", "xlsx", "xltx", "pptx", "ppsx", "potx"})
_OFFICE_PARTS = (("docx", "word/"), ("xlsx", "xl/"), ("pptx", "ppt/"))
_CONTENT_TYPES = "[Content_Types].xml"
_CONTENT_TYPES_BYTES = 1024**2
_CHUNK = 256 * 1024
_UNREADABLE = (
    EOFError,
    LookupError,
    NotImplementedError,  # a way of packing that Python does not know
    OSError,
    UnicodeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
)


def inspect_zip(path: Path, name: str) -> str | Refusal:
    """What a zip archive is, "docx", "xlsx", "pptx" or "zip"; or why it is not taken."""
    if _count_marks(path) > _MOST_MARKS:
        return Refusal("archive_entries", {"name": name, "limit": MOST_ENTRIES})
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect(archive, path.stat().st_size, name)
    except _UNREADABLE:
        return Refusal("damaged", {"name": name})


def _count_marks(path: Path) -> int:
    """How many entries an archive may have at most. Python's reader makes an object of each before it can be asked."""
    count, rest = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            count += (rest + chunk).count(_ENTRY)
            rest = chunk[1 - len(_ENTRY) :]
    return count


def _inspect(archive: zipfile.ZipFile, packed: int, name: str) -> str | Refusal:
    entries = archive.infolist()
    if refused := _check_sizes(entries, packed, name):
        return refused
    if not any(not entry.is_dir() for entry in entries):
        return Refusal("empty_archive", {"name": name})
    if any(entry.flag_bits & _LOCKED for entry in entries):
        return Refusal("encrypted", {"name": name})
    names = {entry.filename for entry in entries}
    office = _office_kind(names)
    if _has_macros(archive, names, office=bool(office)):
        return Refusal("macros", {"name": name})
    for entry in entries:
        with archive.open(entry) as content:
            if _read_through(content) and not office and ending(entry.filename) not in _OFFICE:
                return Refusal("nested_archive", {"name": name, "inner": entry.filename[-60:]})
    return office or "zip"


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int, name: str) -> Refusal | None:
    """Looks at what the directory says, before anything is unpacked. Python's reader keeps to what it says."""
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        return Refusal("archive_entries", {"name": name, "limit": MOST_ENTRIES})
    if unpacked > MOST_UNPACKED:
        return Refusal("archive_size", {"name": name, "limit": upper_size(MOST_UNPACKED)})
    if unpacked > HARMLESS_UNPACKED and unpacked > MOST_RATIO * packed:
        return Refusal("archive_size", {"name": name, "limit": upper_size(HARMLESS_UNPACKED)})
    return None


def _office_kind(names: set[str]) -> str:
    if _CONTENT_TYPES not in names:
        return ""
    return next((kind for kind, folder in _OFFICE_PARTS if any(each.startswith(folder) for each in names)), "")


def _has_macros(archive: zipfile.ZipFile, names: set[str], *, office: bool) -> bool:
    """Whether it is an Office file with macros, or holds one by name."""
    if not office:
        return any(ending(each) in MACRO_ENDINGS for each in names)
    with archive.open(_CONTENT_TYPES) as file:
        types = file.read(_CONTENT_TYPES_BYTES).lower()
    return b"macroenabled" in types or any(each.lower().endswith("vbaproject.bin") for each in names)


def _read_through(content: IO[bytes]) -> bool:
    """Unpacks an entry to its end, which checks it. Whether it is an archive itself."""
    head = content.read(16)
    while content.read(_CHUNK):
        pass
    return is_archive(head)
