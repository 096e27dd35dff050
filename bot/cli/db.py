"""`laurel db`: the database's tables, backups."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.files_backup import Copied

db = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

_PATH = Annotated[Path, typer.Argument(help="The backup's file.")]
_FORCE = Annotated[bool, typer.Option("--force", help="Replace a database that is not empty.")]


@db.callback()
def _group() -> None:
    """Upgrade, back up and restore the database."""


@db.command("upgrade")
def upgrade_database() -> None:
    """Bring the tables to what this version needs."""
    with _explained() as settings:
        from storage.database import Storage

        storage = Storage.open(settings.database)
        try:
            storage.upgrade()
        finally:
            storage.close()
        typer.echo("The database is up to date.")


@db.command("backup")
def backup_database(path: _PATH) -> None:
    """Write the whole database to a new file, and what people sent to a folder beside it; the server may go on."""
    with _explained() as settings:
        from storage.backup import make_backup
        from storage.files_backup import copy_files, files_beside

        make_backup(settings.database, path)
        typer.echo(f"Written to {path}.")
        copied = copy_files(settings.files_dir, files_beside(path))
        if copied.count:
            typer.echo(f"Files: {copied.count}, in {files_beside(path)}.")
        _tell(copied)


@db.command("restore")
def restore_database(path: _PATH, force: _FORCE = False) -> None:
    """Put a backup in the place of the database, and its files among those kept. Stop the server before."""
    with _explained() as settings:
        from storage.backup import restore_backup
        from storage.database import Storage
        from storage.files_backup import copy_files, files_beside, find_missing

        restore_backup(settings.database, path, force=force)
        typer.echo(f"Restored from {path}.")
        copied = copy_files(files_beside(path), settings.files_dir)
        if copied.count:
            typer.echo(f"Files: {copied.count}.")
        with closing(Storage.open(settings.database)) as storage:
            missing = find_missing(storage, settings.files_dir)
        _name("The database names files that are not there:", [key for key in missing if key not in copied.damaged])
        _tell(copied)


def _tell(copied: "Copied") -> None:
    """Names what was not copied; ends the command with an error where something is damaged."""
    _name("Removed from the store meanwhile, and skipped:", copied.gone)
    _name("Damaged, and not copied:", copied.damaged)
    if copied.damaged:
        raise typer.Exit(1)


def _name(lead: str, keys: Sequence[str]) -> None:
    if keys:
        typer.echo("\n".join([lead, *(f"  {key}" for key in keys)]), err=True)


@contextmanager
def _explained() -> Iterator["Settings"]:
    """Gives the settings; ends the command with a sentence where something is in the way."""
    from bot.errors import SettingsError
    from bot.settings import load
    from storage.errors import DatabaseBusy, DatabaseNewer, DatabaseUnreachable, StorageError

    lead = {
        DatabaseBusy: "the database is locked by another process; try again when it is done",
        DatabaseNewer: "this was written by a newer version of Laurel; install that version",
        DatabaseUnreachable: "the database cannot be opened",
    }
    try:
        yield load()
    except StorageError as error:
        why = lead.get(type(error))
        typer.echo(f"laurel db: {f'{why} ({error})' if why else error}.", err=True)
        raise typer.Exit(1) from None
    except SettingsError as error:
        typer.echo(f"laurel db: {error}", err=True)
        raise typer.Exit(1) from None
