"""What every channel does to a text before it goes out or comes in: cleaning, and cutting to a message's size."""

import re
import unicodedata
from collections.abc import Callable

# Control characters but newline and tab; lone surrogates and U+FFFE/U+FFFF, which neither UTF-8 nor XML can carry.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SENTENCE_END = re.compile(r"[。！？；…][”’」』）》]?|[.!?;][\"')\]]?(?=\s)")
_JOINER = "\u200d"
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
# A border nearer to the beginning than this part of the piece would leave a scrap of a message.
_LEAST_FILL = 3


def clean(text: str) -> str:
    r"""The text with \n as its only line end and no control character but newline and tab."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def split(text: str, limit: int, measure: Callable[[str], int]) -> list[str]:
    """Cuts a text into pieces of at most `limit` units of `measure`.

    It cuts at the last paragraph border that fits, else the last line, sentence, word, and at worst between two
    characters; borders near the beginning of a piece do not count. Nothing is lost but white space at the cuts. A text
    that fits comes back as it is.

    Args:
        text: Any text.
        limit: The most that a piece may measure; at least what a single character does.
        measure: Counts a text, at least 1 for a character, and more for a longer text than for its beginning.

    Raises:
        ValueError: A single character is over the limit.
    """
    pieces = []
    while measure(text) > limit:
        cut = _border(text, _fitting(text, limit, measure))
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip(" \n")
    return [piece for piece in (*pieces, text) if piece] or [""]


def _fitting(text: str, limit: int, measure: Callable[[str], int]) -> int:
    """The number of leading characters that fit."""
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= limit else (low, middle - 1)
    if low == 0:
        raise ValueError(f"a character is longer than the limit of {limit}")
    return low


def _border(text: str, end: int) -> int:
    """Where to cut a text of which `end` characters fit."""
    least = end // _LEAST_FILL
    fitting = text[: end + 1]  # one more: white space right after the piece is the best border
    for mark in ("\n\n", "\n"):
        if (found := fitting.rfind(mark)) > least:
            return min(found, end)
    sentences = [match.end() for match in _SENTENCE_END.finditer(fitting) if least < match.end() <= end]
    if sentences:
        return sentences[-1]
    if (found := fitting.rfind(" ")) > least:
        return min(found, end)
    return _character_border(text, end)


def _character_border(text: str, end: int) -> int:
    """The last place up to `end` that does not part a letter from its accents or the parts of an emoji."""
    for cut in range(end, end // 2, -1):
        if not (_continues(text[cut]) or text[cut - 1] == _JOINER):
            return cut
    return end


def _continues(character: str) -> bool:
    return (
        character == _JOINER
        or _SKIN_TONES[0] <= character <= _SKIN_TONES[1]
        or unicodedata.category(character) in {"Mn", "Me", "Mc"}
    )
