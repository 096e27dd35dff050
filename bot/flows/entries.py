"""What somebody enters on the page, and what it changes: an answer, a row, an attachment. Pure.

Each entry says what was shown when it was made (`seen`): what has changed elsewhere since is not written over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.flows import attachments, fields, outline
from bot.flows.fields import AGREE
from bot.flows.longtexts import MOST_RAW
from bot.flows.options import in_order
from bot.flows.parsing import clean
from bot.flows.scope import Scope, offered
from bot.flows.shapes import is_shaped
from bot.flows.sheet import Kept, shelf_of
from bot.flows.shelves import SHELVES, moved_up, slot_of
from bot.flows.values import Answers, Attachment, Input, Moment, Problem, Reading, Value, digest
from knowledge.form import Field, FieldType, Form


@dataclass(frozen=True, slots=True)
class Write:
    """An answer as it was entered: a text, or the values ticked of a choice of several. Empty takes it away.

    `whole`: it came with all others of its page. Then what equals what was shown was not touched, and whatever is not
    taken is kept beside what is stored.
    """

    field: str
    given: str | tuple[str, ...]
    seen: str
    row: int | None = None
    column: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """Throws away what was typed and not taken; the stored answer stays."""

    field: str
    row: int | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class AddRow:
    """Adds an empty row to a table that has `rows` rows."""

    field: str
    rows: int


@dataclass(frozen=True, slots=True)
class DeleteRow:
    """Deletes a row of a table."""

    field: str
    row: int
    seen: str


@dataclass(frozen=True, slots=True)
class Attach:
    """Adds a file that was taken in; it takes the place of the one file where there can be only one."""

    field: str
    attachment: Attachment


@dataclass(frozen=True, slots=True)
class Detach:
    """Takes the file of this key away."""

    field: str
    key: str


_LENGTH = len(digest(None))

Change = Write | Drop | AddRow | DeleteRow | Attach | Detach


@dataclass(frozen=True, slots=True)
class Entered:
    """What an entry came to: answers to store (None deletes), the cursor, and why it was not taken, if so.

    With `problem` "changed_elsewhere" the answer is as it was; with others the text is kept as typed.
    """

    kept: Kept
    changes: Mapping[str, Value | None] = field(default_factory=dict)
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = ()


def enter(
    form: Form, answers: Answers, kept: Kept, change: Change, moment: Moment, *, before: Answers | None = None
) -> Entered:
    """What a change comes to. Raises KeyError for what the form does not ask now, as no page of ours would send.

    Of changes that were made on one page together, `before` are the answers with which what was shown is compared.
    """
    scope = Scope(form, answers)
    asked = form.field(change.field)
    if not outline.is_asked(asked, scope):
        if isinstance(change, Write) and change.whole:
            return Entered(kept)  # hidden by another answer of the same page
        raise KeyError(change.field)
    match change:
        case Write():
            target = _target(asked, scope, change, answers if before is None else before)
            return _Entry(target, change, kept, moment).result()
        case Drop():
            return Entered(_without(kept, slot_of(change.field, change.row, change.column)))
        case AddRow():
            return _add_row(asked, answers, kept, change)
        case DeleteRow():
            return _delete_row(asked, answers, kept, change, answers if before is None else before)
        case Attach():
            return _attach(asked, answers, kept, change)
        case Detach():
            return _detach(asked, answers, kept, change)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where an answer goes: a field, or a column of a row, and what stands there."""

    asked: Field
    current: Value | None
    seen: str
    scope: Scope
    rows: Sequence[Mapping[str, Any]] = ()


def _target(asked: Field, scope: Scope, change: Write, before: Answers) -> _Target:
    if change.row is None:
        if asked.type in {FieldType.TABLE, FieldType.FILE}:
            raise KeyError(asked.key)
        return _Target(asked, scope.answers.get(asked.key), digest(before.get(asked.key)), scope)
    rows = _listed(scope.answers, asked, FieldType.TABLE)
    column = _column(asked, change.column)
    return _Target(column, _row(rows, change.row).get(column.key), _seen(before, asked, change.row), scope, rows)


