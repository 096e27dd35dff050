"""Which language a text is in."""

import pytest

from bot.language import guess_locale


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("报名要钱吗", "zh"),
        ("TR50要钱吗", "zh"),
        ("Is there a fee?", "en"),
        ("1", None),
        ("😀", None),
        ("/help", None),
        ("TR50", None),
        ("hello", "en"),
        ("91310000MA1", None),
        ("a" * 250_000, None),
    ],
)
def test_guess_locale(text: str, locale: str | None) -> None:
    assert guess_locale(text) == locale
