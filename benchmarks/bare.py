"""Learns the weights of knowledge/data/bare.json: how units of a bare guide are ranked, and when one is an answer.

    python -m benchmarks.bare --learn QUESTIONS:PACKS:WEIGHT ... [--choose QUESTIONS:PACKS ...] [--write]

QUESTIONS is a file of questions with keys (see benchmarks.eval; a folder of packs with a questions.yaml each will do),
PACKS the folder of bare packs, WEIGHT what a question of it counts. Ranking is a conditional logit over the units of a
guide, deciding a logistic regression on the best unit. --choose prints what each least probability would give.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.eval import asked as rows_of
from benchmarks.eval import squeeze
from knowledge.bare import DECIDING, SECOND, WEIGHTS, deciding
from knowledge.glossary import terms
from knowledge.guess import Guess
from knowledge.library import Library
from knowledge.loader import load_packs
from knowledge.matching import FIGURES, Index, Matched, match
from knowledge.query import Query, read
from knowledge.units import shown, units_of

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """One question on one guide: its figures, and how much of its key each unit holds (0 where it has none)."""

    index: Index
    matched: Matched
    guess: Guess
    polar: bool
    holds: Column
    answerable: bool
    weight: float


def examples(questions: Path, packs: Path, weight: float) -> Iterator[Example]:
    """The questions of a file, or of every pack's questions.yaml in a folder."""
    library, indexes = load_packs(packs), dict[str, Index]()
    files = [questions] if questions.is_file() else sorted(questions.glob("*/questions.yaml"))
    for path in files:
        for row in rows_of(path):
            key = str(row.get("programme") or row.get("about") or (path.parent.name if questions.is_dir() else ""))
            if key not in library.programmes or row["expect"] == "clarify" or row.get("soft"):
                continue
            if key not in indexes:
                indexes[key] = Index(units_of(library.programmes[key].passages), library.topics)
            yield _example(library, key, indexes[key], row, weight)


def _example(library: Library, programme: str, index: Index, row: Mapping[str, Any], weight: float) -> Example:
    """One question as the library would ask it."""
    asking, guessing = library._query, library._guess  # noqa: SLF001 - what `ask` does before it looks into the guide
    query, history, owner = asking(read(row["q"])), row.get("history") or (), library.programmes[programme]
    guess, before = guessing(query, owner), ""
    if history:
        before = asking(read(history[-1])).text
        joint = guessing(Query(f"{before} {query.text}"), owner)
        guess = joint if joint.score > guess.score and joint.topic.kind == "topic" else guess
    asked = terms(f"{before} {query.text}".strip())
    matched = match(index, query.text, asked, guess.ranked, query.is_polar)
    texts = [squeeze(f"{shown(unit)} {unit.quote.text}") for unit in index.units]
    holds = np.array([_held(text, row) for text in texts])
    return Example(index, matched, guess, query.is_polar, holds, row["expect"] == "answer", weight)


def _held(text: str, row: Mapping[str, Any]) -> float:
    """The part of a question's key that a text holds."""
    if any(squeeze(one) in text for one in row.get("must_not") or ()):
        return 0.0
    groups = row.get("must") or ()
    return sum(any(squeeze(one) in text for one in group) for group in groups) / max(1, len(groups))


def learn_ranking(found: Sequence[Example], rounds: int = 500, decay: float = 1.0) -> Column:
    """The weights of FIGURES that make the units with the key likeliest."""
    weights = np.zeros(len(FIGURES))
    chosen = [one for one in found if one.answerable and one.holds.max() >= 0.5]
    for step in range(rounds):
        slope = -decay * weights
        for one in chosen:
            scores = one.matched.figures @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            wanted = likely * (one.holds >= one.holds.max())
            slope = slope + one.weight * (wanted / wanted.sum() - likely) @ one.matched.figures
        weights = weights + slope * (0.03 if step < 0.6 * rounds else 0.008)
    return weights


def outcome(one: Example, ranking: Column) -> tuple[Column, bool]:
    """The figures of DECIDING for the best unit, and whether what would be quoted answers the question."""
    scores = np.asarray(one.matched.figures @ ranking, np.float32)
    order = np.argsort(-scores)
    figures = deciding(one.index, one.matched, scores, order, one.guess, one.polar)
    near = [place for place in order[:2] if scores[place] > scores[order[0]] - SECOND]
    return figures.astype(np.float64), bool(one.answerable and one.holds[near].max() >= 0.5)


def learn_deciding(found: Sequence[Example], ranking: Column, decay: float = 1.0) -> Column:
    """The weights of DECIDING, by Newton's method."""
    pairs = [outcome(one, ranking) for one in found]
    figures, right = np.array([pair[0] for pair in pairs]), np.array([float(pair[1]) for pair in pairs])
    counts, weights = np.array([one.weight for one in found]), np.zeros(len(DECIDING))
    ridge = np.diag([1e-3] + [decay] * (len(DECIDING) - 1))
    for _ in range(30):
        likely = 1 / (1 + np.exp(-figures @ weights))
        curve = figures.T @ (figures * (counts * likely * (1 - likely))[:, None]) + ridge
        weights = weights + np.linalg.solve(curve, figures.T @ (counts * (right - likely)) - ridge @ weights)
    return weights


def report(name: str, found: Sequence[Example], ranking: Column, decided: Column) -> None:
    """Prints what each least probability would give."""
    pairs = [outcome(one, ranking) for one in found]
    likely = np.array([1 / (1 + np.exp(-pair[0] @ decided)) for pair in pairs])
    right = np.array([pair[1] for pair in pairs])
    answerable = np.array([one.answerable for one in found])
    print(name, len(found), "ceiling", int(right.sum()), "of", int(answerable.sum()))
    for least in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65):
        given = likely >= least
        shares = [(given & right).sum(), (given & ~right & answerable).sum()]
        told = [f"{100 * share / answerable.sum():5.1f}" for share in shares]
        declined = 100 * (~given & ~answerable).sum() / max(1, (~answerable).sum())
        print(f"  {least:.2f} right {told[0]} wrong {told[1]} declined {declined:5.1f}")


def main() -> None:
    """Learns, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--learn", nargs="+", required=True)
    parser.add_argument("--choose", nargs="*", default=[])
    parser.add_argument("--answered-at", type=float, default=0.5)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    sets = {text: list(_set(text)) for text in [*given.learn, *given.choose]}
    learnt = [one for text in given.learn for one in sets[text]]
    ranking = learn_ranking(learnt)
    decided = learn_deciding(learnt, ranking)
    for text, found in sets.items():
        report(text, found, ranking, decided)
    stored = {
        "origin": "python -m benchmarks.bare, on questions with keys on bare guides",
        "answered_at": given.answered_at,
        "ranking": dict(zip(FIGURES, np.round(ranking, 3).tolist(), strict=True)),
        "deciding": dict(zip(DECIDING, np.round(decided, 3).tolist(), strict=True)),
    }
    print(json.dumps(stored, indent=1))
    if given.write:
        WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def _set(text: str) -> Iterator[Example]:
    """The examples of QUESTIONS:PACKS:WEIGHT."""
    questions, packs, *weight = text.split(":")
    return examples(Path(questions), Path(packs), float(weight[0]) if weight else 1.0)


if __name__ == "__main__":
    main()
