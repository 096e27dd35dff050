"""Learns the weights of knowledge/data/bare.json: how units of a bare guide are ranked, and when one is an answer.

    python -m benchmarks.bare --learn QUESTIONS:PACKS:WEIGHT ... [--declined 0.88] [--write]

QUESTIONS is a file of questions with keys (see benchmarks.eval; a folder of packs with a questions.yaml each will do),
PACKS the folder of bare packs, WEIGHT what a question of it counts. Ranking is a conditional logit over the units of a
guide, deciding a logistic regression on the best unit. That learns as well from questions whose answer was taken out of
their guide, which still speaks of the matter and does not say it. Every guide is left out once and asked; the least
probability of an answer is the one at which a part of `--declined` of what those guides do not answer would have been
declined.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.eval import asked as rows_of
from benchmarks.eval import squeeze
from knowledge.bare import DECIDING, LISTED, SECOND, WEIGHTS, deciding
from knowledge.folders import TOPICS, cache_folder
from knowledge.glossary import Term, terms
from knowledge.guess import Guess
from knowledge.library import Library
from knowledge.matching import FIGURES, Index, Matched, match
from knowledge.opening import kept_statements, kept_topics, load_packs
from knowledge.query import Query, read
from knowledge.statements import Statements
from knowledge.units import shown

Column = NDArray[np.float64]
_HALF = 0.5  # of the key, for a unit to be learnt from
_SILENCED = 0.5  # what a question counts whose answer was taken out of the guide
_TIMES, _UNSEEN = 3, 0.5  # how often a question decides, each time without that part of its aspects
_LEAST_KEPT = 3  # units that such a guide must keep


@dataclass(frozen=True)
class Example:
    """One question on one guide: its figures, and which groups of its key each unit holds (none where it is barred)."""

    guide: str
    index: Index
    matched: Matched
    guess: Guess
    polar: bool
    groups: NDArray[np.bool_]
    barred: NDArray[np.bool_]
    answerable: bool
    weight: float
    question: str
    asked: Sequence[Term]

    @property
    def holds(self) -> Column:
        """The part of the key that each unit holds."""
        parts = self.groups.mean(axis=1) if self.groups.shape[1] else np.zeros(len(self.groups))
        return np.where(self.barred, 0.0, parts)


def examples(questions: Path, packs: Path, weight: float) -> Iterator[Example]:
    """The questions of a file, or of every pack's questions.yaml in a folder."""
    library = load_packs(packs)
    files = [questions] if questions.is_file() else sorted(questions.glob("*/questions.yaml"))
    for path in files:
        for row in rows_of(path):
            key = str(row.get("programme") or row.get("about") or (path.parent.name if questions.is_dir() else ""))
            if key not in library.programmes or row["expect"] == "clarify" or row.get("soft"):
                continue
            yield _example(library, key, row, weight)


def _example(library: Library, programme: str, row: Mapping[str, Any], weight: float) -> Example:
    """One question as the library would ask it."""
    asking, guessing = library._query, library._guess  # noqa: SLF001 - what `ask` does before it looks into the guide
    query, history, owner = asking(read(row["q"])), row.get("history") or (), library.programmes[programme]
    index = library._decider.bare(owner).index  # noqa: SLF001
    guess, before = guessing(query, owner), ""
    if history:
        before = asking(read(history[-1])).text
        joint = guessing(Query(f"{before} {query.text}"), owner)
        guess = joint if joint.score > guess.score and joint.topic.kind == "topic" else guess
    asked = terms(f"{before} {query.text}".strip())
    matched = match(index, query.text, asked, guess.ranked, query.is_polar)
    texts = [squeeze(f"{shown(unit)} {unit.quote.text}") for unit in index.units]
    held = [[any(squeeze(one) in text for one in group) for group in row.get("must") or ()] for text in texts]
    barred = [any(squeeze(one) in text for one in row.get("must_not") or ()) for text in texts]
    groups = np.array(held, np.bool_).reshape(len(texts), -1)
    answerable = row["expect"] == "answer"
    return Example(
        programme, index, matched, guess, query.is_polar, groups, np.array(barred, np.bool_), answerable, weight,
        query.text, asked,
    )  # fmt: skip


