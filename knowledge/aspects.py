"""What a question is after so plainly that a sentence without it is no answer (data/aspects.txt)."""

import re
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "aspects.txt"
_SHOWS = "+"


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    """The words of each aspect."""
    rows = [row.partition(":") for row in _FILE.read_text(encoding="utf-8").split("\n") if not row.startswith("#")]
    return tuple(
        tuple(word.replace("_", " ") for word in words.split() if word != "|") for _, _, words in rows if words
    )


@cache
def _asking() -> tuple[tuple[str, int], ...]:
    """The words that ask for an aspect, each with its place."""
    return tuple((word, place) for place, row in enumerate(_rows()) for word in row if not word.startswith(_SHOWS))


@cache
def _showing() -> tuple[re.Pattern[str], ...]:
    """Of each aspect what shows that a sentence holds it."""
    return tuple(
        re.compile("|".join(_begun(word[1:] if word.startswith(_SHOWS) else re.escape(word)) for word in row))
        for row in _rows()
    )


def _begun(pattern: str) -> str:
    """A pattern; one of Latin letters matches only where a word begins."""
    first = pattern.lstrip("(?:")[:1]
    return rf"(?<![a-z]){pattern}" if first.isascii() and first.isalpha() else pattern


def asked(question: str) -> tuple[int, ...]:
    """The places of the aspects that a folded, simplified question is after."""
    found = {place: word for word, place in _asking() if word in question and _begins(word, question)}
    return tuple(found)


def _begins(word: str, text: str) -> bool:
    """Whether a word that a text holds begins a word there, if it is Latin."""
    return not (word[0].isascii() and word[0].isalpha()) or bool(re.search(rf"(?<![a-z]){re.escape(word)}", text))


def held(text: str) -> tuple[int, ...]:
    """The places of the aspects that a folded, simplified text holds."""
    return tuple(place for place, showing in enumerate(_showing()) if showing.search(text))


def count() -> int:
    """How many aspects there are."""
    return len(_rows())
