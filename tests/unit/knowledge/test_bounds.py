"""Verdicts from a sentence alone."""

import pytest

from knowledge.bounds import verdict
from knowledge.glossary import terms
from knowledge.programme import Quote
from knowledge.units import Unit


def said(question: str, sentence: str, kind: str = "sentence") -> str | None:
    return verdict(question, Unit(Quote("", sentence), "", kind), terms(question))


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("our exhibit weighs 55 kg, is that ok?", "重量不超过40千克。", "no"),
        ("文章写了三千字行吗", "篇幅不超过4000字。", "yes"),
        ("文章写了四千五百字会不会超了", "篇幅不超过4000字。", "yes"),
        ("my file is 1.4 mb, is it accepted?", "at least 2 MB and no more than 12 MB per file", "no"),
        ("6月20日再交行吗", "报名时间为2027年3月1日至2027年5月10日。", "no"),
        ("2026年3月1日完成的可以吗", "作品须于2025年1月1日以后完成。", "yes"),
        ("can companies apply?", "Companies cannot apply.", "no"),
        ("may i use my phone?", "Photographs may be taken with a phone.", "yes"),
        ("要不要盖章", "申请表一式两份。", None),
        ("分数会公开吗", "Scores themselves are not disclosed.", "no"),
        ("要交纸质材料吗", "纸质材料无需提交。", "no"),
        ("必须现场答辩吗", "入围者须到现场答辩。", "yes"),
        ("没有注册证能报吗", "未取得注册证不影响申报。", "yes"),
        ("能快递过去吗", "纸质材料送至窗口,不接受快递。", "no"),
        ("这种能报吗", "单独申报的不予受理;联合申报的可以,但须附协议。", None),
        ("最晚几号,能晚交吗", "逾期不予受理。", None),
        ("can students lead?", "Students cannot lead, except in the youth group.", None),
    ],
)
def test_sentence_gives_a_verdict_only_where_it_is_plain(question: str, sentence: str, expected: str | None) -> None:
    assert said(question, sentence) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("A. No. Name one.", "no"), ("没关系，写一位就行。", "yes"), ("不保证。", "no"), ("可以，但须先说明。", None)],
)
def test_answer_of_the_guide_itself_is_the_verdict(answer: str, expected: str | None) -> None:
    asked = "Q. May two people lead?"
    unit = Unit(Quote("", f"{asked} {answer}"), "", "answer", asked=asked)
    assert verdict("can two people lead?", unit, terms("can two people lead?")) == expected
