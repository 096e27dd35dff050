import pytest

from bot.flows.questions import is_courtesy, looks_like_question


@pytest.mark.parametrize(
    "text",
    [
        "报名收费吗",
        "什么时候截止",
        "这里要写什么？",
        "怎么交",
        "What is this for",
        "is there a fee?",
        "需要盖章么",
        "可以写两项呢",
    ],
)
def test_questions_are_told(text: str) -> None:
    assert looks_like_question(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "示例智能科技有限公司",
        "张三",
        "a@example.com",
        "2024-10-20",
        "",
        "Canton Lamps Ltd",
        "字" * 61 + "？",
        "x" * 500 + "?",
    ],
)
def test_answers_are_told(text: str) -> None:
    assert looks_like_question(text) is False


@pytest.mark.parametrize(
    ("text", "courtesy"), [("你好", True), ("谢谢！", True), ("Thank you.", True), ("你好科技", False)]
)
def test_courtesies_are_told(text: str, courtesy: bool) -> None:
    assert is_courtesy(text) is courtesy
