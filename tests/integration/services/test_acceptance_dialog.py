"""The forms that ship are walked through from the first question to the review, one answer after the other."""

from typing import Any

import pytest

from bot.flows import engine, outline
from bot.flows.shown import Review, Step
from bot.flows.values import Input, Moment
from bot.services import programmes
from knowledge.form import Field, FieldType, Form, Stage
from knowledge.programme import Programme
from tests.fixtures.filled import LIGHT, OPEN, PIONEER, TR50, fill_form

DONE = Input(word="done")
_MOST_STEPS = 300


class Walker:
    """Answers whatever is asked with what the whole application says."""

    def __init__(self, form: Form, moment: Moment, answers: dict[str, Any], wanted: dict[str, Any]) -> None:
        self.form, self.moment, self.wanted = form, moment, wanted
        self.answers = dict(answers)
        self.asked: list[str] = []
        self.step = self._keep(engine.begin(form, self.answers, {}, moment))

    def walk(self) -> Review:
        """Goes on to the review. Fails where an answer is refused or the way goes in circles."""
        for _ in range(_MOST_STEPS):
            if isinstance(self.step.show, Review):
                return self.step.show
            self._answer()
        raise AssertionError(f"goes in circles at {self.asked[-5:]}")

    def _answer(self) -> None:
        place = self.step.show.place  # type: ignore[union-attr]  # all but the review and menus have one
        field, column = place.field, place.column
        if not self.asked or self.asked[-1] != field.key:
            self.asked.append(field.key)
        value: Any = self.wanted.get(field.key)
        if column is not None:
            self._give(column, value[(place.row or 1) - 1].get(column.key))
        elif field.type is FieldType.TABLE:
            self._say(DONE)
        else:
            self._give(field, value)

    def _give(self, field: Field, value: Any) -> None:
        if value is None:
            self._say(Input(word="skip"))
        elif field.type is FieldType.CONSENT:
            self._say(Input(choice="agree"))
        elif field.type is FieldType.FILE:
            self._say(Input(files=tuple(value)))
            self._say(DONE)
        elif field.type is FieldType.CHOICE:
            self._say(Input(choice=value))
        else:
            self._say(Input(text=value))
            if field.type is FieldType.LONGTEXT:
                self._say(DONE)

    def _say(self, given: Input) -> None:
        self.step = self._keep(engine.answer(self.form, self.answers, self.step.cursor, given, self.moment))
        assert self.step.problem is None, (self.asked[-1], self.step.problem)

    def _keep(self, step: Step) -> Step:
        for key, value in step.changes.items():
            if value is None:
                self.answers.pop(key, None)
            else:
                self.answers[key] = value
        return step


WAYS = [
    pytest.param(TR50, {"company_type": kind}, id=f"tr50-{kind}")
    for kind in ("domestic", "international", "joint_venture")
]
WAYS += [
    pytest.param(LIGHT, answers, id="light-" + "-".join(answers.values()))
    for answers in (
        {"unit_nature": "company", "channel": "hubei", "region": "mainland", "elig_kind": "product"},
        {"unit_nature": "company", "channel": "self", "region": "abroad", "elig_kind": "technology"},
        {"unit_nature": "team", "channel": "other", "region": "taiwan", "ach_first_release": "released"},
    )
]
WAYS += [
    pytest.param(PIONEER, {"unit": unit, "list": chosen, "way": way, "origin": origin}, id=f"pioneer-{chosen}")
    for unit, chosen, way, origin in (
        ("enterprise", "productive", "self", "domestic"),
        ("enterprise", "engine", "expert", "foreign"),
        ("enterprise", "rising", "self", "domestic"),
        ("person", "person", "expert", "domestic"),
        ("city", "park", "self", "domestic"),
        ("city", "district", "self", "domestic"),
        ("product", "product", "self", "foreign"),
    )
]


@pytest.mark.parametrize(("programme", "given"), WAYS)
def test_form_leads_from_the_first_question_to_a_complete_review(programme: Programme, given: dict[str, Any]) -> None:
    form, now = programme.form, OPEN[programme.id]
    assert form is not None
    moment = Moment(now.astimezone(programme.zone), programmes.edition_year(programme, now))
    answers: dict[str, Any] = {}
    for stage in Stage:
        wanted = fill_form(form.at(stage), moment, **{**given, **answers})
        walker = Walker(form.at(stage), moment, answers, wanted)
        assert walker.walk().complete
        assert {key: walker.answers.get(key) for key in wanted} == wanted
        asked = [one.key for one in outline.visible(form.at(stage), walker.answers)]
        alone = {"list"} if given.get("unit") in {"person", "product"} else set()
        assert walker.asked == [key for key in asked if key not in alone]
        answers = walker.answers
    assert {key: answers[key] for key in given} == given


def test_walk_that_is_refused_fails() -> None:
    """The walker itself notices a refusal."""
    form = LIGHT.form
    assert form is not None
    moment = Moment(OPEN[LIGHT.id].astimezone(LIGHT.zone), 2022)
    wanted = {**fill_form(form, moment), "pledge_date": "2023-01-01"}
    with pytest.raises(AssertionError, match="in_year"):
        Walker(form, moment, {}, wanted).walk()