def silenced(found: Sequence[Example], statements: Statements | None, weight: float = _SILENCED) -> Iterator[Example]:
    """The same questions on guides without the sentences that hold any of their key: asked in vain of one that is near.

    A question that is answered all over its guide is left out.
    """
    for one in found:
        kept = np.flatnonzero(~one.groups.any(axis=1))
        if one.answerable and _LEAST_KEPT <= len(kept) < len(one.index.units):
            index = Index([one.index.units[place] for place in kept.tolist()], one.index.topics, statements)
            matched = match(index, one.question, one.asked, one.guess.ranked, one.polar)
            none = np.zeros((len(kept), 0), np.bool_)
            yield replace(
                one, index=index, matched=matched, groups=none, barred=one.barred[kept], answerable=False,
                weight=weight * one.weight,
            )  # fmt: skip


def learn_ranking(found: Sequence[Example], rounds: int = 150, decay: float = 3.0) -> Column:
    """The weights of FIGURES that make the units with the key likeliest, by gradient steps with momentum (Adam)."""
    weights, mean, spread = np.zeros(len(FIGURES)), np.zeros(len(FIGURES)), np.zeros(len(FIGURES))
    chosen = [
        (one.matched.figures.astype(np.float64), holds >= holds.max(), one.weight)
        for one in found
        if one.answerable and (holds := one.holds).max() >= _HALF
    ]
    figures, keyed = np.concatenate([rows for rows, _, _ in chosen]), np.concatenate([key for _, key, _ in chosen])
    spreads = figures.std(axis=0) + 1e-6
    figures /= spreads
    sizes = np.array([len(rows) for rows, _, _ in chosen])
    owner, starts = np.repeat(np.arange(len(sizes)), sizes), np.r_[0, np.cumsum(sizes)[:-1]]
    counts = np.array([weight for _, _, weight in chosen])[owner]
    for step in range(1, rounds + 1):
        scores = figures @ weights
        likely = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        likely /= np.add.reduceat(likely, starts)[owner]
        wanted = likely * keyed
        wanted /= np.add.reduceat(wanted, starts)[owner] + 1e-12
        slope = figures.T @ ((wanted - likely) * counts) - decay * weights
        mean, spread = 0.9 * mean + 0.1 * slope, 0.99 * spread + 0.01 * slope**2
        pace = 0.15 if step < 0.7 * rounds else 0.03
        weights = weights + pace * mean / (1 - 0.9**step) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    return np.asarray(weights / spreads)


def outcome(one: Example, ranking: Column) -> tuple[Column, bool]:
    """The figures of DECIDING for the best unit, and whether what would be quoted answers the question."""
    scores = np.asarray(one.matched.figures @ ranking, np.float32)
    order = np.argsort(-scores)
    figures = deciding(one.index, one.matched, scores, order, one.guess, one.polar)
    near = list(one.index.listed(int(order[0]), one.guess.topic)) if one.guess.score >= LISTED else []
    near = near or [int(place) for place in order[:2] if scores[place] > scores[order[0]] - SECOND]
    right = one.answerable and not one.barred[near].any() and bool(one.groups[near].any(axis=0).all())
    return figures.astype(np.float64), right


def partly_seen(found: Sequence[Example]) -> Iterator[Example]:
    """Every question some times, each time without half of what it is known to be after: others ask other things."""
    chance = np.random.default_rng(0)
    for one in found:
        for _ in range(_TIMES):
            seen = one.matched.aspects[chance.random(len(one.matched.aspects)) > _UNSEEN]
            yield replace(one, matched=replace(one.matched, aspects=seen), weight=one.weight / _TIMES)


