"""Which words of questions and of guides speak of the same topics, learnt from the lines and sentences of each."""

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge.glossary import Term, keys
from knowledge.programme import Topic
from knowledge.scripts import simplify
from knowledge.text import fold

Figures = NDArray[np.float32]
SOURCES = (
    "glossary.py", "features.py", "scripts.py", "text.py",
    "data/glossary.txt", "data/quiet.txt", "data/traditional.txt", "data/words.txt",
)  # fmt: skip
_OFTEN = 3  # times that a key must occur
_AXES = 48
_LINES_MORE, _SENTENCES_MORE = 5, 3  # added to a topic's size: of a small topic one line says little
_USUAL = 0.5  # how far a key's usual frequency counts as its frequency in every topic
_PLAIN = 6.0  # the length of a vector from which a key speaks of few topics plainly
_TELLING = 0.3  # how plain a key of a guide must be to be compared
_AROUND = 0.6  # what a key counts in what stands around a unit


@dataclass(frozen=True)
class Kinship:
    """A vector of length 1 for each key of glossary.keys, near those of keys that occur in the same topics.

    `plain` tells how far a key speaks of few topics only, from 0 to 1.
    """

    places: Mapping[str, int]
    vectors: NDArray[np.float16]
    plain: Figures

    def compared(self, texts: Sequence[str], arounds: Sequence[str]) -> "Compared":
        """The units of a guide, both texts of each folded and simplified, ready to be compared with questions."""
        own = [self._known(text) for text in texts]
        headings = list(dict.fromkeys(arounds))
        around = [self._known(text) for text in headings]
        rows = sorted(set().union(*own, *around))
        nothing = len(rows)  # the last vector, of texts without telling keys
        places = {row: place for place, row in enumerate(rows)}
        groups = [[places[row] for row in found] or [nothing] for found in (*own, *around)]
        return Compared(
            self,
            np.concatenate([self.vectors[rows], np.zeros((1, self.vectors.shape[1]))]).astype(np.float32),
            np.array([place for group in groups for place in group], np.intp),
            np.r_[0, np.cumsum([len(group) for group in groups])[:-1]].astype(np.intp),
            len(texts) + np.array([headings.index(text) for text in arounds], np.intp),
        )

    def _known(self, text: str) -> list[int]:
        """The rows of a text's telling keys."""
        rows = {self.places[key] for key in keys(text) if key in self.places}
        return sorted(row for row in rows if self.plain[row] >= _TELLING)


@dataclass(frozen=True)
class Compared:
    """The keys of a guide's units, and of what stands around them, which many units share.

    `vectors` are those of all keys; `places` of the keys of one text after another, `starts` of each text's first among
    them; `around` is the place of each unit's surroundings among the texts, of which the units are the first.
    """

    kinship: Kinship
    vectors: Figures
    places: NDArray[np.intp]
    starts: NDArray[np.intp]
    around: NDArray[np.intp]

    def figures(self, asked: Sequence[Term], weights: Figures) -> Figures:
        """For each unit how near its words are to those that are asked, by their weights: the nearest of each."""
        kin = self.kinship
        found = [[kin.places[key] for key, _ in term.keys if key in kin.places] for term in asked]
        chosen = [(max(rows, key=kin.plain.__getitem__), place) for place, rows in enumerate(found) if rows]
        if not chosen:
            return np.zeros(len(self.around), np.float32)
        rows = np.array([row for row, _ in chosen])
        near = (self.vectors @ kin.vectors[rows].astype(np.float32).T)[self.places]
        best = np.maximum.reduceat(near, self.starts, axis=0)
        both = np.maximum(best[: len(self.around)], _AROUND * best[self.around])
        return np.asarray(both @ (weights[[place for _, place in chosen]] * kin.plain[rows]), np.float32)


def learn(topics: Sequence[Topic], stated: Sequence[Topic]) -> Kinship:
    """Learns from topics whose lines are questions, and from the same with sentences of guides for lines."""
    axes = {topic.id: place for place, topic in enumerate(topics)}
    sides = (
        (_counted(topics, axes), _LINES_MORE),
        (_counted(stated, axes), _SENTENCES_MORE),
    )
    often = Counter[str]()
    for (counts, _), _ in sides:
        for key, owners in counts.items():
            often[key] += sum(owners.values())
    vocabulary = sorted(key for key, times in often.items() if times >= _OFTEN)
    table = np.zeros((len(vocabulary), len(topics)), np.float32)
    for row, key in enumerate(vocabulary):
        usual = 0.0
        for (counts, sizes), more in sides:
            owners = counts.get(key, Counter())
            for owner, times in owners.items():
                table[row, owner] += times / (sizes[owner] + more)
            usual += sum(owners.values()) / max(1, sizes.sum())
        much = np.log((table[row] + _USUAL * usual) / (1.5 * usual))
        table[row] = np.maximum(much, 0) * (often[key] / (often[key] + 2))
    plain = np.minimum(np.sqrt((table**2).sum(axis=1)) / _PLAIN, 1.0)
    _, turns = np.linalg.eigh(table.T @ table)
    flat = table @ turns[:, ::-1][:, :_AXES]
    flat /= np.sqrt((flat**2).sum(axis=1, keepdims=True)) + 1e-9
    return Kinship({key: row for row, key in enumerate(vocabulary)}, flat.astype(np.float16), plain.astype(np.float32))


def _counted(
    topics: Sequence[Topic], axes: Mapping[str, int]
) -> tuple[Mapping[str, Counter[int]], NDArray[np.float64]]:
    """In how many lines of each topic each key occurs, and how many lines each has."""
    counts, sizes = dict[str, Counter[int]](), np.zeros(max(axes.values(), default=0) + 1)
    for topic in topics:
        if topic.id not in axes:
            continue
        for line in topic.lines:
            sizes[axes[topic.id]] += 1
            for key in keys(simplify(fold(line))):
                counts.setdefault(key, Counter())[axes[topic.id]] += 1
    return counts, sizes


def kept(topics: Sequence[Topic], stated: Sequence[Topic], folder: Path | None) -> Kinship:
    """The kinship of the lines of topics that every programme has, out of a cache where nothing has changed."""
    topics = [topic for topic in topics if topic.kind == "topic" and not topic.programme]
    if folder is None:
        return learn(topics, stated)
    path = folder / f"kinship-{_digest((topics, stated))}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            vocabulary = bytes(stored["vocabulary"]).decode().split("\n")
            return Kinship({key: row for row, key in enumerate(vocabulary)}, stored["vectors"], stored["plain"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        found = learn(topics, stated)
        _store(found, path)
        return found


def _digest(sides: Collection[Sequence[Topic]]) -> str:
    """What a kinship hangs on: its lines, its code and its tables."""
    folder = Path(__file__).parent
    files = (Path(__file__), *(folder / name for name in SOURCES))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files))
    for topics in sides:
        digest.update(repr([(topic.id, topic.kind, topic.lines) for topic in topics]).encode())
    return digest.hexdigest()[:32]


def _store(found: Kinship, path: Path) -> None:
    """Writes it beside its place, then moves it, and keeps no other. A cache may fail silently."""
    partial = path.with_name(f".{path.stem}-{os.getpid()}.npz")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        vocabulary = np.frombuffer("\n".join(found.places).encode(), np.uint8)
        np.savez(partial, vocabulary=vocabulary, vectors=found.vectors, plain=found.plain)
        for old in path.parent.glob("kinship-*.npz"):
            old.unlink(missing_ok=True)
        partial.replace(path)
