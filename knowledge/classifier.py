"""Which topic a question is about: linear support vector machines over tf-idf rows of the topics' lines."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.features import WEIGHTS, coverage, features, mend
from knowledge.programme import Topic
from knowledge.scripts import simplify
from knowledge.text import fold

Scores = NDArray[np.float32]
Row = tuple[NDArray[np.int32], Scores]

# Chosen by cross-validation over authors (benchmarks.eval).
_COST = 0.4  # of a line on the wrong side of its margin
_ROUNDS = 4
_DEAREST = 1.5  # how much more a line may cost at most
_FLATTER = 0.6  # the power of idf: rare features are not the telling ones here
_SMALL = 0.7  # how much more a line of a small topic costs
_KEPT = 4  # models in a cache: those of the packs that are in use
_RECENT = 16  # texts whose margins are kept: a message is looked at more than once
_ONCE = "12wS@#"  # kinds of features that are learnt from though they occur once
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
    """What is learnt from the lines. Arrays only, so that it can be stored and read without being run.

    The last machine tells what an award is asked from what it is not, whatever the topic.
    """

    vocabulary: Sequence[str]
    worth: Scores  # a weight a feature
    weights: NDArray[np.float16]  # features × (topics + 1)
    bias: Scores  # a value a machine

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each feature."""
        return {feature: place for place, feature in enumerate(self.vocabulary)}


class Classifier:
    """Finds topics for questions. Topics are addressed by their place in the sequence it was made with."""

    def __init__(self, topics: Sequence[Topic], cache: Path | None = None) -> None:
        self.topics = topics
        self._model = _cached(topics, cache) if cache else train(topics)
        self._scores = lru_cache(_RECENT)(self._measure)

    def margins(self, text: str) -> Scores:
        """How far the (folded, simplified) text lies on each topic's side: about 1 for its own lines, -1 for others."""
        return self._scores(text)[:-1]

    def asked(self, text: str) -> float:
        """How far the text lies on the side of what an award is asked: about 1, and -1 for what it is not."""
        return float(self._scores(text)[-1])

    def _measure(self, text: str) -> Scores:
        """The margins of all machines."""
        model = self._model
        places, values = _vector(text, model.places, model.worth)
        return np.asarray(values @ model.weights[places].astype(np.float32) + model.bias, np.float32)

    def mend(self, text: str) -> str:
        """The text with homophones of the topics' words put right."""
        return mend(text, self._model.places)

    def coverage(self, text: str) -> float:
        """The part of a question's content that occurs in the topics' lines at all."""
        return coverage(text, self._model.places)


def _vector(text: str, places: Mapping[str, int], worth: Scores) -> Row:
    """A text's tf-idf row of length 1: the places of its known features and their weights."""
    counted = Counter(features(text))
    known = [(places[feature], times) for feature, times in counted.items() if feature in places]
    if not known:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    found = np.array([place for place, _ in known], np.int32)
    values = worth[found] * (1 + np.log(np.array([times for _, times in known], np.float32)))
    return found, np.asarray(values / np.sqrt((values**2).sum()), np.float32)


def train(topics: Sequence[Topic]) -> Model:
    """Learns from the topics' lines. Deterministic."""
    lines = [(owner, simplify(fold(line))) for owner, topic in enumerate(topics) for line in topic.lines]
    often = Counter(feature for _, line in lines for feature in set(features(line)))
    vocabulary = sorted(feature for feature, times in often.items() if times > 1 or feature[0] in _ONCE)
    places = {feature: place for place, feature in enumerate(vocabulary)}
    frequency = np.array([often[feature] for feature in vocabulary], np.float32)
    kinds = np.array([WEIGHTS[feature[0]] for feature in vocabulary], np.float32)
    worth = np.asarray(kinds * (np.log((1 + len(lines)) / (1 + frequency)) + 1) ** _FLATTER, np.float32)
    rows = [_vector(line, places, worth) for _, line in lines]
    award = np.array([topic.kind == "topic" for topic in topics])
    weights, bias = _separate(rows, [owner for owner, _ in lines], len(vocabulary), award)
    return Model(vocabulary, worth, weights.astype(np.float16), bias)


