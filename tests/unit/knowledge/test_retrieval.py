from knowledge.passages import read_passages
from knowledge.programme import Programme, Topic
from knowledge.retrieval import Retrieval
from knowledge.wording import Wording

GUIDE = """# Guide

Send the form to kcxf@thepaper.cn before June 1.

Paper copies are not needed.

## 特征

1) 高效能性：通过优化流程实现效率的最大化。

2) 创新性：包括技术创新。
"""
PAPER = Topic("paper-copies", Wording("纸质份数", "paper copies"), cues=("paper",))


def read() -> Retrieval:
    return Retrieval(Programme("guide", Wording("g", "g"), read_passages(GUIDE)))


def test_latin_cue_is_not_found_inside_an_address() -> None:
    assert [quote.text for quote in read().by_topic(PAPER, "how many paper copies")] == ["Paper copies are not needed."]


def test_word_is_defined_by_the_sentence_that_begins_with_it() -> None:
    assert [quote.text for quote in read().defined("高效能性是什么意思")] == [
        "1) 高效能性：通过优化流程实现效率的最大化。"
    ]
    assert read().defined("先进性是什么意思") == ()
