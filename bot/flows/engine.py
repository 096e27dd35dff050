"""The dialog of a form: given form, answers, cursor and an input it says what changes and what is shown next."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.flows import fields, filing, longtexts, menus, outline, pasting, picking, showing, tables
from bot.flows.shown import Note, Step
from bot.flows.values import Answers, Input, Moment, Problem, digest
from bot.flows.walk import Walk
from knowledge.form import Field, FieldType, Form


def begin(form: Form, answers: Answers, cursor: Mapping[str, Any], moment: Moment, *, changed: bool = False) -> Step:
    """Shows where the dialog stands. `changed`: the answers were given to another version of the form.

    Then answers that no longer fit are asked again; they are kept until they are replaced.
    """
    walk = Walk(form, answers, dict(cursor), moment)
    if changed:
        gaps = [gap.field.key for gap in outline.gaps(form, walk.answers, moment)]
        walk.cursor.unfit = [key for key in gaps if key in walk.answers]
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
    if given.paper is not None:
        menus.hold_paper(walk, given)
    elif given.files or given.refused:
        filing.take(walk, given)
    elif not _everywhere(walk, given) and not menus.hold_paste(walk, given):
        _AT[walk.cursor.at](walk, given)
    _settle(walk)
    return showing.step(walk)


def reads_as(form: Form, answers: Answers, cursor: Mapping[str, Any], given: Input, moment: Moment) -> Problem | None:
    """What would be wrong with an input at the present prompt, without any effect; None where it would be taken."""
    return answer(form, answers, cursor, given, moment).problem


def gives_several(form: Form, answers: Answers, given: Input) -> bool:
    """Whether an input is a text of several answers, each behind its label."""
    return not given.word and given.choice is None and pasting.names_several(given.text, form, answers)


def asked_field(form: Form, answers: Answers, cursor: Mapping[str, Any], moment: Moment) -> Field | None:
    """The field or column whose answer is waited for; None in menus, the review and lists of rows."""
    walk = Walk(form, answers, dict(cursor), moment)
    _settle(walk)
    return walk.asked if walk.cursor.at == "field" else None


def _everywhere(walk: Walk, given: Input) -> bool:
    """Handles the words that mean the same at every prompt."""
    if given.word in {"save", "cancel", "review", "progress", "page"} and walk.cursor.at != "paste":
        menus.leave_or_look(walk, given.word)
        return True
    if given.word in {"edit", "goto"}:
        return menus.edit(walk, given)
    return False


def _at_field(walk: Walk, given: Input) -> None:
    if _changed_elsewhere(walk, given):
        walk.problem = Problem("changed_elsewhere", {"field": walk.asked, "value": walk.current})
        walk.cursor.seen = ""
        return
    action = _FIELD_WORDS.get(given.word)
    if walk.asked.type is FieldType.FILE and filing.leave_replacing(walk, given):
        return
    if action is not None and not given.argument:
        action(walk)
    elif walk.asked.type is FieldType.LONGTEXT:
        longtexts.take(walk, given)
    elif walk.asked.type is FieldType.FILE:
        _about_files(walk, given)
    elif walk.asked.type is FieldType.MULTI_CHOICE and picking.given_option(walk, given):
        picking.toggle(walk, given.choice or "")
    else:
        _take_value(walk, given)


def _changed_elsewhere(walk: Walk, given: Input) -> bool:
    """Whether an input would write over what was stored elsewhere since the prompt was shown."""
    if not walk.cursor.seen or given.word in _HARMLESS or walk.cursor.seen == digest(walk.current):
        return False
    collects = walk.asked.type is FieldType.LONGTEXT or picking.given_option(walk, given)
    return bool(given.word) or not collects


def _take_value(walk: Walk, given: Input) -> None:
    column = walk.column
    compared = column is not None and fields.is_compared(column)
    others = fields.other_values(walk.rows, walk.cursor.row or 0, walk.cursor.column) if compared else ()
    found = fields.read(walk.asked, given, moment=walk.moment, scope=walk.scope, others=others)
    if isinstance(found, Problem):
        walk.problem = found
        return
    if walk.asked.type is FieldType.MULTI_CHOICE and picking.add(walk, found.value):
        return
    walk.warnings += found.warnings
    if found.echo:
        walk.notes.append(Note("echo", {"field": walk.asked, "value": found.value}))
    tables.store_value(walk, found.value)


def _about_files(walk: Walk, given: Input) -> None:
    if given.word in {"delete", "replace"}:
        filing.pick(walk, given.word, given.argument)
    else:
        walk.problem = Problem("not_a_file")


def _at_rows(walk: Walk, given: Input) -> None:
    if given.word != "delete" or not _rows_changed(walk):
        tables.at_rows(walk, given)


def _at_pick(walk: Walk, given: Input) -> None:
    if given.word != "back" and _rows_changed(walk):
        walk.goto(walk.cursor.field)
    elif walk.field.type is FieldType.FILE:
        filing.at_pick(walk, given)
    else:
        tables.at_pick(walk, given)


def _rows_changed(walk: Walk) -> bool:
    """Whether the rows or files were changed elsewhere: the number somebody gives may be another one's now."""
    stored = walk.answers.get(walk.cursor.field)
    if not walk.cursor.seen or walk.cursor.seen == digest(stored):
        return False
    walk.problem = Problem("changed_elsewhere", {"field": walk.field, "value": stored})
    return True


