"""What a filled Word form says: the text of each field and row, found where the template would put it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from bot.documents.grid import Grid
from bot.documents.patterns import Blank, Line, flat
from bot.documents.printed import after_print, find_separator, without_print
from knowledge.form import Field, FieldType, Form

_HAN = re.compile("[\u3400-\u9fff]")
_BRACKETED = re.compile(r"^(.*?)[(（]([^()（）]+)[)）]\s*$", re.DOTALL)
_MARKS = "☑☒■●✓✔√"
_BOXES = "□○☐"
_WORD = rf"[^\s,，、;；{_MARKS}{_BOXES}]+"
_MARK_FIRST = re.compile(rf"[{_MARKS}]\s*(?:\d+[、.．])?({_WORD})")
# From the start of a word on, so that no text makes it look at the same characters again and again.
_MARK_LAST = re.compile(rf"(?<![^\s,，、;；{_MARKS}{_BOXES}])({_WORD}?)\s*[(（]?[{_MARKS}]")
_NUMBERED = re.compile(r"^\s*\d{1,2}\s*[、.．)）]\s*")
_CLAUSES = re.compile(r"[，,；;：:\n]")
_HAN_DAY = re.compile(r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日")
_DAY = re.compile(r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?")
_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NOT_READ = frozenset({FieldType.FILE, FieldType.CONSENT, FieldType.COMPUTED})
_CHOICES = frozenset({FieldType.CHOICE, FieldType.MULTI_CHOICE})
_LOOSE = 6  # characters that a label may be longer by than the printed one
_WAYS = 12  # to read a cell: nobody's answer has more clauses
_NEXT = 3  # rows after a heading within which its answer stands


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in a form. A text comes with other ways to read it, the likeliest first.

    `found` of `expected` lines of the form were recognised: a Word file of something else has hardly any.
    """

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    found: int = 0
    expected: int = 0

    @property
    def is_of_the_form(self) -> bool:
        """Whether it is this form at all."""
        return self.expected > 0 and self.found * 2 >= self.expected


def read_filled(grid: Grid, pattern: Sequence[Line], form: Form) -> Given:
    """Reads a document by the pattern of one template."""
    flats = [tuple(flat(cell) for cell in row) for row in grid]
    texts: dict[str, tuple[str, ...]] = {}
    rows: dict[str, list[dict[str, str]]] = {}
    position, found, expected = 0, 0, 0
    for line in pattern:
        if not line.blanks:
            continue
        expected += 1
        at = _find(line, flats, position)
        if at is None:
            continue
        found, position = found + 1, at[0]
        if line.loop:
            rows[line.loop] = list(_loop(line, grid, flats, at[0] + 1, pattern))
        else:
            for blank, place in zip(line.blanks, at[1:], strict=False):
                texts |= _answers(blank, grid[at[0]][place] if place < len(grid[at[0]]) else "", form)
    return Given(texts, rows, found, expected)


def _find(line: Line, flats: Sequence[tuple[str, ...]], start: int) -> tuple[int, ...] | None:
    """The row that holds a line's answers and the cells they stand in; of a loop, the row of its headings."""
    for index in (*range(start, len(flats)), *range(start)):
        if line.loop:
            if _labels(line.heading, flats[index]) is not None:
                return (index,)
        elif line.labels:
            places = _labels(line.labels, flats[index])
            if places is not None and (after := _after(line, places, len(flats[index]))):
                return (index, *after)
        elif (inside := _beside_print(line, flats, index)) is not None:
            return inside
    return None


def _labels(labels: Sequence[str], row: Sequence[str]) -> list[int] | None:
    """The cells of a row that bear these labels, in order; None where one is missing."""
    places: list[int] = []
    for label in labels:
        start = places[-1] + 1 if places else 0
        place = next((i for i in range(start, len(row)) if _is_label(label, row[i])), None)
        if place is None:
            return None
        places.append(place)
    return places or None


def _is_label(label: str, cell: str) -> bool:
    if cell == label:
        return True
    return len(label) >= 2 and cell.startswith(label) and len(cell) <= len(label) + _LOOSE


def _after(line: Line, places: Sequence[int], width: int) -> tuple[int, ...]:
    """The cell of each blank: the one after the label before it; empty where the row ends with its label."""
    found, label = [], -1
    for cell in line.cells:
        if isinstance(cell, Blank):
            found.append(places[label] + 1 if label >= 0 else 0)
        elif cell:
            label += 1
    return tuple(found) if all(place < width for place in found) else ()


def _beside_print(line: Line, flats: Sequence[tuple[str, ...]], index: int) -> tuple[int, int] | None:
    """A line without labels: below its heading, or in the cell that begins with what is printed before the answer."""
    [blank, *_] = line.blanks
    before = blank.before[0]
    if line.heading and flats[index] == line.heading:
        following = range(index + 1, min(index + 1 + _NEXT, len(flats)))
        return next(((i, 0) for i in following if any(flats[i])), None)
    if not line.heading and before and len(flats[index]) == 1 and flats[index][0].startswith(before):
        return index, 0
    return None


