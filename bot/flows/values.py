"""Plain values of the dialog: what was given, what is wrong with it, and when it was given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Value = Any  # what is stored of an answer: text, {"agreed_at": …} of a consent, a list of rows of a table
Answers = Mapping[str, Value]


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
    """What somebody gave: a text, the value of an option they tapped, or a word of the dialog with its argument."""

    text: str = ""
    choice: str | None = None
    word: str = ""
    argument: str = ""
