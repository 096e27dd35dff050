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
