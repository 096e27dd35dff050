"""The kinds of files that are taken, and how each is known: by what it begins with, not by its name."""

import codecs
from collections.abc import Mapping
from pathlib import Path

# kind -> (media type, endings that name it beside its own)
_KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pdf": ("application/pdf", ()),
    "jpg": ("image/jpeg", ("jpeg", "jpe", "jfif")),
    "png": ("image/png", ()),
    "gif": ("image/gif", ()),
    "webp": ("image/webp", ()),
    "doc": ("application/msword", ("dot", "wps")),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("dotx",)),
    "xls": ("application/vnd.ms-excel", ("xlt", "et")),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xltx",)),
    "ppt": ("application/vnd.ms-powerpoint", ("pps", "pot", "dps")),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ("ppsx", "potx")),
    "mp3": ("audio/mpeg", ()),
    "mp4": ("video/mp4", ("m4v", "m4a")),
    "mov": ("video/quicktime", ("qt",)),
    "wav": ("audio/wav", ("wave",)),
    "zip": ("application/zip", ()),
    "rar": ("application/vnd.rar", ()),
    "7z": ("application/x-7z-compressed", ()),
    "txt": ("text/plain", ("text", "md", "csv")),
}
KINDS = tuple(_KINDS)
MEDIA_TYPES: Mapping[str, str] = {kind: media_type for kind, (media_type, _) in _KINDS.items()}
ENDINGS: Mapping[str, frozenset[str]] = {kind: frozenset({kind, *others}) for kind, (_, others) in _KINDS.items()}
BY_ENDING: Mapping[str, str] = {name: kind for kind, endings in ENDINGS.items() for name in endings}
# The forms of Office files that carry macros; no content is taken under these names.
MACRO_ENDINGS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam"})

# What a file may turn out to be before a closer look.
OLE, ZIP = "ole", "zip"
_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"ID3", "mp3"),
)
_ARCHIVES = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_PDF_WITHIN = 1024  # readers look for the mark in the first kilobyte
_HEAD = 4096
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"})
_TEXTS = ("utf-8-sig", "gb18030", "utf-16")
_CHUNK = 1024 * 1024


def sniff(path: Path) -> str:
    """What a file is by its first bytes: a kind, OLE, ZIP, "heic", or "" for anything else."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in _HEIF else "mov" if head[8:12] == b"qt  " else "mp4"
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "pdf"
    return "mp3" if _is_mp3_frame(head) else ""


def is_archive(head: bytes) -> bool:
    """Whether these first bytes begin an archive."""
    return head.startswith(_ARCHIVES)


def is_text(path: Path) -> bool:
    """Whether all of a file is text: UTF-8 or GB 18030 without null bytes, or UTF-16 with its mark."""
    with path.open("rb") as file:
        marked = file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    return any(_decodes(path, encoding) for encoding in (_TEXTS[2:] if marked else _TEXTS[:2]))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if "\x00" in decoder.decode(chunk):
                    return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_mp3_frame(head: bytes) -> bool:
    """The head of a frame of layer III: eleven set bits, then fields of which some values are reserved."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    version, bitrate, frequency = (head[1] >> 3) & 3, head[2] >> 4, (head[2] >> 2) & 3
    return version != 1 and bitrate not in {0, 15} and frequency != 3
