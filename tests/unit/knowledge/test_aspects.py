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
