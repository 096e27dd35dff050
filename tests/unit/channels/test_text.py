import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.text import clean, split


def utf8(text: str) -> int:
    return len(text.encode())


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def squeezed(text: str) -> str:
    return "".join(text.split())


TEXTS = st.text(st.one_of(st.sampled_from("报名 。！\n.，a1😀\u0301"), st.characters(codec="utf-8")), max_size=300)


@given(TEXTS, st.integers(4, 80))
def test_split_loses_only_white_space_and_keeps_the_limit(text: str, limit: int) -> None:
    for measure in (utf8, utf16, len):
        pieces = split(text, limit, measure)
        assert squeezed("".join(pieces)) == squeezed(text)
        assert [piece for piece in pieces if measure(piece) > limit] == []


@given(TEXTS)
def test_split_leaves_a_text_that_fits_as_it_is(text: str) -> None:
    assert split(text, 4000, utf8) == [text]


@given(TEXTS, st.integers(4, 80))
def test_split_makes_no_empty_piece_of_a_text(text: str, limit: int) -> None:
    if text.strip():
        assert "" not in split(text, limit, utf8)


def test_split_of_nothing_is_one_empty_piece() -> None:
    assert split("", 10, len) == [""]


def test_split_prefers_a_paragraph_to_a_later_line() -> None:
    assert split("aaaa bbbb\n\ncccc\ndddd eeee", 18, len) == ["aaaa bbbb", "cccc\ndddd eeee"]


def test_split_prefers_a_line_to_a_later_sentence() -> None:
    assert split("这是第一行，\n第二。第三句没有说完", 12, len) == ["这是第一行，", "第二。第三句没有说完"]


def test_split_cuts_after_a_sentence_with_its_closing_quote() -> None:
    assert split("他说：“可以申报。”请看指南第三节的规定", 12, len) == ["他说：“可以申报。”", "请看指南第三节的规定"]


def test_split_cuts_an_english_text_between_words() -> None:
    assert split("the guide says nothing", 12, len) == ["the guide", "says nothing"]


def test_split_does_not_take_a_point_in_a_number_for_an_end() -> None:
    assert split("版本3.14159265", 6, len) == ["版本3.14", "159265"]


def test_split_passes_over_a_border_near_the_beginning() -> None:
    assert split("a\n\n" + "b" * 20, 12, len) == ["a\n\n" + "b" * 9, "b" * 11]


def test_split_takes_the_line_end_right_after_the_piece() -> None:
    assert split("aaaaa\nbbbbb", 5, len) == ["aaaaa", "bbbbb"]


def test_split_keeps_an_accent_with_its_letter() -> None:
    assert split("abcde\u0301fg", 5, len) == ["abcd", "e\u0301fg"]


def test_split_keeps_the_parts_of_an_emoji_together() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert split("abcdefgh" + family, 11, len) == ["abcdefgh", family]


def test_split_of_an_accent_heap_still_ends() -> None:
    text = "e" + "\u0301" * 50
    assert "".join(split(text, 10, len)) == text


def test_split_refuses_a_limit_below_one_character() -> None:
    with pytest.raises(ValueError, match="limit of 2"):
        split("汉字", 2, utf8)


@given(st.text(st.characters(), max_size=200))
def test_clean_text_can_be_encoded_and_shown(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.encode().decode() == cleaned
    assert [c for c in cleaned if (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0] == []
    assert clean(cleaned) == cleaned


def test_clean_keeps_one_kind_of_line_end() -> None:
    assert clean("一\r\n二\r三\n四\t五") == "一\n二\n三\n四\t五"


def test_clean_strips_control_characters() -> None:
    assert clean("a\x00b\x1b[0mc\x7fd\x85e\ud83df\ufffe") == "ab[0mcdef"


def test_clean_keeps_emoji_and_joiners() -> None:
    assert clean("👨\u200d👩 é 汉") == "👨\u200d👩 é 汉"
