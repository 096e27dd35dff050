"""The rules a field may have beyond its type: each says whether a value keeps it."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from bot.flows.parsing import narrow
from bot.flows.values import Moment, Problem
from knowledge.form import Field, Rule, RuleKind
from knowledge.text import count, fold

_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_LENGTH = 18
_USCC_MODULUS = 31

Check = Callable[[Rule, str, Moment, Sequence[str]], bool]


def judge(
    field: Field, value: str, *, moment: Moment, others: Sequence[str] = ()
) -> tuple[Problem | None, tuple[Problem, ...]]:
    """The first broken hard rule, and the broken soft ones. `others` are the same column's values in other rows.

    Of soft rules that rest on one sentence only the first is told: they say the same thing twice.
    """
    warnings: dict[str, Problem] = {}
    for rule in field.rules:
        if CHECKS[RuleKind(rule.kind)](rule, value, moment, others):
            continue
        problem = Problem(rule.kind, {"message": rule.message, "quote": rule.quote, "value": rule.value, "text": value})
        if rule.hard:
            return problem, ()
        warnings.setdefault(rule.quote or rule.kind, problem)
    return None, tuple(warnings.values())


def _not_future(_rule: Rule, value: str, moment: Moment, _others: Sequence[str]) -> bool:
    return date.fromisoformat(value) <= moment.today


def _not_past(_rule: Rule, value: str, moment: Moment, _others: Sequence[str]) -> bool:
    return date.fromisoformat(value) >= moment.today


def _within_years(rule: Rule, value: str, moment: Moment, _others: Sequence[str]) -> bool:
    return date.fromisoformat(value).year >= moment.year - int(rule.value)


def _in_year(_rule: Rule, value: str, moment: Moment, _others: Sequence[str]) -> bool:
    return date.fromisoformat(value).year == moment.year


def _unique(_rule: Rule, value: str, _moment: Moment, others: Sequence[str]) -> bool:
    return fold(value) not in {fold(other) for other in others}


def _at_least(rule: Rule, value: str, _moment: Moment, _others: Sequence[str]) -> bool:
    return count(value) >= int(rule.value)


def _uscc(_rule: Rule, value: str, _moment: Moment, _others: Sequence[str]) -> bool:
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
    RuleKind.WITHIN_YEARS: _within_years,
    RuleKind.IN_YEAR: _in_year,
    RuleKind.USCC: _uscc,
    RuleKind.UNIQUE: _unique,
    RuleKind.AT_LEAST: _at_least,
}
