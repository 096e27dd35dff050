import os
from pathlib import Path

import numpy as np
import pytest

from knowledge.classifier import Classifier
from knowledge.programme import Topic
from knowledge.wording import Wording

TOPICS = (
    Topic("fee", Wording("费用", "fee"), ("要收费吗", "多少钱", "is there a fee")),
    Topic("deadline", Wording("截止", "deadline"), ("什么时候截止", "最晚几号交", "when is the deadline")),
)


def test_margins_prefer_the_topic_of_the_line() -> None:
    classifier = Classifier(TOPICS)
    assert [int(np.argmax(classifier.margins(text))) for text in ("收多少钱", "几号截止", "deadline")] == [0, 1, 1]


def test_cache_gives_the_same_margins_and_changes_with_the_lines(tmp_path: Path) -> None:
    fresh, stored = Classifier(TOPICS, tmp_path), Classifier(TOPICS, tmp_path)
    assert np.array_equal(fresh.margins("收钱吗"), stored.margins("收钱吗"))
    assert len(list(tmp_path.glob("model-*.npz"))) == 1
    Classifier(TOPICS[:1], tmp_path)
    assert len(list(tmp_path.glob("model-*.npz"))) == 2


def test_only_the_models_used_last_are_kept(tmp_path: Path) -> None:
    for number in range(7):
        Classifier((*TOPICS, Topic(f"t{number}", Wording("", ""), (f"第{number}个问题",))), tmp_path)
        for age, path in enumerate(sorted(tmp_path.glob("model-*.npz"), key=lambda path: -path.stat().st_mtime_ns)):
            os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert len(list(tmp_path.glob("model-*.npz"))) == len(list(tmp_path.glob("model-*.npy"))) == 4


def test_what_an_award_is_asked_is_told_from_what_it_is_not() -> None:
    aside = Topic("shop", Wording("", ""), ("鞋子多少钱", "鞋子能退吗", "how much are these shoes"), kind="background")
    classifier = Classifier((*TOPICS, aside))
    assert classifier.asked("什么时候截止") > 0 > classifier.asked("鞋子多少钱")
    assert len(classifier.margins("什么时候截止")) == 3


@pytest.mark.parametrize("damaged", [b"cut", b"", b"PK\x03\x04cut"])
def test_broken_cache_is_made_again(tmp_path: Path, damaged: bytes) -> None:
    Classifier(TOPICS, tmp_path)
    (path,) = tmp_path.glob("model-*.npz")
    path.write_bytes(damaged)
    assert Classifier(TOPICS, tmp_path).margins("收费吗")[0] > 0


def test_cache_that_cannot_be_written_is_not_needed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Classifier(TOPICS, tmp_path / "file").margins("收费吗")[0] > 0


def test_homophones_are_mended() -> None:
    classifier = Classifier((*TOPICS, Topic("patents", Wording("专利", "patents"), ("专利要求", "有几个专利"))))
    assert classifier.mend("专力要求") == "专利要求"
    assert classifier.mend("什么时候截止") == "什么时候截止"
