import pytest

from knowledge import aspects


def test_aspect_is_asked_for_and_shown_in_either_language() -> None:
    assert aspects.asked("奖金要交税吗") == aspects.asked("is the prize taxed") != ()
    assert set(aspects.asked("奖金要交税吗")) <= set(aspects.held("all amounts are before tax"))


def test_latin_word_begins_a_word() -> None:
    assert aspects.asked("a syntax question") == ()


def test_what_only_shows_an_aspect_does_not_ask_for_it() -> None:
    asked = aspects.asked("写信给谁")
    assert set(asked) <= set(aspects.held("help@example.org"))
    assert aspects.asked("help@example.org") == ()


@pytest.mark.parametrize(
    ("question", "silent", "telling"),
    [
        ("这届评审委员都是哪些人", "评审会于5月举行。", "评审委员会名单另行公布。"),
        ("how soon after the dinner does the money turn up", "The prize is 500 euros.", "The prize is paid in June."),
        ("专家来看现场待多久", "专家到现场核查。", "现场核查约两天。"),
    ],
)
def test_what_asks_for_an_aspect_is_no_sign_that_a_sentence_holds_it(question: str, silent: str, telling: str) -> None:
    lacking = set(aspects.asked(question)) - set(aspects.held(silent))
    assert lacking
    assert lacking <= set(aspects.held(telling.lower()))


def test_sentence_in_one_language_is_searched_for_marks_that_hold_no_letter_of_the_other() -> None:
    assert set(aspects.asked("几兆")) <= set(aspects.held("15 mb at most"))
