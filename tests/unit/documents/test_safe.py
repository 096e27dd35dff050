import pytest
from markupsafe import Markup

from bot.documents.safe import clean, day, han_date, literal, paragraphs


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2022-12-05", "二〇二二年十二月五日"),
        ("2022-10-10", "二〇二二年十月十日"),
        ("2020-02-20", "二〇二〇年二月二十日"),
        ("2023-01-31", "二〇二三年一月三十一日"),
    ],
)
def test_han_date_is_written_as_it_is_said(given: str, expected: str) -> None:
    assert han_date(given) == expected


def test_han_date_without_a_day_leaves_room_to_write_one() -> None:
    assert han_date("", 2022) == "二〇二二年　　月　　日"
    assert han_date("") == "　　　　年　　月　　日"


def test_day_keeps_what_is_no_date() -> None:
    assert (day("2022-03-05"), day("三月")) == ("2022年3月5日", "三月")


def test_clean_keeps_lines_and_drops_what_no_document_can_hold() -> None:
    assert clean(" a\r\nb\rc\u2028d\x00\x07\ufffe\ud800e\tf ") == "a\nb\nc\nde\tf"


def test_literal_is_no_markup_and_no_brace() -> None:
    assert literal("<w:p> & {{ x }} {_{") == "&lt;w:p&gt; &amp; &#123;&#123; x &#125;&#125; &#123;_&#123;"


def test_paragraphs_drop_empty_lines() -> None:
    assert paragraphs(literal("一\n\n 二 \n<三>")) == Markup("一\a二\a&lt;三&gt;")
