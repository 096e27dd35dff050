"""Where the answers stand in a Word form: read from the template that fills it, so that the template is the map."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.documents.grid import read_grid
from knowledge.text import fold

_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_LOOP = re.compile(r"\{%\s*(?:tr|p)?\s*for\s+(\w+)\s+in\s+(\w+)\s*[-+]?%\}")
_NAME = re.compile(r"\{\{-?\s*(\w+)(?:\.(\w+))?")
_NOISE = re.compile(r"[\s\u3000:：,，.。、;；()（）\[\]【】“”\"'\-－—_*]+")


@dataclass(frozen=True, slots=True)
class Blank:
    """A cell that holds answers: the names of their fields in order, with the printed text before each.

    `printed` is all text of the cell that the form prints, a line each.
    """

    names: tuple[str, ...]
    before: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the form: each cell is a printed label (flat) or a Blank.

    `loop` names the table whose rows it repeats. `heading` is the printed row before it, where it has no label itself.
    """

    cells: tuple[str | Blank, ...]
    loop: str = ""
    heading: tuple[str, ...] = field(default=())

    @property
    def labels(self) -> tuple[str, ...]:
        """The printed labels, in order."""
        return tuple(cell for cell in self.cells if isinstance(cell, str) and cell)

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """The cells that hold answers."""
        return tuple(cell for cell in self.cells if isinstance(cell, Blank))


@cache
def read_pattern(path: Path) -> tuple[Line, ...]:
    """The lines of a template. Raises UnreadableDocument."""
    return tuple(_lines(read_grid(path)))


def flat(text: str) -> str:
    """A printed text as it is compared: width, case, spaces and punctuation aside."""
    return _NOISE.sub("", fold(text))


def _lines(grid: tuple[tuple[str, ...], ...]) -> Iterator[Line]:
    loop, variable, heading = "", "", ()  # type: str, str, tuple[str, ...]
    for row in grid:
        whole = "".join(row)
        if opened := _LOOP.fullmatch(whole.strip()):
            variable, loop = opened[1], opened[2]
            continue
        if whole.strip().startswith("{%") and not _NAME.search(whole):
            loop, variable = ("", "") if "endfor" in whole else (loop, variable)
            continue
        cells = tuple(_cell(text, variable) for text in row)
        line = Line(cells, loop, heading)
        if line.blanks or line.labels:
            yield line
        if not loop:
            heading = line.labels if not line.blanks else ()


def _cell(text: str, variable: str) -> str | Blank:
    """A cell of the template: a flat label, or the fields that fill it."""
    names, before, last = [], [], 0
    for found in _TAG.finditer(text):
        name = _NAME.match(found[0])
        if name is None:
            continue
        own = name[2] if variable and name[1] == variable else name[1]
        if (name[2] and name[1] != variable) or own is None or own in names:
            continue
        names.append(own)
        before.append(flat(_TAG.sub("", text[last : found.start()])))
        last = found.end()
    if not names:
        return flat(_TAG.sub("", text))
    printed = tuple(line for part in _TAG.sub("\n", text).splitlines() if (line := part.strip()))
    return Blank(tuple(names), tuple(before), printed)
