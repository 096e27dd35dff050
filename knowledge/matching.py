"""How well each unit of a guide fits a question: figures that bare.py weighs."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge import aspects
from knowledge.glossary import Term, keys
from knowledge.kinds import KINDS
from knowledge.programme import Topic
from knowledge.retrieval import NEEDS
from knowledge.scripts import simplify
from knowledge.statements import FIGURES as STATED
from knowledge.statements import Statements, nothing_stated
from knowledge.text import fold, is_chinese
from knowledge.units import Unit

Figures = NDArray[np.float32]

_BARS = re.compile(
    r"不得|不能|不可|不接[收受]|不予|不参评|不设|禁止|不收|不退|不发|无需|不需|不再|cannot|not\b|\bno\b|none|never|nor\b"
)
_OWN, _AROUND = 1.0, 0.55  # what a key counts in a unit's own words, and in what stands around them
_BESIDE = 0.7  # what an aspect counts in what stands around a unit
_HELD = 0.8  # of a term, to be said in so many words
_TELLING_NEEDS = frozenset({"date", "email", "phone", "amount", "size", "length"})
_TELLING = 0.6  # what it speaks for a unit that it holds what a topic needs, where few sentences do
_HAN = re.compile(r"[\u3400-\u9fff]")
_QUIET = frozenset(
    "的了吗呢吧啊是在有我你您他她们这那个么什怎哪谁几多少不没也都就还要会能可以想请问一下和与及或被把给对为到得着过上来去里中吃嘛呀咋啥行"
)
_ITEMS, _LIST = 8, 420  # items and characters of a list that is quoted whole
_FITS = 0.7  # of the best, for a unit to be one of those that a topic cannot tell apart
_UNKNOWN = 0.3  # a term that the guide does not know at all weighs as the rarest, a little more


class Index:
    """The units of one guide, ready to be compared."""

    def __init__(self, units: Sequence[Unit], topics: Sequence[Topic], statements: Statements | None = None) -> None:
        self.units = units
        self.topics = topics
        self.texts = [simplify(fold(f"{unit.quote.text}")) for unit in units]
        self.arounds = [simplify(fold(unit.around)) for unit in units]
        self.is_chinese = is_chinese(" ".join(self.texts))
        own = [keys(text) for text in self.texts]
        near = [keys(text) for text in self.arounds]
        vocabulary = sorted(set().union(*own, *near)) if units else []
        self._places = {key: place for place, key in enumerate(vocabulary)}
        self._held = np.zeros((len(vocabulary) + 1, len(units)), np.float32)  # the last row is of unknown keys
        for column, (mine, others) in enumerate(zip(own, near, strict=True)):
            for key in others:
                self._held[self._places[key], column] = _AROUND
            for key in mine:
                self._held[self._places[key], column] = _OWN
        self._fits = dict[str, Figures]()
        told = [  # a cell says nothing without the head of its column
            f"{around} {text}" if unit.kind == "row" else text
            for unit, text, around in zip(units, self.texts, self.arounds, strict=True)
        ]
        self.kinds = {
            name: np.array([bool(held.search(text)) for text in told], np.float32) for name, (_, held) in KINDS.items()
        }
        self.sizes = np.array([min(len(text.encode()) / 200, 2.0) for text in self.texts], np.float32)
        self.rows = np.array([unit.kind == "row" for unit in units], np.float32)
        self.answers = np.array([unit.kind == "answer" for unit in units], np.float32)
        self.bars = np.array([bool(_BARS.search(text)) for text in self.texts], np.float32)
        self.rare = math.log(1 + len(units) / _UNKNOWN)
        self.stated = statements.of(self.texts, self.arounds) if statements and units else nothing_stated(len(units))
        self.akin = statements.kinship(topics).compared(self.texts, self.arounds) if statements and units else None
        self.letters = Letters(self.texts)
        self.aspects = np.zeros((aspects.count(), len(units)), np.float32)
        for column, (text, around) in enumerate(zip(self.texts, self.arounds, strict=True)):
            self.aspects[list(aspects.held(around)), column] = _BESIDE
            self.aspects[list(aspects.held(text)), column] = _OWN

    def held(self, asked: Sequence[Term]) -> tuple[Figures, Figures]:
        """Terms × units: how well each unit holds each term; and the weight of each term in this guide."""
        held = np.zeros((len(asked), len(self.units)), np.float32)
        weights = np.zeros(len(asked), np.float32)
        for place, term in enumerate(asked):
            rows = [(self._places[key], worth) for key, worth in term.keys if key in self._places]
            if rows:
                found = self._held[[row for row, _ in rows]] * np.array([[worth] for _, worth in rows], np.float32)
                held[place] = found.max(axis=0)
            count = float((held[place] >= _HELD).sum()) + 0.3 * float((held[place] > 0).sum())
            weights[place] = term.weight * (math.log(1 + len(self.units) / (0.5 + count)) if count else self.rare)
        return held, weights

    def fit(self, topic: Topic) -> Figures:
        """How well each unit serves a topic by its cues: 1 the best of the guide, 0 without what the topic needs."""
        if topic.id not in self._fits:
            raw = np.array([self._worth(place, topic) for place in range(len(self.units))], np.float32)
            most = float(raw.max()) if len(raw) else 0.0
            count = float((raw >= _FITS * most).sum()) if most > 0 else 0.0
            telling = math.log(1 + len(raw) / (0.5 + count)) / math.log(1 + len(raw) / 1.5)
            self._fits[topic.id] = raw / most * min(1.0, most / 1.8) * telling if most > 0 else raw
        return self._fits[topic.id]

    def listed(self, place: int, topic: Topic) -> tuple[int, ...]:
        """The whole of a short list whose heading is the topic's: a part would be half an answer. Empty where none."""
        unit = self.units[place]
        if topic.needs or unit.kind != "item" or not any(_holds(self.arounds[place], cue) for cue in topic.cues):
            return ()
        found = tuple(
            other
            for other, one in enumerate(self.units)
            if one.kind == "item" and one.around == unit.around and one.quote.section == unit.quote.section
        )
        short = sum(len(self.texts[other]) for other in found) <= _LIST
        return found if 1 < len(found) <= _ITEMS and short else ()

    def _worth(self, place: int, topic: Topic) -> float:
        """What the cues of a topic say of one unit."""
        text, around = self.texts[place], self.arounds[place]
        if topic.needs and not NEEDS[topic.needs].search(text):
            return 0.0
        cues = sum(_holds(text, cue) for cue in topic.cues)
        headed = sum(_holds(around, cue) for cue in topic.cues)
        return min(cues, 3) + 0.8 * min(headed, 2) + (_TELLING if topic.needs in _TELLING_NEEDS else 0.0)


