"""What the form page sends, as changes: a JSON object of its script, or the whole page as a form."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.flows.entries import AddRow, Change, DeleteRow, Detach, Drop, Write
from bot.web.failures import Refusal

ANSWER_BYTES = 512 * 1024
_PAGE_BYTES = 8 * 1024 * 1024  # all texts of a page; files are counted by whoever takes them in
_PARTS = 5000
_IDLE_SECONDS = 60.0
_CHUNK = 64 * 1024
_MOST_ROWS = 10_000

Take = Callable[[str, str, AsyncIterator[bytes]], Awaitable[None]]


@dataclass
class Posted:
    """A whole page: what stands in its entries by slot, the digests of what was shown, and the button pressed."""

    given: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    do: str = ""
    event: str = ""

    def changes(self) -> list[Change]:
        """The answers of every entry that was on the page, then what the button does."""
        found: list[Change] = [self._write(slot, seen) for slot, seen in self.seen.items()]
        verb, _, rest = self.do.partition(":")
        if verb in _BUTTONS:
            found.append(_button(verb, rest))
        return [one for one in found if not (verb == "drop" and isinstance(one, Write) and _slot(one) == rest)]

    def _write(self, slot: str, seen: str) -> Write:
        name, row, column = read_slot(slot)
        given = self.given.get(slot, [])
        return Write(name, given[0] if len(given) == 1 else tuple(given), seen, row, column, whole=True)


async def read_page(request: web.Request, admit: Callable[[str], None], take: Take) -> Posted:
    """Reads a posted page. `admit` gets its token before anything else is read, `take` each file with its field.

    Raises Refusal for what is no page of ours, or too large.
    """
    if request.content_type != "multipart/form-data":
        raise Refusal(415, "malformed")
    posted, size, admitted = Posted(), 0, False
    try:
        reader = await request.multipart()
        for _ in range(_PARTS):
            part = await reader.next()
            if part is None:
                if not admitted:
                    admit("")
                return posted
            if not isinstance(part, BodyPartReader):
                raise Refusal(400, "malformed")
            name = part.name or ""
            if not admitted:
                admit((await _text(part, _PAGE_BYTES)) if name == "token" else "")
                admitted = True
            elif name.startswith("file:"):
                if part.filename:
                    await take(name.removeprefix("file:"), part.filename, chunks(part))
            else:
                text = await _text(part, _PAGE_BYTES - size)
                size += len(text)
                _note(posted, name, text)
    except (ValueError, web.RequestPayloadError, AssertionError):
        raise Refusal(400, "malformed") from None
    raise Refusal(413, "too_large")


async def chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    """The content of a part. Raises Refusal where nothing comes for a while."""
    while True:
        try:
            async with asyncio.timeout(_IDLE_SECONDS):
                chunk = await part.read_chunk(_CHUNK)
        except TimeoutError:
            raise Refusal(408, "too_slow") from None
        if not chunk:
            return
        yield chunk


def read_answer(data: Mapping[str, Any]) -> Change:
    """One answer as the script sends it. Raises Refusal(400) for anything it would not send."""
    name, row, column = data.get("field"), data.get("row"), data.get("column", "")
    value, seen = data.get("value"), data.get("seen")
    known = isinstance(name, str) and isinstance(column, str) and isinstance(seen, str)
    if not known or not _is_row(row, column):
        raise Refusal(400, "malformed")
    if data.get("drop") is True:
        return Drop(str(name), row, column)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return Write(str(name), tuple(value), str(seen), row, column)
    if not isinstance(value, str):
        raise Refusal(400, "malformed")
    return Write(str(name), value, str(seen), row, column)


def read_row(data: Mapping[str, Any]) -> Change:
    """A row to be added or deleted, as the script sends it. Raises Refusal(400)."""
    name, row, seen = data.get("field"), data.get("row"), data.get("seen", "")
    if not isinstance(name, str) or not isinstance(seen, str) or not _is_row(row, "x"):
        raise Refusal(400, "malformed")
    if data.get("do") == "add":
        return AddRow(name, int(row or 0))
    if data.get("do") == "delete":
        return DeleteRow(name, int(row or 0), seen)
    raise Refusal(400, "malformed")


def read_slot(slot: str) -> tuple[str, int | None, str]:
    """The field, row and column of a slot. Raises Refusal(400) for what is none."""
    name, *rest = slot.split(".")
    if not rest:
        return name, None, ""
    if len(rest) != 2 or not rest[0].isdecimal() or len(rest[0]) > 4:
        raise Refusal(400, "malformed")
    return name, int(rest[0]), rest[1]


def _is_row(row: object, column: str) -> bool:
    """A row and a column, or neither."""
    if row is None:
        return not column
    return isinstance(row, int) and not isinstance(row, bool) and 0 <= row < _MOST_ROWS and bool(column)


async def _text(part: BodyPartReader, limit: int) -> str:
    text = bytearray()
    async for chunk in chunks(part):
        text += chunk
        if len(text) > limit:
            raise Refusal(413, "too_large")
    return text.decode("utf-8", "replace")


def _note(posted: Posted, name: str, text: str) -> None:
    kind, _, slot = name.partition(":")
    if kind == "a":
        posted.given.setdefault(slot, []).append(text)
    elif kind == "seen":
        posted.seen[slot] = text
    elif name == "do":
        posted.do = text
    elif name == "event":
        posted.event = text[:64]


_BUTTONS = frozenset({"add", "delete", "detach", "drop"})


def _button(verb: str, rest: str) -> Change:
    parts = rest.split(":")
    if verb == "drop":
        return Drop(*read_slot(rest))
    if verb == "detach" and len(parts) == 2:
        return Detach(parts[0], parts[1])
    if len(parts) < 2 or not parts[1].isdecimal() or len(parts[1]) > 4:
        raise Refusal(400, "malformed")
    if verb == "add":
        return AddRow(parts[0], int(parts[1]))
    return DeleteRow(parts[0], int(parts[1]), parts[2] if len(parts) > 2 else "")


def _slot(write: Write) -> str:
    return write.field if write.row is None else f"{write.field}.{write.row}.{write.column}"
