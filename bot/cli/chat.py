"""`laurel chat`: the conversation in the terminal, typed or from a pipe."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.channels.console import NAME, Bookmarks, read, save_copy, show
from bot.cli.typed import typed_lines

if TYPE_CHECKING:
    from bot.app import Laurel
    from bot.messages import Outgoing


def chat(
    as_: Annotated[str, typer.Option("--as", help="The person who talks; kept between calls.")] = "me",
    json: Annotated[bool, typer.Option("--json", help="Print a reply an object a line.")] = False,
    ends: Annotated[bool, typer.Option("--ends", help='Print {"end": N} after the replies to message N.')] = False,
    now: Annotated[str, typer.Option(help="Set the clock to an instant such as 2024-10-01T12:00+08:00.")] = "",
    packs: Annotated[Path | None, typer.Option(help="Use the packs in this folder.")] = None,
) -> None:
    r"""Talks to Laurel. From a pipe: one message a line, `\n` in it for a new line, `/file PATH` to send a file."""
    from bot.app import Laurel, fixed_clock, system_clock
    from bot.settings import load
    from bot.telemetry import set_up_logs

    clock = fixed_clock(_instant(now)) if now else system_clock
    settings = load(**({"packs_dir": packs} if packs else {}))
    set_up_logs("ERROR")
    laurel = Laurel.open(settings, clock=clock, sends=(NAME,))
    screen = Screen(laurel, as_, as_json=json)

    async def talk() -> None:
        await screen.refresh()
        for number, line in enumerate(typed_lines(), 1):
            await laurel.turns.handle(read(line, as_))
            await screen.refresh()
            if ends:
                print(f'{{"end": {number}}}', flush=True)

    try:
        asyncio.run(talk())
    finally:
        laurel.close()


class Screen:
    """Prints what a person has not seen yet, and remembers it between calls."""

    def __init__(self, laurel: "Laurel", person: str, *, as_json: bool) -> None:
        self._laurel = laurel
        self._person = person
        self._as_json = as_json
        self._bookmarks = Bookmarks(laurel.settings.data_dir / "console")
        self._last = self._bookmarks.read(person)

    async def refresh(self) -> None:
        """Prints the messages after the last one that was printed."""
        await self._laurel.delivery.drain()
        while fresh := await self._laurel.turns.after(NAME, self._person, self._last):
            for message in fresh:
                files = await asyncio.to_thread(self._files, message)
                print(show(message, as_json=self._as_json, files=files), flush=True)
                self._last = message.sequence
            self._bookmarks.write(self._person, self._last)

    def _files(self, message: "Outgoing") -> list[Path]:
        """Where the files of a message are: copies in the current folder, for a program the kept ones themselves.

        One that is no longer kept has its name alone.
        """
        places = []
        for file in message.files:
            try:
                kept = self._laurel.contents.path(file.key)
                places.append(kept if self._as_json else save_copy(kept, file.name, Path()).absolute())
            except (LookupError, OSError):
                places.append(Path(file.name))
        return places


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no instant; write 2024-10-01T12:00+08:00") from None
    if instant.tzinfo is None:
        raise typer.BadParameter(f"{text!r} lacks its zone; write 2024-10-01T12:00+08:00")
    return instant
