from dataclasses import replace

from bot.flows.transcribing import transcribe
from bot.flows.values import Problem
from knowledge.form import Condition, Field, FieldType, Form, Option, Section
from knowledge.wording import Wording
from tests.fixtures.forms import MOMENT, both, make_field

OTHER = (Condition("kind", ("other",)),)
KIND = make_field(
    "kind",
    FieldType.CHOICE,
    required=True,
    options=(Option("lamp", Wording("灯", "Lamp")), Option("other", Wording("其他", "Other"))),
)
KIND_NAME = make_field("kind_name", required=True, when=OTHER)
NAME = make_field("name", max_chars=5)
PARTS = make_field(
    "parts",
    FieldType.TABLE,
    max_rows=2,
    columns=(make_field("title", required=True), make_field("made", FieldType.DATE)),
)


def make_form(*fields: Field) -> Form:
    return Form("v1", (Section("all", both("全部"), fields),))


FORM = make_form(KIND, KIND_NAME, NAME, PARTS)


def test_texts_become_answers_and_what_does_not_fit_is_named() -> None:
    found = transcribe(FORM, {}, {"kind": ("灯",), "name": ("一二三四五六",)}, {}, MOMENT)
    assert found.values == {"kind": "lamp"}
    assert found.problems == {"name": Problem("too_long", {"over": 1, "limit": 5, "count": 6, "by": "guide"})}


def test_the_first_way_that_can_be_read_is_taken() -> None:
    found = transcribe(FORM, {}, {"kind": ("其他（走马灯）", "其他"), "kind_name": ("走马灯",)}, {}, MOMENT)
    assert (found.values, found.problems) == ({"kind": "other", "kind_name": "走马灯"}, {})


def test_a_cell_that_two_fields_share_tells_the_choice_by_the_text() -> None:
    found = transcribe(FORM, {}, {"kind": ("走马灯",), "kind_name": ("走马灯",)}, {}, MOMENT)
    assert (found.values, found.problems) == ({"kind": "other", "kind_name": "走马灯"}, {})


def test_a_part_of_an_options_name_tells_nothing_for_sure() -> None:
    two = replace(KIND, options=(*KIND.options, Option("lamps", Wording("灯组", "Lamps"))))
    form = make_form(replace(two, options=(Option("a", both("大灯")), *two.options[1:])), KIND_NAME)
    found = transcribe(form, {}, {"kind": ("灯",), "kind_name": ("灯",)}, {}, MOMENT)
    assert (found.values, set(found.problems)) == ({}, {"kind"})


def test_what_is_hidden_is_left_out() -> None:
    found = transcribe(FORM, {}, {"kind": ("灯",), "kind_name": ("走马灯",)}, {}, MOMENT)
    assert (found.values, found.problems) == ({"kind": "lamp"}, {})


def test_rows_keep_the_cells_that_fit() -> None:
    rows = [{"title": "灯罩", "made": "2025-02-30"}, {"title": "灯座", "made": "2025年3月1日"}]
    found = transcribe(FORM, {}, {}, {"parts": rows}, MOMENT)
    assert found.values == {"parts": [{"title": "灯罩"}, {"title": "灯座", "made": "2025-03-01"}]}
    day = Problem("no_such_day", {"text": "2025-02-30"})
    assert found.problems == {"parts": Problem("row_unfit", {"row": 1, "column": both("made"), "problem": day})}


def test_rows_beyond_the_most_are_named() -> None:
    found = transcribe(FORM, {}, {}, {"parts": [{"title": "甲"}, {"title": "乙"}, {"title": "丙"}]}, MOMENT)
    assert found.values == {"parts": [{"title": "甲"}, {"title": "乙"}]}
    assert found.problems == {"parts": Problem("many_rows", {"rows": 3, "most": 2})}
