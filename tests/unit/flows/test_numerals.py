import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.numerals import read_number
from bot.flows.values import Problem
from knowledge.wording import Wording

WAN = Wording("万元", "10,000 yuan")
YUAN = Wording("元", "yuan")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("1200", "1200"),
        ("12.50", "12.5"),
        ("１２．５", "12.5"),
        ("1,200,000", "1200000"),
        ("1，200", "1200"),
        ("-5", "-5"),
        ("负三", "-3"),
        ("-0", "0"),
        ("0012", "12"),
        ("3千", "3000"),
        ("3.5千万", "35000000"),
        ("1亿2000万", "120000000"),
        ("１２萬", "120000"),
        ("三百二十", "320"),
        ("一亿二千万", "120000000"),
        ("两千五", "2500"),
        ("两千零五", "2005"),
        ("二〇二二", "2022"),
        ("十", "10"),
        ("5 million", "5000000"),
        ("3.2 billion", "3200000000"),
    ],
)
def test_number_in_many_forms(text: str, stored: str) -> None:
    assert read_number(text) == stored


@pytest.mark.parametrize(
    "text",
    ["", "很多", "1,20", "1,2000", "1e5", "NaN", "inf", "10-20", "约300", "12%", "1亿2000", "9" * 25, "1.2.3", "亿"],
)
def test_number_unclear_is_refused(text: str) -> None:
    assert read_number(text) == Problem("number", {"text": text})


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("1200", "1200"),
        ("1200万", "1200"),
        ("1200万元", "1200"),
        ("12000000元", "1200"),
        ("5000元", "0.5"),
        ("1.2亿", "12000"),
        ("1.2亿元", "12000"),
    ],
)
def test_number_with_the_unit_is_converted_to_it(text: str, stored: str) -> None:
    assert read_number(text, WAN) == stored


@pytest.mark.parametrize(("text", "stored"), [("1200万元", "12000000"), ("300元", "300"), ("300 yuan", "300")])
def test_number_unit_without_a_factor(text: str, stored: str) -> None:
    assert read_number(text, YUAN) == stored


def test_number_with_another_unit_is_refused() -> None:
    assert isinstance(read_number("300人", YUAN), Problem)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_canonical_number_reads_as_itself(number: object) -> None:
    stored = read_number(f"{number}")
    assert isinstance(stored, str)
    assert read_number(stored) == stored


@given(st.text(alphabet="0123456789,.-+零一二十百千万亿元 ", max_size=14))
def test_any_digits_read_as_a_canonical_number_or_a_problem(text: str) -> None:
    found = read_number(text, WAN)
    assert isinstance(found, Problem) or read_number(found) == found
