import pytest

from knowledge.kinds import KINDS


@pytest.mark.parametrize(
    ("kind", "question", "sentence"),
    [
        ("date", "when does it close", "entries close on 30 january 2026"),
        ("date", "哪天截止", "6月20日前提交"),
        ("people", "一队最多几个人", "每队2至7人"),
        ("people", "how many guests can we bring", "two guests are welcome"),
        ("times", "一共评几轮", "评审分两轮进行"),
        ("fee", "要交钱吗", "不收取任何费用"),
        ("money", "一等奖多少钱", "奖金2万元"),
        ("phone", "电话是多少", "咨询电话:0000-5550149"),
    ],
)
def test_kind_that_is_asked_for_is_held_by_the_sentence_that_says_it(kind: str, question: str, sentence: str) -> None:
    asked, held = KINDS[kind]
    assert asked.search(question)
    assert held.search(sentence)
    assert not asked.search("作品须为原创")
    assert not held.search("作品须为原创")


def test_kind_is_not_asked_for_by_the_way() -> None:
    assert not KINDS["people"][0].search("会不会标第几名")
    assert not KINDS["times"][0].search("用ai跑过几轮草图")
    assert not KINDS["fee"][0].search("a glass-free tank")
    assert not KINDS["phone"][0].search("有人打电话说能包过")
