"""A question as the features it is compared by: words and parts of them, their sound, the concepts they stand for."""

import re
from collections.abc import Container, Iterator, Mapping
from functools import cache, lru_cache
from itertools import combinations, pairwise
from pathlib import Path

from knowledge.regions import spelt_out

_DATA = Path(__file__).parent / "data"
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z'’]*|\d+(?:\.\d+)?")
_LATIN = re.compile(r"[a-z][a-z'’-]+")
_ENDINGS = ("ications", "ication", "ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "ly", "y", "s")
_LEAST_STEM = 3
_GRAMS = (3, 4, 5)
OUTSIDE = "outside"  # the concept of what has nothing to do with awards
_PREFIX = 6  # an English concept word as long as this matches the beginning of a longer one
# Words that hold a sentence together and say nothing of its subject: they count for little beside the rest.
_STOP = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "for",
        "and",
        "or",
        "is",
        "are",
        "be",
        "do",
        "does",
        "did",
        "we",
        "you",
        "i",
        "it",
        "our",
        "your",
        "my",
        "me",
        "us",
        "can",
        "could",
        "may",
        "will",
        "would",
        "should",
        "there",
        "this",
        "that",
        "these",
        "those",
        "with",
        "at",
        "by",
        "as",
        "if",
        "so",
        "any",
        "have",
        "has",
        "had",
        "was",
        "were",
        "been",
        "please",
        "pls",
        "hi",
        "hello",
        "am",
        "not",
    ]
)
FILLER = re.compile(
    r"请问一下|请问|想问一下|想问问|想问|问一下|问下|您好|你好|麻烦|谢谢|老师|打扰了|哈喽|在吗|亲|呀|啊|呢|吧|哈|嘛|哦|噢|诶|咯|的话"
)
# What each kind of feature weighs, by its first character: Han characters 1, their pairs 2 and threes 3, pairs as they
# sound | and single sounds /, English words w and S (those that say nothing), pairs of them B, parts of them ~,
# concepts @, pairs of them &, numbers #. Chosen by cross-validation over authors: single characters generalise best.
WEIGHTS = {
    "1": 1.6,
    "2": 1.0,
    "3": 0.2,
    "|": 0.25,
    "/": 0.5,
    "w": 1.5,
    "S": 0.5,
    "B": 1.0,
    "~": 0.7,
    "@": 1.0,
    "&": 0.5,
    "#": 1.0,
}


