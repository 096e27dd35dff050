"""Files in the dialog: added one by one or several at once until they are done, replaced, taken out again."""

from bot.flows import attachments, numbered, outline
from bot.flows.shown import Note
from bot.flows.values import Attachment, Input, Problem
from bot.flows.walk import Walk
from knowledge.form import FieldType

_NAMED = 3  # fields for files, named to somebody who sends one elsewhere


def is_here(walk: Walk) -> bool:
    """Whether files are asked for."""
    return walk.cursor.at in {"field", "pick"} and walk.asked.type is FieldType.FILE


def take(walk: Walk, given: Input) -> None:
    """Takes files in, at a prompt that asks for them. Each one that does not fit is named; the others are kept."""
    if not is_here(walk):
        wanted = [field for field in outline.asked(walk.scope) if field.type is FieldType.FILE]
        waiting = [field for field in wanted if walk.is_open(field)]
        walk.problem = Problem("no_file_here", {"fields": (waiting or wanted)[:_NAMED]})
        return
    walk.cursor.at, walk.cursor.purpose = "field", ""
    problems = list(given.refused)
    for one in given.files:
        found = _placed(walk, one)
        if isinstance(found, Problem):
            problems.append(Problem(found.kind, {**found.values, "recompressed": one["key"] in given.recompressed}))
            continue
        walk.put(walk.cursor.field, found)
        walk.cursor.row = None
        walk.notes.append(Note("file_added", {"name": one["name"], "size": one["size"], "pages": one.get("pages")}))
    walk.warnings += problems[:-1]
    walk.problem = problems[-1] if problems else None


def finish(walk: Walk) -> bool:
    """Goes on where there are files enough. False where there are none at all."""
    files = walk.files
    if not files:
        return False
    problem = attachments.check(walk.asked, files)
    if problem is None:
        walk.forward()
    walk.problem = problem
    return True


def at_pick(walk: Walk, given: Input) -> None:
    """Reads which file is meant."""
    if given.word == "back":
        walk.goto(walk.cursor.field)
        return
    pick(walk, walk.cursor.purpose, numbered.said_number(given))


def pick(walk: Walk, purpose: str, argument: str) -> None:
    """Replaces or deletes the file of a number, or asks which."""
    number = numbered.pick(walk, "files", walk.files, purpose, argument)
    if number is not None:
        _on_file(walk, purpose, number)


def clear(walk: Walk) -> None:
    """Takes all files out."""
    if walk.files:
        walk.put(walk.cursor.field, None)
        walk.notes.append(Note("cleared"))
    else:
        walk.problem = Problem("nothing_to_clear")


def leave_replacing(walk: Walk, given: Input) -> bool:
    """Keeps the file that was to be replaced, where that is what an input says."""
    if walk.cursor.row is None or given.word not in {"skip", "back", "cancel"}:
        return False
    walk.goto(walk.cursor.field)
    return True


def _on_file(walk: Walk, purpose: str, number: int) -> None:
    walk.goto(walk.cursor.field)
    if purpose == "replace":
        walk.cursor.row = number - 1
        return
    files = walk.files
    gone = files.pop(number - 1)
    walk.put(walk.cursor.field, files or None)
    walk.notes.append(Note("file_deleted", {"name": gone["name"]}))


def _placed(walk: Walk, one: Attachment) -> list[Attachment] | Problem:
    row = walk.cursor.row
    if row is not None and row < len(walk.files):
        return attachments.replace(walk.asked, walk.files, row + 1, one)
    return attachments.add(walk.asked, walk.files, one)