def _separate(rows: Sequence[Row], owners: Sequence[int], size: int, award: NDArray[np.bool_]) -> tuple[Scores, Scores]:
    """One machine a topic against all others, squared hinge loss, by dual coordinate descent (Hsieh et al., 2008).

    All machines are moved at once for one line after another: that is a vector's work, and needs no matrix of lines.
    The last machine holds the lines of all topics that an award is asked (`award`) against the rest.
    """
    topics = len(award)
    weights, bias = np.zeros((size, topics + 1), np.float32), np.zeros(topics + 1, np.float32)
    dual = np.zeros((len(rows), topics + 1), np.float32)
    sizes = np.bincount(np.array(owners, np.int64), minlength=topics)
    usual = float(np.median(sizes[sizes > 0])) if rows else 1.0
    other = 1 / (2 * _COST)
    own = other / np.minimum(_DEAREST, (usual / np.maximum(sizes, 1)) ** _SMALL)
    order = np.random.default_rng(0)
    for _ in range(_ROUNDS):
        for line in order.permutation(len(rows)):
            (places, values), owner, before = rows[line], owners[line], dual[line]
            if not len(places):
                continue
            learnt = weights[places]
            margin = -(values @ learnt + bias)
            margin[owner] = -margin[owner]
            soft = np.full(topics + 1, other, np.float32)
            soft[owner], soft[-1] = own[owner], other / _DEAREST
            if award[owner]:
                margin[-1] = -margin[-1]
            after = np.maximum(before - (margin - 1 + soft * before) / (2 + soft), 0)
            step = before - after
            step[owner] = -step[owner]
            if award[owner]:
                step[-1] = -step[-1]
            dual[line] = after
            weights[places] = learnt + values[:, None] * step
            bias += step
    return weights, bias


def _digest(topics: Sequence[Topic]) -> str:
    """What a model hangs on: its lines, its code and its tables."""
    sources = [Path(__file__), *(Path(__file__).parent / name for name in SOURCES)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources))
    digest.update(json.dumps([(topic.id, topic.kind, topic.lines) for topic in topics]).encode())
    return digest.hexdigest()[:32]


def _cached(topics: Sequence[Topic], folder: Path) -> Model:
    """The model of these topics, from the cache where it is there, its weights mapped and not read."""
    path = folder / f"model-{_digest(topics)}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            vocabulary = bytes(stored["vocabulary"]).decode().split("\n")
            worth, bias = stored["worth"], stored["bias"]
        weights = np.load(path.with_suffix(".npy"), mmap_mode="r", allow_pickle=False)
        if weights.shape == (len(vocabulary), len(topics) + 1):
            with suppress(OSError):
                path.touch()  # in use: old ones are cleared away
            return Model(vocabulary, worth, weights, bias)
    except (OSError, ValueError, KeyError, EOFError):
        pass
    model = train(topics)
    _store(model, path)
    return model


def _store(model: Model, path: Path) -> None:
    """Writes a model beside its place, then moves it: nobody reads half of one. A cache may fail silently."""
    vocabulary = np.frombuffer("\n".join(model.vocabulary).encode(), np.uint8)
    partial = path.with_name(f".{path.stem}-{os.getpid()}")
    weights, rest = partial.with_suffix(".npy"), partial.with_suffix(".npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(weights, model.weights)
        np.savez(rest, vocabulary=vocabulary, worth=model.worth, bias=model.bias)
        weights.replace(path.with_suffix(".npy"))
        rest.replace(path)
        _clear(path.parent)
    except OSError:
        for left in (weights, rest):
            with suppress(OSError):
                left.unlink(missing_ok=True)


def _clear(folder: Path) -> None:
    """Deletes the models of a cache but the last that were used. One that is mapped stays whole for its reader."""
    models = sorted(folder.glob("model-*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in models[_KEPT:]:
        for path in (old, old.with_suffix(".npy")):
            with suppress(OSError):
                path.unlink(missing_ok=True)