class Letters:
    """The Han characters of a guide's units: what is abbreviated or put in other words still shares some."""

    def __init__(self, texts: Sequence[str]) -> None:
        often = Counter(letter for text in texts for letter in set(_HAN.findall(text)))
        self._places = {letter: place for place, letter in enumerate(often)}
        self._worths = np.array([math.log(1 + len(texts) / (0.5 + often[letter])) for letter in often], np.float32)
        self._held = np.zeros((len(often), len(texts)), np.float32)
        for column, text in enumerate(texts):
            self._held[[self._places[letter] for letter in set(_HAN.findall(text))], column] = 1.0

    def shared(self, question: str) -> Figures:
        """For each unit the worth of the question's characters that it holds: rare ones of the guide tell most."""
        asked = {letter for letter in _HAN.findall(question) if letter not in _QUIET}
        rows = [self._places[letter] for letter in sorted(asked) if letter in self._places]
        return np.asarray(self._worths[rows] @ self._held[rows], np.float32)


FIGURES = (
    "own", "best", "strong", "topic", "asked", "lacks", "row", "answer", "size", "bars", "whole", "letters", "akin",
    *STATED,
)  # fmt: skip
MOST_TOPICS, LEAST = 6, 0.03  # topics that count, and the probability that each must have


@dataclass(frozen=True, slots=True)
class Matched:
    """Units × FIGURES of a question; terms × units that hold them; the terms' weights in this guide.

    `aspects` × units tells how well each unit holds each of the aspects that are asked for. `is_foreign`: the question
    is in another language than the guide.
    """

    figures: Figures
    held: Figures
    weights: Figures
    known: NDArray[np.bool_]  # terms that the glossary has
    aspects: Figures
    is_foreign: bool


def match(
    index: Index, question: str, asked: Sequence[Term], ranked: Sequence[tuple[Topic, float]], polar: bool
) -> Matched:
    """The figures of a question on every unit of a guide."""
    held, weights = index.held(asked)
    none = np.zeros(len(index.units), np.float32)
    known = np.array([len(term.keys) > 1 and term.weight >= 1 for term in asked], np.bool_)
    shared = weights @ held
    topic = none
    for one, probability in ranked[:MOST_TOPICS]:
        if one.kind == "topic" and probability > LEAST:
            topic = topic + probability * index.fit(one)
    sought = list(aspects.asked(question))
    wanted = [name for name, (pattern, _) in KINDS.items() if pattern.search(question)]
    kinds = np.mean([index.kinds[name] for name in wanted], axis=0) if wanted else none
    columns = (
        shared / (float(weights.sum()) or 1.0),
        (held * weights[:, None]).max(axis=0) / index.rare if len(asked) else none,
        np.minimum(shared / index.rare, 4.0),
        topic,
        kinds,
        1 - kinds if wanted else none,
        index.rows,
        index.answers,
        index.sizes,
        index.bars if polar else none,
        (held >= _HELD).sum(axis=0) / max(1, len(asked)),
        np.minimum(index.letters.shared(question) / index.rare, 4.0),
        np.minimum(index.akin.figures(asked, weights) / index.rare, 4.0) if index.akin else none,
    )
    figures = np.concatenate([np.stack(columns, axis=1), index.stated.figures(ranked)], axis=1).astype(np.float32)
    return Matched(figures, held, weights, known, index.aspects[sought], is_chinese(question) != index.is_chinese)


def _holds(text: str, cue: str) -> bool:
    """Whether a text holds a cue; all parts of one joined by "+"."""
    return all(part.lower() in text for part in cue.split("+"))
