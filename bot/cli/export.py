"""`laurel export`: a programme's submissions as a spreadsheet, from the machine itself."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, NoReturn

import typer

if TYPE_CHECKING:
    from knowledge.programme import Programme


def export(
    programme: Annotated[str, typer.Argument(help="The programme's id or name.")],
    output: Annotated[Path, typer.Option(help="The new file, which ends in .xlsx.")],
    state: Annotated[str, typer.Option(help="Only submissions in this state, such as in_review.")] = "",
    lang: Annotated[str, typer.Option(help="The language of headings and choices: zh or en.")] = "zh",
) -> None:
    """Writes the submissions of a programme to a new spreadsheet; the server may go on."""
    from bot.app import system_clock
    from bot.making import make_register
    from bot.render import LOCALES
    from bot.settings import load
    from bot.telemetry import set_up_logs
    from storage.database import Storage

    if lang not in LOCALES:
        raise typer.BadParameter(f"--lang: must be one of {', '.join(LOCALES)}")
    settings = load()
    found, chosen = _programme(programme, settings.packs_dir), _state(state)
    path = _new_file(output)
    set_up_logs(settings.log_level)
    storage = Storage.open(settings.database)
    try:
        storage.upgrade()
        with _whole(path) as made:
            count = make_register(storage, found, made, state=chosen, locale=lang, made_at=system_clock())
    finally:
        storage.close()
    print(f"Written to {path}: {count} submissions. It holds personal data; only this account can read it.")


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file that is there when all of it is written, and not at all where that fails. Its owner alone can read it."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".laurel-export-")
    try:
        with os.fdopen(number, "w+b") as made:
            yield made
            made.flush()
            os.fsync(made.fileno())
        Path(name).rename(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _programme(text: str, packs: Path) -> "Programme":
    from knowledge.opening import load_packs

    library = load_packs(packs)
    found = library.find(text)
    if found is None:
        _refuse(f"there is no programme {text!r}; known are {', '.join(library.programmes)}")
    return found


def _state(text: str) -> str:
    from bot.flows.lifecycle import State
    from bot.handlers.arguments import read_state

    known = [str(state) for state in State if state is not State.DRAFT]
    found, rest = read_state(text) if text else ("", "")
    if text and (found not in known or rest):
        _refuse(f"--state: there is no state {text!r} of submissions; known are {', '.join(known)}")
    return found


def _new_file(path: Path) -> Path:
    if path.suffix.lower() != ".xlsx":
        _refuse(f"--output: {path} does not end in .xlsx")
    if path.exists():
        _refuse(f"--output: {path} is there already; name a new file")
    if not path.parent.is_dir():
        _refuse(f"--output: there is no folder {path.parent}")
    return path


def _refuse(why: str) -> NoReturn:
    print(f"laurel export: {why}", file=sys.stderr)
    raise typer.Exit(1)
