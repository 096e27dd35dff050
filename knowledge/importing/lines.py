"""A guide's file as lines, before anything is decided about them."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from knowledge.errors import Mistake, PackError

# What libraries raise, beside errors of their own, for files that break their format's rules.
BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError, zlib.error,
)  # fmt: skip

Kind = Literal["text", "item", "cell"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line or paragraph of a file.

    `level` is the heading's level that the format itself gives (1 to 6), 0 for none. `strong`: wholly bold, or larger
    than the text around it. An item is one of a list, a cell comes from a table: both stand alone. `page` counts from
    1, 0 where there are no pages. `gap`: something blank stands before it.
    """

    text: str
    level: int = 0
    strong: bool = False
    kind: Kind = "text"
    page: int = 0
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader found in a file. `wrapped`: its lines are those of the page, so that sentences run over several."""

    lines: Sequence[Line]
    title: str = ""
    wrapped: bool = False


def refusal(path: Path, message: str) -> PackError:
    """The error for a file that cannot become a guide: what is wrong with it, and what would be right."""
    return PackError([Mistake(str(path), 0, "", message)])
