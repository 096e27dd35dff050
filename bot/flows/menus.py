"""What is not a field: the review, choosing what to edit, several answers at once, leaving."""

from bot.flows import filing, outline, pasting, tables
from bot.flows.pasting import Understood
from bot.flows.shown import Note
from bot.flows.transcribing import transcribe
from bot.flows.values import Input, Problem
from bot.flows.walk import Walk
from knowledge.form import Field, FieldType
from knowledge.text import fold

FREE_TEXT = frozenset({FieldType.TEXT, FieldType.LONGTEXT})
PASTE = "paste:"


def leave_or_look(walk: Walk, word: str) -> None:
    """Does "save", "cancel", "review", "progress" and "page", which mean the same at every prompt."""
    match word:
        case "save":
            walk.outcome = "leave"
        case "page":
            walk.outcome = "page"
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
    """Goes to the field that is named, or asks which. False where the text is rather the answer to the prompt.

    A number is the row of the table, or the file, that one is at; elsewhere, and with "goto", the place of the field.
    """
    if given.word == "edit" and _edit_here(walk, given.argument):
        return True
    if not given.argument:
        _aside(walk, "choose")
        walk.cursor.section, walk.cursor.candidates = "", []
        return True
    found = find_fields(walk, given.argument)
    by_number = given.word == "goto" and given.argument.isdecimal()
    if not found and not by_number and walk.cursor.at == "field" and walk.asked.type in FREE_TEXT:
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
    """The visible fields that a text names: by their place, by key or whole label, else by a part of the label."""
    said = "".join(fold(text).split())
    shown, labels = walk.visible(), walk.form.labels_of
    if said.isdecimal():
        return shown[int(said[:6]) - 1 : int(said[:6])] if int(said[:6]) else []
    exact = [field for field in shown if said == field.key or said in labels(field.key)]
    return exact or [field for field in shown if any(said in label for label in labels(field.key))]


def at_choose(walk: Walk, given: Input) -> None:
    """Reads which section or field is to be edited."""
    if given.word in {"back", "continue"}:
        if walk.cursor.section or walk.cursor.candidates:
            walk.cursor.section, walk.cursor.candidates = "", []
        else:
            _come_back(walk)
        return
    kind, _, key = (given.choice or "").partition(":")
    if kind == "section" and any(section.key == key for section in walk.form.sections):
        walk.cursor.section = key
        return
    found = [walk.form.field(key)] if kind == "field" and walk.asks(key) else find_fields(walk, given.text)
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
    if not given.word:
        _look_closer(walk, given)
        return
    gaps = outline.gaps(walk.form, walk.answers, walk.moment)
    draft = _draft_of(walk)
    match given.word:
        case "submit" | "done" if not gaps and not draft:
            walk.outcome = "submit"
        case "submit" if gaps:
            walk.problem = Problem("incomplete", {"count": len(gaps)})
        case "submit" | "done" | "continue" | "skip" if gaps or draft:
            walk.goto(gaps[0].field.key if gaps else draft)
        case "back" if walk.cursor.section:
            walk.cursor.section = ""
        case "back" if shown := walk.visible():
            walk.goto(shown[-1].key)
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


def hold_paste(walk: Walk, given: Input) -> bool:
    """Keeps a text of several answers until it is confirmed. False where it is none."""
    one_answer = given.word or given.choice is not None or walk.cursor.at == "paste"
    if one_answer or not pasting.names_several(given.text, walk.form, walk.answers):
        return False
    _aside(walk, "paste")
    walk.cursor.pasted = given.text
    return True


def hold_paper(walk: Walk, given: Input) -> None:
    """Keeps what a filled Word form says until it is confirmed."""
    if walk.cursor.at != "paste":
        _aside(walk, "paste")
    walk.cursor.pasted, walk.cursor.paper = "", dict(given.paper or {})


def understood(walk: Walk) -> Understood:
    """What the answers that wait for a yes say."""
    paper = walk.cursor.paper
    if paper:
        return transcribe(walk.form, walk.answers, paper["texts"], paper["rows"], walk.moment)
    return pasting.understand(walk.cursor.pasted, walk.form, walk.answers, walk.moment)


