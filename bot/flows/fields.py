"""Reads what somebody gave as the answer to one field, and checks stored answers again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.flows import parsing
from bot.flows.rules import judge
from bot.flows.values import Input, Moment, Problem, Reading, Value
from knowledge.form import Field, FieldType
from knowledge.text import count, count_raw, fold

MOST_CHARS = {FieldType.TEXT: 500, FieldType.LONGTEXT: 20_000}  # 字, where a field says nothing
_RAW_PER_CHAR = 20  # a run of letters counts one, so a limit in 字 needs a bound in characters too
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
        "i",
        "agree",
        "agreed",
        "accept",
    ]
) | {"i agree"}
_NO = frozenset(
    ["不同意", "我不同意", "否", "不", "不是", "拒绝", "不行", "no", "n", "disagree", "decline", "refuse"]
) | {"i disagree"}
AGREE, DECLINE = "agree", "decline"
_ECHOED = frozenset({FieldType.EMAIL, FieldType.PHONE, FieldType.DATE})

_PARSERS: Mapping[FieldType, Callable[[str], str | Problem]] = {
    FieldType.DATE: parsing.read_date,
    FieldType.EMAIL: parsing.read_email,
    FieldType.PHONE: parsing.read_phone,
    FieldType.URL: parsing.read_url,
}


def read(field: Field, given: Input, *, moment: Moment, others: Sequence[str] = ()) -> Reading | Problem:
    """The value of an answer, or what is wrong with it. Tables are read column by column.

    `others` are the same column's values in the other rows of its table.
    """
    if field.type is FieldType.CONSENT:
        return _read_consent(field, given, moment)
    text = parsing.clean(
        given.choice if given.choice is not None else given.text, lines=field.type is FieldType.LONGTEXT
    )
    if not text:
        return Problem("empty")
    if field.type is FieldType.CHOICE:
        return _read_choice(field, text)
    value = _parse(field, text)
    if isinstance(value, Problem):
        return value
    return _judged(field, value, moment=moment, others=others, echo=field.type in _ECHOED)


def check(field: Field, value: Value, *, moment: Moment, others: Sequence[str] = ()) -> Reading | Problem:
    """Whether a stored answer still fits its field, as a Reading with its warnings or a Problem."""
    if field.type is FieldType.TABLE:
        return _check_table(field, value, moment)
    if field.type is FieldType.CONSENT:
        agreed = isinstance(value, dict) and value.get("wording") == wording(field)
        return Reading(value) if agreed else Problem("consent_changed")
    if not isinstance(value, str):
        return Problem("unfit")
    if field.type is FieldType.CHOICE:
        known = any(option.value == value for option in field.options)
        return Reading(value) if known else Problem("not_an_option", {"text": value})
    parsed = _parse(field, value)
    return parsed if isinstance(parsed, Problem) else _judged(field, parsed, moment=moment, others=others)


def wording(field: Field) -> str:
    """A digest of what is agreed to: a consent to another text is none to this one."""
    parts = (field.label.zh, field.label.en, field.help.zh if field.help else "", field.help.en if field.help else "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_DIGEST]


def limit_of(field: Field) -> int | None:
    """The limit in 字 of a text, the field's own or the general one; None for other types."""
    return field.max_chars or MOST_CHARS.get(field.type)


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


def _read_choice(field: Field, text: str) -> Reading | Problem:
    said = fold(text)
    for option in field.options:
        if said in {fold(option.value), fold(option.label.zh), fold(option.label.en)}:
            return Reading(option.value)
    if said.isdecimal() and 1 <= int(said[:4]) <= len(field.options):
        return Reading(field.options[int(said) - 1].value)
    near = [option for option in field.options if len(said) > 1 and _contained(said, option.label.zh, option.label.en)]
    if len(near) == 1:
        return Reading(near[0].value)
    return Problem("not_an_option", {"text": text})


def _contained(said: str, *labels: str) -> bool:
    return any(said in fold(label) for label in labels)


def _parse(field: Field, text: str) -> str | Problem:
    parser = _PARSERS.get(field.type)
    if parser is not None:
        return parser(text)
    limit = limit_of(field)
    counted = count(text)
    if limit is not None and counted > limit:
        return Problem("too_long", {"over": counted - limit, "limit": limit, "count": counted, "by": field.limit_by})
    if limit is not None and len(text) > limit * _RAW_PER_CHAR:
        return Problem("too_many_letters", {"limit": limit * _RAW_PER_CHAR, "count": len(text)})
    return text


def _judged(
    field: Field, value: str, *, moment: Moment, others: Sequence[str], echo: bool = False
) -> Reading | Problem:
    broken, warnings = judge(field, value, moment=moment, others=others)
    if broken is not None:
        return broken
    if field.max_chars and field.type is FieldType.LONGTEXT and count_raw(value) > field.max_chars:
        raw = Problem("many_characters", {"raw": count_raw(value), "limit": field.max_chars, "count": count(value)})
        warnings = (*warnings, raw)
    return Reading(value, warnings, echo)


def _check_table(field: Field, value: Value, moment: Moment) -> Reading | Problem:
    if not isinstance(value, list) or any(not isinstance(row, dict) for row in value):
        return Problem("unfit")
    if len(value) < field.min_rows:
        return Problem("few_rows_hard", {"rows": len(value), "least": field.min_rows})
    if field.max_rows is not None and len(value) > field.max_rows:
        return Problem("many_rows", {"rows": len(value), "most": field.max_rows})
    warnings: list[Problem] = []
    for index in range(len(value)):
        found = _check_row(field, value, index, moment)
        if isinstance(found, Problem):
            return found
        warnings += found
    if field.advised_rows and len(value) < field.advised_rows:
        values = {"rows": len(value), "advised": field.advised_rows, "quote": field.quote}
        warnings.append(Problem("few_rows", values))
    return Reading(value, tuple(warnings))


def _check_row(field: Field, rows: list[dict[str, Any]], index: int, moment: Moment) -> Problem | list[Problem]:
    gaps = row_gaps(field, rows[index])
    if gaps:
        return Problem("row_incomplete", {"row": index + 1, "column": gaps[0].label})
    warnings: list[Problem] = []
    for column in field.columns:
        if column.key not in rows[index]:
            continue
        others = other_values(rows, index, column.key)
        found = check(column, rows[index][column.key], moment=moment, others=others)
        if isinstance(found, Problem):
            return Problem("row_unfit", {"row": index + 1, "column": column.label, "problem": found})
        warnings += [Problem(w.kind, {**w.values, "row": index + 1}) for w in found.warnings]
    return warnings
