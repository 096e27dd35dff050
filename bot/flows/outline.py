"""What a form asks, given its answers: visible fields, required ones, what is missing."""

from collections.abc import Mapping
from typing import Any

from bot.flows import fields
from bot.flows.shown import Item
from bot.flows.values import Answers, Moment, Problem
from knowledge.form import Condition, Field, FieldType, Form, Section
from knowledge.text import fold

COMPUTED = FieldType.COMPUTED


def visible(form: Form, answers: Answers) -> list[Field]:
    """The fields that are asked at the form's stage, in order. A hidden answer makes no other field visible."""
    return [field for field in applicable(form, answers) if field.at is form.stage and field.type is not COMPUTED]


def applicable(form: Form, answers: Answers) -> list[Field]:
    """The fields of all stages that concern this applicant, computed ones too."""
    shown: dict[str, Field] = {}
    for field in form.fields():
        if all(condition.field in shown and holds(condition, answers) for condition in field.when):
            shown[field.key] = field
    return list(shown.values())


def is_required(field: Field, answers: Answers) -> bool:
    """Whether the field must be answered."""
    at_least_one = field.required or field.min_rows > 0
    when = field.required_when
    return at_least_one or (bool(when) and all(holds(condition, answers) for condition in when))


def section_of(form: Form, field: Field) -> Section:
    """The section a field stands in. Raises KeyError."""
    for section in form.sections:
        if any(found.key == field.key for found in section.fields):
            return section
    raise KeyError(field.key)


def table_is_whole(field: Field, rows: Any) -> bool:
    """Whether a table has rows enough and none lacks a required column."""
    enough = isinstance(rows, list) and len(rows) >= field.min_rows
    return enough and not any(fields.row_gaps(field, row) for row in rows)


def item(field: Field, answers: Answers, moment: Moment) -> Item:
    """A field with its answer and what is wrong with it."""
    required = is_required(field, answers)
    value = answers.get(field.key)
    if value is None:
        return Item(field, None, required, Problem("missing") if required else None)
    found = fields.check(field, value, moment=moment)
    if isinstance(found, Problem):
        return Item(field, value, required, found)
    return Item(field, value, required, None, found.warnings)


def items(form: Form, answers: Answers, moment: Moment) -> list[Item]:
    """All visible fields with their answers, in order."""
    return [item(field, answers, moment) for field in visible(form, answers)]


def gaps(form: Form, answers: Answers, moment: Moment) -> list[Item]:
    """What keeps the form from being submitted."""
    return [found for found in items(form, answers, moment) if found.problem is not None]


def submitted_answers(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that are submitted: those of visible fields."""
    return {field.key: answers[field.key] for field in visible(form, answers) if field.key in answers}


def without_consents(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that a new application may start from: every consent is asked anew."""
    consents = {field.key for field in form.fields() if field.type is FieldType.CONSENT}
    return {key: value for key, value in answers.items() if key not in consents}


def entrant_name(form: Form, answers: Answers) -> str:
    """The entrant as written: the first filled field that identifies."""
    for field in visible(form, answers):
        if field.identifies and answers.get(field.key):
            return str(answers[field.key])
    return ""


def entrant_key(name: str) -> str:
    """The entrant's name folded, so that the same company is the same text."""
    return "".join(fold(name).split())


def holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    """Whether a condition holds of these answers."""
    answer = answers.get(condition.field)
    if condition.filled is not None:
        return (answer is not None) is condition.filled
    given = answer if isinstance(answer, list) else [answer]
    return any(value in condition.values for value in given) is not condition.negate
