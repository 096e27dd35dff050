"""How long a text may be: in 字, in words, in what the other parts of its group leave."""

from bot.flows.scope import NOTHING, Scope
from bot.flows.values import Problem
from knowledge.form import Field, FieldType
from knowledge.text import count, count_raw

MOST_CHARS = {FieldType.TEXT: 500, FieldType.LONGTEXT: 20_000}  # 字, where a field says nothing
_RAW_PER_CHAR = 20  # a run of letters counts one, so a limit in 字 needs a bound in characters too


def limit_of(field: Field, scope: Scope = NOTHING) -> int | None:
    """The limit of a text in 字, or in words where it has `max_words`; None for types that are no texts.

    A part of a group may have what the other parts leave, which can be nothing.
    """
    own = field.max_words or field.max_chars or MOST_CHARS.get(field.type)
    left = left_by_others(field, scope)
    return own if left is None or own is None else min(own, left)


def left_by_others(field: Field, scope: Scope) -> int | None:
    """What the other parts leave of the limit of a field's group; None where there is no such limit."""
    if field.group is None or field.group.max_chars is None:
        return None
    return max(0, field.group.max_chars - used_by_others(field, scope))


def measure(field: Field, text: str, scope: Scope) -> Problem | None:
    """What is wrong with the length of a text, with the exact overshoot."""
    limit = limit_of(field, scope)
    if limit is None:
        return None
    counted = count(text)
    if counted > limit:
        return _over(field, counted, limit, scope)
    if len(text) > max(limit, 1) * _RAW_PER_CHAR:
        return Problem("too_many_letters", {"limit": limit * _RAW_PER_CHAR, "count": len(text)})
    return None


def doubt(field: Field, text: str) -> tuple[Problem, ...]:
    """A warning where a text keeps its limit in 字 and a form that counts characters might refuse it."""
    if field.type is not FieldType.LONGTEXT or not field.max_chars or count_raw(text) <= field.max_chars:
        return ()
    values = {"raw": count_raw(text), "limit": field.max_chars, "count": count(text)}
    return (Problem("many_characters", values),)


def _over(field: Field, counted: int, limit: int, scope: Scope) -> Problem:
    values = {"over": counted - limit, "limit": limit, "count": counted, "by": field.limit_by}
    if field.group is not None and limit == left_by_others(field, scope):
        total = field.group.max_chars
        return Problem(
            "group_too_long",
            {**values, "total": total, "used": used_by_others(field, scope), "group": field.group.label},
        )
    return Problem("too_many_words" if field.max_words else "too_long", values)


def used_by_others(field: Field, scope: Scope) -> int:
    """The 字 of the other parts of the group."""
    group = field.group.key if field.group else ""
    return sum(count(str(scope.get(one.key) or "")) for one in scope.form.parts(group) if one.key != field.key)
