"""Which programme a text speaks of: ids, names and aliases, with the typos people make."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.programme import Programme
from knowledge.scripts import simplify
from knowledge.text import fold

_KEEP = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_LATIN = re.compile(r"[0-9a-z]+")
_FUZZY_HAN = 4  # shorter names are too alike to allow a typo
_FUZZY_LATIN = 8
_KIND = re.compile(  # what a name is said to be belongs to it: "the X call for SMEs"
    r"^[”\"」》'’]*\s*(?:(?:sme|company|companies|business)\s+)?"
    r"(?:list|ranking|call|awards?|programme|program|selection|initiative|competition)\b(?:\s+for\s+smes?\b)?"
)
_DENIED = re.compile(r"(?:(?<!是)不是|并非|不(?:问|说)|\bnot|n't mean)\s*(?:指|说|问|the|about)?\s*[“\"「《]?\s*$")


def key_of(text: str) -> str:
    """A name as it is compared: folded, simplified, letters, digits and Han only."""
    return _KEEP.sub("", simplify(fold(text)))


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a text: the programme's id and the part of the text."""

    programme: str
    start: int
    end: int


class Names:
    """The names of the programmes, ready to be found."""

    def __init__(self, programmes: Mapping[str, Programme]) -> None:
        self._keys = {
            key: programme.id
            for programme in programmes.values()
            for name in _names(programme)
            if (key := key_of(name))
        }
        self._ordered = sorted(self._keys, key=len, reverse=True)
        self._last: tuple[str, tuple[Mention, ...]] = ("", ())  # a question is looked through more than once

    def find(self, text: str) -> str | None:
        """The one programme that a text names, be it a part of the name alone; None where none or several."""
        found = {mention.programme for mention in self.mentions(text)}
        if not found and (key := key_of(text)):
            found = {owner for name, owner in self._keys.items() if len(key) > 1 and key in name}
        return found.pop() if len(found) == 1 else None

    def meant(self, text: str) -> tuple[str, ...]:
        """The programmes that a text is about, each once, without those that it says it is not about."""
        found = self.mentions(text)
        kept = [mention for mention in found if not _DENIED.search(text[: mention.start])]
        return tuple(dict.fromkeys(mention.programme for mention in kept or found))

    def mentions(self, text: str) -> list[Mention]:
        """The names in a text, from left to right; exact ones, and where there are none, ones with a typo."""
        if text != self._last[0]:
            self._last = (text, tuple(self._search(text)))
        return list(self._last[1])

    def _search(self, text: str) -> list[Mention]:
        """The names in a text."""
        flat, places = _flat(text)
        return _exact(self._ordered, self._keys, flat, places) or _typos(self._ordered, self._keys, flat, places)

    def without(self, text: str, mentions: Iterable[Mention]) -> str:
        """The text with the names taken out."""
        for mention in sorted(mentions, key=lambda found: -found.start):
            text = f"{text[: mention.start]} {_KIND.sub('', text[mention.end :], count=1)}"
        return text


def _names(programme: Programme) -> Iterable[str]:
    yield from (programme.id, programme.name.zh, programme.name.en, *programme.aliases)


def _flat(text: str) -> tuple[str, list[int]]:
    """The text as names are compared, and for each character its place in the (folded, simplified) text."""
    kept = [(c, i) for i, c in enumerate(text) if not _KEEP.match(c)]
    return "".join(c for c, _ in kept), [i for _, i in kept]


def _exact(names: Iterable[str], owners: Mapping[str, str], flat: str, places: list[int]) -> list[Mention]:
    """The names that occur as they are; the longest wins where they overlap."""
    taken, found = set[int](), []
    for name in names:
        start = flat.find(name)
        while start >= 0:
            end = start + len(name)
            if not taken & set(range(start, end)) and _whole(flat, start, end, places):
                taken |= set(range(start, end))
                found.append(Mention(owners[name], places[start], places[end - 1] + 1))
            start = flat.find(name, start + 1)
    return sorted(found, key=lambda mention: mention.start)


def _whole(flat: str, start: int, end: int, places: list[int]) -> bool:
    """Whether a Latin name stands for itself and is no part of a longer word."""

    def joined(left: int, right: int) -> bool:
        return (
            left >= 0
            and right < len(flat)
            and places[right] - places[left] == 1
            and flat[left].isascii()
            and flat[right].isascii()
            and flat[left].isdigit() == flat[right].isdigit()
        )

    return not (joined(start - 1, start) or joined(end - 1, end))


def _typos(names: Iterable[str], owners: Mapping[str, str], flat: str, places: list[int]) -> list[Mention]:
    """The first name that occurs with one character wrong, missing or too many."""
    for name in names:
        least = _FUZZY_LATIN if _LATIN.fullmatch(name) else _FUZZY_HAN
        half = len(name) // 2
        # One slip leaves one half of a name as it is.
        if len(name) < least or (name[:half] not in flat and name[half:] not in flat):
            continue
        for start in (place for place, character in enumerate(flat) if character == name[0]):
            for length in (len(name), len(name) - 1, len(name) + 1):
                if start + length <= len(flat) and _one_edit(name, flat[start : start + length]):
                    return [Mention(owners[name], places[start], places[start + length - 1] + 1)]
    return []


def _one_edit(name: str, other: str) -> bool:
    """Whether two texts that begin alike differ by one character: nobody mistypes what they begin with."""
    if len(name) == len(other):
        return sum(a != b for a, b in zip(name, other, strict=True)) == 1
    short, long = sorted((name, other), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(1, len(long)))
