"""Answers taken over from a paper form: each is checked as if it had been typed, before anything is stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.flows import fields, outline
from bot.flows.pasting import Understood
from bot.flows.scope import Scope
from bot.flows.values import Answers, Input, Moment, Problem, Reading, Value
from knowledge.form import Field, FieldType, Form
from knowledge.text import fold

Texts = Mapping[str, Sequence[str]]  # by field: the ways to read what stands there, the likeliest first
Rows = Mapping[str, Sequence[Mapping[str, str]]]  # by table: its filled rows, by column


def transcribe(form: Form, answers: Answers, texts: Texts, rows: Rows, moment: Moment) -> Understood:
    """What a filled form says, field by field in the form's order; what does not fit is named in `problems`.

    Cells of a table that do not fit are left out of their row, and the first of them is named.
    """
    values: dict[str, Value] = {}
    problems: dict[str, Problem] = {}
    for field in form.fields():
        scope = Scope(form, {**answers, **values})
        if not outline.is_asked(field, scope):
            continue
        if field.type is FieldType.TABLE and rows.get(field.key):
            values[field.key], problem = _table(field, rows[field.key], moment, scope)
            if problem is not None:
                problems[field.key] = problem
        elif texts.get(field.key):
            found = _first(field, texts[field.key], moment, scope)
            told = _told_by_another(form, field, texts) if isinstance(found, Problem) else None
            if isinstance(found, Reading) or told is not None:
                values[field.key] = found.value if isinstance(found, Reading) else told
            else:
                problems[field.key] = found
    return Understood(values, problems, ())


def _first(field: Field, ways: Sequence[str], moment: Moment, scope: Scope) -> Reading | Problem:
    """The first way that can be read, else what is wrong with the likeliest one."""
    found = [fields.read(field, Input(text=text), moment=moment, scope=scope) for text in ways]
    return next((one for one in found if isinstance(one, Reading)), found[0])


def _told_by_another(form: Form, choice: Field, texts: Texts) -> str | None:
    """The option under which a text beside the choice is asked: "another one", where the form has one cell for both."""
    said = fold(texts[choice.key][0])
    if choice.type is not FieldType.CHOICE or any(said in fold(option.label.zh) for option in choice.options):
        return None
    for field in form.fields():
        if texts.get(field.key) == texts[choice.key]:
            for condition in field.when:
                if condition.field == choice.key and condition.values and not condition.negate:
                    return condition.values[0]
    return None


def _table(
    field: Field, rows: Sequence[Mapping[str, str]], moment: Moment, scope: Scope
) -> tuple[list[dict[str, Any]], Problem | None]:
    read: list[dict[str, Any]] = []
    problem: Problem | None = None
    for number, row in enumerate(rows[: field.max_rows], 1):
        cells: dict[str, Any] = {}
        for column in field.columns:
            if not row.get(column.key):
                continue
            others = fields.other_values(read, len(read), column.key)
            found = fields.read(column, Input(text=row[column.key]), moment=moment, scope=scope, others=others)
            if isinstance(found, Reading):
                cells[column.key] = found.value
            else:
                problem = problem or Problem("row_unfit", {"row": number, "column": column.label, "problem": found})
        read.append(cells)
    if field.max_rows is not None and len(rows) > field.max_rows:
        problem = problem or Problem("many_rows", {"rows": len(rows), "most": field.max_rows})
    return read, problem
