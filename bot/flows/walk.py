"""The state of one step through a form, and the ways from field to field."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from bot.flows import outline
from bot.flows.shown import Note, Place
from bot.flows.values import Answers, Moment, Problem, Value
from knowledge.form import Field, FieldType, Form


@dataclass(slots=True)
class Cursor:
    """Where the dialog stands, as it is stored.

    `at`: field, rows, pick, choose, review or cancel. `editing`: the way leads back to the review. `queue`: fields to
    ask before that. `drafts`: unfinished long texts by slot. `skipped`: optional fields passed over. `unfit`: answers
    that no longer fit. `came`: where choose and cancel go back to.
    """

    at: str = ""
    field: str = ""
    row: int | None = None
    column: str = ""
    purpose: str = ""
    section: str = ""
    candidates: list[str] = dataclasses.field(default_factory=list)
    editing: bool = False
    came: str = ""
    queue: list[str] = dataclasses.field(default_factory=list)
    drafts: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    skipped: list[str] = dataclasses.field(default_factory=list)
    unfit: list[str] = dataclasses.field(default_factory=list)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Cursor":
        """The stored cursor; what an older program stored beside it is left out."""
        known = {found.name for found in dataclasses.fields(cls)}
        return cls(**{key: value for key, value in stored.items() if key in known})

    def stored(self) -> dict[str, Any]:
        """The cursor as plain data, without what is as at the beginning."""
        return {name: getattr(self, name) for name, usual in _USUAL.items() if getattr(self, name) != usual}


_USUAL = dataclasses.asdict(Cursor())


class Walk:
    """One step: collects what changes, and moves the cursor."""

    def __init__(self, form: Form, answers: Answers, cursor: dict[str, Any], moment: Moment) -> None:
        self.form = form
        self.answers = dict(answers)
        self.cursor = Cursor.read(_copy(cursor))
        self.moment = moment
        self.changes: dict[str, Value | None] = {}
        self.notes: list[Note] = []
        self.warnings: list[Problem] = []
        self.problem: Problem | None = None
        self.outcome = ""

    @property
    def field(self) -> Field:
        """The field the cursor is at."""
        return self.form.field(self.cursor.field)

    @property
    def column(self) -> Field | None:
        """The column the cursor is at, None outside a table's row."""
        return next((found for found in self.field.columns if found.key == self.cursor.column), None)

    @property
    def asked(self) -> Field:
        """The field, or the column, that is asked for."""
        return self.column or self.field

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A copy of the rows of the table the cursor is at."""
        return [dict(row) for row in self.answers.get(self.cursor.field, [])]

    @property
    def slot(self) -> str:
        """The name under which an unfinished long text is kept."""
        cursor = self.cursor
        return f"{cursor.field}.{cursor.row}.{cursor.column}" if cursor.column else cursor.field

    @property
    def current(self) -> Value | None:
        """The stored value of what is asked for."""
        if self.cursor.column:
            row = self.cursor.row or 0
            return self.rows[row].get(self.cursor.column) if row < len(self.rows) else None
        return self.answers.get(self.cursor.field)

    @property
    def required(self) -> bool:
        """Whether what is asked for must be answered."""
        return self.column.required if self.column else outline.is_required(self.field, self.answers)

    def visible(self) -> list[Field]:
        """The fields that are asked now."""
        return outline.visible(self.form, self.answers)

    def place(self) -> Place:
        """Where the cursor is, for people."""
        shown = [found.key for found in self.visible()]
        section = outline.section_of(self.form, self.field)
        row = None if self.cursor.row is None else self.cursor.row + 1
        return Place(section, self.field, shown.index(self.cursor.field) + 1, len(shown), row, self.column)

    def put(self, key: str, value: Value | None) -> None:
        """Stores an answer; None takes it away. What becomes visible or required by it is queued while editing."""
        before = self._wanted()
        self.changes[key] = value
        if value is None:
            self.answers.pop(key, None)
        else:
            self.answers[key] = value
        for marks in (self.cursor.skipped, self.cursor.unfit):
            if key in marks:
                marks.remove(key)
        if self.cursor.editing:
            new = [found for found in self._wanted() if found not in before and found not in self.cursor.queue]
            self.cursor.queue += [found for found in new if found != key]

    def goto(self, key: str) -> None:
        """Puts the cursor to a field; to the first row of a required table that has none yet, else to its rows."""
        cursor = self.cursor
        cursor.field, cursor.row, cursor.column, cursor.purpose = key, None, "", ""
        cursor.section, cursor.candidates, cursor.came = "", [], ""
        found = self.form.field(key)
        cursor.at = "rows" if found.type is FieldType.TABLE else "field"
        if cursor.at == "rows" and found.min_rows and not self.answers.get(key):
            self.enter_row(0)

    def enter_row(self, row: int) -> None:
        """Puts the cursor to the first column of a row."""
        self.cursor.at, self.cursor.row, self.cursor.column = "field", row, self.field.columns[0].key

    def leave_row(self) -> None:
        """Puts the cursor to the list of rows."""
        self.cursor.at, self.cursor.row, self.cursor.column, self.cursor.purpose = "rows", None, "", ""

    def forward(self) -> None:
        """Puts the cursor to what is asked next, to the review when nothing is."""
        key = self._next_key()
        if key is None:
            self.to_review()
        else:
            self.goto(key)

    def backward(self) -> None:
        """Puts the cursor one back: column, rows, field; to the review while editing."""
        index = self.field.columns.index(self.column) if self.column else 0
        if index:
            self.cursor.column = self.field.columns[index - 1].key
        elif self.column and (self.rows or not self.field.min_rows):
            self.leave_row()
        elif self.cursor.editing:
            self.to_review()
        else:
            order = [found.key for found in self.visible()]
            here = order.index(self.cursor.field)
            if here:
                self.goto(order[here - 1])
            else:
                self.notes.append(Note("first"))

    def to_review(self) -> None:
        """Puts the cursor to the review."""
        self.cursor.at, self.cursor.editing, self.cursor.queue = "review", False, []
        self.cursor.row, self.cursor.column, self.cursor.purpose, self.cursor.came = None, "", "", ""

    def is_open(self, found: Field) -> bool:
        """Whether a visible field still waits for its answer."""
        if found.key in self.cursor.unfit or found.key in self.cursor.drafts:
            return True
        value = self.answers.get(found.key)
        if value is None:
            return found.key not in self.cursor.skipped or outline.is_required(found, self.answers)
        return found.type is FieldType.TABLE and not outline.table_is_whole(found, value)

    def _next_key(self) -> str | None:
        """The field to ask next: what editing has queued, then the next open one, then an earlier one."""
        order = [found.key for found in self.visible()]
        open_now = [found.key for found in self.visible() if self.is_open(found)]
        while self.cursor.queue:
            key = self.cursor.queue.pop(0)
            if key in open_now:
                return key
        if self.cursor.editing or not open_now:
            return None
        here = order.index(self.cursor.field) if self.cursor.field in order else -1
        later = [key for key in open_now if order.index(key) > here]
        return (later or open_now)[0]

    def _wanted(self) -> list[str]:
        """The unanswered fields that are asked for: all visible ones that are required or were never shown."""
        return [found.key for found in self.visible() if self.is_open(found)]


def _copy(cursor: dict[str, Any]) -> dict[str, Any]:
    """A cursor whose lists may be changed."""
    copied = dict(cursor)
    for key, value in cursor.items():
        if isinstance(value, list):
            copied[key] = list(value)
        elif isinstance(value, dict):
            copied[key] = {slot: list(pieces) for slot, pieces in value.items()}
    return copied
