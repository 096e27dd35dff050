"""What a file is, found out by looking into it: its kind, pages, size of the picture; or why it is not taken.

Nothing here trusts the file: its name, what it says of its own size, or that it can be read at all.
"""

import io
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from pypdf import PdfReader, apply_configuration

from bot.uploads.archives import inspect_zip
from bot.uploads.kinds import BY_ENDING, ENDINGS, KINDS, MACRO_ENDINGS, OLE, ZIP, is_text, sniff
from bot.uploads.names import clean_name, ending, name_as
from bot.uploads.ole import inspect_ole
from bot.uploads.refusals import Refusal

# An A3 page scanned at 600 dots an inch has 70 million; decoding takes up to 4 bytes for each.
MOST_PIXELS = 80_000_000
# To count pages a reader unpacks lists of objects, of some hundred kilobytes each, and no page.
MOST_PART = 8 * 1024**2
MOST_WORK = 10.0  # seconds of a thread's own time that a PDF file may take
_PICTURES = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be taken. `name` is the display name; `width` and `height` in pixels."""

    name: str
    kind: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None


def inspect(path: Path, name: str) -> Inspected | Refusal:
    """Looks into a file that its sender calls `name`. It blocks, for seconds where the file is large."""
    name = clean_name(name)
    if path.stat().st_size == 0:
        return Refusal("empty", {"name": name})
    if ending(name) in MACRO_ENDINGS:
        return Refusal("macros", {"name": name})
    kind = _kind(path, name)
    if isinstance(kind, Refusal):
        return kind
    said = BY_ENDING.get(ending(name))
    if not kind or kind not in ENDINGS:
        return _unknown(name, said, kind)
    if said is not None and said != kind:
        return Refusal("wrong_type", {"name": name, "said": said.upper(), "found": kind.upper()})
    name = name_as(name, kind, ENDINGS[kind])
    if kind == "pdf":
        return _inspect_pdf(path, name)
    return _inspect_picture(path, name, kind) if kind in _PICTURES else Inspected(name, kind)


def _kind(path: Path, name: str) -> str | Refusal:
    """The kind by content, "" for none that we know; archives and Office files are looked through on the way."""
    found = sniff(path)
    if found == ZIP:
        kind = inspect_zip(path, name)
        # Many programs pack their own kinds of files like this; as archives only those count that are called so.
        return "" if kind == "zip" and ending(name) not in {"", *BY_ENDING} else kind
    if found == OLE:
        return inspect_ole(path, name)
    if not found and BY_ENDING.get(ending(name), "txt") == "txt" and is_text(path):
        return "txt" if ending(name) in ENDINGS["txt"] else ""
    return found


def _unknown(name: str, said: str | None, found: str) -> Refusal:
    if said is not None:
        return Refusal("wrong_type", {"name": name, "said": said.upper(), "found": found.upper()})
    kinds = tuple(kind.upper() for kind in KINDS)
    return Refusal("unknown_type", {"name": name, "found": (found or ending(name)).upper(), "kinds": kinds})


class _Patient(io.BufferedReader):
    """A file for a reader that comes back to it for each object: from some work on it gives no more.

    A small file can make its reader unpack and look through a great deal.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self._until = time.thread_time() + MOST_WORK
        self.exhausted = False  # whether more was asked for since

    def read(self, size: int | None = -1, /) -> bytes:
        if time.thread_time() > self._until:
            self.exhausted = True
            raise TimeoutError
        return super().read(size)


def _inspect_pdf(path: Path, name: str) -> Inspected | Refusal:
    with _Patient(path) as file:
        try:
            with apply_configuration(zlib_maximum_output_length=MOST_PART):
                reader = PdfReader(file)
                # An empty password opens what anybody may read and only some may change.
                if reader.is_encrypted and not reader.decrypt(""):
                    return Refusal("encrypted", {"name": name})
                pages = len(reader.pages)
        except Exception:  # noqa: BLE001 - a damaged file lets the reader raise anything, in place of the time-out too
            return Refusal("too_complex", {"name": name}) if file.exhausted else Refusal("damaged", {"name": name})
    return Inspected(name, "pdf", pages=pages) if pages else Refusal("damaged", {"name": name})


def _inspect_picture(path: Path, name: str, kind: str) -> Inspected | Refusal:
    """Decodes the picture: one that was cut or changed has a sound head as well."""
    too_many = Refusal("too_many_pixels", {"name": name, "limit": MOST_PIXELS // 1_000_000})
    try:
        with Image.open(path, formats=[_PICTURES[kind]]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                return too_many
            picture.draft(None, (max(1, width // 8), max(1, height // 8)))  # JPEG alone knows how to decode small
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return too_many
    except Exception:  # noqa: BLE001 - a damaged file lets the decoder raise anything
        return Refusal("damaged", {"name": name})
    return Inspected(name, kind, width=width, height=height)
