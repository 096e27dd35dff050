"""One of several rows or files: the only one, the one of a number, or asked for."""

from collections.abc import Sequence
from typing import Any

from bot.flows.values import Input, Problem, place_in
from bot.flows.walk import Walk

_PROBLEMS = {"rows": ("no_rows", "no_such_row"), "files": ("no_files", "no_such_file")}


def pick(walk: Walk, name: str, things: Sequence[Any], purpose: str, argument: str) -> int | None:
    """The number, from 1, of the one that a text means; None where none is there, or it is asked which.

    `name` is "rows" or "files"; `purpose` is what is to become of it.
    """
    none, unknown = _PROBLEMS[name]
    number = place_in(things, argument) if argument else len(things)
    if not things:
        walk.problem = Problem(none)
    elif number is None:
        walk.problem = Problem(unknown, {"text": argument, name: len(things)})
    elif argument or number == 1:
        return number
    else:
        walk.cursor.at, walk.cursor.purpose = "pick", purpose
        walk.cursor.row, walk.cursor.column = None, ""
    return None


def said_number(given: Input) -> str:
    """What was typed or tapped where it is asked which."""
    return (given.choice or given.text).removeprefix("row:").strip()
