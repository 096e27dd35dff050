"""The menu of commands as platforms show it: those of everybody, each with its line."""

from bot.handlers import COMMANDS
from bot.render import render


def command_menu(locale: str) -> list[tuple[str, str]]:
    """(word, description) of every listed command that needs no role."""
    listed = [command for command in COMMANDS.values() if command.listed and command.role == "applicant"]
    return [(command.word, render(f"start.help_{command.word}", locale, word="").strip()) for command in listed]
