"""Spreadsheets written row by row: no row stays in memory, and no text is ever taken for a formula."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any, BinaryIO, Self

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from bot.documents.safe import clean

LONGEST = 32_767  # UTF-16 units: what the format lets a cell hold
Value = str | int | Decimal | date | datetime | None

_DIGITS = 15  # of a number; spreadsheets calculate with no more
_FIRST_DAY = date(1900, 3, 1)  # the days before are miscounted by some programs and unknown to others
_LINE, _ROOM, _HEAD_LINES = 16, 3, 6  # points a line and around it; lines of a heading at most
_TITLE = 31  # characters of a sheet's name
_UNFIT_TITLE = re.compile(r"[\[\]:*?/\\\s]+")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what readers would take for a coded character
_LIKE_FORMULA = ("=", "+", "-", "@")
_FORMATS = {  # how each kind of value is shown, and on which side of its cell
    "day": ("yyyy-mm-dd", "left"),
    "instant": ("yyyy-mm-dd hh:mm", "left"),
    "count": ("0", "center"),
    "number": ("General", "right"),
    "large": ("#,##0", "right"),
}
_GROUPED_FROM = 10_000  # a year takes no separator


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and its width in characters. Texts of a `wrapped` one go on in lines below."""

    title: str
    width: float = 14
    wrapped: bool = False


class Book:
    """A spreadsheet of several sheets that are written beside each other. To be used in a `with`."""

    def __init__(self, title: str, made_at: datetime) -> None:
        self._book = Workbook(write_only=True)
        self._sheets: list[Sheet] = []
        self._titles: set[str] = set()
        known = self._book.properties
        known.title, known.creator = clean(title), "Laurel"
        known.created = known.modified = made_at.replace(tzinfo=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for sheet in self._sheets:
            sheet.discard()

    def sheet(self, title: str, columns: Sequence[Column], *, pinned: int = 1, lines: int = 6) -> "Sheet":
        """A new sheet, whose heading and first `pinned` columns stand still; rows are at most so many lines high."""
        sheet = Sheet(self._book.create_sheet(self._free(title)), columns, pinned, lines)
        self._sheets.append(sheet)
        return sheet

    def save(self, out: BinaryIO) -> None:
        """Writes the whole to a stream that can be sought in. Nothing can be added any more."""
        for sheet in self._sheets:
            sheet.end()
        self._book.save(out)

    def _free(self, title: str) -> str:
        """A name that a sheet can have, and none has yet."""
        stem = _UNFIT_TITLE.sub(" ", clean(title)).strip(" '") or "-"
        number, name = 1, stem[:_TITLE].strip(" '")
        while name.casefold() in self._titles:
            number += 1
            last = f" {number}"
            name = stem[: _TITLE - len(last)].strip(" '") + last
        self._titles.add(name.casefold())
        return name


class Sheet:
    """A sheet, written downwards."""

    def __init__(self, sheet: Any, columns: Sequence[Column], pinned: int, lines: int) -> None:
        self._sheet, self._columns, self._lines = sheet, columns, lines
        self._rows = 0
        for number, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.freeze_panes = f"{get_column_letter(pinned + 1)}2"
        tallest = max(_lines_of(column.title, column.width, _HEAD_LINES) for column in columns)
        self._write([_heading(sheet, column) for column in columns], tallest)
        self._cells = [_Cells(sheet, column) for column in columns]

    def add(self, values: Sequence[Value]) -> None:
        """Writes a row, a value for each column. Texts must be `fitted`."""
        wrapped = [
            _lines_of(value, column.width, self._lines)
            for column, value in zip(self._columns, values, strict=True)
            if column.wrapped and isinstance(value, str)
        ]
        cells = [cells.hold(value) for cells, value in zip(self._cells, values, strict=True)]
        self._write(cells, max(wrapped, default=1))

    def _write(self, cells: Sequence[Any], lines: int) -> None:
        """Writes a row so many lines high. What is known of its height is forgotten with it."""
        self._rows += 1
        self._sheet.row_dimensions[self._rows].height = lines * _LINE + _ROOM
        self._sheet.append(cells)
        del self._sheet.row_dimensions[self._rows]

    def end(self) -> None:
        """Nothing more comes: what is there can be filtered."""
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._columns))}{self._rows}"

    def discard(self) -> None:
        """Removes the file that rows are gathered in, which the library leaves where something failed."""
        if not self._sheet.closed:
            self._sheet.close()
        gathered = self._sheet._writer  # noqa: SLF001 - it is reached by no other way
        if Path(gathered.out).exists():
            gathered.cleanup()


class _Cells:
    """The cells of a column, one for each kind of value: a row is written before the next one needs them."""

    def __init__(self, sheet: Any, column: Column) -> None:
        placed = Alignment(vertical="top", wrap_text=column.wrapped)
        self._text, self._guarded = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
        self._text.alignment = self._guarded.alignment = placed
        self._others = {kind: WriteOnlyCell(sheet) for kind in _FORMATS}
        for kind, (shown, side) in _FORMATS.items():
            self._others[kind].number_format = shown
            self._others[kind].alignment = Alignment(horizontal=side, vertical="top")
        # It stays a text also for whoever edits the cell and leaves it again.
        self._guarded.quotePrefix = True

    def hold(self, value: Value) -> Any:
        """The cell that shows a value; None for an empty one."""
        if value is None or value == "":
            return None
        kind = _kind(value)
        if not kind:
            return self._hold_text(f"{value:f}" if isinstance(value, Decimal) else str(value))
        cell = self._others[kind]
        cell.value = value
        return cell

    def _hold_text(self, text: str) -> Any:
        cell = self._guarded if text.startswith(_LIKE_FORMULA) else self._text
        cell.value = _ESCAPE.sub("_x005F_", text)
        cell.data_type = "s"  # whatever the library takes it for: it reads formulas and errors in texts
        return cell


def fitted(text: str, note: str) -> tuple[str, bool]:
    """The text without what a cell cannot hold, and whether it had to be cut; `note` then stands at its end."""
    kept = clean(text)
    units = kept.encode("utf-16-le")
    if len(units) // 2 <= LONGEST:
        return kept, False
    room = LONGEST - len(note.encode("utf-16-le")) // 2
    return units[: room * 2].decode("utf-16-le", "ignore") + note, True


def _kind(value: Value) -> str:
    """How a value is shown; "" as a text."""
    if isinstance(value, datetime):
        return "instant" if value.date() >= _FIRST_DAY else ""
    if isinstance(value, date):
        return "day" if value >= _FIRST_DAY else ""
    if isinstance(value, int):
        return "count"
    if not isinstance(value, Decimal) or len(value.as_tuple().digits) > _DIGITS:
        return ""
    return "large" if value == int(value) and abs(value) >= _GROUPED_FROM else "number"


def _lines_of(text: str, width: float, most: int) -> int:
    """About how many lines a text takes in a column, at most `most`. A Chinese character is as wide as two letters."""
    lines = 0
    for line in text[: int(width * most)].split("\n", most):
        letters = len(line) + sum(not letter.isascii() for letter in line)
        lines += max(1, ceil(letters / (width - 1)))
    return min(lines, most)


def _heading(sheet: Any, column: Column) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.value, cell.data_type = clean(column.title), "s"
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E8EEF4")
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell
