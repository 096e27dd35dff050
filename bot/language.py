"""Which of the two languages a text is in."""

import re

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORDS = re.compile(
    r"[A-Za-z]{2,}\W+[A-Za-z]{2,}|^\W*(?:hi|hello|hey|thanks|help|apply|status|start)\W*$", re.IGNORECASE
)

# The search for two words is quadratic in a run of letters, and nobody needs more to tell a language.
_READ = 200


def guess_locale(text: str) -> str | None:
    """Says "zh" where there is a Han character, "en" for English words, None where nothing can be told.

    One Latin word alone is as likely the name of a programme or of a company in China.
    """
    start = text[:_READ]
    if _HAN.search(start):
        return "zh"
    return "en" if not start.startswith(("/", "／")) and _WORDS.search(start) else None
