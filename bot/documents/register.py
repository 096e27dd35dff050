"""The register of submissions: a spreadsheet for the awards office, from plain values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from bot.documents.entry import Entry
from bot.documents.masking import mask
from bot.documents.workbook import Book, Column, Sheet, Value, fitted
from bot.flows import outline
from bot.flows.plain import as_text
from bot.flows.scope import Scope
from bot.render import render, show_instant
from bot.sizes import show_size
from knowledge.form import Field, FieldType, Form
from knowledge.programme import Programme

_OWN = ("receipt", "entrant", "state", "decision", "submitted", "number", "official", "contested", "applicant")
_OWN_WIDTHS: Mapping[str, float] = {"receipt": 22, "entrant": 28, "submitted": 18, "contested": 22, "official": 16}
_WIDTHS: Mapping[FieldType, float] = {
    FieldType.LONGTEXT: 50,
    FieldType.TEXT: 22,
    FieldType.CHOICE: 16,
    FieldType.MULTI_CHOICE: 28,
    FieldType.NUMBER: 12,
    FieldType.DATE: 12,
    FieldType.EMAIL: 26,
    FieldType.PHONE: 18,
    FieldType.URL: 30,
    FieldType.CONSENT: 17,
    FieldType.FILE: 34,
    FieldType.TABLE: 10,
    FieldType.COMPUTED: 30,
}
_ROW_HEADS = (("receipt", 22), ("entrant", 28), ("row", 7))
_UNWRAPPED = frozenset({FieldType.NUMBER, FieldType.DATE, FieldType.CONSENT, FieldType.TABLE})
_LINES, _TABLE_LINES = 6, 12  # of a row: what is longer is read in the cell
# What reading an answer raises that was given to another version of the form.
_OF_OLDER_FORM = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)


def write_register(
    entries: Iterable[Entry],
    out: BinaryIO,
    *,
    programme: Programme,
    locale: str,
    made_at: datetime,
    state: str = "",
) -> int:
    """Writes the register to a stream that can be sought in, and gives the number of entries.

    `state` is the one that the entries were chosen by. Entries are taken one by one; of each little stays in memory.
    """
    with Book(programme.name.get(locale), made_at) as book:
        register = _Register(book, programme, locale)
        for entry in entries:
            register.add(entry)
        register.tell(state, made_at)
        book.save(out)
    return register.count


class _Register:
    """The sheets under way: the submissions, the rows of each table, and at the end what is to be known of them."""

    def __init__(self, book: Book, programme: Programme, locale: str) -> None:
        self._book, self._programme, self._locale = book, programme, locale
        self._form = programme.form or Form("")
        self.count = 0
        self._cut_note = self._say("cut")
        self._notes: list[tuple[str, str]] = []
        self._main = book.sheet(self._say("sheet"), self._columns(), pinned=2, lines=_LINES)
        tables = [field for field in self._form.order if field.type is FieldType.TABLE]
        self._tables = {table.key: self._table_sheet(table) for table in tables}

    def add(self, entry: Entry) -> None:
        """Writes a submission with its tables."""
        if entry.answers is None:
            fields: list[Value] = [None for _ in self._form.order]
        else:
            scope = Scope(self._form, entry.answers)
            fields = [self._answer(entry, field, scope) for field in self._form.order]
            self._note_older(entry, [key for key in entry.answers if not self._form.has(key)])
        self._main.add([*self._own(entry), *fields])
        self.count += 1

    def tell(self, state: str, made_at: datetime) -> None:
        """Writes the last sheet: what the others hold and what they do not."""
        columns = (Column(self._say("about_what"), 24), Column(self._say("about_text"), 90, wrapped=True))
        sheet = self._book.sheet(self._say("about"), columns, lines=_TABLE_LINES)
        masked = [
            self._say("column", table=table.label.get(self._locale), column=column.label.get(self._locale))
            for table in self._form.order
            for column in table.columns
            if column.pii
        ]
        lines = {
            "programme": self._programme.name.get(self._locale),
            "made": show_instant(made_at, self._locale, self._programme.zone),
            "chosen": self._state(state) if state else self._say("all_states"),
            "count": str(self.count),
            "holds": self._say("holds"),
            "masked": "\n".join(masked),
        }
        for name, text in lines.items():
            if text:
                sheet.add([self._say("about_line", name=name), self._text(text)])
        for receipt, note in self._notes:
            sheet.add([receipt, note])

    def _columns(self) -> list[Column]:
        zone = self._programme.zone.key
        heads = {name: self._say("head", name=name, zone=zone) for name in _OWN}
        own = [Column(title, _OWN_WIDTHS.get(name, 12), wrapped=True) for name, title in heads.items()]
        labels = Counter(field.label.get(self._locale) for field in self._form.order)
        return own + [
            self._column(field, shared=labels[field.label.get(self._locale)] > 1) for field in self._form.order
        ]

    def _column(self, field: Field, *, shared: bool = False, masked: bool = False) -> Column:
        """A field's column. Where others are called the same, its section tells which it is."""
        section = self._form.section_of(field.key).title.get(self._locale) if shared else ""
        title = self._say(
            "field",
            label=field.label.get(self._locale),
            section=section,
            unit=field.unit.get(self._locale) if field.unit else "",
            rows=field.type is FieldType.TABLE,
            masked=masked,
        )
        return Column(title, _WIDTHS[field.type], wrapped=field.type not in _UNWRAPPED)

    def _table_sheet(self, table: Field) -> Sheet:
        known = [Column(self._say("head", name=name, zone=""), width, wrapped=True) for name, width in _ROW_HEADS]
        columns = [self._column(column, masked=column.pii) for column in table.columns]
        return self._book.sheet(table.label.get(self._locale), [*known, *columns], lines=_TABLE_LINES)

    def _own(self, entry: Entry) -> list[Value]:
        return [
            entry.receipt,
            self._text(entry.entrant),
            self._state(entry.state),
            self._state(entry.decision) if entry.decision else None,
            self._instant(entry.submitted_at) if entry.submitted_at else None,
            entry.number,
            self._say("official", done=entry.official) if entry.official else None,
            "\n".join(entry.contested),
            f"#{entry.person_id}" if entry.person_id is not None else None,
        ]

    def _answer(self, entry: Entry, field: Field, scope: Scope) -> Value:
        """What a cell shows of an answer; the rows of a table go to its sheet."""
        if field.type is FieldType.COMPUTED:
            shown = outline.computed(self._form, scope.answers, field, self._locale) if scope.shows(field.key) else ""
            return self._text(shown)
        value = scope.get(field.key)
        if value is None:
            if field.key in scope.answers and scope.shows(field.key):  # it answered a field of another type
                self._note_older(entry, [field.label.get(self._locale)])
            return None
        try:
            if field.type is FieldType.TABLE:
                return self._rows(entry, field, value)
            return self._value(entry, field, value)
        except _OF_OLDER_FORM:
            self._note_older(entry, [field.label.get(self._locale)])
            return None

    def _rows(self, entry: Entry, table: Field, rows: Sequence[Mapping[str, Any]]) -> int:
        shown = [[self._row_cell(entry, column, row.get(column.key)) for column in table.columns] for row in rows]
        for number, cells in enumerate(shown, 1):
            self._tables[table.key].add([entry.receipt, self._text(entry.entrant), number, *cells])
        return len(shown)

    def _row_cell(self, entry: Entry, column: Field, value: Any) -> Value:
        if value is None:
            return None
        if column.pii:
            return self._text(mask(as_text(column, value, self._locale)))
        return self._value(entry, column, value)

    def _value(self, entry: Entry, field: Field, value: Any) -> Value:
        match field.type:
            case FieldType.NUMBER:
                return _number(value)
            case FieldType.DATE:
                return date.fromisoformat(value)
            case FieldType.CONSENT:
                return self._instant(datetime.fromisoformat(value["agreed_at"]))
            case FieldType.FILE:
                named = (self._say("file", name=one["name"], size=show_size(one["size"])) for one in value)
                return self._text("\n".join(named), entry, field)
            case _:
                return self._text(as_text(field, value, self._locale), entry, field)

    def _text(self, text: str, entry: Entry | None = None, field: Field | None = None) -> str:
        shown, cut = fitted(text, self._cut_note)
        if cut and entry is not None and field is not None:
            self._notes.append((entry.receipt, self._say("note_cut", label=field.label.get(self._locale))))
        return shown

    def _note_older(self, entry: Entry, names: Sequence[str]) -> None:
        if names:
            self._notes.append((entry.receipt, self._say("note_older", names=names, receipt=entry.receipt)))

    def _instant(self, instant: datetime) -> datetime:
        """The time on the clocks of the programme's zone: the format knows no zones."""
        return instant.astimezone(self._programme.zone).replace(tzinfo=None)

    def _state(self, state: str) -> str:
        return render("admin_review.state", self._locale, state=state)

    def _say(self, block: str, **values: object) -> str:
        return render(f"admin_export.{block}", self._locale, **values)


def _number(value: str) -> Decimal:
    """A stored number. Raises ValueError, ArithmeticError, TypeError for what is none."""
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(value)
    return number
