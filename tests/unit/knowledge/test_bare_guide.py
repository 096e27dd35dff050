"""A pack that is only an unknown guide answers from it, or says that it does not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.library import Library
from knowledge.opening import load_packs

NOW = datetime(2026, 11, 1, tzinfo=UTC)
GUIDE = """---
title: 海燕计划
---
# 海燕青年创业计划申报指南

海燕计划第三期

## 一、申报条件

申报人须为 18 至 35 周岁的创业者，企业注册地在青岛市。

海燕计划第三期

## 二、申报方式

请于 2027 年 3 月 15 日 17:00 前将申报书发送至 haiyan@example.org，邮件主题注明“海燕+项目名称”。

每个团队限报一个项目。

海燕计划第三期

## 三、费用

参加本计划无需缴纳费用。

## 四、支持

入选项目可获得 20 万元创业资助，并入驻海燕孵化器一年。
"""


@pytest.fixture(scope="module")
def haiyan(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("packs") / "haiyan"
    folder.mkdir()
    (folder / "guide.md").write_text(GUIDE, "utf-8")
    return load_packs(folder.parent)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("要收费吗", "参加本计划无需缴纳费用。"),
        ("什么时候截止", "请于 2027 年 3 月 15 日 17:00 前将申报书发送至 haiyan@example.org"),
        ("材料发到哪个邮箱", "haiyan@example.org"),
        ("一个团队可以报几个项目", "每个团队限报一个项目。"),
        ("邮件标题怎么写", "邮件主题注明“海燕+项目名称”。"),
        ("Is there a fee?", "参加本计划无需缴纳费用。"),
    ],
)
def test_bare_guide_answers_in_its_own_words(haiyan: Library, question: str, expected: str) -> None:
    answer = haiyan.ask(question, now=NOW)
    assert (answer.status, answer.programme) == ("answered", "haiyan")
    assert expected in " ".join(citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    "question", ["评委都是谁", "材料会退回来吗", "颁奖典礼在哪里办", "需要盖公章吗", "明天天气怎么样", "可以用英文填吗"]
)
def test_bare_guide_abstains_where_it_is_silent(haiyan: Library, question: str) -> None:
    assert haiyan.ask(question, now=NOW).status == "abstained"


def test_running_headers_are_no_passages(haiyan: Library) -> None:
    texts = [passage.text for passage in haiyan.programmes["haiyan"].passages]
    assert texts.count("海燕计划第三期") == 1


def test_part_of_a_message_is_no_answer_where_the_other_has_none(haiyan: Library) -> None:
    answer = haiyan.ask("评委都是谁？入驻多久，现场几个人来看？", now=NOW)
    assert (answer.status, answer.citations) == ("abstained", ())


def test_two_questions_are_answered_where_the_guide_says_both(haiyan: Library) -> None:
    answer = haiyan.ask("要收费吗？什么时候截止？", now=NOW)
    assert {citation.section for citation in answer.citations} >= {"三、费用", "二、申报方式"}
