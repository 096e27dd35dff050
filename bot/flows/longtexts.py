"""Long texts that come in several messages until they are done. Nothing is cut off, nothing is lost."""

from collections.abc import Callable

from bot.flows import fields, lengths, tables
from bot.flows.parsing import clean
from bot.flows.shown import Note
from bot.flows.values import Input, Problem
from bot.flows.walk import Walk
from knowledge.text import count

MOST_RAW = 60_000  # characters of a draft; beyond that a message is refused whole


def take(walk: Walk, given: Input) -> None:
    """Adds a message to the draft."""
    text = clean(given.text, lines=True)
    if not text:
        walk.problem = Problem("empty")
        return
    pieces = walk.cursor.drafts.get(walk.slot, [])
    length = sum(len(piece) for piece in pieces) + len(text)
    if length > MOST_RAW:
        walk.problem = Problem("too_much", {"length": len(text), "limit": lengths.limit_of(walk.asked, walk.scope)})
        return
    walk.cursor.drafts[walk.slot] = [*pieces, text]


def finish(walk: Walk, skip: Callable[[Walk], None]) -> None:
    """Makes the draft the answer; without a draft it is what `skip` does. One over the limit stays a draft."""
    pieces = walk.cursor.drafts.get(walk.slot)
    if not pieces:
        if walk.current is None and walk.required:
            walk.problem = Problem("nothing_yet")
        else:
            skip(walk)
        return
    found = fields.read(walk.asked, Input(text=joined(pieces)), moment=walk.moment, scope=walk.scope)
    if isinstance(found, Problem):
        walk.problem = found
        return
    walk.warnings += found.warnings
    walk.notes.append(
        Note("stored_text", {"count": count(found.value), "field": walk.asked, "words": bool(walk.asked.max_words)})
    )
    del walk.cursor.drafts[walk.slot]
    tables.store_value(walk, found.value)


def undo(walk: Walk) -> None:
    """Takes the last message out of the draft."""
    pieces = walk.cursor.drafts.get(walk.slot)
    if not pieces:
        walk.problem = Problem("nothing_to_undo")
        return
    walk.notes.append(Note("undone", {"start": pieces[-1][:20]}))
    if len(pieces) == 1:
        del walk.cursor.drafts[walk.slot]
    else:
        walk.cursor.drafts[walk.slot] = pieces[:-1]


def drop_draft(walk: Walk) -> bool:
    """Throws what was written and not taken away, as asked. False where there is none."""
    if not walk.cursor.drafts.pop(walk.slot, None) and not walk.cursor.typed.pop(walk.slot, None):
        return False
    walk.notes.append(Note("cleared"))
    return True


def typed_waiting(walk: Walk) -> Problem:
    """Says that what was written here on the form page was not taken."""
    return Problem("typed_waiting", {"text": joined(walk.cursor.typed[walk.slot])})


def joined(pieces: list[str]) -> str:
    """The text of several messages: each starts a line of its own."""
    return "\n".join(pieces)
