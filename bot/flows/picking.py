"""Several options of one question: each tap puts one in or takes it out, until they are done."""

from bot.flows import fields, options
from bot.flows.values import Input, Problem
from bot.flows.walk import Walk


def picked(walk: Walk) -> list[str]:
    """What is picked so far: what is stored where nothing was tapped yet."""
    stored: list[str] = walk.current or []
    return list(walk.cursor.drafts.get(walk.slot, stored))


def toggle(walk: Walk, value: str) -> None:
    """Puts an option in, or takes it out."""
    if value not in {option.value for option in walk.options}:
        walk.problem = Problem("not_an_option", {"text": value})
        return
    chosen = set(picked(walk)) ^ {value}
    walk.cursor.drafts[walk.slot] = options.in_order(chosen, walk.options)


def add(walk: Walk, values: list[str]) -> bool:
    """Adds what was typed to what was tapped before. False where nothing was: then it is the whole answer."""
    if walk.slot not in walk.cursor.drafts:
        return False
    chosen = {*walk.cursor.drafts[walk.slot], *values}
    walk.cursor.drafts[walk.slot] = options.in_order(chosen, walk.options)
    return True


def finished(walk: Walk) -> list[str] | Problem:
    """What was picked, checked."""
    chosen = walk.cursor.drafts[walk.slot]
    if not chosen:
        return Problem("nothing_picked")
    found = fields.check(walk.asked, chosen, moment=walk.moment, scope=walk.scope)
    if isinstance(found, Problem):
        return found
    walk.warnings += found.warnings
    return chosen


def given_option(walk: Walk, given: Input) -> bool:
    """Whether an input taps one of the options."""
    return given.choice is not None and any(option.value == given.choice for option in walk.options)
