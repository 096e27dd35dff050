"""`laurel staff`: invitations from the machine itself, for whoever has lost theirs."""

from typing import Annotated

import typer

staff = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


@staff.callback()
def _group() -> None:
    """Invite staff."""


@staff.command()
def invite(role: Annotated[str, typer.Argument(help="staff or owner")] = "staff") -> None:
    """Prints an invitation that one person can use, within seven days."""
    from bot.app import system_clock
    from bot.services.staff import invite as make
    from bot.settings import load
    from storage.database import Storage

    if role not in {"staff", "owner"}:
        raise typer.BadParameter("must be staff or owner")
    storage = Storage.open(load().database)
    try:
        storage.upgrade()
        invited = storage.run_sync(lambda uow: make(uow=uow, role=role, now=system_clock()))
    finally:
        storage.close()
    print(f"/join {invited.token}")
