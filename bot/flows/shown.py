"""What the dialog shows next, as data: the handler puts it into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.flows.values import Attachment, Problem, Value
from knowledge.form import Field, Option, Section, Stage


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is: field `position` of `total` visible ones; in a table also row (from 1) and column.

    `remark` is what staff wrote about the field when they returned the application.
    """

    section: Section
    field: Field
    position: int
    total: int
    row: int | None = None
    column: Field | None = None
    remark: str = ""

    @property
    def asked(self) -> Field:
        """The field, or the column, that is asked for."""
        return self.column or self.field


@dataclass(frozen=True, slots=True)
class Ask:
    """Asks for one value. `current` is what is stored already, None where nothing is.

    `options` are those that are offered now, `picked` what was picked so far of several. `proposed` is a value made of
    other answers (`sources`) that can be kept as it is.
    """

    place: Place
    required: bool
    current: Value | None = None
    options: Sequence[Option] = ()
    picked: Sequence[str] = ()
    proposed: str = ""
    sources: Sequence[Field] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """Asks for files. `files` are those there are; `replacing` is the number of the one to replace, None for none."""

    place: Place
    required: bool
    files: Sequence[Attachment]
    can_add: bool
    replacing: int | None = None


@dataclass(frozen=True, slots=True)
class PickFile:
    """Asks which file to replace or to delete (`purpose`)."""

    place: Place
    purpose: str
    files: Sequence[Attachment]


@dataclass(frozen=True, slots=True)
class Collect:
    """Collects a long text over several messages. `count` of `limit` 字 are there so far in `pieces` messages.

    `shared` is what the other parts of its group have used of a limit in common; None where it has its own.
    """

    place: Place
    required: bool
    count: int
    limit: int
    pieces: int
    current: str | None = None
    shared: int | None = None

    @property
    def over(self) -> int:
        """By how much the limit is passed."""
        return max(0, self.count - self.limit)

    @property
    def bounded(self) -> bool:
        """Whether the form sets the limit."""
        asked = self.place.asked
        return bool(asked.max_chars or asked.max_words) or self.shared is not None


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
    """Everything by section. `gaps` are the items that keep it from being submitted.

    `section` is the one that is looked at; None for all. What is computed is an item whose value is a Wording.
    """

    sections: Sequence[tuple[Section, Sequence[Item]]]
    gaps: Sequence[Item]
    filled: int
    total: int
    section: Section | None = None
    stage: Stage = Stage.ENTRY

    def gaps_in(self, section: Section) -> Sequence[Item]:
        """Those of a section."""
        return [item for item in self.gaps if item.field in section.fields]

    @property
    def complete(self) -> bool:
        """Whether it can be submitted."""
        return not self.gaps


@dataclass(frozen=True, slots=True)
class ConfirmCancel:
    """Asks whether to leave the draft for later, to delete it, or to go on."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """Asks whether several answers that came in one text are right.

    `read` are the fields with their new values and those they would replace (None: nothing), `unread` the fields that
    were named and could not be read, `rest` the lines that belong to nothing. `asked` is the present question where the
    text may be the answer to it alone.
    """

    read: Sequence[tuple[Field, Value, Value | None]]
    unread: Sequence[tuple[Field, Problem]]
    rest: Sequence[str]
    asked: Field | None = None


Shown = (
    Ask | Collect | Files | Rows | PickRow | PickFile | ChooseSection | ChooseField | Review | Pasted | ConfirmCancel
)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say before the next prompt, such as a value as it was understood."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from an input: the new cursor, answers to store (None deletes), and what to show.

    `outcome` is "submit", "leave" or "discard" where the dialog ends here, "page" where its address is asked for.
    """

    cursor: dict[str, Any]
    show: Shown
    changes: Mapping[str, Value | None] = field(default_factory=dict)
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    outcome: str = ""

    @property
    def place(self) -> str:
        """Names what is waited for, so that what was sent before it was shown is not taken as its answer."""
        return ".".join(str(self.cursor.get(key, "")) for key in ("at", "field", "row", "column"))
