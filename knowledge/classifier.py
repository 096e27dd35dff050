"""Which topic a question is about: a ridge regression over tf-idf rows of the topics' lines."""

import hashlib
import itertools
import json
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.features import WEIGHTS, coverage, features, mend
from knowledge.programme import Topic
from knowledge.scripts import simplify
from knowledge.text import fold

Scores = NDArray[np.float32]

_RIDGE = 0.35
_NEW = 0.15  # what a feature that no line knows adds to a question's length
_RARE = re.compile(r"[/~&]|[\u3400-\u9fff]{3}")  # features that teach nothing where they occur once
_ARRAYS = ("idf", "weights")
SOURCES = (
    "features.py",
    "scripts.py",
    "text.py",
    "data/concepts.txt",
    "data/pinyin.txt",
    "data/traditional.txt",
    "data/words.txt",
)


@dataclass(frozen=True)
class Model:
    """What is learnt from the lines. Arrays only, so that it can be stored and read without being run."""

    vocabulary: Sequence[str]
    idf: Scores  # a value a feature
    weights: NDArray[np.float16]  # features × topics

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each feature."""
        return {feature: place for place, feature in enumerate(self.vocabulary)}


class Classifier:
    """Scores topics for questions. Topics are addressed by their place in the sequence it was made with."""

    def __init__(self, topics: Sequence[Topic], cache: Path | None = None) -> None:
        self.topics = topics
        self._model = _cached(topics, cache) if cache else train(topics)

    def scores(self, text: str) -> Scores:
        """A score a topic: about 1 for a sure one, 0 for one the (folded, simplified) text has nothing to do with."""
        model = self._model
        places, weights = _vector(text, model.places, model.idf)
        if not len(places):
            return np.zeros(len(self.topics), np.float32)
        return np.asarray(weights @ model.weights[places].astype(np.float32), np.float32)

    def mend(self, text: str) -> str:
        """The text with homophones of the topics' words put right."""
        return mend(text, self._model.places)

    def coverage(self, text: str) -> float:
        """The part of a question's content that occurs in the topics' lines at all."""
        return coverage(text, self._model.places)


def _vector(text: str, places: Mapping[str, int], idf: Scores) -> tuple[NDArray[np.int32], Scores]:
    """A text's tf-idf row of length 1: the places of its features and their weights."""
    counted = Counter(features(text))
    known = [(places[f], n * WEIGHTS.get(f[0], 1.0)) for f, n in counted.items() if f in places]
    if not known:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    found = np.array([place for place, _ in known], np.int32)
    weights = idf[found] * np.array([weight for _, weight in known], np.float32)
    # What no line knows counts too: a question that is mostly new is like none of the lines.
    new = sum(n for f, n in counted.items() if f not in places and f[0] not in "&/~")
    length = float(np.sqrt((weights**2).sum() + _NEW * new * float(idf.max()) ** 2))
    return found, np.asarray(weights / length, np.float32)


def train(topics: Sequence[Topic]) -> Model:
    """Learns from the topics' lines. Deterministic."""
    lines = [(owner, simplify(fold(line))) for owner, topic in enumerate(topics) for line in topic.lines]
    counted = [Counter(features(line)) for _, line in lines]
    often = Counter(feature for row in counted for feature in row)
    vocabulary = sorted(feature for feature, times in often.items() if times > 1 or not _RARE.match(feature))
    places = {feature: place for place, feature in enumerate(vocabulary)}
    frequency = np.array([often[feature] for feature in vocabulary], np.float32)
    idf = np.asarray(np.log((1 + len(lines)) / (1 + frequency)) + 1, np.float32)
    rows = [_vector(line, places, idf) for _, line in lines]
    owners = np.array([owner for owner, _ in lines], np.int32)
    starts, posted, values = _postings(rows, len(vocabulary))
    weights = _regress(rows, owners, len(topics), starts, posted, values)
    return Model(vocabulary, idf, weights.astype(np.float16))


def _postings(rows: Any, size: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Scores]:
    """The rows turned over: for each feature the lines it occurs in."""
    feature = np.concatenate([places for places, _ in rows]) if rows else np.zeros(0, np.int32)
    value = np.concatenate([weights for _, weights in rows]) if rows else np.zeros(0, np.float32)
    line = np.repeat(np.arange(len(rows), dtype=np.int32), [len(places) for places, _ in rows])
    order = np.argsort(feature, kind="stable")
    starts = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(feature, minlength=size), out=starts[1:])
    return starts, line[order], np.asarray(value[order], np.float32)


def _regress(
    rows: Any,
    owners: NDArray[np.int32],
    topics: int,
    starts: NDArray[np.int32],
    posted: NDArray[np.int32],
    values: Scores,
) -> Scores:
    """Ridge regression of "is of this topic", solved among the lines (there are fewer of them than features)."""
    count = len(owners)
    kernel = np.zeros((count, count), np.float32)
    for start, end in itertools.pairwise(starts):
        at, value = posted[start:end], values[start:end]
        kernel[at[:, None], at[None, :]] += value[:, None] * value[None, :]
    sizes = np.bincount(owners, minlength=topics)
    weight = np.sqrt(np.median(sizes[sizes > 0]) / np.maximum(sizes, 1))[owners] if count else np.zeros(0)
    targets = np.zeros((count, topics), np.float32)
    targets[np.arange(count), owners] = 1
    # A line of a small topic counts for more: its ridge is smaller.
    dual = np.linalg.solve(kernel + np.diag(_RIDGE / np.maximum(weight, 0.3)).astype(np.float32), targets)
    learnt = np.zeros((len(starts) - 1, topics), np.float32)
    for (places, value), row in zip(rows, dual, strict=True):
        learnt[places] += value[:, None] * row[None, :]
    return learnt


def _cached(topics: Sequence[Topic], folder: Path) -> Model:
    """The model of these topics, from the cache where it is there. Its name is a digest of all that it hangs on."""
    sources = [Path(__file__), *(Path(__file__).parent / name for name in SOURCES)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources))
    digest.update(json.dumps([(topic.id, topic.lines) for topic in topics]).encode())
    path = folder / f"model-{digest.hexdigest()[:32]}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            vocabulary = bytes(stored["vocabulary"]).decode().split("\n")
            return Model(vocabulary, *(stored[name] for name in _ARRAYS))
    except (OSError, ValueError, KeyError):
        model = train(topics)
        _store(model, path)
        return model


def _store(model: Model, path: Path) -> None:
    """Writes a model beside its place, then moves it: nobody reads half of one. A cache may fail silently."""
    vocabulary = np.frombuffer("\n".join(model.vocabulary).encode(), np.uint8)
    partial = path.with_name(f".{path.name}.{os.getpid()}.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(partial, vocabulary=vocabulary, **{name: getattr(model, name) for name in _ARRAYS})
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
