import pytest

from benchmarks.confusions import Asked, Report, kind_of

ROWS = [
    Asked("要钱吗", "fee", "fee", "stated", "right"),
    Asked("收费不", "fee", "refund", "stated", "wrong"),
    Asked("几号截止", "deadline", "deadline", "stated", "right"),
    Asked("how much", "fee", "prize-money", "silent", "answered"),
]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("要钱吗", "short zh"),
        ("我们是一家刚刚成立不久的公司，想请教一下参加这个评选要不要交什么费用", "long zh"),
        ("要收費嗎", "traditional zh"),
        ("deadline是几号 apply", "mixed"),
        ("is it free", "short en"),
        ("we are a small company and would like to know whether there is any fee", "long en"),
    ],
)
def test_kind_of_a_line(line: str, kind: str) -> None:
    assert kind_of(line) == kind


def test_worst_topics_come_first() -> None:
    lines = [line.split() for line in Report(ROWS).by_topic(5)]
    assert lines[1:] == [["fee", "2", "50.0", "50.0"], ["deadline", "1", "100.0", "0.0"]]


def test_pairs_are_those_of_answers_that_should_not_have_been() -> None:
    lines = [line.split() for line in Report(ROWS).by_pair(5)]
    assert lines[1:] == [["fee", "refund", "1"], ["fee", "prize-money", "1"]]


def test_kinds_tell_what_was_not_asked_from_what_never_happened() -> None:
    short = next(line.split() for line in Report(ROWS).by_kind() if line.startswith("short zh"))
    assert short == ["short", "zh", "3", "66.7", "33.3", "–", "–"]
