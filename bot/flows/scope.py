"""The answers that count, and the conditions that hang on them."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.flows.shapes import is_shaped
from bot.flows.values import Answers, Value
from knowledge.form import Condition, Conditions, Field, Form, Option


def holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    """Whether a condition holds of these answers."""
    answer = answers.get(condition.field)
    if condition.filled is not None:
        return (answer is not None) is condition.filled
    given = answer if isinstance(answer, list) else [answer]
    return any(value in condition.values for value in given) is not condition.negate


def all_hold(conditions: Conditions, answers: Mapping[str, Any]) -> bool:
    """Whether all conditions hold of these answers; true where there is none."""
    return all(holds(condition, answers) for condition in conditions)


def offered(field: Field, answers: Mapping[str, Any]) -> tuple[Option, ...]:
    """The options of a choice that are offered beside these answers."""
    return tuple(option for option in field.options if not option.when or all_hold(option.when, answers))


class Scope(Mapping[str, Value]):
    """The answers of the fields that concern this applicant.

    The answer that a hidden field keeps is none of them, nor one that was given when the field had another type.

    Whether a field is shown is found out when it is looked at, and remembered: a step looks at few fields of many.
    The answers must not change under it.
    """

    def __init__(self, form: Form, answers: Answers) -> None:
        self.form, self.answers = form, answers
        self._shown: dict[str, bool] = {}

    def shows(self, key: str) -> bool:
        """Whether a field concerns this applicant: its conditions hold, and a choice has something to choose from."""
        field = self.form.conditional(key)
        if field is None:
            return self.form.has(key)
        known = self._shown.get(key)
        if known is None:
            known = self._shown[key] = self._is_shown(field)
        return known

    def _is_shown(self, field: Field) -> bool:
        for condition in field.when:
            if not self.shows(condition.field) or not holds(condition, self.answers):
                return False
        return not field.options or bool(offered(field, self))

    def __getitem__(self, key: str) -> Value:
        if not self._counts(key):
            raise KeyError(key)
        return self.answers[key]

    def _counts(self, key: str) -> bool:
        return key in self.answers and self.shows(key) and is_shaped(self.form.field(key).type, self.answers[key])

    def __iter__(self) -> Iterator[str]:
        return (key for key in self.answers if self._counts(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)


NOTHING = Scope(Form(""), {})
