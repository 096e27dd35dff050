from datetime import datetime

import pytest

from knowledge.importing.dates import days


def closing(sentence: str) -> list[str]:
    return [f"{day.closes():%Y-%m-%dT%H:%M}" for day in days(sentence)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("截止到 2030 年 3 月 1 日 18 点。", ["2030-03-01T18:00"]),
        ("2030年10月20日（周日）24点截止", ["2030-10-21T00:00"]),
        ("于2030年12月20日前提交", ["2030-12-21T00:00"]),
        ("2030年3月1日至4月15日下午5点半", ["2030-03-02T00:00", "2030-04-15T17:30"]),
        ("二〇三〇年三月十五日17:00前", ["2030-03-15T17:00"]),
        ("2030.03.15-2030.04.20", ["2030-03-16T00:00", "2030-04-21T00:00"]),
        ("3月1日—15日，2030年结果公布于5月1日", ["2030-03-02T00:00", "2030-03-16T00:00", "2030-05-02T00:00"]),
        ("by 15 March 2030, 23:59", ["2030-03-16T00:00"]),
        ("before 17:00 on March 15, 2030", ["2030-03-15T17:00"]),
        ("no later than 5 pm on 1st April 2030", ["2030-04-01T17:00"]),
        ("2030年2月30日", []),
        ("第 3 条 5 项", []),
    ],
)
def test_days_of_a_sentence(sentence: str, expected: list[str]) -> None:
    assert closing(sentence) == expected


def test_day_without_a_year_gets_one() -> None:
    (day,) = days("3月1日截止")
    assert (day.year, day.in_year(2031).closes()) == (0, datetime(2031, 3, 2))  # noqa: DTZ001 - days have no zone


@pytest.mark.parametrize(
    ("sentence", "before", "after"),
    [
        ("2030年12月20日前", True, False),
        ("2030年12月20日之前", True, False),
        ("2030年1月1日后发布上市", False, True),
        ("2030年1月1日截止", False, False),
        ("before 1 May 2030", True, False),
    ],
)
def test_before_and_after(sentence: str, before: bool, after: bool) -> None:
    (day,) = days(sentence)
    assert (day.before, day.after) == (before, after)