def learn_deciding(found: Sequence[Example], ranking: Column, decay: float = 10.0) -> Column:
    """The weights of DECIDING, by Newton's method on figures of one spread."""
    found = list(partly_seen(found))
    pairs = [outcome(one, ranking) for one in found]
    figures, right = np.array([pair[0] for pair in pairs]), np.array([float(pair[1]) for pair in pairs])
    middle, spread = figures.mean(axis=0), figures.std(axis=0) + 1e-6
    middle[0], spread[0] = 0.0, 1.0  # the constant
    even = (figures - middle) / spread
    counts, weights = np.array([one.weight for one in found]), np.zeros(len(DECIDING))
    ridge = np.diag([1e-3] + [decay] * (len(DECIDING) - 1))
    for _ in range(30):
        likely = 1 / (1 + np.exp(-even @ weights))
        curve = even.T @ (even * (counts * likely * (1 - likely))[:, None]) + ridge
        weights = weights + np.linalg.solve(curve, even.T @ (counts * (right - likely)) - ridge @ weights)
    learnt = weights / spread
    learnt[0] -= float((weights * middle / spread)[1:].sum())
    return np.asarray(learnt)


@dataclass(frozen=True)
class Asked:
    """What came of a question whose guide was not learnt from."""

    guide: str
    answerable: bool
    right: bool
    likely: float


def left_out(found: Sequence[Example], vain: Sequence[Example]) -> list[Asked]:
    """Every guide asked with the weights that the others give; `vain` are silenced questions, learnt from only."""
    results = list[Asked]()
    for guide in sorted({one.guide for one in found}):
        ranking = learn_ranking([one for one in found if one.guide != guide])
        decided = learn_deciding([one for one in (*found, *vain) if one.guide != guide], ranking)
        for one in found:
            if one.guide == guide:
                figures, right = outcome(one, ranking)
                results.append(Asked(guide, one.answerable, right, float(1 / (1 + np.exp(-figures @ decided)))))
    return results


def least_likely(results: Sequence[Asked], declined: float) -> float:
    """The least probability at which such a part of what no guide answers is declined."""
    silent = sorted(one.likely for one in results if not one.answerable)
    return next((least for least in np.arange(0.1, 0.95, 0.01) if np.mean(np.array(silent) < least) >= declined), 0.95)


def table(results: Sequence[Asked], least: float) -> Iterator[str]:
    """Right, wrong and declined of each guide and of all, in per cent."""
    for guide in (*sorted({one.guide for one in results}), ""):
        mine = [one for one in results if guide in ("", one.guide)]
        asked = [one for one in mine if one.answerable]
        silent = [one.likely < least for one in mine if not one.answerable]
        right = 100 * float(np.mean([one.right and one.likely >= least for one in asked]))
        wrong = 100 * float(np.mean([not one.right and one.likely >= least for one in asked]))
        yield f"{guide or 'all':24} right {right:5.1f} wrong {wrong:5.1f} declined {100 * float(np.mean(silent)):5.1f}"


def main() -> None:
    """Learns, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--learn", nargs="+", required=True)
    parser.add_argument("--declined", type=float, default=0.88)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    learnt = [one for text in given.learn for one in _set(text)]
    vain = list(silenced(learnt, _statements()))
    results = left_out(learnt, vain)
    for share in (0.8, 0.85, 0.88, 0.9, 0.95):
        *_, whole = table(results, least_likely(results, share))
        print(whole)
    least = least_likely(results, given.declined)
    print("\n".join(table(results, least)))
    ranking = learn_ranking(learnt)
    decided = learn_deciding([*learnt, *vain], ranking)
    stored = {
        "origin": "python -m benchmarks.bare, on questions with keys on bare guides",
        "answered_at": round(float(least), 2),
        "ranking": dict(zip(FIGURES, np.round(ranking, 3).tolist(), strict=True)),
        "deciding": dict(zip(DECIDING, np.round(decided, 3).tolist(), strict=True)),
    }
    print(json.dumps(stored, indent=1))
    if given.write:
        WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def _statements() -> Statements:
    """What is learnt of sentences, each measured once: a guide without some of its sentences keeps the others."""
    cache = cache_folder()
    return Statements(kept_statements(TOPICS, kept_topics(TOPICS, cache), cache), cache, again=True)


def _set(text: str) -> Iterator[Example]:
    """The examples of QUESTIONS:PACKS:WEIGHT."""
    questions, packs, *weight = text.split(":")
    return examples(Path(questions), Path(packs), float(weight[0]) if weight else 1.0)


if __name__ == "__main__":
    main()
