import pytest

from bot.flows.questions import is_courtesy, looks_like_question, wished_for


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


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("我想申报创新之光", "创新之光"),
        ("我们公司要报名“灯笼奖”。", "灯笼奖"),
        ("申报灯笼奖吧", "灯笼奖"),
        ("开始申报", ""),
        ("I want to apply for Lantern", "lantern"),
        ("I'd like to apply", ""),
        ("怎么申报创新之光", None),
        ("申报创新之光要钱吗", None),
        ("创新之光", None),
        ("你好", None),
    ],
)
def test_wish_to_apply_names_what_for(text: str, wished: str | None) -> None:
    assert wished_for(text) == wished
