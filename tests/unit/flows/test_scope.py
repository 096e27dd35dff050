from bot.flows import outline
from bot.flows.scope import Scope, offered
from knowledge.form import Condition, FieldType, Form, Option, Section
from tests.fixtures.boats import BOATS, LANGUAGE
from tests.fixtures.forms import both, make_field

YES_NO = (Option("yes", both("yes")), Option("no", both("no")))
FIRST = make_field("first", FieldType.CHOICE, options=YES_NO)
SECOND = make_field("second", FieldType.CHOICE, options=YES_NO, when=(Condition("first", ("yes",)),))
THIRD = make_field("third", when=(Condition("second", ("yes",)),))
NEEDED = make_field("needed", required_when=(Condition("second", ("yes",)),))
CHAIN = Form("v1", (Section("s", both("s"), (FIRST, SECOND, THIRD, NEEDED)),))


def keys(form: Form, **answers: str) -> list[str]:
    return [field.key for field in outline.visible(form, answers)]


def test_kept_answer_of_a_hidden_field_shows_and_requires_nothing() -> None:
    answers = {"first": "no", "second": "yes", "third": "x"}
    scope = Scope(CHAIN, answers)
    assert keys(CHAIN, **answers) == ["first", "needed"]
    assert (dict(scope), outline.is_required(NEEDED, scope)) == ({"first": "no"}, False)
    assert outline.is_required(NEEDED, Scope(CHAIN, {"first": "yes", "second": "yes"}))


def test_answers_that_the_form_does_not_know_count_for_nothing() -> None:
    assert dict(Scope(CHAIN, {"gone": "x", "first": "yes"})) == {"first": "yes"}


def test_choice_with_nothing_to_choose_is_not_asked() -> None:
    only_abroad = make_field(
        "port",
        FieldType.CHOICE,
        options=tuple(Option(key, both(key), when=(Condition("first", ("yes",)),)) for key in "ab"),
    )
    form = Form("v1", (Section("s", both("s"), (FIRST, only_abroad)),))
    assert (keys(form, first="no"), keys(form, first="yes")) == (["first"], ["first", "port"])


def test_offered_options_follow_the_answers() -> None:
    values = {origin: [one.value for one in offered(LANGUAGE, {"origin": origin})] for origin in ("home", "abroad")}
    assert values == {"home": ["zh"], "abroad": ["zh", "en"]}


def test_place_counts_what_is_asked_alone() -> None:
    scope = Scope(BOATS, {"origin": "home"})
    asked = list(outline.asked(scope))
    assert [outline.place_of(field.key, scope) for field in asked] == [
        (i, len(asked)) for i in range(1, len(asked) + 1)
    ]


def test_long_chain_of_conditions_is_followed() -> None:
    fields = [FIRST]
    for number in range(300):
        fields.append(
            make_field(f"f{number}", FieldType.CHOICE, options=YES_NO, when=(Condition(fields[-1].key, ("yes",)),))
        )
    form = Form("v1", (Section("s", both("s"), tuple(fields)),))
    assert Scope(form, {field.key: "yes" for field in fields}).shows("f299")
