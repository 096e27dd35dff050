"""What is not a field: the review, choosing what to edit, leaving."""

from bot.flows import outline, tables
from bot.flows.shown import Note
from bot.flows.values import Input, Problem
from bot.flows.walk import Walk
from knowledge.form import Field, FieldType
from knowledge.text import fold

_FREE_TEXT = frozenset({FieldType.TEXT, FieldType.LONGTEXT})


def leave_or_look(walk: Walk, word: str) -> None:
    """Does "save", "cancel", "review" and "progress", which mean the same at every prompt."""
    match word:
        case "save":
            walk.outcome = "leave"
        case "cancel":
            _aside(walk, "cancel")
        case "review":
            walk.to_review()
        case _:
            found = outline.items(walk.form, walk.answers, walk.moment)
            gaps = [item for item in found if item.problem is not None]
            filled = sum(item.value is not None and item.problem is None for item in found)
            walk.notes.append(Note("progress", {"filled": filled, "total": len(found), "gaps": gaps}))


def edit(walk: Walk, given: Input) -> bool:
    """Goes to the field that is named, or asks which. False where the text is rather the answer to the prompt."""
    in_row = walk.cursor.at == "field" and bool(walk.cursor.column) and given.argument.isdecimal()
    at_table = walk.cursor.at in {"rows", "pick"} or in_row
    if at_table and tables.change_row(walk, given.argument):
        return True
    if not given.argument:
        _aside(walk, "choose")
        walk.cursor.section, walk.cursor.candidates = "", []
        return True
    found = find_fields(walk, given.argument)
    if not found and walk.cursor.at == "field" and walk.asked.type in _FREE_TEXT:
        return False
    if len(found) == 1:
        _to_edit(walk, found[0].key, from_review=walk.cursor.at == "review" or walk.cursor.editing)
        return True
    _aside(walk, "choose")
    walk.cursor.section, walk.cursor.candidates = "", [field.key for field in found]
    if not found:
        walk.problem = Problem("no_such_field", {"text": given.argument})
    return True


def find_fields(walk: Walk, text: str) -> list[Field]:
    """The visible fields that a text names: by key or whole label, else by a part of it."""
    said = "".join(fold(text).split())
    named = [(field, {field.key, _flat(field.label.zh), _flat(field.label.en)}) for field in walk.visible()]
    exact = [field for field, names in named if said in names]
    return exact or [field for field, names in named if any(said in name for name in names)]


def at_choose(walk: Walk, given: Input) -> None:
    """Reads which section or field is to be edited."""
    if given.word in {"back", "continue"}:
        if walk.cursor.section or walk.cursor.candidates:
            walk.cursor.section, walk.cursor.candidates = "", []
        else:
            _come_back(walk)
        return
    kind, _, key = (given.choice or "").partition(":")
    shown = {field.key for field in walk.visible()}
    if kind == "section" and any(section.key == key for section in walk.form.sections):
        walk.cursor.section = key
        return
    found = [walk.form.field(key)] if kind == "field" and key in shown else find_fields(walk, given.text)
    if given.text and not found:
        found = _of_section(walk, given.text)
    if len(found) == 1:
        _to_edit(walk, found[0].key, from_review=walk.cursor.came == "review" or walk.cursor.editing)
    elif found:
        walk.cursor.candidates = [field.key for field in found]
    else:
        walk.problem = Problem("no_such_field", {"text": given.text})


def at_review(walk: Walk, given: Input) -> None:
    """Reads an input at the review."""
    gaps = outline.gaps(walk.form, walk.answers, walk.moment)
    match given.word:
        case "submit" | "done" if not gaps and not walk.cursor.drafts:
            walk.outcome = "submit"
        case "submit" if gaps:
            walk.problem = Problem("incomplete", {"count": len(gaps)})
        case "submit" | "done" | "continue" | "skip":
            _to_next(walk, gaps[0].field.key if gaps else "")
        case "back":
            walk.goto(walk.visible()[-1].key)
        case _:
            walk.problem = Problem("review_words")


def at_cancel(walk: Walk, given: Input) -> None:
    """Reads what is to become of the draft."""
    match given.word:
        case "save" | "discard":
            walk.outcome = "leave" if given.word == "save" else "discard"
        case "delete":
            walk.outcome = "discard"
        case "continue" | "back":
            _come_back(walk)
        case _:
            walk.problem = Problem("cancel_words")


def _to_next(walk: Walk, first_gap: str) -> None:
    """Goes to the first gap; without one to an unfinished text, which is asked about before anything is submitted."""
    draft = next((slot.partition(".")[0] for slot in walk.cursor.drafts), "")
    if first_gap or draft:
        walk.goto(first_gap or draft)
    else:
        walk.problem = Problem("review_words")


def _to_edit(walk: Walk, key: str, *, from_review: bool) -> None:
    walk.goto(key)
    walk.cursor.editing = from_review
    if walk.cursor.at == "field" and walk.cursor.column and walk.rows:
        walk.leave_row()


def _aside(walk: Walk, at: str) -> None:
    """Puts a question before the present prompt, which comes back afterwards."""
    if walk.cursor.at not in {"choose", "cancel"}:
        walk.cursor.came = walk.cursor.at
    walk.cursor.at = at


def _come_back(walk: Walk) -> None:
    walk.cursor.at, walk.cursor.came = walk.cursor.came or "field", ""


def _of_section(walk: Walk, text: str) -> list[Field]:
    said = fold(text)
    shown = walk.visible()
    for section in walk.form.sections:
        if said in {fold(section.title.zh), fold(section.title.en)}:
            return [field for field in section.fields if field in shown]
    return []


def _flat(label: str) -> str:
    return "".join(fold(label).split())
