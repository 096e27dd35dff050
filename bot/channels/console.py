"""The terminal as a channel: one person at a time, replies printed as text or as JSON lines."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from itertools import count
from pathlib import Path
from uuid import uuid4

from bot.channels.base import Limits, NotFetched, Outcome, Rights, Sent
from bot.messages import Inbound, IncomingFile, Kind, Outgoing

NAME = "console"
LIMITS = Limits(text=100_000, measure=len, buttons=False)
RIGHTS = Rights(mailbox=True)
_FILE = "/file "
_CHUNK = 256 * 1024


def read(line: str, person: str) -> Inbound:
    r"""A typed line as an event: `\n` in it is a new line, `/file PATH` sends a file."""
    text = line.replace("\\n", "\n")
    if text.startswith(_FILE):
        path = Path(text.removeprefix(_FILE).strip().strip("'\"")).expanduser()
        size = path.stat().st_size if path.is_file() else None
        files = (IncomingFile(str(path), path.name, size=size),)
        return Inbound(NAME, uuid4().hex, person, person, kind=Kind.FILE, files=files)
    return Inbound(NAME, uuid4().hex, person, person, text=text)


class ConsoleChannel:
    """The terminal's mailbox: a message waits in it until `laurel chat` shows it."""

    name = NAME
    limits = LIMITS
    rights = RIGHTS

    async def send(self, message: Outgoing) -> Outcome:  # noqa: ARG002 - it waits where it is stored
        """Leaves the message where it is stored."""
        return Sent()

    async def fetch(self, file: IncomingFile) -> AsyncIterator[bytes]:
        """The bytes of a file of this machine. Raises NotFetched."""
        try:
            with await asyncio.to_thread(Path(file.handle).open, "rb") as content:
                while chunk := await asyncio.to_thread(content.read, _CHUNK):
                    yield chunk
        except OSError:
            raise NotFetched("no_such_file") from None

    async def close(self) -> None:
        """Holds nothing."""


def show(message: Outgoing, *, as_json: bool = False, files: Sequence[Path] = ()) -> str:
    """A message as the terminal prints it; `files` are where the files that it carries can be found."""
    if as_json:
        shown: dict[str, object] = {"text": message.text}
        shown["choices"] = [{"value": choice.value, "label": choice.label} for choice in message.choices]
        if message.files:
            pairs = zip(message.files, files, strict=True)
            shown["files"] = [{"name": file.name, "path": str(path)} for file, path in pairs]
        return json.dumps({**shown, "kind": message.kind}, ensure_ascii=False)
    return "\n".join([message.text, *map(str, files)]) + "\n"


def save_copy(content: Path, name: str, folder: Path) -> Path:
    """Copies a file that Laurel sent into a folder, beside whatever has its name there. Raises OSError."""
    wanted = Path(name)
    for number in count(1):
        path = folder / (wanted.name if number == 1 else f"{wanted.stem} ({number}){wanted.suffix}")
        try:
            with content.open("rb") as source, path.open("xb") as target:
                shutil.copyfileobj(source, target)
        except FileExistsError:
            continue
        return path
    raise AssertionError


class Bookmarks:
    """How far each person of this terminal has read: a file a person."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, person: str) -> int:
        """The sequence of the last message that was shown; 0 for nobody known, or where the note cannot be read."""
        try:
            return int(self._path(person).read_text("ascii"))
        except (OSError, ValueError):
            return 0

    def write(self, person: str, sequence: int) -> None:
        """Notes the sequence of the last message that was shown."""
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._path(person).with_suffix(f".{os.getpid()}")
        fresh.write_text(str(sequence), "ascii")
        fresh.replace(self._path(person))

    def _path(self, person: str) -> Path:
        return self._folder / sha256(person.encode()).hexdigest()[:16]