def _at_paste(walk: Walk, given: Input) -> None:
    text = walk.cursor.pasted
    if menus.at_paste(walk, given):
        _at_field(walk, Input(text=text))


def _replace(walk: Walk) -> None:
    if walk.asked.type is FieldType.FILE:
        filing.pick(walk, "replace", "")
    else:
        _not_here(walk)


def _delete(walk: Walk) -> None:
    if walk.asked.type is FieldType.FILE:
        filing.pick(walk, "delete", "")
    else:
        _clear(walk)


def _is_taken_away(walk: Walk) -> bool:
    """Whether what is stored is an option that the answers before it no longer leave."""
    stored = walk.current
    return stored is not None and bool(walk.asked.options) and not fields.fits_options(walk.asked, stored, walk.scope)


def _skip(walk: Walk) -> None:
    if walk.slot in walk.cursor.drafts:
        walk.problem = Problem("draft_waiting")
    elif walk.slot in walk.cursor.typed:
        walk.problem = longtexts.typed_waiting(walk)
    elif walk.proposed:
        _take_value(walk, Input(text=walk.proposed))
    elif _is_taken_away(walk):
        walk.problem = Problem("no_longer_offered")
    elif walk.current is not None and walk.cursor.field not in walk.cursor.unfit:
        tables.pass_over(walk)
    elif walk.required:
        walk.problem = Problem("required")
    elif walk.current is not None:
        walk.problem = Problem("unfit")
    else:
        if not walk.cursor.column and walk.cursor.field not in walk.cursor.skipped:
            walk.cursor.skipped.append(walk.cursor.field)
        tables.pass_over(walk)


def _clear(walk: Walk) -> None:
    if walk.asked.type is FieldType.FILE:
        filing.clear(walk)
        return
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
    elif walk.asked.type is FieldType.MULTI_CHOICE and walk.slot in walk.cursor.drafts:
        _store_picked(walk)
    elif walk.asked.type is FieldType.FILE and filing.finish(walk):
        return
    elif walk.cursor.column and tables.may_finish(walk):
        tables.finish(walk)
    else:
        _skip(walk)


def _store_picked(walk: Walk) -> None:
    found = picking.finished(walk)
    if isinstance(found, Problem):
        walk.problem = found
        return
    del walk.cursor.drafts[walk.slot]
    tables.store_value(walk, found)


def _not_here(walk: Walk) -> None:
    """A word of another prompt: hardly an answer to this one."""
    walk.problem = Problem("not_here")


def _settle(walk: Walk) -> None:
    """Brings a cursor home that points to what is not there (any more), such as a hidden field."""
    cursor = walk.cursor
    if cursor.at in {"review", "choose", "cancel", "paste"}:
        return
    if cursor.at not in _AT or not walk.asks(cursor.field):
        walk.forward()
        return
    kind = walk.field.type
    lost = not _at_column(walk) if kind is FieldType.TABLE else False
    if cursor.at not in _PLACES.get(kind, {"field"}) or (cursor.at == "field" and lost):
        walk.goto(cursor.field)
    elif cursor.at == "field" and kind is not FieldType.TABLE:
        cursor.column = ""
        cursor.row = cursor.row if kind is FieldType.FILE else None


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
    "delete": _delete,
    "replace": _replace,
    "undo": longtexts.undo,
    "done": _done,
    "continue": lambda _walk: None,
    "add": _not_here,
    "discard": _not_here,
    "none": _not_here,
    "submit": lambda walk: menus.leave_or_look(walk, "review"),
}

_AT: Mapping[str, Callable[[Walk, Input], None]] = {
    "field": _at_field,
    "rows": _at_rows,
    "pick": _at_pick,
    "choose": menus.at_choose,
    "review": menus.at_review,
    "cancel": menus.at_cancel,
    "paste": _at_paste,
}
_HARMLESS = frozenset({"back", "skip", "continue", "undo", "add", "discard", "none", "submit"})
_PLACES: Mapping[FieldType, set[str]] = {FieldType.TABLE: {"field", "rows", "pick"}, FieldType.FILE: {"field", "pick"}}