def _loop(
    line: Line, grid: Grid, flats: Sequence[tuple[str, ...]], start: int, pattern: Sequence[Line]
) -> Iterator[dict[str, str]]:
    """The filled rows of a table, down to the next printed line of the form."""
    ends = [other.labels for other in pattern if other.labels and other.labels != line.heading]
    for row, folded in zip(grid[start:], flats[start:], strict=False):
        if len(row) != len(line.cells) or any(_labels(labels, folded) is not None for labels in ends):
            return
        cells = {blank.names[0]: row[i].strip() for i, blank in enumerate(line.cells) if isinstance(blank, Blank)}
        if any(cells.values()):
            yield {key: text for key, text in cells.items() if text}


def _answers(blank: Blank, text: str, form: Form) -> dict[str, tuple[str, ...]]:
    """The texts of a cell by field; a cell that holds what is printed and nothing else says nothing."""
    fields = [form.field(name) for name in blank.names if form.has(name)]
    fields = [found for found in fields if found.type not in _NOT_READ]
    if not fields:
        return {}
    parts = _split(blank, text, [found.key for found in fields])
    if len(parts) == len(fields) > 1:
        read = {found.key: _readings(found, part, blank) for found, part in zip(fields, parts, strict=True)}
    elif len(fields) > 1 and all(found.type not in _CHOICES for found in fields):
        read = _by_script(fields, _cleaned(text, blank))
    else:
        read = {found.key: _readings(found, text, blank) for found in fields}
    return {key: found for key, found in read.items() if found}


def _split(blank: Blank, text: str, keys: Sequence[str]) -> list[str]:
    """The text cut where the form prints something between two answers."""
    parts, rest = [], text
    for name, before in list(zip(blank.names, blank.before, strict=True))[1:]:
        if name not in keys or not before:
            continue
        cut = find_separator(rest, before)
        if cut is None:
            return [text]
        parts.append(rest[: cut[0]])
        rest = rest[cut[1] :]
    return [*parts, rest]


def _by_script(fields: Sequence[Field], text: str) -> dict[str, tuple[str, ...]]:
    """Two texts in one cell: the paragraphs without Chinese are the one that is counted in words, else in order."""
    lines = [line for line in text.splitlines() if line.strip()]
    foreign = next((found for found in fields if found.max_words), None)
    if foreign is not None:
        own = [line for line in lines if _HAN.search(line)]
        other = [line for line in lines if not _HAN.search(line)]
        rest = next(found for found in fields if found is not foreign)
        return {rest.key: _one("\n".join(own)), foreign.key: _one("\n".join(other))}
    if len(lines) != len(fields):
        return {fields[0].key: _one(text)}
    return {found.key: _one(line) for found, line in zip(fields, lines, strict=True)}


def _readings(asked: Field, text: str, blank: Blank) -> tuple[str, ...]:
    """The ways to read a cell as the answer to a field."""
    if asked.type in _CHOICES and (marked := _marked(asked, text)):
        return marked
    rest = _cleaned(text, blank)
    if not rest:
        return ()
    if asked.type is FieldType.DATE:
        day = _western(rest)
        return tuple(dict.fromkeys([*(found[0] for found in islice(_DAY.finditer(day), _WAYS)), day]))
    bracketed = _BRACKETED.match(rest)
    if asked.type in _CHOICES:
        plain = _NUMBERED.sub("", rest)
        parts = [plain, *((bracketed[1], bracketed[2]) if bracketed else ()), *_CLAUSES.split(plain, _WAYS)[:_WAYS]]
        return tuple(dict.fromkeys([rest, *(part.strip() for part in parts if part.strip())]))
    if bracketed and len(blank.names) > 1:
        return (bracketed[2], rest)
    return (rest,)


def _marked(asked: Field, text: str) -> tuple[str, ...]:
    """The options with a tick, as one text. Whether ticks stand before or behind is told by how the cell begins."""
    first = text.strip()[:1] in {*_MARKS, *_BOXES}
    said = {flat(found) for found in (_MARK_FIRST if first else _MARK_LAST).findall(text)}
    labels = [option.label.zh for option in asked.options]
    # A form prints an option with its number or without.
    return _one("、".join(label for i, label in enumerate(labels, 1) if {flat(label), f"{i}{flat(label)}"} & said))


def _cleaned(text: str, blank: Blank) -> str:
    """The text without what the form prints in the cell."""
    if blank.before:
        text = after_print(text, blank.before[0])
    for printed in sorted((flat(line) for line in blank.printed), key=len, reverse=True):
        if printed:
            text = without_print(text, printed)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _western(text: str) -> str:
    """A day in Chinese numerals, as forms of pledge print it, in digits."""
    found = _HAN_DAY.search("".join(text.split()))
    if found is None:
        return text
    year = "".join(str(_DIGITS[digit]) for digit in found[1])
    return f"{year}-{_number(found[2]):02d}-{_number(found[3]):02d}"


def _number(text: str) -> int:
    """A number below a hundred in Chinese numerals."""
    tens, ten, ones = text.rpartition("十")
    return (10 * (_DIGITS[tens] if tens else 1) if ten else 0) + (_DIGITS[ones] if ones else 0)


def _one(text: str) -> tuple[str, ...]:
    return (text,) if text.strip() else ()