def _bare(text: str) -> str:
    """The text without words of courtesy, unless it is made of them."""
    return FILLER.sub(" ", text).strip() or text


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word without its commonest endings."""
    word = word.replace("’", "'").removesuffix("'s").removesuffix("'re").removesuffix("n't")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM + (ending == "ly"):
            return word[: -len(ending)]
    return word


@cache
def _sounds() -> Mapping[str, str]:
    """The syllable of each common character."""
    rows = (_DATA / "pinyin.txt").read_text(encoding="utf-8").split("\n")[1:]
    return {character: row.split()[0] for row in rows if row for character in row.split()[1]}


@cache
def _heard() -> Mapping[str, str]:
    """The words of two characters that concepts have, by their sound."""
    sounds = _sounds()
    asked = [word for word, meant in _concepts()[0].items() if OUTSIDE not in meant]
    pairs = [word for word in asked if len(word) == 2 and all(character in sounds for character in word)]
    return {sounds[word[0]] + "'" + sounds[word[1]]: word for word in sorted(pairs, reverse=True)}


def telling(text: str) -> list[str]:
    """What `mend` and `coverage` ask of a text, whether it is known: its pairs of characters and English words."""
    pairs = ["2" + text[place : place + 2] for place in range(len(text) - 1)]
    return pairs + ["w" + stem(word) for word in _RUNS.findall(text) if word[0].isalpha() and word[0] < "\u3400"]


def mend(text: str, known: Container[str]) -> str:
    """The text with pairs of characters that nobody writes replaced by the word that sounds the same: 专力 is 专利.

    A pair is left alone where both characters go with their other neighbours, or the word shares none of the two.
    `known` are those of the text's telling features that lines have.
    """
    sounds, heard = _sounds(), _heard()
    characters, mended = list(text), -1
    for place in range(len(characters) - 1):
        one, other = characters[place : place + 2]
        if place == mended or one not in sounds or other not in sounds or f"2{one}{other}" in known:
            continue
        if place and f"2{text[place - 1 : place + 1]}" in known and f"2{text[place + 1 : place + 3]}" in known:
            continue
        word = heard.get(f"{sounds[one]}'{sounds[other]}", "")
        if word[:1] == one or word[1:] == other:
            characters[place : place + 2] = word
            mended = place + 1
    return "".join(characters)


@cache
def _concepts() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]], tuple[tuple[str, str], ...]]:
    """Chinese words and phrases with their concepts, English stems with theirs, and long English beginnings."""
    han, latin, long = dict[str, set[str]](), dict[str, set[str]](), list[tuple[str, str]]()
    for row in (_DATA / "concepts.txt").read_text(encoding="utf-8").split("\n"):
        concept, colon, words = row.partition(":")
        meant = {concept, concept.partition("/")[0]}  # a finer concept stands for its wider one as well
        for word in spelt_out(words.split()) if colon and not row.startswith("#") else ():
            if "_" in word or " " in word:
                han.setdefault(word.replace("_", " "), set()).update(meant)
            elif word.isascii() and word[0].isalpha():
                latin.setdefault(stem(word), set()).update(meant)
                if len(word) >= _PREFIX:
                    long += [(word, one) for one in meant]
            else:
                han.setdefault(word, set()).update(meant)
    phrases, stems = ({word: frozenset(found) for word, found in words.items()} for words in (han, latin))
    return phrases, stems, tuple(long)


@cache
def _sizes() -> Mapping[str, list[int]]:
    """How long the words are that begin with a character, longest first.

    They are looked up and not made one pattern of: compiling it took a tenth of the time until ready.
    """
    found = dict[str, set[int]]()
    for word in _concepts()[0]:
        found.setdefault(word[0], set()).add(len(word))
    return {first: sorted(sizes, reverse=True) for first, sizes in found.items()}


def _words(text: str, shared: int = 0) -> Iterator[tuple[int, str]]:
    """The words of concepts in a text and their places, the longest from the left; neighbours may share characters."""
    words, sizes, start = _concepts()[0], _sizes(), 0
    while start < len(text):
        step = 1
        for size in sizes.get(text[start], ()):
            if text[start : start + size] in words:
                yield start, text[start : start + size]
                step = max(1, size - shared)
                break
        start += step


def concepts(text: str) -> frozenset[str]:
    """The concepts that a folded, simplified text speaks of."""
    words = _concepts()[0]
    found = {concept for _, word in _words(text, shared=1) for concept in words[word]}
    for word in _LATIN.findall(text):
        found |= _meanings(word)
    return frozenset(found)


@lru_cache(maxsize=20_000)
def _meanings(word: str) -> frozenset[str]:
    """The concepts of an English word: by its stem, and by the beginning that it shares with a long one."""
    _, known, long = _concepts()
    begun = {concept for beginning, concept in long if word.startswith(beginning)} if len(word) >= _PREFIX else set()
    return known.get(stem(word), frozenset()) | begun


def features(text: str) -> list[str]:
    """The features of a folded, simplified text, its kind before each; a feature may occur more than once."""
    text = _bare(text)
    before, found = "<", list[str]()
    for run in _RUNS.findall(text):
        if run[0] >= "\u3400":
            found += _han(run)
        elif run[0].isdigit():
            found.append("#")
        else:
            found += _word(run, before)
            before = stem(run)
    meant = sorted(concepts(text))
    found += ["@" + concept for concept in meant]
    found += [f"&{one}+{other}" for one, other in combinations(meant, 2)]
    return found


def _han(run: str) -> list[str]:
    """The characters of a run, its pairs and threes with its ends marked, and how it sounds."""
    padded = f"^{run}$"
    sounds = _sounds()
    heard = [sounds.get(character, character) for character in run]
    found = ["1" + character for character in run]
    found += ["2" + padded[i : i + 2] for i in range(len(padded) - 1)]
    found += ["3" + padded[i : i + 3] for i in range(len(padded) - 2)]
    found += ["/" + sound for sound in heard]
    found += ["|" + one + "'" + other for one, other in pairwise(heard)]
    return found


@lru_cache(maxsize=20_000)
def _word(word: str, before: str) -> tuple[str, ...]:
    """An English word, its pair with the word before, and its parts of three to five letters."""
    root, marked = stem(word), f"<{word}>"
    parts = ("~" + marked[i : i + size] for size in _GRAMS for i in range(len(marked) - size + 1))
    return (("S" if word in _STOP else "w") + root, f"B{before} {root}", *parts)


def content(text: str) -> frozenset[str]:
    """What a text is about: its pairs of Han characters and its English words that are no stop words."""
    found = set[str]()
    for run in _RUNS.findall(FILLER.sub(" ", text)):
        if run[0] >= "\u3400":
            found |= {run[i : i + 2] for i in range(len(run) - 1)} or {run}
        elif run[0].isalpha() and run not in _STOP:
            found.add(stem(run))
    return frozenset(found)


def coverage(text: str, known: Container[str]) -> float:
    """The part of a folded, simplified text that is made of known features, concepts or words that say nothing.

    A Han character counts as one, an English word as two; 0 where there is neither. `known` is as for `mend`.
    """
    text = _bare(text)
    total = met = 0
    for run in _RUNS.findall(text):
        if run[0] >= "\u3400":
            total += len(run)
            met += len(_met(run, known))
        elif run[0].isalpha() and run not in _STOP:
            total += 2
            met += 2 * ("w" + stem(run) in known)
    return met / total if total else 0.0


def _met(run: str, known: Container[str]) -> set[int]:
    """The places of a Han run that are part of a known pair or of a concept's word."""
    found = {place for start, word in _words(run) for place in range(start, start + len(word))}
    for place in range(len(run) - 1):
        if "2" + run[place : place + 2] in known:
            found |= {place, place + 1}
    return found
