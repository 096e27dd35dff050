"""`laurel packs`: the packs of a folder, listed and checked. Loads knowledge alone."""

from pathlib import Path
from typing import Annotated

import typer

from knowledge.check import check_packs
from knowledge.loader import PACKS, load_programmes

packs = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

Folder = Annotated[Path, typer.Argument(help="the folder of packs")]


@packs.callback()
def _group() -> None:
    """List and check packs."""


@packs.command("list")
def list_packs(directory: Folder = PACKS) -> None:
    """Prints each programme with what its pack holds."""
    for programme in load_programmes(directory).values():
        stated = sum(not entry.not_stated for entry in programme.entries.values())
        form = "form" if programme.form else "no form"
        print(f"{programme.id}\t{programme.name.zh}\t{stated} topics of {len(programme.entries)}, {form}")


@packs.command()
def check(directory: Folder = PACKS) -> None:
    """Names every mistake as file:line: key: message. Exits with 1 where there is any."""
    mistakes = check_packs(directory)
    for mistake in mistakes:
        print(mistake)
    if mistakes:
        raise typer.Exit(1)
    print(f"{directory}: no mistake")
