"""The features that a model knows, by numbers made of them: an array that is read at once, where a dict is built."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int32]


def numbers(features: Sequence[str]) -> NDArray[np.uint32]:
    """A number for each feature, the same in every process. Two of 100,000 features share one, about."""
    return np.fromiter((crc32(feature.encode()) for feature in features), np.uint32, len(features))


@dataclass(frozen=True)
class Vocabulary:
    """Features by their numbers, ascending and each once. What is unknown is taken for known once in 30,000 times."""

    known: NDArray[np.uint32]

    def find(self, features: Sequence[str]) -> tuple[Places, NDArray[np.bool_]]:
        """The places of those features that are known, and which of them are."""
        if not len(self.known):
            return np.zeros(0, np.int32), np.zeros(len(features), np.bool_)
        asked = numbers(features)
        places = np.minimum(np.searchsorted(self.known, asked), len(self.known) - 1)
        met = self.known[places] == asked
        return places[met].astype(np.int32), met
