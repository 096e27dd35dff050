"""What a form prints, found in what somebody has filled in."""

import pytest

from bot.documents.printed import after_print, find_separator, without_print

LENGTH = 50_000
HARMFUL = ("\u3000" * LENGTH + "x", "\n" * LENGTH + "x", "， " * (LENGTH // 2), "成。" * (LENGTH // 2), "成" * LENGTH)


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("（签字）张三", "签字", "（签字）张三"),
        ("签 字：张三", "签字", "张三"),
        ("  Ｎame: Anna", "name", "Anna"),
        ("张三签字", "签字", "张三签字"),
        ("张三", "", "张三"),
    ],
)
def test_what_is_printed_before_an_answer_is_left_out(text: str, words: str, left: str) -> None:
    assert after_print(text, words) == left


@pytest.mark.parametrize(
    ("text", "words", "lines"),
    [
        ("成效\n很好", "成效", ["很好"]),
        ("成效：\n很好", "成效", ["很好"]),
        ("成效很好", "成效", ["成效很好"]),
        ("很好\n成 效 。", "成效", ["很好"]),
        ("请分别说明成效和展望。卖了", "请分别说明成效和展望", ["卖了"]),
        ("卖了 请分别说明成效和展望。", "请分别说明成效和展望", ["卖了"]),
        ("我们请分别说明成效和展望的人", "请分别说明成效和展望", ["我们请分别说明成效和展望的人"]),
    ],
)
def test_what_is_printed_beside_an_answer_is_left_out(text: str, words: str, lines: list[str]) -> None:
    left = without_print(text, words).splitlines()
    assert [line.strip() for line in left if line.strip()] == lines


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("一\n展望：二", ("一\n", "二")),
        ("一，展 望: 二", ("一，", " 二")),
        ("一\n展望\n二", ("一\n", "\n二")),
        ("展望很好", None),
        ("很好的展望：二", None),
    ],
)
def test_printed_words_part_two_answers(text: str, parts: tuple[str, str] | None) -> None:
    found = find_separator(text, "展望")
    assert (None if found is None else (text[: found[0]], text[found[1] :])) == parts


@pytest.mark.parametrize("text", HARMFUL, ids=["blanks", "lines", "commas", "words apart", "words"])
def test_text_made_to_be_slow_is_as_it_was(text: str) -> None:
    assert after_print(text, "成效") == text
    assert without_print(text, "请分别说明成效和展望") == text
    assert find_separator(text, "成效") is None