def at_paste(walk: Walk, given: Input) -> bool:
    """Reads what is to become of a text of several answers. True where it is the answer to the present question."""
    said = (given.choice or "").removeprefix(PASTE)
    if said == "one":
        _end_paste(walk)
        return True
    if said == "all" or given.word in {"done", "continue", "submit"}:
        _store_paste(walk)
    elif said == "none" or given.word in {"back", "cancel", "none", "discard", "skip"}:
        _end_paste(walk)
        walk.notes.append(Note("paste_dropped"))
    elif pasting.count_named(given.text, walk.form, walk.answers):
        walk.cursor.pasted, walk.cursor.paper = pasting.merged(walk.cursor.pasted, given.text, walk.form), {}
    else:
        walk.problem = Problem("paste_words")
    return False


def _store_paste(walk: Walk) -> None:
    """Stores what was understood, all in one step, and goes on: to what could not be read, then to what is open."""
    found = understood(walk)
    _end_paste(walk)
    for key, value in found.values.items():
        walk.put(key, value)
        walk.cursor.drafts.pop(key, None)
    walk.notes.append(Note("paste_stored", {"count": len(found.values)}))
    walk.cursor.queue = [*found.problems, *walk.cursor.queue]
    if walk.cursor.at != "review":
        walk.forward()


def _end_paste(walk: Walk) -> None:
    walk.cursor.pasted, walk.cursor.paper = "", {}
    _come_back(walk)


def _edit_here(walk: Walk, argument: str) -> bool:
    """Changes a row or file of this number, at a table or at files."""
    cursor = walk.cursor
    if argument.isdecimal() and filing.is_here(walk) and int(argument[:4]) <= len(walk.files):
        filing.pick(walk, "replace", argument)
        return True
    in_row = cursor.at == "field" and bool(cursor.column) and argument.isdecimal()
    at_table = (cursor.at in {"rows", "pick"} and walk.field.type is FieldType.TABLE) or in_row
    return at_table and tables.change_row(walk, argument)


def _look_closer(walk: Walk, given: Input) -> None:
    """Shows a section of the review, or goes to a field of it."""
    kind, _, key = (given.choice or "").partition(":")
    if kind == "field" and walk.asks(key):
        _to_edit(walk, key, from_review=True)
        return
    named = [section for section in walk.form.sections if _names(section.title.zh, section.title.en, given.text)]
    if kind == "section" and any(section.key == key for section in walk.form.sections):
        walk.cursor.section = key
    elif given.text and len(named) == 1:
        walk.cursor.section = named[0].key
    else:
        walk.problem = Problem("review_words")


def _draft_of(walk: Walk) -> str:
    """A field with an unfinished answer, which is asked about before anything is submitted; "" where there is none."""
    waiting = (slot.partition(".")[0] for slot in walk.cursor.drafts)
    return next((key for key in waiting if walk.asks(key)), "")


def _to_edit(walk: Walk, key: str, *, from_review: bool) -> None:
    walk.goto(key)
    walk.cursor.editing = from_review
    if walk.cursor.at == "field" and walk.cursor.column and walk.rows:
        walk.leave_row()


def _aside(walk: Walk, at: str) -> None:
    """Puts a question before the present prompt, which comes back afterwards."""
    if walk.cursor.at not in {"choose", "cancel", "paste"}:
        walk.cursor.came = walk.cursor.at
    walk.cursor.at = at


def _come_back(walk: Walk) -> None:
    walk.cursor.at, walk.cursor.came = walk.cursor.came or "field", ""


def _of_section(walk: Walk, text: str) -> list[Field]:
    shown = walk.visible()
    for section in walk.form.sections:
        if _names(section.title.zh, section.title.en, text):
            return [field for field in section.fields if field in shown]
    return []


def _names(zh: str, en: str, text: str) -> bool:
    return fold(text) in {fold(zh), fold(en)}
