"""Which options somebody means: by number, by name, several at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.flows.values import Problem, place_in
from knowledge.form import Option
from knowledge.text import fold

_BETWEEN = re.compile(r"(?:[\s,，、;；/&+。.]|和|及|以及|与|\band\b)*")
_PARTS = re.compile(r"[,，、;；/&+\n]|\s{2,}|(?<=\d)\s+(?=\d)")
_NUMBER = re.compile(r"\d{1,3}(?!\d)")
_LONGEST = 2000  # characters in which somebody names options


@dataclass(frozen=True, slots=True)
class _Folded:
    """An option with its folded names; the value is the first of them."""

    option: Option
    names: tuple[str, ...]

    @classmethod
    def of(cls, option: Option) -> "_Folded":
        return cls(option, tuple(fold(name) for name in _names(option)))


def read_one(text: str, options: Sequence[Option]) -> str | Problem:
    """The value of the one option that a text names: value, label, number from 1, or a part of one label alone."""
    if len(text) > _LONGEST:
        return Problem("not_an_option", {"text": text})
    found = _meant(fold(text), [_Folded.of(option) for option in options])
    return found.value if found is not None else Problem("not_an_option", {"text": text})


def read_several(text: str, options: Sequence[Option]) -> list[str] | Problem:
    """The values of the options that a text names, such as "1,3", "1、3", "1 3" or their names, in the form's order."""
    if len(text) > _LONGEST:
        return Problem("not_an_option", {"text": text})
    said = fold(text)
    found = _walk(said, options)
    if found is None:
        found, known = [], [_Folded.of(option) for option in options]
        for part in dict.fromkeys(filter(None, (one.strip() for one in _PARTS.split(said)))):
            one = _meant(part, known)
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


def _meant(said: str, known: Sequence[_Folded]) -> Option | None:
    """The option of this name, else of this number, else the only one with this in a name."""
    named = next((one.option for one in known if said in one.names), None)
    if named is not None:
        return named
    if (place := place_in(known, said)) is not None:
        return known[place - 1].option
    near = [one.option for one in known if len(said) > 1 and any(said in name for name in one.names[1:])]
    return near[0] if len(near) == 1 else None
