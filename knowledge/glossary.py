"""The words of a text, with those of the other language that mean the same (data/glossary.txt)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.features import stem

_DATA = Path(__file__).parent / "data"
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z'’&-]*[a-z]|[a-z]")
_LONGEST_HAN, _LONGEST_LATIN = 8, 4  # characters, words
# What the word itself counts, another of its sense, one of a sense that is near, and a part of it.
SAME, ALIKE, NEAR, PART = 1.0, 0.85, 0.55, 0.4
_PAIR = 2
_NEARBY = "~"  # begins a row of words that are near each other, and the name of their sense


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question: the keys that stand for it, each with its worth."""

    surface: str
    keys: tuple[tuple[str, float], ...]
    weight: float = 1.0


@dataclass(frozen=True)
class _Table:
    """The glossary's words with their senses, and what says nothing of the matter."""

    han: Mapping[str, tuple[str, ...]]
    latin: Mapping[tuple[str, ...], tuple[str, ...]]
    quiet_han: re.Pattern[str]
    quiet_latin: frozenset[str]
    faint: frozenset[str]


@cache
def _table() -> _Table:
    """The data files, read once."""
    han, latin = dict[str, list[str]](), dict[tuple[str, ...], list[str]]()
    for number, row in enumerate(_rows("glossary.txt")):
        chinese, _, english = row.removeprefix(_NEARBY).partition("|")
        sense = f"{_NEARBY if row.startswith(_NEARBY) else 'g'}{number}"
        for word in chinese.split():
            if word.isascii():
                latin.setdefault((stem(word),), []).append(sense)
            else:
                han.setdefault(word, []).append(sense)
        for phrase in english.split():
            key = tuple(stem(word) for word in phrase.split("_"))
            latin.setdefault(key, []).append(sense)
    quiet: dict[str, list[str]] = {"han": [], "latin": [], "faint": []}
    for row in _rows("quiet.txt"):
        kind, _, words = row.partition(":")
        quiet[kind] += words.split()
    pattern = re.compile("|".join(sorted(map(re.escape, quiet["han"]), key=len, reverse=True)))
    return _Table(
        {word: tuple(dict.fromkeys(senses)) for word, senses in han.items()},
        {word: tuple(dict.fromkeys(senses)) for word, senses in latin.items()},
        pattern,
        frozenset(quiet["latin"]) | {stem(word) for word in quiet["latin"]},
        frozenset(quiet["faint"]) | {stem(word) for word in quiet["faint"]},
    )


def _rows(name: str) -> list[str]:
    """The lines of a data file that are no comment."""
    return [row for row in (_DATA / name).read_text(encoding="utf-8").split("\n") if row and not row.startswith("#")]


def keys(text: str) -> frozenset[str]:
    """All keys of a folded, simplified text: its words, pairs of Han characters, and the senses of both."""
    found, table = set[str](), _table()
    before = list[str]()
    for run in _RUNS.findall(text):
        if run[0] >= "\u3400":
            before = []
            found |= {"2" + run[i : i + 2] for i in range(len(run) - 1)}
            found |= {"1" + run} if len(run) == 1 else set()
            for start in range(len(run)):
                for size in range(1, min(_LONGEST_HAN, len(run) - start) + 1):
                    if senses := table.han.get(run[start : start + size]):
                        found |= {"w" + run[start : start + size], *senses}
            continue
        for word in _parts(run):
            before = [*before[1 - _LONGEST_LATIN :], stem(word)]
            found.add("e" + before[-1])
            for size in range(1, len(before) + 1):
                found |= set(table.latin.get(tuple(before[-size:]), ()))
    return frozenset(found)


def _parts(run: str) -> tuple[str, ...]:
    """An English word, and the parts of one with a hyphen."""
    return (run, *run.split("-")) if "-" in run else (run,)


def terms(question: str) -> tuple[Term, ...]:
    """What a folded, simplified question speaks of, without the words that only hold it together."""
    found, latin = list[Term](), list[str]()
    for run in [*_RUNS.findall(question), "\u3400"]:
        if run[0] < "\u3400":
            latin.append(run)
            continue
        found += _english(latin)
        latin = []
        found += _chinese(run)
    return tuple({term.surface: term for term in found}.values())


def _chinese(run: str) -> Iterator[Term]:
    """The words of a Han run: the longest that the glossary knows, and pairs of what is left."""
    table, start, loose = _table(), 0, ""
    while start < len(run):
        quiet = table.quiet_han.match(run, start)
        least = max(1, quiet.end() - start) if quiet else 0
        word = next(
            (
                run[start : start + size]
                for size in range(min(_LONGEST_HAN, len(run) - start), least, -1)
                if run[start : start + size] in table.han
            ),
            "",
        )
        if not word and not quiet:
            loose += run[start]
            start += 1
            continue
        yield from _pairs(loose)
        loose = ""
        start += len(word) or least
        if word:
            faint = 0.4 if word in table.faint else 1.0
            yield Term(word, (("w" + word, SAME), *_senses(table.han[word]), *_parts_of(word)), faint)
    yield from _pairs(loose)


def _parts_of(word: str) -> Iterator[tuple[str, float]]:
    """The pairs of a longer Han word: a guide may have a part of it, or the same in another order."""
    if len(word) > _PAIR:
        yield from (("2" + word[i : i + _PAIR], PART) for i in range(len(word) - 1))


def _senses(senses: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Each sense of a word with what another word of it counts."""
    return ((sense, NEAR if sense.startswith(_NEARBY) else ALIKE) for sense in senses)


def _pairs(loose: str) -> Iterator[Term]:
    """Pairs of characters that no word of the glossary covers; together they count as the words they may be."""
    loose = loose.removeprefix("\u3400")
    pairs = [loose[i : i + 2] for i in range(len(loose) - 1)]
    for pair in pairs:
        yield Term(pair, (("2" + pair, SAME),), 1.0 if len(pairs) == 1 else 1.3 / 2)


def _english(words: list[str]) -> Iterator[Term]:
    """The words and phrases of an English run."""
    table, start = _table(), 0
    stems = [stem(word) for word in words]
    while start < len(words):
        for size in range(min(_LONGEST_LATIN, len(words) - start), 0, -1):
            phrase = tuple(stems[start : start + size])
            senses = table.latin.get(phrase, ())
            if size == 1 and (words[start] in table.quiet_latin or stems[start] in table.quiet_latin):
                start += 1
                break
            if senses or size == 1:
                faint = 0.4 if size == 1 and (words[start] in table.faint or stems[start] in table.faint) else 1.0
                own = tuple(("e" + one, SAME / size) for one in phrase)
                yield Term(" ".join(phrase), (*own, *_senses(senses)), faint)
                start += size
                break
