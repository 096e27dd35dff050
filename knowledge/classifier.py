"""Which topic a question is about: linear machines over tf-idf rows of the topics' lines.

They are trained apart, as support vector machines, and then together, each line weighed by how likely its topic is.
"""

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import orjson
from numpy.typing import NDArray

from knowledge.features import WEIGHTS, coverage, features, mend, telling
from knowledge.programme import Topic
from knowledge.scripts import simplify
from knowledge.shelf import clear
from knowledge.text import fold
from knowledge.vocabulary import Places, Vocabulary, numbers

Scores = NDArray[np.float32]
Row = tuple[Places, Scores]

# Chosen by cross-validation over authors (benchmarks.eval).
_COST = 0.4  # of a line on the wrong side of its margin
_ROUNDS = 2
_DEAREST = 1.5  # how much more a line may cost at most
_PASSES = 5  # over all lines, of the training together
_RATE = 3.0  # of its first steps
_HIDDEN = 0.5  # the part of a line's features that each of its steps does not see: others have other words
_LITTLE = 0.01  # the square of a step that is left out: three lines in five are known well enough
_LOGIT = 12.0  # margins to log odds, for that training
_FLATTER = 0.6  # the power of idf: rare features are not the telling ones here
_SMALL = 0.7  # how much more a line of a small topic costs
_RECENT = 16  # texts whose margins are kept, unless told otherwise: a message is looked at more than once
_OFTEN = 3  # lines that must have a feature, but
_ONCE = "12wS@#"  # kinds of features that are learnt from though they occur once
SOURCES = (
    "features.py",
    "regions.py",
    "scripts.py",
    "text.py",
    "vocabulary.py",
    "data/concepts.txt",
    "data/pinyin.txt",
    "data/regions.txt",
    "data/traditional.txt",
    "data/words.txt",
)


@dataclass(frozen=True)
class Model:
    """What is learnt from the lines. Arrays only, so that it can be stored and read without being run.

    The last machine tells what an award is asked from what it is not, whatever the topic.
    """

    vocabulary: Vocabulary
    worth: Scores  # a weight a feature
    weights: NDArray[np.float16]  # features × (topics + 1)
    bias: Scores  # a value a machine


class Classifier:
    """Finds topics for questions. Topics are addressed by their place in the sequence it was made with."""

    def __init__(self, topics: Sequence[Topic], cache: Path | None = None, recent: int | None = _RECENT) -> None:
        """`recent`: of how many texts the margins are kept; None for all."""
        self.topics = topics
        self._model = _cached(topics, cache) if cache else train(topics)
        self._scores = lru_cache(recent)(self._measure)

    def margins(self, text: str) -> Scores:
        """How far the (folded, simplified) text lies on each topic's side: about 1 for its own lines, -1 for others."""
        return self._scores(text)[:-1]

    def asked(self, text: str) -> float:
        """How far the text lies on the side of what an award is asked: about 1, and -1 for what it is not."""
        return float(self._scores(text)[-1])

    def _known(self, text: str) -> frozenset[str]:
        """Those of a text's telling features that the topics' lines have."""
        asked = telling(text)
        _, met = self._model.vocabulary.find(asked)
        return frozenset(compress(asked, met))

    def _measure(self, text: str) -> Scores:
        """The margins of all machines."""
        model = self._model
        places, values = _vector(text, model)
        return np.asarray(values @ model.weights[places].astype(np.float32) + model.bias, np.float32)

    def mend(self, text: str) -> str:
        """The text with homophones of the topics' words put right."""
        return mend(text, self._known(text))

    def coverage(self, text: str) -> float:
        """The part of a question's content that occurs in the topics' lines at all."""
        return coverage(text, self._known(text))


def _vector(text: str, model: Model) -> Row:
    """A text's tf-idf row: the places of its known features and their weights."""
    counted = Counter(features(text))
    places, met = model.vocabulary.find(tuple(counted))
    times = np.fromiter(counted.values(), np.float32, len(counted))
    return _row(places, times[met], model.worth)


def _row(places: Places, times: Scores, worth: Scores) -> Row:
    """The features at these places, that occur so many times, as a row of length 1."""
    values = worth[places] * (1 + np.log(times))
    return places, np.asarray(values / np.sqrt((values**2).sum()), np.float32) if len(places) else values