def _listed(answers: Answers, asked: Field, kind: FieldType) -> list[dict[str, Any]]:
    """A copy of the rows, or files, that are stored. Raises KeyError for a field of another type."""
    if asked.type is not kind:
        raise KeyError(asked.key)
    value = answers.get(asked.key)
    return list(value) if value is not None and is_shaped(kind, value) else []


def _row(rows: Sequence[Mapping[str, Any]], number: int) -> Mapping[str, Any]:
    return rows[number] if 0 <= number < len(rows) else {}


def _seen(before: Answers, asked: Field, number: int) -> str:
    return digest(_row(_listed(before, asked, FieldType.TABLE), number))


def _column(asked: Field, key: str) -> Field:
    return {found.key: found for found in asked.columns}[key]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One answer on its way to where it belongs."""

    target: _Target
    change: Write
    kept: Kept
    moment: Moment

    def result(self) -> Entered:
        """What it came to."""
        target, change = self.target, self.change
        given = change.given
        empty = not (clean(given, lines=True) if isinstance(given, str) else given)
        found = None if empty else self._read()
        bare = _without(self.kept, self._slot)
        if found is None and target.current is None:
            return Entered(bare)
        if isinstance(found, Reading) and self._is_stored(found.value):
            return Entered(bare, warnings=found.warnings)
        if change.seen[:_LENGTH] != target.seen:
            return self._changed_elsewhere(found)
        if isinstance(found, Problem):
            return Entered(self._with_typed(), problem=found)
        changes = self._placed(found.value if found is not None else None)
        return Entered(_unmarked(bare, change.field), changes, warnings=found.warnings if found is not None else ())

    def _read(self) -> Reading | Problem:
        asked, given = self.target.asked, self.change.given
        if asked.type is FieldType.MULTI_CHOICE:
            chosen = in_order(set(given if not isinstance(given, str) else [given]), offered(asked, self.target.scope))
            return fields.check(asked, chosen, moment=self.moment, scope=self.target.scope)
        text = given if isinstance(given, str) else given[0]
        if len(text) > MOST_RAW:
            return Problem("too_many_letters", {"limit": MOST_RAW, "count": len(text)})
        said = Input(text=text)
        if asked.type in {FieldType.CHOICE, FieldType.CONSENT}:
            said = Input(choice=AGREE if asked.type is FieldType.CONSENT else text)
        change, rows = self.change, self.target.rows
        others = () if change.row is None else fields.other_values(rows, change.row, change.column)
        return fields.read(asked, said, moment=self.moment, scope=self.target.scope, others=others)

    def _is_stored(self, value: Value) -> bool:
        """Whether what was entered is what is stored; agreeing again is no change."""
        current = self.target.current
        if self.target.asked.type is FieldType.CONSENT:
            return isinstance(current, dict) and current.get("wording") == value["wording"]
        return bool(value == current)

    def _changed_elsewhere(self, found: Reading | Problem | None) -> Entered:
        """The other value stays until the person has seen it and chosen."""
        shown = digest(found.value if isinstance(found, Reading) else None)
        if self.change.whole and shown == self.change.seen[-_LENGTH:]:
            return Entered(self.kept)
        kept = self._with_typed() if self.change.whole else self.kept
        return Entered(kept, problem=Problem("changed_elsewhere", {"value": self.target.current}))

    def _placed(self, value: Value | None) -> dict[str, Value | None]:
        """The answer to store: of a table all its rows."""
        change = self.change
        if change.row is None:
            return {change.field: value}
        rows = [dict(row) for row in self.target.rows]
        if change.row >= len(rows):
            rows.append({})
        number = min(change.row, len(rows) - 1)
        if value is None:
            rows[number].pop(change.column, None)
        else:
            rows[number][change.column] = value
        return {change.field: rows}

    @property
    def _slot(self) -> str:
        return slot_of(self.change.field, self.change.row, self.change.column)

    def _with_typed(self) -> Kept:
        """The cursor with the text kept as typed. Ticks are no text: there is nothing to keep of them."""
        given, asked = self.change.given, self.target.asked
        if not isinstance(given, str) or not given or asked.type in {FieldType.CHOICE, FieldType.CONSENT}:
            return self.kept
        shelf = shelf_of(asked)
        return {**self.kept, shelf: {**self.kept.get(shelf, {}), self._slot: [given[:MOST_RAW]]}}


def _add_row(asked: Field, answers: Answers, kept: Kept, change: AddRow) -> Entered:
    rows = _listed(answers, asked, FieldType.TABLE)
    if len(rows) != change.rows:
        return Entered(kept, problem=Problem("changed_elsewhere", {"value": rows or None}))
    if asked.max_rows is not None and len(rows) >= asked.max_rows:
        return Entered(kept, problem=Problem("many_rows", {"rows": len(rows), "most": asked.max_rows}))
    return Entered(_unmarked(kept, asked.key), {asked.key: [*rows, {}]})


def _delete_row(asked: Field, answers: Answers, kept: Kept, change: DeleteRow, before: Answers) -> Entered:
    rows = _listed(answers, asked, FieldType.TABLE)
    if not 0 <= change.row < len(rows) or _seen(before, asked, change.row) != change.seen[:_LENGTH]:
        return Entered(kept, problem=Problem("changed_elsewhere", {"value": rows or None}))
    del rows[change.row]
    shelves = {name: moved_up(kept[name], asked.key, change.row) for name in SHELVES if name in kept}
    return Entered(_stands_above({**kept, **shelves}, asked, change.row), {asked.key: rows or None})


def _stands_above(kept: Kept, asked: Field, gone: int) -> Kept:
    """The cursor where the dialog goes on after a row, or file, was taken away: it follows the one it was at.

    Where that very one is gone, it goes back to the list.
    """
    row = kept.get("row")
    if kept.get("field") != asked.key or row is None or row < gone:
        return kept
    if row > gone:
        return {**kept, "row": row - 1}
    back = {name: value for name, value in kept.items() if name not in {"row", "column", "purpose", "seen"}}
    place = "came" if kept.get("came") else "at"
    return {**back, place: "rows"} if asked.type is FieldType.TABLE else back


def _attach(asked: Field, answers: Answers, kept: Kept, change: Attach) -> Entered:
    files = _listed(answers, asked, FieldType.FILE)
    only = asked.file is not None and asked.file.most == 1 and len(files) == 1
    if any(one["key"] == change.attachment["key"] for one in files):
        return Entered(kept)
    add, replace = attachments.add, attachments.replace
    found = replace(asked, files, 1, change.attachment) if only else add(asked, files, change.attachment)
    if isinstance(found, Problem):
        return Entered(kept, problem=found)
    return Entered(_unmarked(kept, asked.key), {asked.key: found})


def _detach(asked: Field, answers: Answers, kept: Kept, change: Detach) -> Entered:
    files = _listed(answers, asked, FieldType.FILE)
    left = [one for one in files if one["key"] != change.key]
    place = next((number for number, one in enumerate(files) if one["key"] == change.key), len(files))
    return Entered(_stands_above(kept, asked, place), {asked.key: left or None})


def _without(kept: Kept, slot: str) -> Kept:
    """The cursor without what was typed, or picked in the dialog, and not taken."""
    held = [name for name in SHELVES if slot in kept.get(name, {})]
    return {**kept, **{name: {key: text for key, text in kept[name].items() if key != slot} for name in held}}


def _unmarked(kept: Kept, key: str) -> Kept:
    """The cursor without the marks of a field that is answered now."""
    marks = {name: [one for one in kept[name] if one != key] for name in ("skipped", "unfit") if name in kept}
    return {**kept, **marks}
