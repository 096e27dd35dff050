"""Floors: one author's lines left out of training, questions of our own, and guides that nobody wrote topics for."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.eval import QUESTIONS, asked, left_out, library_without, scored, share_right
from knowledge.folders import PACKS
from knowledge.library import Library
from knowledge.loader import load_programmes, load_topics
from knowledge.opening import load_packs

pytestmark = pytest.mark.slow  # most of these train without an author
NOW = datetime(2024, 10, 1, 4, tzinfo=UTC)
GUIDES = Path(__file__).parent / "guides"


@pytest.fixture(scope="module")
def bare() -> Library:
    return load_packs(GUIDES)


@pytest.mark.parametrize(("voice", "right", "wrong", "silent"), [("office", 75, 7, 7), ("street", 68, 7, 9)])
def test_author_left_out_of_training_is_understood(voice: str, right: int, wrong: int, silent: int) -> None:
    tally = left_out(load_programmes(PACKS), load_topics(), voice, every=8)
    assert tally.share("stated", "right") >= right
    assert tally.share("stated", "wrong") <= wrong
    assert tally.share("silent", "answered") <= silent


def test_what_sounds_like_an_application_is_declined_though_nothing_of_its_kind_was_learnt() -> None:
    tally = left_out(load_programmes(PACKS), load_topics(), "hallway", every=2)
    assert tally.share("background", "answered") <= 16


def test_questions_score_alike_without_a_whole_author() -> None:
    topics, rows = load_topics(), list(asked(QUESTIONS))
    without = library_without(load_programmes(PACKS), topics, "desk")
    assert share_right(load_packs(), rows) - share_right(without, rows) <= 4


def test_own_questions_are_answered() -> None:
    library = load_packs()
    found = Counter((row["expect"], scored(library, row)) for row in asked(QUESTIONS))
    assert found["abstain", "answered"] == 0
    assert found["answer", "wrong"] == 0
    assert found["answer", "right"] >= 21


def test_bare_guides_answer_most_and_decline_the_rest(bare: Library) -> None:
    found = Counter[tuple[str, str]]()
    for programme in bare.programmes:
        for row in asked(GUIDES / programme / "questions.yaml"):
            found[row["expect"], scored(bare, {**row, "programme": programme})] += 1
    answerable = sum(times for (expect, _), times in found.items() if expect == "answer")
    silent = sum(times for (expect, _), times in found.items() if expect == "abstain")
    assert found["answer", "right"] >= 0.6 * answerable
    assert found["answer", "wrong"] <= 0.1 * answerable
    assert found["abstain", "right"] >= 0.85 * silent


@pytest.mark.parametrize(
    ("guide", "name"),
    [("harbour-startups", "海港杯的报名费是多少"), ("city-science-prize", "云川市青年科技奖什么时候截止")],
)
def test_bare_guide_is_found_by_the_name_in_its_title(bare: Library, guide: str, name: str) -> None:
    assert bare.ask(name, now=NOW).programme == guide


@pytest.mark.parametrize(
    "message", ["", " \n", "😀😀", "\x00\x07", "ответьте мне", "؟؟", "要" * 100_000, "a " * 50_000]
)
def test_message_that_asks_nothing_is_not_answered_from_a_guide(message: str) -> None:
    answer = load_packs().ask(message, programme="tr50", now=NOW)
    assert (answer.status, answer.citations) in {("abstained", ()), ("choices", ())}
