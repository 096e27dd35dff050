"""The terminal as a channel: one person at a time, replies printed as text or as JSON lines."""

import json
import os
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from bot.channels.base import Limits, Outcome, Rights, Sent
from bot.messages import Inbound, IncomingFile, Kind, Outgoing

NAME = "console"
LIMITS = Limits(text=100_000, measure=len, buttons=False)
RIGHTS = Rights(mailbox=True)
_FILE = "/file "


def read(line: str, person: str) -> Inbound:
    r"""A typed line as an event: `\n` in it is a new line, `/file PATH` sends a file."""
    text = line.replace("\\n", "\n")
    if text.startswith(_FILE):
        path = Path(text.removeprefix(_FILE).strip())
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

    async def close(self) -> None:
        """Holds nothing."""


def show(message: Outgoing, *, as_json: bool = False) -> str:
    """A message as the terminal prints it."""
    if as_json:
        choices = [{"value": choice.value, "label": choice.label} for choice in message.choices]
        return json.dumps({"text": message.text, "choices": choices, "kind": message.kind}, ensure_ascii=False)
    return f"{message.text}\n"


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