def train(topics: Sequence[Topic]) -> Model:
    """Learns from the topics' lines. Deterministic."""
    owners = [owner for owner, topic in enumerate(topics) for _ in topic.lines]
    found = defaultdict[str, int]()
    found.default_factory = found.__len__  # a new feature gets the next place
    lines = [_counted(simplify(fold(line)), found) for topic in topics for line in topic.lines]
    occurring = [places for places, _ in lines] or [np.zeros(0, np.int32)]
    frequency = np.bincount(np.concatenate(occurring), minlength=len(found))
    kept = (frequency >= _OFTEN) | np.array([feature[0] in _ONCE for feature in found], np.bool_)
    often = [feature for feature, keep in zip(found, kept, strict=True) if keep]
    known, first, place = np.unique(numbers(often), return_index=True, return_inverse=True)
    kinds = np.array([WEIGHTS[feature[0]] for feature in often], np.float32)[first]
    rarity = np.log((1 + len(lines)) / (1 + frequency[kept][first].astype(np.float32))) + 1
    worth = np.asarray(kinds * rarity**_FLATTER, np.float32)
    moved = np.zeros(len(found), np.int32)
    moved[kept] = place
    rows = [_row(moved[places[kept[places]]], times[kept[places]], worth) for places, times in lines]
    award = np.array([topic.kind == "topic" for topic in topics])
    weights, bias = _separate(rows, owners, len(known), award)
    _refine(rows, owners, award, weights, bias)
    return Model(Vocabulary(known), worth, weights.astype(np.float16), bias)


def _counted(line: str, found: defaultdict[str, int]) -> Row:
    """The places of a line's features among all that were found, and how often each occurs; new ones are added."""
    counted = Counter(features(line))
    places = [found[feature] for feature in counted]
    return np.array(places, np.int32), np.array(list(counted.values()), np.float32)


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


def _refine(
    rows: Sequence[Row], owners: Sequence[int], award: NDArray[np.bool_], weights: Scores, bias: Scores
) -> None:
    """Trains the machines on together, in place: log loss of the softmax over topics and of the last machine.

    Steps are Adagrad's (Duchi et al., 2011), with one rate a feature, and see a random part of a line's features each,
    so that no word is relied on alone: what authors have in common remains. They end at nothing, or the plainest
    questions would hang on which lines came last.
    """
    weights *= _LOGIT
    bias *= _LOGIT
    chance = np.random.default_rng(0)
    seen, met = np.full(len(weights), 1e-3, np.float32), 1e-3
    order = np.concatenate([chance.permutation(len(rows)) for _ in range(_PASSES)])
    for rate, line in zip(_RATE * np.linspace(1, 0, len(order)), order, strict=True):
        (places, values), owner = rows[line], owners[line]
        shown = chance.random(len(places), np.float32) >= _HIDDEN
        places, values = places[shown], values[shown]
        if not len(places):
            continue
        values = values / np.sqrt(values @ values)
        learnt = weights[places]
        step = values @ learnt + bias
        likely = np.exp(step[:-1] - step[:-1].max())
        step[:-1] = likely / likely.sum()
        step[-1] = 1 / (1 + np.exp(-step[-1])) - award[owner]
        step[owner] -= 1
        size = float(step @ step)
        if size < _LITTLE:
            continue
        met += size
        seen[places] += values**2 * size
        weights[places] = learnt - np.outer(rate * values / np.sqrt(seen[places]), step)
        bias -= rate * step / np.sqrt(met)
    weights /= _LOGIT
    bias /= _LOGIT


def _digest(topics: Sequence[Topic]) -> str:
    """What a model hangs on: its lines, its code and its tables."""
    sources = [Path(__file__), *(Path(__file__).parent / name for name in SOURCES)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources))
    digest.update(orjson.dumps([(topic.id, topic.kind, topic.lines) for topic in topics]))
    return digest.hexdigest()[:32]


def _cached(topics: Sequence[Topic], folder: Path) -> Model:
    """The model of these topics, from the cache where it is there, its weights mapped and not read."""
    path = folder / f"model-{_digest(topics)}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            known, worth, bias = stored["known"], stored["worth"], stored["bias"]
        weights = np.load(path.with_suffix(".npy"), mmap_mode="r", allow_pickle=False).view(np.ndarray)
        if weights.shape == (len(known), len(topics) + 1):
            with suppress(OSError):
                path.touch()  # in use: old ones are cleared away
            return Model(Vocabulary(known), worth, weights, bias)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        pass
    model = train(topics)
    _store(model, path)
    return model


def _store(model: Model, path: Path) -> None:
    """Writes a model beside its place, then moves it: nobody reads half of one. A cache may fail silently."""
    partial = path.with_name(f".{path.stem}-{os.getpid()}")
    weights, rest = partial.with_suffix(".npy"), partial.with_suffix(".npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(weights, model.weights)
        np.savez(rest, known=model.vocabulary.known, worth=model.worth, bias=model.bias)
        weights.replace(path.with_suffix(".npy"))
        rest.replace(path)
        clear(path.parent, "model-*.npz", ".npy")
    except OSError:
        for left in (weights, rest):
            with suppress(OSError):
                left.unlink(missing_ok=True)
