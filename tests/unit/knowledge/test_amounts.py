"""Questions about numbers are answered the way they are asked."""

from datetime import UTC, datetime

import pytest

from knowledge.library import Library

NOW = datetime(2022, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("创新成果简介写一千三百字可以吗", "no"),
        ("创新成果简介写一千一百字可以吗", "yes"),
        ("创新成果简介写了一千三百字，超没超", "yes"),
        ("创新成果简介写了一千一百字，超没超", "no"),
        ("创新成果简介超过1200字可以吗", "no"),
        ("创新成果简介写1200字可以吗", "yes"),
        ("Is 1,300 characters too long for the innovation summary?", "yes"),
    ],
)
def test_length_beside_the_limit(library: Library, question: str, verdict: str) -> None:
    answer = library.ask(question, programme="innovation-light", now=NOW)
    assert (answer.status, answer.topic, answer.verdict) == ("answered", "limit-summary", verdict)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("附件一共12M，要不要发网盘链接", "no"),
        ("附件有12M，可以直接发邮件吗", "yes"),
        ("附件有300M，要发网盘链接吗", "yes"),
    ],
)
def test_attachment_beside_the_limit(library: Library, question: str, verdict: str) -> None:
    answer = library.ask(question, programme="sci-tech-pioneer", now=NOW)
    assert (answer.status, answer.verdict) == ("answered", verdict)


def test_patent_granted_this_year_counts_whenever_it_was_filed(library: Library) -> None:
    answer = library.ask("2019年申请、今年才授权的专利可以填吗", programme="tr50", now=NOW)
    assert (answer.status, answer.topic, answer.verdict) == ("answered", "patent-years", "yes")


@pytest.mark.parametrize(
    ("programme", "question", "topic", "verdict"),
    [
        ("sci-tech-pioneer", "一共就五个榜单，对吗", "categories", "no"),
        ("sci-tech-pioneer", "榜单总共是七个，对吗", "categories", "yes"),
        ("tr50", "一共评一百家吗", "quota", "no"),
        ("sci-tech-pioneer", "结果12月出吗", "result-date", "no"),
        ("sci-tech-pioneer", "11月能公布结果吗", "result-date", "yes"),
        ("sci-tech-pioneer", "年底前能知道结果吗", "result-date", "yes"),
        ("tr50", "2020年的主题是中国聚力吗", "theme", "yes"),
        ("tr50", "2020年的主题是中国引领吗", "theme", "no"),
    ],
)
def test_number_that_a_question_takes_for_granted(
    library: Library, programme: str, question: str, topic: str, verdict: str
) -> None:
    answer = library.ask(question, programme=programme, now=NOW)
    assert (answer.status, answer.topic, answer.verdict) == ("answered", topic, verdict)


def test_limit_of_each_or_of_all_is_not_read_as_a_size(library: Library) -> None:
    answer = library.ask("20M是每个文件还是加起来", programme="sci-tech-pioneer", now=NOW)
    assert (answer.status, answer.verdict) == ("abstained", None)
