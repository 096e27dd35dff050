"""A guide's file, whatever its kind, read into lines. Files that cannot become a guide are refused with a reason."""

from collections.abc import Callable, Mapping
from pathlib import Path

from knowledge.importing.from_docx import read_docx
from knowledge.importing.from_html import read_html
from knowledge.importing.from_markdown import read_markdown
from knowledge.importing.from_pdf import read_pdf
from knowledge.importing.from_text import read_text
from knowledge.importing.lines import Source, refusal

LARGEST = 20_000_000  # bytes
_LEAST, _MOST = 20, 300_000  # characters of text that could be a guide

_READERS: Mapping[str, Callable[[bytes, Path], Source]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
KINDS = "md, txt, html, docx or pdf"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")


def read_guide(path: Path) -> Source:
    """The lines of a guide. Raises PackError, which says what is wrong with the file and what would be right."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise refusal(path, f"has {size / 1e6:.0f} MB; a guide has at most 20: take its pictures out")
        raw = path.read_bytes()
    except OSError as error:
        raise refusal(path, f"cannot be read: {error.strerror or error}") from error
    if not raw.strip():
        raise refusal(path, "is empty")
    source = _READERS[_kind(raw, path)](raw, path)
    length = sum(len("".join(line.text.split())) for line in source.lines)
    if length < _LEAST:
        raise refusal(path, "holds next to no text; give the guide's text")
    if length > _MOST:
        raise refusal(path, f"has {length} characters; a guide has at most {_MOST}: give its part alone")
    return source


def _kind(raw: bytes, path: Path) -> str:
    """What the file is by its first bytes, and where they do not tell, by its name."""
    if raw[:1024].lstrip().startswith(b"%PDF-"):
        return ".pdf"
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise refusal(path, "is encrypted; save it without a password")
        raise refusal(path, "is in an old Office format; save it as .docx or PDF")
    if raw.startswith(b"{\\rtf"):
        raise refusal(path, "is RTF; save it as .docx or PDF")
    if raw.startswith(_PICTURES):
        raise refusal(path, "is a picture; run text recognition (OCR) on it, or give the text")
    if raw.startswith(b"PK\x03\x04"):
        if b"word/" not in raw:
            raise refusal(path, f"is an archive or another Office file; a guide is {KINDS}")
        return ".docx"
    kind = path.suffix.lower()
    if kind in {".pdf", ".docx"}:
        raise refusal(path, f"is no {kind[1:]} file, whatever its name; open it and save it anew")
    if kind not in _READERS:
        raise refusal(path, f"is of a kind that is not read; a guide is {KINDS}")
    return kind
