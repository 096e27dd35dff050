"""A form as a page shows it: sections, fields and rows, what stands in each, and what is wrong with it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.flows import fields, lengths, outline
from bot.flows.scope import Scope, offered
from bot.flows.shelves import slot_of
from bot.flows.shown import Item
from bot.flows.values import Answers, Attachment, Input, Moment, Problem, Reading, Value, digest
from knowledge.form import Field, FieldType, Form, Option, Section
from knowledge.text import count

COUNTED = frozenset({FieldType.TEXT, FieldType.LONGTEXT})
Kept = Mapping[str, Any]  # the cursor of a draft, of which the page reads what was typed and not taken


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing to fill in: a field, or a column of a row.

    `slot` is "field" or "field.row.column" with rows from 0. `value` is the stored answer, `seen` its digest (in a
    table the row's, and the cell's behind it). `text` stands in the entry; with `typed` it is kept, and not stored as
    an answer. `counted` are its 字 of `limit` (None: no limit to show). `proposed` is a value to start from. `problem`
    is never "missing": `missing` says that.
    """

    field: Field
    slot: str
    value: Value | None = None
    seen: str = ""
    text: str = ""
    required: bool = False
    typed: bool = False
    missing: bool = False
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = ()
    counted: int = 0
    limit: int | None = None
    options: tuple[Option, ...] = ()
    proposed: str = ""

    @property
    def is_gap(self) -> bool:
        """Whether it keeps the form from being submitted: missing, unfit, or written and not taken."""
        return self.missing or self.typed or self.problem is not None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, with the digest of what is stored of it."""

    number: int
    seen: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A visible field: its cell, and the rows of a table. `computed` is the text of a computed one."""

    cell: Cell
    rows: tuple[Row, ...] = ()
    can_add: bool = False
    computed: str | None = None

    @property
    def field(self) -> Field:
        """The field."""
        return self.cell.field

    @property
    def files(self) -> Sequence[Attachment]:
        """The files of a file field."""
        return self.cell.value or [] if self.field.type is FieldType.FILE else []

    def cells(self) -> Iterator[Cell]:
        """The field's own cell, then those of its rows."""
        yield self.cell
        for row in self.rows:
            yield from row.cells


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its visible fields."""

    section: Section
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole form. `filled` of `total` fields have an answer; `groups` are the 字 in each group of fields."""

    parts: tuple[Part, ...]
    filled: int
    total: int
    groups: Mapping[str, int]

    def entries(self) -> Iterator[Entry]:
        """The visible fields, in order."""
        for part in self.parts:
            yield from part.entries

    @property
    def gaps(self) -> tuple[Entry, ...]:
        """The fields that keep the form from being submitted."""
        return tuple(entry for entry in self.entries() if any(cell.is_gap for cell in entry.cells()))


def make_sheet(form: Form, answers: Answers, kept: Kept, moment: Moment, locale: str = "zh") -> Sheet:
    """The form as it stands at its stage. Computed and proposed values are in the language `locale`."""
    maker = _Maker(Scope(form, answers), kept, moment, locale)
    found = ((section, tuple(maker.entries(section))) for section in form.sections)
    parts = tuple(Part(section, entries) for section, entries in found if entries)
    shown = [entry for part in parts for entry in part.entries if entry.computed is None]
    filled = sum(entry.cell.value is not None for entry in shown)
    return Sheet(parts, filled, len(shown), _groups(shown))


def shelf_of(field: Field) -> str:
    """The part of the cursor that keeps what was written in such a field and not taken as an answer.

    Of a long text it is the unfinished one that the dialog goes on with too.
    """
    return "drafts" if field.type is FieldType.LONGTEXT else "typed"


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes entries of fields."""

    scope: Scope
    kept: Kept
    moment: Moment
    locale: str

    def entries(self, section: Section) -> Iterator[Entry]:
        """The section's fields that are shown at the form's stage."""
        for field in section.fields:
            if field.at is not self.scope.form.stage or not self.scope.shows(field.key):
                continue
            if field.type is FieldType.COMPUTED:
                text = outline.computed(self.scope.form, self.scope.answers, field, self.locale)
                yield Entry(Cell(field, field.key, text=text), computed=text)
            else:
                yield self._entry(outline.item(field, self.scope, self.moment))

    def _entry(self, item: Item) -> Entry:
        field, value = item.field, item.value
        cell = self._cell(field, field.key, value, digest(value))
        cell = replace(cell, required=item.required, proposed=outline.proposed(field, self.scope, self.locale))
        if not cell.typed:
            missing = item.problem is not None and item.problem.kind == "missing"
            problem = None if missing else item.problem
            cell = replace(cell, missing=missing, problem=problem, warnings=item.warnings)
        if field.type is not FieldType.TABLE:
            return Entry(cell)
        rows = value or []
        made = tuple(self._row(field, rows, number) for number in range(len(rows)))
        return Entry(cell, made, can_add=field.max_rows is None or len(rows) < field.max_rows)

    def _row(self, field: Field, rows: list[dict[str, Any]], number: int) -> Row:
        seen = digest(rows[number])
        cells = tuple(self._column(field, column, rows, number, seen) for column in field.columns)
        return Row(number, seen, cells)

    def _column(self, field: Field, column: Field, rows: list[dict[str, Any]], number: int, seen: str) -> Cell:
        value = rows[number].get(column.key)
        others = fields.other_values(rows, number, column.key)
        cell = self._cell(column, slot_of(field.key, number, column.key), value, seen + digest(value), others)
        if cell.typed or value is None:
            return replace(cell, missing=column.required and not cell.typed)
        found = fields.check(column, value, moment=self.moment, scope=self.scope, others=others)
        if isinstance(found, Problem):
            return replace(cell, problem=found)
        return replace(cell, warnings=found.warnings)

    def _cell(self, field: Field, slot: str, value: Value | None, seen: str, others: Sequence[str] = ()) -> Cell:
        """A cell, with what is wrong with a text in it that was not taken."""
        pieces = self.kept.get(shelf_of(field), {}).get(slot)
        text = "\n".join(pieces) if pieces else value if isinstance(value, str) else ""
        problem = None
        if pieces:
            read = fields.read(field, Input(text=text), moment=self.moment, scope=self.scope, others=others)
            problem = None if isinstance(read, Reading) else read
        return Cell(
            field,
            slot,
            value,
            seen,
            text,
            field.required,
            typed=bool(pieces),
            problem=problem,
            counted=count(text) if field.type in COUNTED else 0,
            limit=self._limit(field),
            options=offered(field, self.scope),
        )

    def _limit(self, field: Field) -> int | None:
        """The limit to show: of a short text only its own."""
        if field.type is FieldType.LONGTEXT or field.max_chars or field.max_words or field.group:
            return lengths.limit_of(field, self.scope)
        return None


def _groups(entries: Sequence[Entry]) -> dict[str, int]:
    """The 字 in each group, what is only typed included."""
    found: dict[str, int] = {}
    for entry in entries:
        if entry.field.group is not None:
            key = entry.field.group.key
            found[key] = found.get(key, 0) + entry.cell.counted
    return found
