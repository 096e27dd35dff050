"""The state of one step through a form, and the ways from field to field."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.flows import fields, outline
from bot.flows.scope import Scope, offered
from bot.flows.shapes import is_shaped
from bot.flows.shelves import slot_of
from bot.flows.shown import Note, Place
from bot.flows.values import Answers, Attachment, Moment, Problem, Value
from knowledge.form import Field, FieldType, Form, Option

RENEWED = "renewed"  # of a stored cursor


@dataclass(slots=True)
class Cursor:
    """Where the dialog stands, as it is stored.

    `at`: field, rows, pick, choose, review, paste or cancel. `editing`: the way leads back to the review. `queue`:
    fields to ask before that. `drafts`: unfinished long texts, and options picked so far, by slot. `skipped`: optional
    fields passed over. `unfit`: answers that no longer fit. `came`: where choose, paste and cancel go back to.
    `section`: the one looked at while choosing or reviewing. `purpose`: what is to become of a row or file that is
    picked; at a file field `row` is the file to replace. `pasted`: a text of several answers that waits for a yes,
    `paper` a filled Word form that does (as in Input).
    `seen`: the digest of what was stored when the prompt was shown. `typed`: what was written on the form page and not
    taken, by slot: it goes when the field is answered, and is asked about before anything is submitted. `remarks`: what
    staff wrote about fields that they want changed. `renewed`: the application was begun in another year.
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
    typed: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    remarks: dict[str, str] = dataclasses.field(default_factory=dict)
    pasted: str = ""
    paper: dict[str, Any] = dataclasses.field(default_factory=dict)
    seen: str = ""
    renewed: bool = False

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
        self._scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        """The answers that count now."""
        if self._scope is None:
            self._scope = Scope(self.form, self.answers)
        return self._scope

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
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The rows of the table the cursor is at, not to be changed."""
        return self.scope.get(self.cursor.field) or []

    @property
    def files(self) -> list[Attachment]:
        """A copy of the attachments of the field the cursor is at."""
        return list(self.scope.get(self.cursor.field) or [])

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of what is asked for that are offered now."""
        return offered(self.asked, self.scope)

    @property
    def proposed(self) -> str:
        """The value that is proposed where nothing is answered yet; empty where there is none."""
        return "" if self.current is not None else outline.proposed(self.asked, self.scope)

    @property
    def slot(self) -> str:
        """The name under which an unfinished long text is kept."""
        return slot_of(self.cursor.field, self.cursor.row, self.cursor.column)

    @property
    def current(self) -> Value | None:
        """The stored value of what is asked for."""
        if self.cursor.column:
            rows, row = self.rows, self.cursor.row or 0
            value = rows[row].get(self.cursor.column) if row < len(rows) else None
            return value if is_shaped(self.asked.type, value) else None
        return self.scope.get(self.cursor.field)

    @property
    def required(self) -> bool:
        """Whether what is asked for must be answered."""
        return self.column.required if self.column else outline.is_required(self.field, self.scope)

    def visible(self) -> list[Field]:
        """The fields that are asked now."""
        return list(outline.asked(self.scope))

    def asks(self, key: str) -> bool:
        """Whether a field of this key is asked now."""
        return self.form.has(key) and outline.is_asked(self.form.field(key), self.scope)

    def place(self) -> Place:
        """Where the cursor is, for people."""
        position, total = outline.place_of(self.cursor.field, self.scope)
        section = self.form.section_of(self.cursor.field)
        row = None if self.cursor.row is None else self.cursor.row + 1
        remark = self.cursor.remarks.get(self.cursor.field, "")
        return Place(section, self.field, position, total, row, self.column, remark)

    def put(self, key: str, value: Value | None) -> None:
        """Stores an answer; None takes it away. What becomes visible or required by it is queued while editing."""
        before = self._wanted() if self.cursor.editing else []
        self.changes[key] = value
        if value is None:
            self.answers.pop(key, None)
        else:
            self.answers[key] = value
        self._scope = None
        for marks in (self.cursor.skipped, self.cursor.unfit):
            if key in marks:
                marks.remove(key)
        self.cursor.remarks.pop(key, None)
        self.cursor.typed.pop(key, None)
        if self.cursor.editing:
            new = [found for found in self._wanted() if found not in before and found not in self.cursor.queue]
            self.cursor.queue += [found for found in new if found != key]

    def goto(self, key: str) -> None:
        """Puts the cursor to a field; to the first row of a required table that has none yet, else to its rows."""
        cursor = self.cursor
        cursor.field, cursor.row, cursor.column, cursor.purpose = key, None, "", ""
        cursor.section, cursor.candidates, cursor.came = "", [], ""
        cursor.seen = ""
        found = self.form.field(key)
        cursor.at = "rows" if found.type is FieldType.TABLE else "field"
        if cursor.at == "rows" and found.min_rows and not self.answers.get(key):
            self.enter_row(0)

    def enter_row(self, row: int) -> None:
        """Puts the cursor to the first column of a row."""
        self.cursor.at, self.cursor.row = "field", row
        self.to_column(self.field.columns[0])

    def to_column(self, column: Field) -> None:
        """Puts the cursor to another column of the same row."""
        self.cursor.column, self.cursor.seen = column.key, ""

    def leave_row(self) -> None:
        """Puts the cursor to the list of rows."""
        self.cursor.at, self.cursor.row, self.cursor.column, self.cursor.purpose = "rows", None, "", ""
        self.cursor.seen = ""

    def forward(self) -> None:
        """Puts the cursor to what is asked next, to the review when nothing is.

        A choice that leaves nothing to choose is answered on the way, and told.
        """
        while (key := self._next_key()) is not None:
            self.goto(key)
            only = self._only_option(self.field)
            if only is None:
                return
            self.notes.append(Note("only_option", {"field": self.field, "value": only}))
            self.put(key, only)
        self.to_review()

    def _only_option(self, found: Field) -> str | None:
        """The one option that the other answers leave of a choice; None where there are more."""
        if found.type is not FieldType.CHOICE or not any(option.when for option in found.options):
            return None
        left = offered(found, self.scope)
        return left[0].value if len(left) == 1 else None

    def backward(self) -> None:
        """Puts the cursor one back: column, rows, field; to the review while editing."""
        index = self.field.columns.index(self.column) if self.column else 0
        if index:
            self.to_column(self.field.columns[index - 1])
        elif self.column and (self.rows or not self.field.min_rows):
            self.leave_row()
        elif self.cursor.editing:
            self.to_review()
        else:
            before = None
            for found in outline.asked(self.scope):
                if found.key == self.cursor.field:
                    break
                before = found.key
            if before is None:
                self.notes.append(Note("first"))
            else:
                self.goto(before)

    def to_review(self) -> None:
        """Puts the cursor to the review."""
        self.cursor.at, self.cursor.editing, self.cursor.queue = "review", False, []
        self.cursor.row, self.cursor.column, self.cursor.purpose, self.cursor.came = None, "", "", ""
        self.cursor.section, self.cursor.candidates, self.cursor.seen = "", [], ""

    def is_open(self, found: Field) -> bool:
        """Whether a visible field still waits for its answer."""
        if found.key in self.cursor.unfit or found.key in self.cursor.drafts:
            return True
        value = self.scope.get(found.key)
        if value is None:
            return found.key not in self.cursor.skipped or outline.is_required(found, self.scope)
        if found.options:
            return not fields.fits_options(found, value, self.scope)
        return found.type is FieldType.TABLE and not outline.table_is_whole(found, value)

    def _next_key(self) -> str | None:
        """The field to ask next: what editing has queued, then the next open one, then an earlier one."""
        while self.cursor.queue:
            key = self.cursor.queue.pop(0)
            if self.asks(key) and self.is_open(self.form.field(key)):
                return key
        if self.cursor.editing:
            return None
        following = outline.asked_after(self.cursor.field, self.scope)
        return next((found.key for found in following if self.is_open(found)), None)

    def _wanted(self) -> list[str]:
        """The unanswered fields that are asked for: all visible ones that are required or were never shown."""
        return [found.key for found in outline.asked(self.scope) if self.is_open(found)]


def _copy(cursor: dict[str, Any]) -> dict[str, Any]:
    """A cursor whose lists may be changed."""
    copied = dict(cursor)
    for key, value in cursor.items():
        if isinstance(value, list):
            copied[key] = list(value)
        elif isinstance(value, dict):
            copied[key] = {slot: list(found) if isinstance(found, list) else found for slot, found in value.items()}
    return copied
