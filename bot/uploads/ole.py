"""Office files of the older form (doc, xls, ppt): which it is, whether it is locked, whether it has macros."""

import mmap
from pathlib import Path
from typing import Any

import olefile

from bot.uploads.refusals import Refusal

_STREAMS = (("doc", "worddocument"), ("xls", "workbook"), ("xls", "book"), ("ppt", "powerpoint document"))
_LOCKED_NEW = "encryptedpackage"  # a docx, xlsx or pptx with a password is wrapped in the older form
_MACROS = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur"})
_FIRST = 512  # bytes; every stream's first sector has them
_DOC_FLAGS, _DOC_LOCKED = 0x0B, 0x01
_XLS_FILE_PASS = b"\x2f\x00"
_XLS_WRITE_PROTECT = b"\x86\x00"
_PPT_LOCKED = b"\xdf\xc4\xd1\xf3"
_PPT_MACROS = b"\x02\x00\x00\x04\x0c\x00\x00\x00"  # VBAInfoAtom: a reference and a flag follow, of four bytes each


def inspect_ole(path: Path, name: str) -> str | Refusal:
    """What it is, "doc", "xls" or "ppt", "" for no Office file; or why it is not taken."""
    try:
        with path.open("rb") as file, olefile.OleFileIO(file) as ole:
            return _inspect(ole, path, name)
    except Exception:  # noqa: BLE001 - a damaged file lets the reader raise anything
        return Refusal("damaged", {"name": name})


def _inspect(ole: Any, path: Path, name: str) -> str | Refusal:
    if _is_cut(ole):
        return Refusal("damaged", {"name": name})
    # At the root alone: what is embedded in a document lies deeper, under the same names.
    streams = {entry.name.casefold(): entry for entry in ole.root.kids}
    if _LOCKED_NEW in streams:
        return Refusal("encrypted", {"name": name})
    kind, stream = next((found for found in _STREAMS if found[1] in streams), ("", ""))
    if not kind:
        return ""
    if _is_locked(ole, path, kind, streams[stream]):
        return Refusal("encrypted", {"name": name})
    names = {entry.name.casefold() for entry in ole.direntries if entry is not None}
    if _MACROS & names or (kind == "ppt" and _has_ppt_macros(path)):
        return Refusal("macros", {"name": name})
    return kind


def _is_cut(ole: Any) -> bool:
    """Whether some stream goes on, or begins, behind the end of the file."""
    sectors = len(ole.fat)  # the library keeps those of the file alone
    starts = [entry.isectStart for entry in ole.root.kids if entry.size >= ole.mini_stream_cutoff_size]
    return any(sectors <= sector < olefile.MAXREGSECT for sector in (*ole.fat, *starts))


def _is_locked(ole: Any, path: Path, kind: str, entry: Any) -> bool:
    if kind == "ppt":
        return bool(ole.exists("Current User") and ole.openstream("Current User").read(16)[12:16] == _PPT_LOCKED)
    head = _first_sector(ole, path, entry)
    if kind == "doc":
        return len(head) > _DOC_FLAGS and bool(head[_DOC_FLAGS] & _DOC_LOCKED)
    return _second_record(head) == _XLS_FILE_PASS


def _second_record(head: bytes) -> bytes:
    """The type of a workbook's record after its first, and after the one that forbids writing."""
    place = 4 + int.from_bytes(head[2:4], "little")
    if head[place : place + 2] == _XLS_WRITE_PROTECT:
        place += 4 + int.from_bytes(head[place + 2 : place + 4], "little")
    return head[place : place + 2]


def _first_sector(ole: Any, path: Path, entry: Any) -> bytes:
    """The beginning of a stream; the library would read all of it into memory."""
    if entry.size < ole.mini_stream_cutoff_size:
        found: bytes = ole.openstream(entry.name).read(_FIRST)
        return found
    with path.open("rb") as file:
        file.seek(ole.sector_size * (entry.isectStart + 1))
        return file.read(_FIRST)


def _has_ppt_macros(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        place = content.find(_PPT_MACROS)
        while place >= 0:
            flag = place + len(_PPT_MACROS) + 4
            if content[flag : flag + 4] == b"\x01\x00\x00\x00":
                return True
            place = content.find(_PPT_MACROS, place + 1)
    return False
