import pytest

from knowledge.text import count, count_raw, fold, is_chinese, unpiled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("   \n\n ", 0),
        ("中文", 2),
        ("中文。", 3),
        ("“中文”", 4),
        ("AI芯片", 3),
        ("GPT-4 model", 2),
        ("第1项，共20项", 7),
        ("ひらがな", 4),
        ("한국", 2),
        ("one two  three", 3),
        ("甲\r\n乙\r丙\n", 3),
    ],
)
def test_count_as_word_processors_do(text: str, expected: int) -> None:
    assert count(text) == expected


def test_count_ignores_line_breaks_between_ideographs() -> None:
    assert count("字" * 1200 + "\n" * 40) == 1200
    assert count(("字" * 30 + "\n") * 40) == 1200


def test_count_raw_counts_every_visible_character() -> None:
    assert count_raw("AI 芯片\n2024") == 8


def test_fold_brings_widths_together() -> None:
    assert fold("ＴＲ５０　 Ａ\u200b\x00B") == "tr50 a b"


@pytest.mark.parametrize(("text", "expected"), [("报名费", True), ("How about TR50?", False), ("TR50收费吗", True)])
def test_is_chinese(text: str, expected: bool) -> None:
    assert is_chinese(text) is expected


def test_pile_of_accents_is_no_higher_than_a_stream_may_have() -> None:
    pile = "e" + "\u0301" * 30
    assert unpiled(f"{pile}{chr(0x301) * 50_000}x{pile}") == f"{pile}x{pile}"


def test_text_without_piles_stays_as_it_is() -> None:
    text = "cafe\u0301 和 naïve。" * 200
    assert unpiled(text) == text
