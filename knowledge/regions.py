"""Places by the region they lie in (data/regions.txt), so that no pack need list the cities of a country."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "regions.txt"
_AROUND = re.compile(r"\(\?[^)]*\)")  # what must not stand beside a name
_PEOPLE = r"(?:n|s|'s|an|ian|ese)?(?![a-z])"  # how Latin names go on
MARK = "@"
CHINA, ABROAD = "china", "abroad"  # the second is all that is not the first


@cache
def regions() -> Mapping[str, tuple[str, ...]]:
    """The names of places, simplified and in small letters, as regular expressions, by region."""
    found = dict[str, tuple[str, ...]]()
    for row in _FILE.read_text(encoding="utf-8").split("\n"):
        region, colon, names = row.partition(": ")
        if colon and not row.startswith("#"):
            found[region] = (*found.get(region, ()), *(name.replace("_", " ") for name in names.split()))
    return found | {ABROAD: tuple(chain.from_iterable(names for region, names in found.items() if region != CHINA))}


def spelt_out(words: Sequence[str]) -> tuple[str, ...]:
    """Words with the names of a region's places for every "@region". Raises KeyError for one that nobody listed."""
    return tuple(
        _AROUND.sub("", name) for word in words for name in (regions()[word[1:]] if word.startswith(MARK) else (word,))
    )


@lru_cache(maxsize=64)
def places(text: str) -> tuple[tuple[str, int, int], ...]:
    """The places that a folded, simplified text names: the region of each, where it begins and ends."""
    return tuple(
        (str(match.lastgroup).replace("_", "-"), match.start(), match.end()) for match in _pattern().finditer(text)
    )


def within(region: str, text: str) -> list[tuple[int, int]]:
    """Where a text names places of a region."""
    return [
        (start, end) for found, start, end in places(text) if found == region or (region == ABROAD and found != CHINA)
    ]


@cache
def _pattern() -> re.Pattern[str]:
    """All places, the longest names first, in a group a region."""
    groups = (
        f"(?P<{region.replace('-', '_')}>{'|'.join(map(_whole, sorted(names, key=len, reverse=True)))})"
        for region, names in regions().items()
        if region != ABROAD
    )
    return re.compile("|".join(groups))


def _whole(name: str) -> str:
    """A name's pattern; one in Latin letters is a word of its own."""
    return rf"(?<![a-z]){re.escape(name)}{_PEOPLE}" if name.isascii() and name[0].isalpha() else name
