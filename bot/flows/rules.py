"""The rules a field may have beyond its type: each says whether a value keeps it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.flows.parsing import narrow
from bot.flows.scope import NOTHING, Scope, all_hold
from bot.flows.values import Moment, Problem, Value
from knowledge.form import Field, Rule, RuleKind
from knowledge.text import count, fold

_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_LENGTH = 18
_USCC_MODULUS = 31
_LINK = re.compile(r"https?://[^\s/.]+(?:\.[^\s/.]+)+", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_SEVERAL = re.compile(r"[,，、;；/\n]")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Around:
    """What rules look at beside the value: when, the other answers, the same column in a table's other rows."""

    moment: Moment
    scope: Scope = field(default_factory=lambda: NOTHING)
    others: Sequence[str] = ()


Check = Callable[[Rule, Value, Around], bool]


def judge(field: Field, value: Value, around: Around) -> tuple[Problem | None, tuple[Problem, ...]]:
    """The first broken hard rule, and the broken soft ones.

    Of soft rules that rest on one sentence only the first is told: they say the same thing twice.
    """
    warnings: dict[str, Problem] = {}
    for rule in field.rules:
        if not all_hold(rule.when, around.scope) or CHECKS[RuleKind(rule.kind)](rule, value, around):
            continue
        text = value if isinstance(value, str) else ""
        problem = Problem(rule.kind, _said(rule, text))
        if rule.hard:
            return problem, ()
        warnings.setdefault(rule.quote or rule.kind, problem)
    return None, tuple(warnings.values())


def _said(rule: Rule, text: str) -> dict[str, object]:
    return {"message": rule.message, "quote": rule.quote, "value": rule.value, "text": text, "hard": rule.hard}


def _not_future(_rule: Rule, value: Value, around: Around) -> bool:
    return date.fromisoformat(value) <= around.moment.today


def _not_past(_rule: Rule, value: Value, around: Around) -> bool:
    return date.fromisoformat(value) >= around.moment.today


def _not_before(rule: Rule, value: Value, _around: Around) -> bool:
    return date.fromisoformat(value) >= date.fromisoformat(rule.value)


def _not_after(rule: Rule, value: Value, _around: Around) -> bool:
    return date.fromisoformat(value) <= date.fromisoformat(rule.value)


def _not_on(rule: Rule, value: Value, _around: Around) -> bool:
    return date.fromisoformat(value) != date.fromisoformat(rule.value)


def _within_years(rule: Rule, value: Value, around: Around) -> bool:
    year = int(value[:4]) if _ISO_DAY.fullmatch(value) else int(Decimal(value))
    return year >= around.moment.year - int(rule.value)


def _in_year(rule: Rule, value: Value, around: Around) -> bool:
    return date.fromisoformat(value).year == (int(rule.value) if rule.value else around.moment.year)


def _minimum(rule: Rule, value: Value, _around: Around) -> bool:
    return Decimal(value) >= Decimal(rule.value)


def _maximum(rule: Rule, value: Value, _around: Around) -> bool:
    return Decimal(value) <= Decimal(rule.value)


def _whole(_rule: Rule, value: Value, _around: Around) -> bool:
    return Decimal(value) == Decimal(value).to_integral_value()


def _unique(_rule: Rule, value: Value, around: Around) -> bool:
    same = fold(value)
    return value not in around.others and all(fold(other) != same for other in around.others)


def _at_least(rule: Rule, value: Value, _around: Around) -> bool:
    return count(value) >= int(rule.value)


def _digits(rule: Rule, value: Value, _around: Around) -> bool:
    return re.fullmatch(rf"[0-9]{{{int(rule.value)}}}", re.sub(r"[\s-]", "", narrow(value))) is not None


def _link(_rule: Rule, value: Value, _around: Around) -> bool:
    return _LINK.search(value) is not None


def _han(_rule: Rule, value: Value, _around: Around) -> bool:
    return _HAN.search(value) is not None


def _none_of(rule: Rule, value: Value, _around: Around) -> bool:
    chosen = set(value if isinstance(value, list) else [value])
    return not chosen & {part.strip() for part in rule.value.split(",")}


def _among(rule: Rule, value: Value, around: Around) -> bool:
    """One of the names in the column; a cell may name several. A table without rows says nothing yet."""
    table, _, column = rule.value.partition(".")
    rows = around.scope.get(table) or []
    cells = [str(row[column]) for row in rows if column in row]
    return not cells or bool(_names(value) & {name for cell in cells for name in _names(cell)})


def _names(text: str) -> set[str]:
    return {"".join(fold(part).split()) for part in _SEVERAL.split(text)} - {""}


def _uscc(_rule: Rule, value: Value, _around: Around) -> bool:
    """GB 32100: a check character modulo 31. What does not look like a code (a foreign number) passes."""
    code = re.sub(r"[\s-]", "", narrow(value)).upper()
    if len(code) != _USCC_LENGTH or not re.fullmatch(r"[0-9A-Z]+", code):
        return True
    if any(character not in _USCC_LETTERS for character in code):
        return False
    total = sum(_USCC_LETTERS.index(c) * pow(3, i, _USCC_MODULUS) for i, c in enumerate(code[:-1]))
    return _USCC_LETTERS.index(code[-1]) == -total % _USCC_MODULUS


CHECKS: dict[RuleKind, Check] = {
    RuleKind.NOT_FUTURE: _not_future,
    RuleKind.NOT_PAST: _not_past,
    RuleKind.NOT_BEFORE: _not_before,
    RuleKind.NOT_AFTER: _not_after,
    RuleKind.NOT_ON: _not_on,
    RuleKind.WITHIN_YEARS: _within_years,
    RuleKind.IN_YEAR: _in_year,
    RuleKind.MINIMUM: _minimum,
    RuleKind.MAXIMUM: _maximum,
    RuleKind.WHOLE: _whole,
    RuleKind.USCC: _uscc,
    RuleKind.UNIQUE: _unique,
    RuleKind.AT_LEAST: _at_least,
    RuleKind.DIGITS: _digits,
    RuleKind.LINK: _link,
    RuleKind.HAN: _han,
    RuleKind.NONE_OF: _none_of,
    RuleKind.AMONG: _among,
}
