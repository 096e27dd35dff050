"""Which options somebody means: by number, by name, several at once."""

import re
from collections.abc import Sequence

from bot.flows.values import Problem
from knowledge.form import Option
from knowledge.text import fold

_BETWEEN = re.compile(r"(?:[\s,，、;；/&+。.]|和|及|以及|与|\band\b)*")
_PARTS = re.compile(r"[,，、;；/&+\n]|\s{2,}|(?<=\d)\s+(?=\d)")
_NUMBER = re.compile(r"\d{1,3}(?!\d)")


def read_one(text: str, options: Sequence[Option]) -> str | Problem:
    """The value of the one option that a text names: value, label, number from 1, or a part of one label alone."""
    said = fold(text)
    found = _named(said, options) or _numbered(said, options) or _partly(said, options)
    return found.value if found is not None else Problem("not_an_option", {"text": text})


def read_several(text: str, options: Sequence[Option]) -> list[str] | Problem:
    """The values of the options that a text names, such as "1,3", "1、3", "1 3" or their names, in the form's order."""
    said = fold(text)
    found = _walk(said, options)
    if found is None:
        found = []
        for part in filter(None, (one.strip() for one in _PARTS.split(said))):
            one = _named(part, options) or _numbered(part, options) or _partly(part, options)
            if one is None:
                return Problem("not_an_option", {"text": part})
            found.append(one)
    chosen = {one.value for one in found}
    return in_order(chosen, options) if chosen else Problem("not_an_option", {"text": text})


def in_order(chosen: set[str], options: Sequence[Option]) -> list[str]:
    """The chosen values in the order of the form."""
    return [option.value for option in options if option.value in chosen]


def _walk(said: str, options: Sequence[Option]) -> list[Option] | None:
    """The options of a text that is nothing but names, numbers and what stands between them.

    Names are taken whole before it is cut at commas: a name may have one in it.
    """
    names = sorted(((fold(name), one) for one in options for name in _names(one)), key=lambda pair: -len(pair[0]))
    found: list[Option] = []
    position = 0
    while position < len(said):
        step = _BETWEEN.match(said, position)
        start = step.end() if step else position
        if start >= len(said):
            break
        here = next(((name, one) for name, one in names if said.startswith(name, start)), None)
        number = _NUMBER.match(said, start)
        if here is not None:
            position = start + len(here[0])
            found.append(here[1])
        elif number is not None and 1 <= int(number[0]) <= len(options):
            position = number.end()
            found.append(options[int(number[0]) - 1])
        else:
            return None
    return found or None


def _names(option: Option) -> tuple[str, ...]:
    return option.value, option.label.zh, option.label.en, *option.also


def _named(said: str, options: Sequence[Option]) -> Option | None:
    return next((one for one in options if said in {fold(name) for name in _names(one)}), None)


def _numbered(said: str, options: Sequence[Option]) -> Option | None:
    return options[int(said[:4]) - 1] if said.isdecimal() and 1 <= int(said[:4]) <= len(options) else None


def _partly(said: str, options: Sequence[Option]) -> Option | None:
    near = [one for one in options if len(said) > 1 and any(said in fold(name) for name in _names(one)[1:])]
    return near[0] if len(near) == 1 else None
