"""Input that is made to keep the machine busy, or to be more than a field can be."""

from typing import Any

import pytest

from bot.flows import entries, fields
from bot.flows.entries import Write
from bot.flows.parsing import clean
from bot.flows.values import Input, Problem, digest
from knowledge.form import FieldType, Option
from tests.fixtures.boats import BEFORE_PAPERS, BOATS, make_file
from tests.fixtures.form_house import FORM
from tests.fixtures.forms import FIRST_HALF, MOMENT, PART_ROW, Dialog, both, make_field

LENGTH = 100_000
HARMFUL = {
    "digits": "1" * LENGTH + "x",
    "thousands": "1" + ",111" * (LENGTH // 4) + "x",
    "scales": "1" + "亿" * LENGTH,
    "numerals": "一" * LENGTH,
    "zeros": "0." + "0" * LENGTH + "1",
    "dots": "a." * (LENGTH // 2) + "!",
    "mail": "a@" + "b." * (LENGTH // 2),
    "spaces": "1 " * (LENGTH // 2) + "x",
    "ands": "and " * (LENGTH // 4) + "x",
    "names": "选项甲," * (LENGTH // 4),
    "marks": "e" + "\u0301\u0327" * (LENGTH // 2),
}
REFUSED = {
    FieldType.NUMBER: {"number"},
    FieldType.DATE: {"date"},
    FieldType.PHONE: {"phone"},
    FieldType.EMAIL: {"email"},
    FieldType.URL: {"url"},
    FieldType.CHOICE: {"not_an_option"},
    FieldType.MULTI_CHOICE: {"not_an_option"},
    FieldType.CONSENT: {"consent"},
    FieldType.TEXT: {"too_long", "too_many_letters"},
    FieldType.LONGTEXT: {"too_long", "too_many_letters"},
}
OPTIONS = tuple(Option(f"v{i}", both(f"选项甲乙{i}")) for i in range(30))


def read(kind: FieldType, text: str) -> Any:
    options = OPTIONS if kind in {FieldType.CHOICE, FieldType.MULTI_CHOICE} else ()
    found = fields.read(make_field("f", kind, max_chars=10, options=options), Input(text=text), moment=MOMENT)
    return found.kind if isinstance(found, Problem) else found.value


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("harmful", [key for key in HARMFUL if key != "marks"])
def test_100_kilobytes_are_refused_by_every_type_of_field(kind: FieldType, harmful: str) -> None:
    assert read(kind, HARMFUL[harmful]) in REFUSED[kind]


@pytest.mark.parametrize("kind", [one for one in REFUSED if one not in {FieldType.TEXT, FieldType.LONGTEXT}])
def test_a_pile_of_accents_is_no_answer(kind: FieldType) -> None:
    assert read(kind, HARMFUL["marks"]) in REFUSED[kind]


def test_a_pile_of_accents_is_cut_down_before_it_is_put_in_order() -> None:
    assert len(clean(HARMFUL["marks"])) <= 31


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("0." + "0" * 23 + "1", "0." + "0" * 23 + "1"),
        ("0." + "0" * 24 + "1", "number"),
        ("一" * 24, "1" * 24),
        ("一" * 31, "number"),
        ("1" + " " * 59, "1"),
        ("0" * 60 + "1", "number"),
    ],
)
def test_a_number_has_an_end_on_both_sides(text: str, stored: str) -> None:
    assert read(FieldType.NUMBER, text) == stored


def test_the_same_option_named_a_hundred_times_is_one() -> None:
    assert read(FieldType.MULTI_CHOICE, "；".join(["甲乙7"] * 100)) == ["v7"]


@pytest.mark.parametrize("said", ["00010", "删除 00010", "修改 00010", "替换 00010"])
def test_a_number_with_zeros_before_it_is_no_other_number(said: str) -> None:
    rows, files = Dialog(), Dialog(BOATS)
    rows.say(*FIRST_HALF, *PART_ROW, said)
    files.say(*BEFORE_PAPERS)
    files.send(make_file())
    files.say(said)
    assert (rows.answers["parts"][0]["part"], len(files.answers["licence"])) == ("灯罩", 1)
    assert (files.cursor["field"], files.cursor.get("row")) == ("licence", None)


def test_an_option_is_not_named_by_a_number_with_zeros_before_it() -> None:
    assert read(FieldType.CHOICE, "00010") == "not_an_option"


@pytest.mark.parametrize("harmful", HARMFUL)
def test_harmful_text_of_the_page_is_kept_and_not_stored(harmful: str) -> None:
    change = Write("tail", HARMFUL[harmful], digest(None), whole=True)
    entered = entries.enter(FORM, {"kind": "kite"}, {}, change, MOMENT)
    assert (entered.changes, entered.problem is None) == ({}, False)
