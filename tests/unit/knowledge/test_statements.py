"""Sentences as guides write them, by topic: read, learnt from, and found again in a guide."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.check import check_packs
from knowledge.errors import PackError
from knowledge.folders import PACKS, TOPICS
from knowledge.loader import load_statements, load_topics
from knowledge.opening import load_packs
from knowledge.programme import Topic
from knowledge.statements import FIGURES, Statements, nothing_stated
from knowledge.wording import Wording

FEE = Topic(
    "fee", Wording("费用", "fee"), ("本届大赛不收取任何费用。", "参赛免费。", "There is no entry fee.", "费用全免。")
)
JURY = Topic(
    "judges", Wording("评委", "judges"), ("评审由专家组成。", "评委会由七人组成。", "A jury of seven decides.")
)
BROKEN = """fee:
  zh: |
    参赛不收费。
nonsense:
  zh: |
    一句话。
"""


def _statements(folder: Path, text: str) -> Path:
    for file in TOPICS.glob("*.yaml"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "statements").mkdir()
    (folder / "statements" / "mine.yaml").write_text(text, "utf-8")
    return folder


def test_topic_of_a_sentence_is_found() -> None:
    stated = Statements([FEE, JURY]).of(["报名不收取费用。", "由专家评审。"], ["", "评审"])
    figures = stated.figures([(FEE, 1.0)])
    assert figures.shape == (2, len(FIGURES))
    assert (figures[0] > figures[1]).tolist() == [True, False, True, True]


def test_question_about_nothing_known_has_no_figures() -> None:
    other = Topic("refund", Wording("退费", "refund"))
    assert not Statements([FEE, JURY]).of(["报名免费。"], [""]).figures([(other, 1.0)]).any()
    assert np.array_equal(nothing_stated(2).figures([(FEE, 1.0)]), np.zeros((2, len(FIGURES)), np.float32))


def test_statements_ship_for_most_topics() -> None:
    stated = load_statements(TOPICS, load_topics())
    assert sum(bool(topic.lines) for topic in stated) >= 0.7 * len(stated)


def test_statements_of_no_topic_are_named_with_their_line(tmp_path: Path) -> None:
    folder = _statements(tmp_path, BROKEN)
    with pytest.raises(PackError) as raised:
        load_statements(folder, load_topics(folder))
    assert [(Path(one.file).name, one.line, one.key) for one in raised.value.mistakes] == [("mine.yaml", 4, "nonsense")]
    assert "is no topic" in raised.value.mistakes[0].message
    assert raised.value.mistakes == check_packs(PACKS, folder)


def test_packs_with_topics_never_read_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    library = load_packs()
    monkeypatch.setattr("knowledge.opening.kept_statements", lambda *_: pytest.fail("statements were read"))
    library.warm()
    assert library.programmes
