"""Reads what somebody gave as the answer to one field, and checks stored answers again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.flows import attachments, lengths, options, parsing
from bot.flows.numerals import read_number
from bot.flows.rules import Around, judge
from bot.flows.scope import NOTHING, Scope, offered
from bot.flows.values import Attachment, Input, Moment, Problem, Reading, Value
from knowledge.form import Field, FieldType, RuleKind
from knowledge.text import fold

_DIGEST = 12
_YES = frozenset(
    [
        "同意",
        "我同意",
        "已同意",
        "是",
        "是的",
        "好",
        "好的",
        "可以",
        "知悉",
        "已知悉",
        "我已知悉",
        "承诺",
        "我承诺",
        "确认",
        "yes",
        "y",
        "ok",
        "agree",
        "i agree",
        "agreed",
        "accept",
    ]
)
_NO = frozenset(
    ["不同意", "我不同意", "否", "不", "不是", "拒绝", "不行", "no", "n", "disagree", "decline", "refuse"]
) | {"i disagree"}
AGREE, DECLINE = "agree", "decline"
_ECHOED = frozenset({FieldType.EMAIL, FieldType.PHONE, FieldType.DATE})
_ECHOED_CHANGED = frozenset({FieldType.NUMBER, FieldType.MULTI_CHOICE})  # where what was typed reads otherwise

_PARSERS: Mapping[FieldType, Callable[[str], str | Problem]] = {
    FieldType.DATE: parsing.read_date,
    FieldType.EMAIL: parsing.read_email,
    FieldType.PHONE: parsing.read_phone,
    FieldType.URL: parsing.read_url,
}


def read(
    field: Field, given: Input, *, moment: Moment, scope: Scope = NOTHING, others: Sequence[str] = ()
) -> Reading | Problem:
    """The value of an answer, or what is wrong with it. Tables are read column by column.

    `scope` are the other answers, which options, rules and the limit of a group look at; `others` are the same
    column's values in the other rows of its table. Of a file field all files are given together.
    """
    around = Around(moment, scope, others)
    if field.type is FieldType.CONSENT:
        return _read_consent(field, given, moment)
    if field.type is FieldType.FILE:
        return _read_files(field, given.files)
    text = parsing.clean(
        given.choice if given.choice is not None else given.text, lines=field.type is FieldType.LONGTEXT
    )
    if not text:
        return Problem("empty")
    value = _read_text(field, text, scope)
    if isinstance(value, Problem):
        return Problem(value.kind, {**value.values, "year": moment.year}) if value.kind == "date_no_year" else value
    echo = field.type in _ECHOED or (field.type in _ECHOED_CHANGED and given.choice is None and value != text)
    return _judged(field, value, around, echo=echo)


def check(
    field: Field, value: Value, *, moment: Moment, scope: Scope = NOTHING, others: Sequence[str] = ()
) -> Reading | Problem:
    """Whether a stored answer still fits its field, as a Reading with its warnings or a Problem."""
    if field.type is FieldType.TABLE:
        return _check_table(field, value, moment, scope)
    if field.type is FieldType.CONSENT:
        agreed = isinstance(value, dict) and value.get("wording") == wording(field)
        return Reading(value) if agreed else Problem("consent_changed")
    if field.type is FieldType.FILE:
        return attachments.check(field, value) or Reading(value)
    problem = _unfit(field, value, scope)
    return problem or _judged(field, value, Around(moment, scope, others))


def wording(field: Field) -> str:
    """A digest of what is agreed to: a consent to another text is none to this one."""
    parts = (field.label.zh, field.label.en, field.help.zh if field.help else "", field.help.en if field.help else "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_DIGEST]


def fits_options(field: Field, value: Value, scope: Scope) -> bool:
    """Whether all that a choice holds is offered (still, and beside the other answers)."""
    known = {option.value for option in offered(field, scope)}
    return all(one in known for one in (value if isinstance(value, list) else [value]))


def row_gaps(field: Field, row: Mapping[str, Any]) -> list[Field]:
    """The required columns that a row of a table lacks."""
    return [column for column in field.columns if column.required and column.key not in row]


def other_values(rows: Sequence[Mapping[str, Any]], row: int, column: str) -> list[str]:
    """The column's values in all rows but one."""
    return [str(found[column]) for i, found in enumerate(rows) if i != row and column in found]


