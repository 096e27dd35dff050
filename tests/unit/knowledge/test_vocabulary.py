import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.vocabulary import Vocabulary, numbers

WORDS = st.lists(st.text(max_size=5), unique=True, max_size=30)


def _known(features: list[str]) -> Vocabulary:
    return Vocabulary(np.unique(numbers(features)))


@given(WORDS, WORDS)
def test_known_features_are_found_at_their_numbers_places(known: list[str], others: list[str]) -> None:
    vocabulary = _known(known)
    asked = [*known, *others]
    places, met = vocabulary.find(asked)
    assert met.tolist() == [number in vocabulary.known for number in numbers(asked)]
    assert all(met[: len(known)])
    found = [feature for feature, one in zip(asked, met, strict=True) if one]
    assert vocabulary.known[places].tolist() == numbers(found).tolist()


def test_unknown_features_are_not_found() -> None:
    vocabulary = _known(["2报名", "w fee"])
    places, met = vocabulary.find(["2费用", "2报名"])
    assert len(places) == 1
    assert met.tolist() == [False, True]


def test_empty_vocabulary_knows_nothing() -> None:
    vocabulary = _known([])
    places, met = vocabulary.find(["2报名"])
    assert len(places) == 0
    assert not met.any()


def test_numbers_are_the_same_in_every_process() -> None:
    assert numbers(["2报名", ""]).tolist() == [2920265042, 0]
