import pytest

from bot.flows import outline
from bot.flows.fields import check, read
from bot.flows.lengths import limit_of
from bot.flows.scope import Scope
from bot.flows.values import Input, Problem, Reading
from knowledge.form import FieldType
from tests.fixtures.boats import BOATS, DONE_SO_FAR, OUTLOOK, PITCH, TALE
from tests.fixtures.forms import MOMENT, make_field

SUMMARY = make_field("summary", FieldType.LONGTEXT, max_chars=1200)


@pytest.mark.parametrize(
    "text", ["字" * 1200, "\n" * 20 + "字" * 1200 + "\n" * 20, "\n".join("字" * 30 for _ in range(40))]
)
def test_1200_characters_fit_whatever_lines_they_take(text: str) -> None:
    found = read(SUMMARY, Input(text=text), moment=MOMENT)
    assert isinstance(found, Reading)
    assert found.warnings == ()


def test_1201_characters_are_one_too_many() -> None:
    values = {"over": 1, "limit": 1200, "count": 1201, "by": "guide"}
    assert read(SUMMARY, Input(text="字" * 1201), moment=MOMENT) == Problem("too_long", values)


@pytest.mark.parametrize(
    ("text", "fits"), [("one two three four five", True), ("one two three 四五", True), ("a b c d 五六", False)]
)
def test_words_count_with_chinese_characters(text: str, *, fits: bool) -> None:
    found = read(PITCH, Input(text=text), moment=MOMENT)
    expected = Problem("too_many_words", {"over": 1, "limit": 5, "count": 6, "by": "guide"})
    assert found == (Reading(text) if fits else expected)


def test_part_of_a_group_has_what_the_others_leave() -> None:
    scope = Scope(BOATS, {"done": "跑了三场比赛。", "outlook": "旧的"})
    assert (limit_of(OUTLOOK, scope), limit_of(DONE_SO_FAR, scope)) == (13, 18)
    assert isinstance(read(OUTLOOK, Input(text="字" * 13), moment=MOMENT, scope=scope), Reading)
    over = read(OUTLOOK, Input(text="字" * 14), moment=MOMENT, scope=scope)
    values = {"over": 1, "limit": 13, "count": 14, "by": "guide", "total": 20, "used": 7, "group": TALE.label}
    assert over == Problem("group_too_long", values)


def test_part_of_a_group_that_is_used_up_takes_nothing_more() -> None:
    scope = Scope(BOATS, {"done": "字" * 20})
    found = read(OUTLOOK, Input(text="一"), moment=MOMENT, scope=scope)
    assert isinstance(found, Problem)
    assert (found.kind, found.values["over"], found.values["limit"]) == ("group_too_long", 1, 0)


def test_stored_parts_that_are_too_long_together_are_gaps() -> None:
    answers = {"done": "字" * 12, "outlook": "字" * 12}
    gaps = {
        item.field.key: item.problem.values["over"]
        for item in outline.gaps(BOATS, answers, MOMENT)
        if item.problem and item.value
    }
    assert gaps == {"done": 4, "outlook": 4}
    assert isinstance(check(OUTLOOK, "字" * 12, moment=MOMENT, scope=Scope(BOATS, {"done": "字" * 8})), Reading)
