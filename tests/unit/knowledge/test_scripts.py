from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from knowledge.scripts import Moment, digits, lengths, moments, number, simplify, sizes, years, years_ago

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("numeral", "expected"),
    [("二十五", 25), ("二〇二二", 2022), ("一千三百", 1300), ("十", 10), ("三万五千", 35000), ("两", 2), ("abc", None)],
)
def test_number(numeral: str, expected: int | None) -> None:
    assert number(numeral) == expected


def test_numeral_that_is_far_too_long_is_none() -> None:
    long = "一" * 5000
    assert (number("一" * 30), number(long), digits(f"{long}年三年")) == (int("1" * 30), None, f"{long}年3年")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10月20号晚上十一点半", Moment(10, None, 20, time(23, 30))),
        ("2022年12月25号", Moment(12, 2022, 25)),
        ("今天12月8号", Moment(12, None, 8, today=True)),
        ("十月二十一日凌晨1点", Moment(10, None, 21, time(1, 0))),
        ("10月20日24点", Moment(10, None, 20, None, end_of_day=True)),
        ("launched in march 2022", Moment(3, 2022)),
        ("october 21, 2024", Moment(10, 2024, 21)),
        ("on 5 may at 9am", Moment(5, None, 5, time(9))),
        ("2024-10-20", Moment(10, 2024, 20)),
    ],
)
def test_moments(text: str, expected: Moment) -> None:
    assert list(moments(text)) == [expected]


def test_moment_at_end_of_day_is_the_next_day() -> None:
    moment = Moment(10, None, 20, None, end_of_day=True)
    assert moment.at(2024, SHANGHAI) == datetime(2024, 10, 20, 16, tzinfo=UTC)


def test_moment_without_such_a_day_is_none() -> None:
    assert Moment(2, 2023, 30).at(2023, SHANGHAI) is None


def test_sizes_lengths_and_years() -> None:
    assert sizes("视频80多兆, 图 150kb") == [80_000_000, 150_000]
    assert lengths("写了一千三百字") == [1300]
    assert years("2021年上市") == [2021]
    assert (years_ago("五年前授权"), years_ago("去年"), years_ago("以前")) == (5, 1, None)


def test_simplify_characters_and_words() -> None:
    assert simplify("請問評選結果會在哪裡公佈") == "请问评选结果会在哪里公布"
    assert simplify("新創公司的紙本資料") == "初创公司的纸质资料"


@pytest.mark.parametrize(
    ("said", "usual"),
    [
        ("啲評審係乜嘢人，會唔會全部都係教授", "些评审是什么人，会不会全部都是教授"),
        ("咁2021嗰屆呢", "那么2021那届呢"),
        ("寄去邊度，幾時截止", "寄去哪里，什么时候截止"),
        ("这个咋整啊，要得不", "这个怎么办啊，行不行"),
        ("交了材料没得回信", "交了材料没有回信"),
        ("费用呢个人能报吗", "费用呢个人能报吗"),
    ],
)
def test_simplify_dialects(said: str, usual: str) -> None:
    assert simplify(said) == usual
