"""What a form asks, given its answers: visible fields, required ones, what follows from others, what is missing."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from bot.flows import fields
from bot.flows.plain import as_text
from bot.flows.scope import Scope, all_hold
from bot.flows.scope import holds as holds  # noqa: PLC0414 - whoever reads outlines asks for conditions too
from bot.flows.shown import Item
from bot.flows.values import Answers, Moment, Problem
from knowledge.form import Field, FieldType, Form, Stage
from knowledge.text import fold

COMPUTED = FieldType.COMPUTED
_INSERT = re.compile(r"\{([A-Za-z0-9_]+)\}")


def visible(form: Form, answers: Answers) -> list[Field]:
    """The fields that are asked at the form's stage, in order. A hidden answer makes no other field visible."""
    return list(asked(Scope(form, answers)))


def applicable(form: Form, answers: Answers) -> list[Field]:
    """The fields of all stages that concern this applicant, computed ones too."""
    scope = Scope(form, answers)
    return [field for field in form.fields() if scope.shows(field.key)]


def asked(scope: Scope) -> Iterator[Field]:
    """The fields that are asked at the stage of the scope's form, in order."""
    return (field for field in scope.form.fields() if is_asked(field, scope))


def asked_after(key: str, scope: Scope) -> Iterator[Field]:
    """The fields that are asked, beginning behind this one and ending with it; all, where it is not in the form."""
    order = scope.form.order
    start = scope.form.position(key) + 1 if scope.form.has(key) else 0
    return (field for field in chain(islice(order, start, None), islice(order, start)) if is_asked(field, scope))


def place_of(key: str, scope: Scope) -> tuple[int, int]:
    """Which of how many asked fields this one is, counted from 1.

    Only what hangs on other answers is looked at; the rest is counted once and for all.
    """
    here = scope.form.position(key)
    always = scope.form.always_asked()
    shown = [scope.form.position(field.key) for field in scope.form.sometimes_asked() if scope.shows(field.key)]
    return bisect_right(always, here) + sum(place <= here for place in shown), len(always) + len(shown)


def is_asked(field: Field, scope: Scope) -> bool:
    """Whether a field of the scope's form is asked at its stage."""
    return field.at is scope.form.stage and field.type is not COMPUTED and scope.shows(field.key)


def is_required(field: Field, answers: Mapping[str, Any]) -> bool:
    """Whether the field must be answered. Answers of hidden fields must not be among these: a Scope has none."""
    at_least_one = field.required or field.min_rows > 0
    return at_least_one or (bool(field.required_when) and all_hold(field.required_when, answers))


def computed(form: Form, answers: Answers, field: Field, locale: str = "zh") -> str:
    """What a computed field says; empty while something it is made of is missing."""
    return filled_in(field.source, Scope(form, answers), locale)


def proposed(field: Field, scope: Scope, locale: str = "zh") -> str:
    """The value that is proposed for a field, made of other answers; empty where there is none."""
    return filled_in(field.default, scope, locale) if field.default else ""


def sources_of(text: str, form: Form) -> list[Field]:
    """The fields whose answers a text such as "{list}+{name}" takes in."""
    return [form.field(key) for key in _INSERT.findall(text) if form.has(key)]


def filled_in(text: str, scope: Scope, locale: str) -> str:
    """A text such as "{list}+{name}" with the answers in it.

    Empty while one that must be answered is missing, or all of them are: half of an address is no address.
    """
    values: dict[str, str] = {}
    for field in sources_of(text, scope.form):
        values[field.key] = as_text(field, scope.get(field.key), locale)
        if not values[field.key] and scope.shows(field.key) and is_required(field, scope):
            return ""
    if not any(values.values()):
        return ""
    return _INSERT.sub(lambda found: values.get(found[1], ""), text)


def table_is_whole(field: Field, rows: Any) -> bool:
    """Whether a table has rows enough and none lacks a required column."""
    enough = isinstance(rows, list) and len(rows) >= field.min_rows
    return enough and not any(fields.row_gaps(field, row) for row in rows)


def item(field: Field, scope: Scope, moment: Moment) -> Item:
    """A field with its answer and what is wrong with it."""
    required = is_required(field, scope)
    value = scope.get(field.key)
    if value is None:
        return Item(field, None, required, Problem("missing") if required else None)
    found = fields.check(field, value, moment=moment, scope=scope)
    if isinstance(found, Problem):
        return Item(field, value, required, found)
    return Item(field, value, required, None, found.warnings)


def items(form: Form, answers: Answers, moment: Moment) -> list[Item]:
    """All visible fields with their answers, in order. Checks every answer: for the review and for submitting."""
    scope = Scope(form, answers)
    return [item(field, scope, moment) for field in asked(scope)]


def gaps(form: Form, answers: Answers, moment: Moment) -> list[Item]:
    """What keeps the form from being submitted."""
    return [found for found in items(form, answers, moment) if found.problem is not None]


def submitted_answers(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that are submitted: those of visible fields."""
    scope = Scope(form, answers)
    return {field.key: scope[field.key] for field in asked(scope) if field.key in scope}


def starting_answers(form: Form, answers: Answers, *, files: bool) -> dict[str, Any]:
    """What a new application takes over from an earlier one's answers: no consent, and files only where wanted.

    What was answered after filling in (stamped papers, what was sent) belongs to the earlier one alone.
    """
    kept = {}
    for field in form.fields():
        own = field.at is Stage.ENTRY and field.type is not FieldType.CONSENT
        if field.key in answers and own and (files or field.type is not FieldType.FILE):
            kept[field.key] = answers[field.key]
    return kept


def entrant_name(form: Form, answers: Answers) -> str:
    """The entrant as written: the first filled field that identifies."""
    scope = Scope(form, answers)
    for field in form.fields():
        if field.identifies and answers.get(field.key) and scope.shows(field.key):
            return str(answers[field.key])
    return ""


def entrant_key(name: str) -> str:
    """The entrant's name folded, so that the same company is the same text."""
    return "".join(fold(name).split())
