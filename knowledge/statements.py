"""Which topics a guide's sentences speak of: a classifier over sentences as guides write them, by topic.

Its lines are topics/statements/*.yaml. It is made when a guide without entries is first asked, and not before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.classifier import Classifier
from knowledge.kinship import Kinship, kept
from knowledge.programme import Topic

Figures = NDArray[np.float32]
FIGURES = ("stated", "headed", "rather", "alike")
_STEEP, _MIDDLE = 4.0, -0.5  # margins to how likely a sentence speaks of a topic, whatever else it speaks of
_SHARP = 8.0  # margins to which topic it speaks of rather than of others
_FLAT = 4.0  # the same, to compare sentence and question by all topics that are near
_ASKED_FLAT = 1 / 3  # the power that makes a question's probabilities as flat
_LEAST, _MOST = 0.02, 8  # the probability that a topic of a question must have, and how many count


@dataclass(frozen=True)
class Stated:
    """Units × topics of one guide.

    `own` and `around` tell how likely a unit itself, and what stands around it, speak of each topic; `rather` of which
    topic unit and surroundings speak rather than of others; `shape` is the same flat, each row of length 1.
    """

    places: Mapping[str, int]
    own: Figures
    around: Figures
    rather: Figures
    shape: Figures

    def figures(self, ranked: Sequence[tuple[Topic, float]]) -> Figures:
        """Units × FIGURES for a question's topics with their probabilities, the likeliest first."""
        known = [(self.places[topic.id], likely) for topic, likely in ranked if topic.id in self.places]
        near = [(place, likely) for place, likely in known[:_MOST] if likely > _LEAST]
        found = np.zeros((len(self.own), len(FIGURES)), np.float32)
        if not near:
            return found
        places = np.array([place for place, _ in near])
        likely = np.array([one for _, one in near], np.float32)
        for column, table in enumerate((self.own, self.around, self.rather)):
            found[:, column] = table[:, places] @ likely
        flat = np.array([one for _, one in known], np.float32) ** _ASKED_FLAT
        found[:, -1] = self.shape[:, [place for place, _ in known]] @ (flat / np.sqrt((flat**2).sum()))
        return found


class Statements:
    """What is learnt of sentences as guides write them. `topics` have such sentences as their lines.

    `again`: the same sentences come back, so that what is found of each is kept.
    """

    def __init__(self, topics: Sequence[Topic], cache: Path | None = None, *, again: bool = False) -> None:
        self._places = {topic.id: place for place, topic in enumerate(topics)}
        self._classifier = Classifier(topics, cache, None) if again else Classifier(topics, cache)
        self._topics, self._cache = topics, cache
        self._kinship: Kinship | None = None

    def kinship(self, topics: Sequence[Topic]) -> Kinship:
        """Which words of questions, the lines of `topics`, and of sentences as guides write them are akin."""
        if self._kinship is None:
            self._kinship = kept(topics, self._topics, self._cache)
        return self._kinship

    def of(self, texts: Sequence[str], arounds: Sequence[str]) -> Stated:
        """The topics of a guide's units; both texts of each are folded and simplified."""
        own = self._margins(texts)
        whole = self._margins([f"{around} {text}".strip() for text, around in zip(texts, arounds, strict=True)])
        rather = np.exp(_SHARP * (whole - whole.max(axis=1, keepdims=True)))
        shape = np.exp(_FLAT * (whole - whole.max(axis=1, keepdims=True)))
        return Stated(
            self._places,
            _likely(own),
            _likely(self._margins(arounds)),
            rather / rather.sum(axis=1, keepdims=True),
            shape / np.sqrt((shape**2).sum(axis=1, keepdims=True)),
        )

    def _margins(self, texts: Sequence[str]) -> Figures:
        """Texts × topics; an empty text is like none."""
        known = {text: self._classifier.margins(text) for text in set(texts) if text}
        none = np.full(len(self._places), -1.0, np.float32)
        return np.array([known.get(text, none) for text in texts], np.float32).reshape(len(texts), len(self._places))


def _likely(margins: Figures) -> Figures:
    """How likely a text speaks of each topic, whatever else it speaks of."""
    return np.asarray(1 / (1 + np.exp(-_STEEP * (margins - _MIDDLE))), np.float32)


def nothing_stated(units: int) -> Stated:
    """What is known where nothing was learnt."""
    none = np.zeros((units, 0), np.float32)
    return Stated({}, none, none, none, none)
