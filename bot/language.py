"""Which of the two languages a text is in."""

import re

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORDS = re.compile(
    r"[A-Za-z]{2,}\W+[A-Za-z]{2,}|^\W*(?:hi|hello|hey|thanks|help|apply|status|start)\W*$", re.IGNORECASE
)


def guess_locale(text: str) -> str | None:
    """Says "zh" where there is a Han character, "en" for English words, None where nothing can be told.

    One Latin word alone is as likely the name of a programme or of a company in China.
    """
    if _HAN.search(text):
        return "zh"
    return "en" if not text.startswith(("/", "／")) and _WORDS.search(text) else None
