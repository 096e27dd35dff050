"""`laurel db`: the database's tables, backups."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

db = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

_PATH = Annotated[Path, typer.Argument(help="The backup's file.")]
_FORCE = Annotated[bool, typer.Option("--force", help="Replace a database that is not empty.")]


@db.callback()
def _group() -> None:
    """Upgrade, back up and restore the database."""


@db.command("upgrade")
def upgrade_database() -> None:
    """Bring the tables to what this version needs."""
    with _explained() as url:
        from storage.database import Storage

        storage = Storage.open(url)
        try:
            storage.upgrade()
        finally:
            storage.close()
        typer.echo("The database is up to date.")


@db.command("backup")
def backup_database(path: _PATH) -> None:
    """Write the whole database to a new file; the server may go on."""
    with _explained() as url:
        from storage.backup import make_backup

        make_backup(url, path)
        typer.echo(f"Written to {path}.")


@db.command("restore")
def restore_database(path: _PATH, force: _FORCE = False) -> None:
    """Put a backup in the place of the database. Stop the server before."""
    with _explained() as url:
        from storage.backup import restore_backup

        restore_backup(url, path, force=force)
        typer.echo(f"Restored from {path}.")


@contextmanager
def _explained() -> Iterator[str]:
    """Gives the database's address; ends the command with a sentence where something is in the way."""
    from bot.errors import SettingsError
    from bot.settings import load
    from storage.errors import DatabaseBusy, DatabaseNewer, DatabaseUnreachable, StorageError

    lead = {
        DatabaseBusy: "the database is locked by another process; try again when it is done",
        DatabaseNewer: "this was written by a newer version of Laurel; install that version",
        DatabaseUnreachable: "the database cannot be opened",
    }
    try:
        yield load().database
    except StorageError as error:
        why = lead.get(type(error))
        typer.echo(f"laurel db: {f'{why} ({error})' if why else error}.", err=True)
        raise typer.Exit(1) from None
    except SettingsError as error:
        typer.echo(f"laurel db: {error}", err=True)
        raise typer.Exit(1) from None
