"""What is not a field: the review, choosing what to edit, several answers at once, leaving."""

from collections.abc import Mapping
from typing import Any

from bot.flows import filing, longtexts, outline, pasting, tables
from bot.flows.pasting import Understood
from bot.flows.shelves import place_of, without
from bot.flows.shown import Note
from bot.flows.transcribing import transcribe
from bot.flows.values import Answers, Input, Problem, digest, place_in
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
        place = place_in(shown, said)
        return [shown[place - 1]] if place is not None else []
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
            _to_slot(walk, gaps[0].field.key if gaps else draft)
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
    length = _length(given.paper)
    if length > pasting.MOST_RAW:
        walk.problem = Problem("paper_too_long", {"count": length, "limit": pasting.MOST_RAW})
        return
    if walk.cursor.at != "paste":
        _aside(walk, "paste")
    walk.cursor.pasted, walk.cursor.paper = "", dict(given.paper or {})


def understood(walk: Walk) -> Understood:
    """What the answers that wait for a yes say."""
    paper = walk.cursor.paper
    if paper:
        return transcribe(walk.form, walk.answers, paper["texts"], paper["rows"], walk.moment)
    return pasting.understand(walk.cursor.pasted, walk.form, walk.answers, walk.moment)


def seen_of(before: Answers) -> str:
    """The digest of what is stored where the answers that wait for a yes would go."""
    return digest(dict(before))


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
    elif len(given.text) <= pasting.MOST_RAW and pasting.count_named(given.text, walk.form, walk.answers):
        _add_to_paste(walk, given.text)
    else:
        walk.problem = Problem("paste_words")
    return False


def _add_to_paste(walk: Walk, text: str) -> None:
    """Puts more answers to those that wait for a yes."""
    together = pasting.merged(walk.cursor.pasted, text, walk.form)
    if len(together) > pasting.MOST_RAW:
        walk.problem = Problem("paste_too_long", {"count": len(together), "limit": pasting.MOST_RAW})
    else:
        walk.cursor.pasted, walk.cursor.paper = together, {}


def _length(said: Any) -> int:
    """The characters of all texts in plain data."""
    if isinstance(said, str):
        return len(said)
    inner = said.values() if isinstance(said, Mapping) else said or ()
    return sum(_length(one) for one in inner)


def _store_paste(walk: Walk) -> None:
    """Stores what was understood, all in one step. It goes on to what could not be read, then where it was before.

    What was stored elsewhere since the answers were shown is not written over before it was shown too.
    """
    found = understood(walk)
    if walk.cursor.seen and walk.cursor.seen != seen_of({key: walk.answers.get(key) for key in found.values}):
        walk.problem = Problem("paste_changed")
        return
    _end_paste(walk)
    for key, value in found.values.items():
        walk.put(key, value)
        walk.cursor.drafts, walk.cursor.typed = (without(one, key) for one in (walk.cursor.drafts, walk.cursor.typed))
    walk.notes.append(Note("paste_stored", {"count": len(found.values)}))
    here = [walk.cursor.field] if walk.cursor.at != "review" and walk.asks(walk.cursor.field) else []
    walk.cursor.queue = [*found.problems, *here, *walk.cursor.queue]
    if walk.cursor.at != "review":
        walk.forward()


def _end_paste(walk: Walk) -> None:
    walk.cursor.pasted, walk.cursor.paper, walk.cursor.seen = "", {}, ""
    _come_back(walk)


def _edit_here(walk: Walk, argument: str) -> bool:
    """Changes a row or file of this number, at a table or at files."""
    cursor = walk.cursor
    if filing.is_here(walk) and place_in(walk.files, argument) is not None:
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
    if kind == "section":
        named = [section for section in walk.form.sections if section.key == key]
    if len(named) != 1 or not (given.text or kind == "section"):
        walk.problem = Problem("review_words")
    elif not any(walk.asks(field.key) for field in named[0].fields):
        walk.problem = Problem("section_hidden", {"section": named[0].title})
    else:
        walk.cursor.section = named[0].key


def _draft_of(walk: Walk) -> str:
    """The slot of an unfinished answer, which is asked about before anything is submitted; "" where there is none."""
    return next((slot for slot in (*walk.cursor.drafts, *walk.cursor.typed) if _is_asked(walk, slot)), "")


def _is_asked(walk: Walk, slot: str) -> bool:
    """Whether a slot is a field that is asked now, or a column of a row that is there."""
    key, row, column = place_of(slot)
    if not walk.asks(key):
        return False
    known = any(one.key == column for one in walk.form.field(key).columns)
    return row is None or (known and row < len(walk.scope.get(key) or []))


def _to_slot(walk: Walk, slot: str) -> None:
    """Goes to a field, or to a column of a row, and tells what was written there on the form page and not taken."""
    key, row, column = place_of(slot)
    walk.goto(key)
    if row is not None:
        walk.enter_row(row)
        walk.to_column(next(one for one in walk.field.columns if one.key == column))
    if walk.slot in walk.cursor.typed:
        walk.problem = longtexts.typed_waiting(walk)


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
