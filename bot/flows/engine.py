"""The dialog of a form: given form, answers, cursor and an input it says what changes and what is shown next."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.flows import fields, longtexts, menus, outline, showing, tables
from bot.flows.shown import Note, Step
from bot.flows.values import Answers, Input, Moment, Problem
from bot.flows.walk import Walk
from knowledge.form import Field, FieldType, Form


def begin(form: Form, answers: Answers, cursor: Mapping[str, Any], moment: Moment, *, changed: bool = False) -> Step:
    """Shows where the dialog stands. `changed`: the answers were given to another version of the form.

    Then answers that no longer fit are asked again; they are kept until they are replaced.
    """
    walk = Walk(form, answers, dict(cursor), moment)
    if changed:
        walk.cursor.unfit = [gap.field.key for gap in outline.gaps(form, walk.answers, moment) if gap.value is not None]
        _drop_unknown(walk)
        if walk.cursor.unfit:
            walk.notes.append(Note("form_changed", {"count": len(walk.cursor.unfit)}))
    if not cursor or walk.cursor.unfit:
        walk.cursor.field = ""
        walk.forward()
    _settle(walk)
    return showing.step(walk)


def answer(form: Form, answers: Answers, cursor: Mapping[str, Any], given: Input, moment: Moment) -> Step:
    """Takes one input and says what follows. A mistake changes nothing and is told in `problem`."""
    walk = Walk(form, answers, dict(cursor), moment)
    _settle(walk)
    if not _everywhere(walk, given):
        _AT[walk.cursor.at](walk, given)
    _settle(walk)
    return showing.step(walk)


def reads_as(form: Form, answers: Answers, cursor: Mapping[str, Any], given: Input, moment: Moment) -> Problem | None:
    """What would be wrong with an input at the present prompt, without any effect; None where it would be taken."""
    return answer(form, answers, cursor, given, moment).problem


def asked_field(form: Form, answers: Answers, cursor: Mapping[str, Any], moment: Moment) -> Field | None:
    """The field or column whose answer is waited for; None in menus, the review and lists of rows."""
    walk = Walk(form, answers, dict(cursor), moment)
    _settle(walk)
    return walk.asked if walk.cursor.at == "field" else None


def _everywhere(walk: Walk, given: Input) -> bool:
    """Handles the words that mean the same at every prompt."""
    if given.word in {"save", "cancel", "review", "progress"}:
        menus.leave_or_look(walk, given.word)
        return True
    if given.word == "edit":
        return menus.edit(walk, given)
    return False


def _at_field(walk: Walk, given: Input) -> None:
    action = _FIELD_WORDS.get(given.word)
    if action is not None and not given.argument:
        action(walk)
    elif walk.asked.type is FieldType.LONGTEXT:
        longtexts.take(walk, given)
    else:
        _take_value(walk, given)


def _take_value(walk: Walk, given: Input) -> None:
    others = fields.other_values(walk.rows, walk.cursor.row or 0, walk.cursor.column) if walk.cursor.column else ()
    found = fields.read(walk.asked, given, moment=walk.moment, others=others)
    if isinstance(found, Problem):
        walk.problem = found
        return
    walk.warnings += found.warnings
    if found.echo:
        walk.notes.append(Note("echo", {"field": walk.asked, "value": found.value}))
    tables.store_value(walk, found.value)


def _skip(walk: Walk) -> None:
    if walk.slot in walk.cursor.drafts:
        walk.problem = Problem("draft_waiting")
    elif walk.current is not None and walk.cursor.field not in walk.cursor.unfit:
        tables.pass_over(walk)
    elif walk.required:
        walk.problem = Problem("required")
    else:
        if not walk.cursor.column and walk.cursor.field not in walk.cursor.skipped:
            walk.cursor.skipped.append(walk.cursor.field)
        tables.pass_over(walk)


def _clear(walk: Walk) -> None:
    if longtexts.drop_draft(walk):
        return
    if walk.current is None:
        walk.problem = Problem("nothing_to_clear")
    elif walk.required:
        walk.problem = Problem("required")
    else:
        tables.clear_value(walk)
        walk.notes.append(Note("cleared"))


def _done(walk: Walk) -> None:
    if walk.asked.type is FieldType.LONGTEXT:
        longtexts.finish(walk, _skip)
    elif walk.cursor.column and tables.may_finish(walk):
        tables.finish(walk)
    else:
        _skip(walk)


def _not_here(walk: Walk) -> None:
    """A word of another prompt: hardly an answer to this one."""
    walk.problem = Problem("not_here")


def _settle(walk: Walk) -> None:
    """Brings a cursor home that points to what is not there (any more), such as a hidden field."""
    cursor = walk.cursor
    if cursor.at in {"review", "choose", "cancel"}:
        return
    shown = {found.key: found for found in walk.visible()}
    if cursor.at not in _AT or cursor.field not in shown:
        walk.forward()
    elif (cursor.at in {"rows", "pick"} and shown[cursor.field].type is not FieldType.TABLE) or (
        cursor.at == "field" and shown[cursor.field].type is FieldType.TABLE and not _at_column(walk)
    ):
        walk.goto(cursor.field)
    elif cursor.at == "field" and shown[cursor.field].type is not FieldType.TABLE:
        cursor.row, cursor.column = None, ""


def _at_column(walk: Walk) -> bool:
    row = walk.cursor.row
    return walk.column is not None and row is not None and row <= len(walk.rows)


def _drop_unknown(walk: Walk) -> None:
    """Forgets marks on fields that the form no longer has. Drafts of long texts are kept: a field may come back."""
    known = {found.key for found in walk.form.fields()}
    walk.cursor.skipped = [key for key in walk.cursor.skipped if key in known]
    walk.cursor.queue = [key for key in walk.cursor.queue if key in known]
    walk.cursor.candidates = [key for key in walk.cursor.candidates if key in known]


_FIELD_WORDS: Mapping[str, Callable[[Walk], None]] = {
    "back": Walk.backward,
    "skip": _skip,
    "clear": _clear,
    "delete": _clear,
    "undo": longtexts.undo,
    "done": _done,
    "continue": lambda _walk: None,
    "add": _not_here,
    "discard": _not_here,
    "submit": lambda walk: menus.leave_or_look(walk, "review"),
}

_AT: Mapping[str, Callable[[Walk, Input], None]] = {
    "field": _at_field,
    "rows": tables.at_rows,
    "pick": tables.at_pick,
    "choose": menus.at_choose,
    "review": menus.at_review,
    "cancel": menus.at_cancel,
}
