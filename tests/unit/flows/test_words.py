import pytest

from bot.flows.values import Input
from bot.flows.words import WORDS, read_choice, read_word


@pytest.mark.parametrize(
    ("text", "word", "argument"),
    [
        ("返回", "back", ""),
        ("Back", "back", ""),
        ("／完成", "done", ""),
        ("/done", "done", ""),
        ("完成。", "done", ""),
        ("修改 公司名称", "edit", "公司名称"),
        ("修改公司名称", "edit", "公司名称"),
        ("修改第2行", "edit", "2"),
        ("change 2", "edit", "2"),
        ("删除２", "delete", "2"),
        ("deleted", "", ""),
        ("好的，我写完了", "done", ""),
        ("我已发完了。", "done", ""),
        ("好，保存", "save", ""),
        ("ok, done", "done", ""),
        ("好的", "", ""),
        ("我完成", "", ""),
        ("好，我们写完了", "", ""),
        ("完成了一项研究", "", ""),
    ],
)
def test_words_read_in_both_languages(text: str, word: str, argument: str) -> None:
    found = read_word(text)
    assert (found.word, found.argument, found.text) == (word, argument, text)


def test_words_mean_one_thing_each() -> None:
    texts = [text for meant in WORDS.values() for text in meant]
    assert len(texts) == len(set(texts))


def test_choice_is_a_word_or_a_value() -> None:
    assert read_choice("word:delete 2") == Input(word="delete", argument="2")
    assert read_choice("lamp") == Input(choice="lamp")
