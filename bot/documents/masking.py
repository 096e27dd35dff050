"""Personal data made unreadable, with just enough left to tell one entry from the next."""

import re

_HIDDEN = "***"
_EMAIL = re.compile(r"([^@\s]+)@([^@\s]+\.[^@\s]+)")
_DIGIT = re.compile(r"\d")
_LIKE_NUMBER = 5  # digits
_LAST = 2


def mask(text: str) -> str:
    """A name keeps its first character, a number its last two digits, an e-mail address its domain; "" stays empty."""
    given = text.strip()
    if not given:
        return ""
    if found := _EMAIL.fullmatch(given):
        return f"{_first(found[1])}{_HIDDEN}@{found[2]}"
    digits = _DIGIT.findall(given)
    if len(digits) >= _LIKE_NUMBER:
        return _HIDDEN + "".join(digits[-_LAST:])
    return f"{_first(given)}{_HIDDEN}"


def _first(text: str) -> str:
    """The first character; of a single one nothing, for it would be all."""
    return text[0] if len(text) > 1 else ""
