"""The features that a model knows, by numbers made of them: an array that is read at once, where a dict is built."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int32]


def numbers(features: Sequence[str]) -> NDArray[np.uint32]:
    """A number for each feature, the same in every process. Two of 100,000 features share one, about."""
    return np.fromiter((crc32(feature.encode()) for feature in features), np.uint32, len(features))


class Vocabulary:
    """Features by their numbers, ascending and each once. What is unknown is taken for known once in 30,000 times."""

    def __init__(self, known: NDArray[np.uint32]) -> None:
        self.known = known
        self._ordered = array("I", known.tobytes())

    def __len__(self) -> int:
        return len(self._ordered)

    def __contains__(self, feature: object) -> bool:
        number = crc32(str(feature).encode())
        place = bisect_left(self._ordered, number)
        return place < len(self._ordered) and self._ordered[place] == number

    def find(self, features: Sequence[str]) -> tuple[Places, NDArray[np.bool_]]:
        """The places of those features that are known, and which of them are."""
        asked = numbers(features)
        places = np.minimum(np.searchsorted(self.known, asked), max(0, len(self.known) - 1))
        met = self.known[places] == asked if len(self.known) else np.zeros(len(asked), np.bool_)
        return places[met].astype(np.int32), met
