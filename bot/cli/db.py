"""`laurel db`: the database's tables, backups."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

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
        if count := copy_files(settings.files_dir, files_beside(path)):
            typer.echo(f"Files: {count}, in {files_beside(path)}.")


@db.command("restore")
def restore_database(path: _PATH, force: _FORCE = False) -> None:
    """Put a backup in the place of the database, and its files among those kept. Stop the server before."""
    with _explained() as settings:
        from storage.backup import restore_backup
        from storage.files_backup import copy_files, files_beside

        restore_backup(settings.database, path, force=force)
        typer.echo(f"Restored from {path}.")
        if count := copy_files(files_beside(path), settings.files_dir):
            typer.echo(f"Files: {count}.")


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
