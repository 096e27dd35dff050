import pytest

from bot.flows.fields import check, read
from bot.flows.options import read_several
from bot.flows.scope import Scope
from bot.flows.values import Input, Problem, Reading
from tests.fixtures.boats import BOATS, LANGUAGE, SAILS
from tests.fixtures.forms import MOMENT

HOME, ABROAD = Scope(BOATS, {"origin": "home"}), Scope(BOATS, {"origin": "abroad"})


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("1,3", ["main", "spin"]),
        ("1、3", ["main", "spin"]),
        ("1 3", ["main", "spin"]),
        ("３，１", ["main", "spin"]),
        ("1和2", ["main", "jib"]),
        ("前帆、主帆", ["main", "jib"]),
        ("球帆、大帆", ["spin"]),
        ("球帆、大帆、主帆", ["main", "spin"]),
        ("Mainsail and Jib", ["main", "jib"]),
        ("主帆；2", ["main", "jib"]),
        ("大帆", ["spin"]),
        ("1,1", ["main"]),
        ("main", ["main"]),
    ],
)
def test_several_options_in_the_order_of_the_form(said: str, chosen: list[str]) -> None:
    assert read_several(said, SAILS.options) == chosen


@pytest.mark.parametrize(
    ("said", "wrong"), [("1,7", "7"), ("主帆、火箭", "火箭"), ("0", "0"), ("13", "13"), ("帆", "帆")]
)
def test_several_options_name_the_unknown_one(said: str, wrong: str) -> None:
    assert read_several(said, SAILS.options) == Problem("not_an_option", {"text": wrong})


def test_option_is_accepted_only_where_its_condition_holds() -> None:
    assert read(LANGUAGE, Input(text="英文"), moment=MOMENT, scope=ABROAD) == Reading("en")
    assert read(LANGUAGE, Input(text="英文"), moment=MOMENT, scope=HOME) == Problem("not_an_option", {"text": "英文"})


def test_number_of_an_option_counts_those_that_are_offered() -> None:
    assert read(SAILS, Input(text="4"), moment=MOMENT, scope=HOME) == Problem("not_an_option", {"text": "4"})
    found = read(SAILS, Input(text="4"), moment=MOMENT, scope=ABROAD)
    assert found == Reading(["kite"], echo=True)


def test_stored_option_that_is_no_longer_offered_does_not_fit() -> None:
    assert check(SAILS, ["main", "kite"], moment=MOMENT, scope=ABROAD) == Reading(["main", "kite"])
    assert check(SAILS, ["main", "kite"], moment=MOMENT, scope=HOME) == Problem("no_longer_offered")


@pytest.mark.parametrize("value", ["main", [], [1], None, {"main": True}])
def test_stored_options_of_another_shape_do_not_fit(value: object) -> None:
    assert check(SAILS, value, moment=MOMENT, scope=HOME) == Problem("unfit")


def test_condition_of_a_rule_asks_whether_it_counts() -> None:
    warned = read(SAILS, Input(text="3"), moment=MOMENT, scope=HOME)
    free = read(SAILS, Input(text="3"), moment=MOMENT, scope=ABROAD)
    assert isinstance(warned, Reading)
    assert isinstance(free, Reading)
    assert ([one.kind for one in warned.warnings], free.warnings) == (["none_of"], ())
