"""The command line: one module a command, imported when it is called, so that `laurel ask` loads knowledge alone."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

# The command, the function or app that runs it, and its line in `laurel --help`.
COMMANDS = {
    "run": ("bot.cli.run:run", "set up what is missing, then serve"),
    "serve": ("bot.cli.serve:serve", "serve the doors and send what waits"),
    "worker": ("bot.cli.worker:worker", "send what waits, without the doors"),
    "chat": ("bot.cli.chat:chat", "talk to Laurel in the terminal"),
    "ask": ("bot.cli.ask:main", "answer questions from the guides"),
    "packs": ("bot.cli.packs:packs", "make, try, list and check packs"),
    "export": ("bot.cli.export:export", "write a programme's submissions to a spreadsheet"),
    "db": ("bot.cli.db:db", "upgrade, back up and restore the database"),
    "staff": ("bot.cli.staff:staff", "invite staff"),
}


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code: 0 done, 1 failed and said why, 2 not understood."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(_usage())
        return 0
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"laurel: there is no command {name!r}\n\n{_usage()}", file=sys.stderr)
        return 2
    return _call(name, rest)


def _call(name: str, arguments: list[str]) -> int:
    module, _, attribute = COMMANDS[name][0].partition(":")
    command = getattr(import_module(module), attribute)
    try:
        # `main` reads its arguments by itself: typer would cost `laurel ask` more than all the rest of it.
        code = command(arguments) if attribute == "main" else _typer(command)(arguments, prog_name=f"laurel {name}")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 1
    except Exception as error:
        if not _is_explained(error):
            raise
        print(f"laurel {name}: {error}", file=sys.stderr)
        return 1
    return int(code or 0)


def _typer(command: Any) -> Any:
    import typer

    if isinstance(command, typer.Typer):
        return command
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(command)
    return app


def _is_explained(error: Exception) -> bool:
    """Whether the error's message is written for the person at the terminal."""
    kinds = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    return bool(kinds & {"bot.errors.SettingsError", "knowledge.errors.PackError", "storage.errors.StorageError"})


def _usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {line}" for name, (_, line) in COMMANDS.items()]
    return "\n".join(["laurel COMMAND …; laurel COMMAND --help says more", "", *lines])
