"""Folding and counting of text."""

import re
import unicodedata
from functools import cache

# What counts as one 字 on its own: ideographs, kana, and Chinese punctuation (CJK symbols, full-width forms, and the
# quotation marks, dashes and ellipsis that Chinese shares with Latin scripts).
_SINGLE = (
    "\u2e80-\u2fdf\u3001-\u30ff\u3105-\u312f\u3190-\u31ff\u3200-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\ufe30-\ufe4f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2014\u2018\u2019\u201c\u201d\u2026\u00b7"
    "\U00020000-\U0003ffff"
)
_SPACE = re.compile(r"\s+")
_MARKS = str.maketrans("", "", "*\\")
_HIGHEST = 30  # combining marks on a letter
_SHORT = 1000  # characters among which no pile does harm


def unpiled(text: str) -> str:
    """The text with at most 30 combining marks on a letter, as Unicode's stream-safe format has it.

    To put a pile of them in order takes the square of its height: 100,000 keep Python busy for eight seconds.
    """
    if len(text) <= _SHORT or text.isascii():
        return text
    kept, height = [], 0
    for character in text:
        height = height + 1 if unicodedata.combining(character) else 0
        if height <= _HIGHEST:
            kept.append(character)
    return "".join(kept)


def _lines(text: str) -> str:
    """The text composed (NFC), with Unix line ends and trimmed."""
    return unicodedata.normalize("NFC", unpiled(text).replace("\r\n", "\n").replace("\r", "\n")).strip()


@cache
def _units() -> re.Pattern[str]:
    """What counts as one 字. Compiled when something is first counted: it takes as long as a dozen other patterns."""
    return re.compile(rf"[{_SINGLE}]|[^\s{_SINGLE}]+")


def count(text: str) -> int:
    """Counts 字: an ideograph, kana or Chinese mark is one, a run of Latin letters and digits is one, space none."""
    return sum(1 for _ in _units().finditer(_lines(text)))


def count_raw(text: str) -> int:
    """Counts the code points that are not white space: the strictest way a form may count."""
    return sum(1 for character in _lines(text) if not character.isspace())


def fold(text: str) -> str:
    """The text in NFKC and lower case, white space runs made one space, control characters dropped."""
    flat = unicodedata.normalize("NFKC", unpiled(text)).lower()
    if not flat.isprintable():
        flat = "".join(c if c.isspace() or unicodedata.category(c)[0] != "C" else " " for c in flat)
    return _SPACE.sub(" ", flat).strip()


def squeeze(text: str) -> str:
    """The text in NFKC without white space, asterisks and backslashes: how quotes are compared with a guide."""
    return "".join(unicodedata.normalize("NFKC", unpiled(text)).split()).translate(_MARKS)


def is_chinese(text: str) -> bool:
    """Whether a reader of this text expects Chinese: it holds Han characters in more than a passing name."""
    han = sum(1 for c in text if "\u3400" <= c <= "\u9fff")
    latin = len(re.findall(r"[A-Za-z]+", text))
    return han > 0 and han >= latin
