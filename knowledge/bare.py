"""Answers from a guide that has no pack: the unit that fits a question best, where it fits well enough."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge import bounds
from knowledge.glossary import terms
from knowledge.guess import Guess
from knowledge.matching import FIGURES, Figures, Index, Matched, match
from knowledge.programme import Programme, Quote, Topic, Verdict
from knowledge.query import Query
from knowledge.statements import Statements
from knowledge.units import Unit, shown, units_of

WEIGHTS = Path(__file__).parent / "data" / "bare.json"
DECIDING = (
    "one", "own", "best", "strong", "topic", "asked", "lacks", "unknown", "missing", "gap", "aside", "strange",
    "sure", "score", "polar", "terms", "fits", "both", "asked_own", "missing_topic", "silent",
    "aspect", "aspect_lacks", "aspect_lacks_one", "aspect_nowhere", "aspect_held", "aspect_elsewhere",
    "rather", "carried", "sway", "ours", "stated", "foreign", "stands_out", "together",
)  # fmt: skip
SECOND = 2.0  # how little less a second unit must score to be quoted beside the best
LISTED = 0.5  # the least probability of a topic for the whole list under its heading to be quoted
_MOST = 2
_HELD = 0.9  # of the aspects that are asked for, for one to be held
_RATHER, _STATED = FIGURES.index("rather"), FIGURES.index("stated")
_NEXT = 4  # units after the best that may stand in its section


@dataclass(frozen=True, slots=True)
class Found:
    """What a guide says to a question: the units, how likely they answer it, and the verdict where it is certain."""

    units: tuple[Unit, ...]
    probability: float
    verdict: Verdict | None = None

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The units' quotes, verbatim."""
        return tuple(unit.quote for unit in self.units)

    @property
    def is_answer(self) -> bool:
        """Whether they answer it likely enough."""
        return self.probability >= _learnt()[2]

    def point(self) -> str:
        """A table's rows as people read them, each with the heads of its columns; empty where there is none."""
        return "\n".join(shown(unit) for unit in self.units if unit.cells)


@cache
def _learnt() -> tuple[Figures, Figures, float]:
    """The weights of FIGURES, those of DECIDING, and the least probability of an answer (data/bare.json)."""
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    ranking = np.array([stored["ranking"][name] for name in FIGURES], np.float32)
    deciding = np.array([stored["deciding"][name] for name in DECIDING], np.float32)
    return ranking, deciding, float(stored["answered_at"])


class Bare:
    """One guide, ready to be asked."""

    def __init__(self, programme: Programme, topics: Sequence[Topic], statements: Statements | None = None) -> None:
        self.index = Index(units_of(programme.passages), topics, statements)

    def warm(self, topics: Sequence[Topic]) -> None:
        """Weighs every topic's cues once."""
        for topic in topics:
            self.index.fit(topic)

    def find(self, query: Query, before: str, guess: Guess) -> Found | None:
        """What fits a question best; `before` is the question it follows. None in a guide that says nothing."""
        if not self.index.units:
            return None
        asked = terms(f"{before} {query.text}".strip())
        matched = match(self.index, query.text, asked, guess.ranked, query.is_polar)
        scores = matched.figures @ _learnt()[0]
        order = np.argsort(-scores)
        weighed = deciding(self.index, matched, scores, order, guess, query.is_polar)
        near = self.index.listed(int(order[0]), guess.topic) if guess.score >= LISTED else ()
        near = near or tuple(int(place) for place in order[:_MOST] if scores[place] > scores[order[0]] - SECOND)
        units = tuple(self.index.units[place] for place in near)
        found = Found(units, 1 / (1 + math.exp(-float(weighed @ _learnt()[1]))))
        if not (found.is_answer and query.is_polar):
            return found
        return replace(found, verdict=bounds.verdict(query.text, units[0], asked))


def deciding(
    index: Index, matched: Matched, scores: Figures, order: NDArray[np.intp], guess: Guess, polar: bool
) -> Figures:
    """The figures of DECIDING: whether the best unit answers the question at all."""
    best = order[0]
    own, most, strong, topic, asked, lacks = matched.figures[best][:6]
    whole = float(matched.weights.sum()) or 1.0
    nowhere = matched.held.max(axis=1) == 0 if len(matched.weights) else np.zeros(0, np.bool_)
    missing = float((matched.weights * (1 - matched.held[:, best])).max()) if len(matched.weights) else 0.0
    fits = index.fit(guess.topic) if guess.topic.kind == "topic" else np.zeros(len(index.units), np.float32)
    return np.array(
        [
            1.0, own, most, min(strong, 2.0), topic, asked, lacks,
            float(matched.weights[nowhere].sum()) / whole if len(matched.weights) else 1.0,
            missing / index.rare,
            min(float(scores[best] - scores[order[1]]), 2.0) if len(order) > 1 else 2.0,
            sum(score for about, score in guess.ranked if about.kind != "topic"),
            guess.is_strange, guess.score, scores[best] / 10, polar, min(len(matched.weights), 6) / 6,
            fits[best], own * topic, asked * own, missing / index.rare * (1 - min(topic, 1.0)),
            float(matched.weights[nowhere & matched.known].sum()) / whole,
            *_aspects(matched, order),
            matched.figures[best, _RATHER], float(matched.figures[:, _RATHER].max()), _sway(scores, order), guess.asked,
            matched.figures[best, _STATED], matched.is_foreign,
            float((scores[best] - scores.mean()) / (scores.std() + 1e-6)) / 5, _together(index, order),
        ],
        np.float32,
    )  # fmt: skip


def _sway(scores: Figures, order: NDArray[np.intp]) -> float:
    """How likely one of the two best units is meant, by the scores of all."""
    likely = np.exp(scores - scores[order[0]])
    return float(likely[order[:_MOST]].sum() / likely.sum())


def _together(index: Index, order: NDArray[np.intp]) -> float:
    """How many of the next best units stand in the section of the best: several speak of what is asked."""
    section = index.units[order[0]].quote.section
    return len([place for place in order[1 : 1 + _NEXT] if index.units[place].quote.section == section]) / _NEXT


def _aspects(matched: Matched, order: NDArray[np.intp]) -> tuple[float, ...]:
    """Whether aspects are asked for, and how far the two best units and the guide lack or hold them."""
    if not len(matched.aspects):
        return (0.0,) * 6
    lacks = 1 - matched.aspects[:, order[:_MOST]].max(axis=1)
    somewhere = matched.aspects.max(axis=1) > 0
    held = float((1 - lacks).sum()) > _HELD
    return (
        1.0, float(lacks.sum()), float(lacks.max()), float(not somewhere.all()), float(held),
        float((lacks * somewhere).max()),
    )  # fmt: skip
