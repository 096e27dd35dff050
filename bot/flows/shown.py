"""What the dialog shows next, as data: the handler puts it into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.flows.values import Problem, Value
from knowledge.form import Field, Section


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is: field `position` of `total` visible ones; in a table also row (from 1) and column."""

    section: Section
    field: Field
    position: int
    total: int
    row: int | None = None
    column: Field | None = None

    @property
    def asked(self) -> Field:
        """The field, or the column, that is asked for."""
        return self.column or self.field


@dataclass(frozen=True, slots=True)
class Ask:
    """Asks for one value. `current` is what is stored already, None where nothing is."""

    place: Place
    required: bool
    current: Value | None = None


@dataclass(frozen=True, slots=True)
class Collect:
    """Collects a long text over several messages. `count` of `limit` 字 are there so far in `pieces` messages."""

    place: Place
    required: bool
    count: int
    limit: int
    pieces: int
    current: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's rows, with what may be done."""

    place: Place
    rows: Sequence[Mapping[str, Any]]
    can_add: bool
    can_finish: bool


@dataclass(frozen=True, slots=True)
class PickRow:
    """Asks which row to change or to delete (`purpose`)."""

    place: Place
    purpose: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ChooseSection:
    """Asks in which section something is to be edited."""

    sections: Sequence[Section]


@dataclass(frozen=True, slots=True)
class ChooseField:
    """Asks which field is to be edited."""

    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the review: the answer, None where there is none; `problem` where it is missing or does not fit."""

    field: Field
    value: Value | None
    required: bool
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """Everything by section. `gaps` are the items that keep it from being submitted."""

    sections: Sequence[tuple[Section, Sequence[Item]]]
    gaps: Sequence[Item]
    filled: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether it can be submitted."""
        return not self.gaps


@dataclass(frozen=True, slots=True)
class ConfirmCancel:
    """Asks whether to leave the draft for later, to delete it, or to go on."""


Shown = Ask | Collect | Rows | PickRow | ChooseSection | ChooseField | Review | ConfirmCancel


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say before the next prompt, such as a value as it was understood."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from an input: the new cursor, answers to store (None deletes), and what to show.

    `outcome` is "submit", "leave" or "discard" where the dialog ends here.
    """

    cursor: dict[str, Any]
    show: Shown
    changes: Mapping[str, Value | None] = field(default_factory=dict)
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    outcome: str = ""
