"""Plain values of the dialog: what was given, what is wrong with it, and when it was given."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson

# What is stored of an answer: text (a number as a canonical decimal), {"agreed_at": …} of a consent, a list of options,
# of rows of a table, or of attachments.
Value = Any
Answers = Mapping[str, Value]
Attachment = Mapping[str, Any]  # key, name, kind, size in bytes, pages, width, height: what a look inside has told
_DIGEST = 12
_LONGEST_PLACE = 4  # digits


def digest(value: Value | None) -> str:
    """Twelve hex digits that tell one stored value from another, None included."""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:_DIGEST]


def place_in(things: Sequence[Any], said: str) -> int | None:
    """The place, from 1, of one of several things that a text gives as a number; None where it gives none of theirs."""
    place = int(said) if said.isdecimal() and len(said) <= _LONGEST_PLACE else 0
    return place if 1 <= place <= len(things) else None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, or only doubtful, as data: `kind` names the text that explains it, `values` fill it.

    Such as Problem("too_long", {"over": 37, "limit": 1200, "count": 1237}).
    """

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that was understood. `warnings` let it pass; `echo`: it is shown again as it was understood."""

    value: Value
    warnings: tuple[Problem, ...] = ()
    echo: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """When somebody answers: `now` in the programme's zone, `year` of the application."""

    now: datetime
    year: int

    @property
    def today(self) -> date:
        """The day in the programme's zone."""
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Input:
    """What somebody gave: a text, the value of an option they tapped, files, or a word of the dialog with its argument.

    `refused` says of each file that could not be taken in why; `recompressed` are the keys of those that the platform
    made smaller on their way. `paper` is what a filled Word form says: the ways to read each field under "texts", the
    rows of each table under "rows".
    """

    text: str = ""
    choice: str | None = None
    word: str = ""
    argument: str = ""
    files: tuple[Attachment, ...] = ()
    refused: tuple[Problem, ...] = ()
    recompressed: frozenset[str] = frozenset()
    paper: Mapping[str, Any] | None = None
