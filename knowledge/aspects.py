"""What a question may be after so plainly that a sentence without it is no answer (data/aspects.txt)."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

Pattern = tuple[
    int, re.Pattern[str], bool, bool
]  # the place of its aspect; whether it needs Han letters, or Latin ones
_FILE = Path(__file__).parent / "data" / "aspects.txt"
_SHOWS, _ASKS = "+", "?"
_HAN, _LATIN = re.compile("[\u3400-\u9fff]"), re.compile("[a-z]")


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    """The words of each aspect."""
    rows = [row.partition(":") for row in _FILE.read_text(encoding="utf-8").split("\n") if not row.startswith("#")]
    return tuple(
        tuple(word.replace("_", " ") for word in words.split() if word != "|") for _, _, words in rows if words
    )


@cache
def _words() -> tuple[tuple[str, int], ...]:
    """The words that ask for an aspect, each with its place."""
    return tuple(
        (word, place) for place, row in enumerate(_rows()) for word in row if not word.startswith((_SHOWS, _ASKS))
    )


@cache
def _asking() -> tuple[Pattern, ...]:
    """What else asks for an aspect."""
    return tuple(_patterns([[word[1:] for word in row if word.startswith(_ASKS)] for row in _rows()]))


@cache
def _showing() -> tuple[Pattern, ...]:
    """What shows that a sentence holds an aspect."""
    rows = [[word for word in row if not word.startswith(_ASKS)] for row in _rows()]
    return tuple(
        _patterns([[word[1:] if word.startswith(_SHOWS) else re.escape(word) for word in row] for row in rows])
    )


def _patterns(rows: Sequence[Sequence[str]]) -> Iterator[Pattern]:
    """The patterns of each aspect, those that need the same letters as one."""
    for place, row in enumerate(rows):
        kinds = [(_is_han(word), _is_latin(word)) for word in row]
        for kind in dict.fromkeys(kinds):
            some = [_begun(word) for word, one in zip(row, kinds, strict=True) if one == kind]
            yield place, re.compile("|".join(some)), *kind


def _found(patterns: Sequence[Pattern], text: str) -> set[int]:
    """The places of the aspects of which a pattern matches."""
    han, latin = bool(_HAN.search(text)), bool(_LATIN.search(text))
    return {
        place
        for place, pattern, needs_han, needs_latin in patterns
        if (han or not needs_han) and (latin or not needs_latin) and pattern.search(text)
    }


def _is_han(pattern: str) -> bool:
    """Whether a pattern matches only where there are Han characters."""
    return bool(_HAN.search(pattern)) and not re.search(r"(?<!\\)[a-z%@]", pattern)


def _is_latin(pattern: str) -> bool:
    """Whether a pattern begins with a Latin letter, whatever it allows before it."""
    return pattern.lstrip("(?:")[:1].isascii() and pattern.lstrip("(?:")[:1].isalpha()


def _begun(pattern: str) -> str:
    """A pattern; one of Latin letters matches only where a word begins."""
    return rf"(?<![a-z]){pattern}" if _is_latin(pattern) else pattern


def asked(question: str) -> tuple[int, ...]:
    """The places of the aspects that a folded, simplified question is after."""
    found = {place for word, place in _words() if word in question and _begins(word, question)}
    return tuple(sorted(found | _found(_asking(), question)))


def _begins(word: str, text: str) -> bool:
    """Whether a word that a text holds begins a word there, if it is Latin."""
    return not (word[0].isascii() and word[0].isalpha()) or bool(re.search(rf"(?<![a-z]){re.escape(word)}", text))


@lru_cache(maxsize=4096)
def held(text: str) -> tuple[int, ...]:
    """The places of the aspects that a folded, simplified text holds."""
    return tuple(sorted(_found(_showing(), text)))


def count() -> int:
    """How many aspects there are."""
    return len(_rows())