def _read_consent(field: Field, given: Input, moment: Moment) -> Reading | Problem:
    said = fold(given.choice if given.choice is not None else given.text).rstrip("。.!！ ")
    if said == AGREE or said in _YES:
        return Reading({"agreed_at": moment.now.isoformat(timespec="seconds"), "wording": wording(field)})
    if said == DECLINE or said in _NO:
        return Problem("declined")
    return Problem("empty") if not said else Problem("consent")


def _read_files(field: Field, files: Sequence[Attachment]) -> Reading | Problem:
    if not files:
        return Problem("not_a_file")
    kept: list[Attachment] = []
    for one in files:
        found = attachments.add(field, kept, one)
        if isinstance(found, Problem):
            return found
        kept = found
    return Reading(kept)


def _read_text(field: Field, text: str, scope: Scope) -> Value | Problem:
    """The value of a text that is not empty, before the rules."""
    match field.type:
        case FieldType.CHOICE:
            return options.read_one(text, offered(field, scope))
        case FieldType.MULTI_CHOICE:
            return options.read_several(text, offered(field, scope))
        case FieldType.NUMBER:
            return read_number(text, field.unit)
        case _:
            parser = _PARSERS.get(field.type)
            return parser(text) if parser is not None else lengths.measure(field, text, scope) or text


def _unfit(field: Field, value: Value, scope: Scope) -> Problem | None:
    """Why a stored value is no value of its field."""
    if field.type is FieldType.MULTI_CHOICE:
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            return Problem("unfit")
    elif not isinstance(value, str):
        return Problem("unfit")
    if field.type in {FieldType.CHOICE, FieldType.MULTI_CHOICE}:
        return None if fits_options(field, value, scope) else Problem("no_longer_offered")
    if field.type is FieldType.NUMBER:
        parsed: Value | Problem = read_number(value)
    else:
        parsed = _read_text(field, parsing.clean(value, lines=True), scope)
    return parsed if isinstance(parsed, Problem) else None


def _judged(field: Field, value: Value, around: Around, *, echo: bool = False) -> Reading | Problem:
    broken, warnings = judge(field, value, around)
    if broken is not None:
        return broken
    if isinstance(value, str):
        warnings = (*warnings, *lengths.doubt(field, value))
    return Reading(value, warnings, echo)


def _check_table(field: Field, value: Value, moment: Moment, scope: Scope) -> Reading | Problem:
    if not isinstance(value, list) or any(not isinstance(row, dict) for row in value):
        return Problem("unfit")
    if len(value) < field.min_rows:
        return Problem("few_rows_hard", {"rows": len(value), "least": field.min_rows})
    if field.max_rows is not None and len(value) > field.max_rows:
        return Problem("many_rows", {"rows": len(value), "most": field.max_rows})
    warnings: list[Problem] = []
    for index in range(len(value)):
        found = _check_row(field, value, index, moment, scope)
        if isinstance(found, Problem):
            return found
        warnings += found
    if field.advised_rows and len(value) < field.advised_rows:
        values = {"rows": len(value), "advised": field.advised_rows, "quote": field.quote}
        warnings.append(Problem("few_rows", values))
    return Reading(value, tuple(warnings))


def _check_row(
    field: Field, rows: list[dict[str, Any]], index: int, moment: Moment, scope: Scope
) -> Problem | list[Problem]:
    gaps = row_gaps(field, rows[index])
    if gaps:
        return Problem("row_incomplete", {"row": index + 1, "column": gaps[0].label})
    warnings: list[Problem] = []
    for column in field.columns:
        if column.key not in rows[index]:
            continue
        others = other_values(rows, index, column.key) if is_compared(column) else ()
        found = check(column, rows[index][column.key], moment=moment, scope=scope, others=others)
        if isinstance(found, Problem):
            return Problem("row_unfit", {"row": index + 1, "column": column.label, "problem": found})
        warnings += [Problem(w.kind, {**w.values, "row": index + 1}) for w in found.warnings]
    return warnings


def is_compared(column: Field) -> bool:
    """Whether a rule compares a column's value with those of the other rows."""
    return any(rule.kind == RuleKind.UNIQUE for rule in column.rules)
