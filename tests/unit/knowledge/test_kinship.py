"""Words that occur in the same topics are near each other, be they asked or stated."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.glossary import terms
from knowledge.kinship import Compared, Kinship, kept, learn
from knowledge.programme import Topic
from knowledge.wording import Wording

OTHERS = tuple(
    Topic(f"other-{letter}", Wording(letter, letter), (f"{letter}山", f"{letter}水", f"{letter}石") * 4)
    for letter in "金木土云雨雪风霜日月星辰天地玄黄宇宙洪荒"
)
ASKED = (
    Topic("travel", Wording("路费", "travel"), ("火车票谁出", "火车票给报吗", "火车票有人管吗") * 4),
    Topic("deadline", Wording("截止", "deadline"), ("哪天关门", "几号关门", "关门是哪天") * 4),
    *OTHERS,
)
STATED = (
    Topic("travel", Wording("路费", "travel"), ("差旅自理。", "差旅由主办方负担。", "差旅凭据报销。") * 3),
    Topic("deadline", Wording("截止", "deadline"), ("申报截止五月。", "逾期截止不候。", "截止六月一日。") * 3),
    *OTHERS,
)
UNITS = ("往返差旅一律自理。", "截止六月三十日。", "奖杯一座。")


@pytest.fixture(scope="module")
def kinship() -> Kinship:
    return learn(ASKED, STATED)


def nearness(kinship: Kinship, question: str, arounds: tuple[str, ...] = ("", "", "")) -> list[float]:
    compared: Compared = kinship.compared(UNITS, arounds)
    asked = terms(question)
    return [float(one) for one in compared.figures(asked, np.ones(len(asked), np.float32))]


@pytest.mark.parametrize(("question", "nearest"), [("火车票", 0), ("关门", 1)])
def test_unit_in_other_words_of_the_same_topic_is_nearest(kinship: Kinship, question: str, nearest: int) -> None:
    found = nearness(kinship, question)
    assert found.index(max(found)) == nearest
    assert found[2] == pytest.approx(0.0, abs=1e-3)


def test_what_stands_around_a_unit_counts_less_than_its_own_words(kinship: Kinship) -> None:
    own, _, around = nearness(kinship, "火车票", ("", "", "差旅"))
    assert 0 < around < own


def test_question_of_unknown_words_is_near_to_nothing(kinship: Kinship) -> None:
    assert nearness(kinship, "恐龙") == [0.0, 0.0, 0.0]


def test_kinship_is_kept_under_what_it_hangs_on(tmp_path: Path) -> None:
    first = kept(ASKED, STATED, tmp_path)
    (file,) = tmp_path.glob("kinship-*.npz")
    again = kept(ASKED, STATED, tmp_path)
    assert again.places == first.places
    assert np.array_equal(again.vectors, first.vectors)
    kept(ASKED[1:], STATED, tmp_path)
    assert [path != file for path in tmp_path.glob("kinship-*.npz")] == [True]


@pytest.mark.parametrize("damaged", [b"PK nothing", b"PK\x03\x04nothing"])
def test_damaged_file_is_learnt_anew(tmp_path: Path, damaged: bytes) -> None:
    first = kept(ASKED, STATED, tmp_path)
    (file,) = tmp_path.glob("kinship-*.npz")
    file.write_bytes(damaged)
    assert kept(ASKED, STATED, tmp_path).places == first.places
