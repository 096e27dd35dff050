"""Places by the region they lie in (data/regions.txt), so that no pack need list the cities of a country."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "regions.txt"
_MARK = "@"
CHINA, ABROAD = "china", "abroad"  # the second is all that is not the first


@cache
def regions() -> Mapping[str, tuple[str, ...]]:
    """The names of places, simplified and in small letters, by region."""
    found = dict[str, tuple[str, ...]]()
    for row in _FILE.read_text(encoding="utf-8").split("\n"):
        region, colon, names = row.partition(": ")
        if colon and not row.startswith("#"):
            found[region] = (*found.get(region, ()), *(name.replace("_", " ") for name in names.split()))
    return found | {ABROAD: tuple(chain.from_iterable(names for region, names in found.items() if region != CHINA))}


def spelt_out(words: Sequence[str]) -> tuple[str, ...]:
    """Words with the places of a region for every "@region". Raises KeyError for a region that nobody listed."""
    return tuple(chain.from_iterable(regions()[word[1:]] if word.startswith(_MARK) else (word,) for word in words))


def cities(text: str) -> frozenset[str]:
    """The Chinese cities and provinces that a folded, simplified text names."""
    return frozenset(name for name in regions()[CHINA] if name in text)
