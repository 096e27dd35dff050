"""How well answers generalise: every voice is left out of training once and asked (`make eval`).

    python -m benchmarks.eval [--voices a,b] [--questions FILE]

A line of a topic counts as answered right where the answer quotes a sentence that the pack gives for that topic. The
column "questions" is the score over questions with keys, none of them a line, of the library without that voice; below
stands the same with all voices. The questions ship with the project, or are read from a file: JSON objects a line with
`q`, `programme`, `expect` (answer, abstain, clarify), `must` (groups, of each one alternative), `must_not`, `verdict`.
"""

import argparse
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from benchmarks.confusions import Asked, Report
from knowledge.folders import PACKS
from knowledge.library import Library
from knowledge.loader import load_programmes, load_topics
from knowledge.opening import load_packs
from knowledge.programme import Answer, Programme, Topic

NOW = datetime(2024, 10, 1, 4, tzinfo=UTC)
OWN = "plain"  # the voice of the topics' own files
WORST = 20  # topics, and pairs of topics, that are shown
QUESTIONS = Path(__file__).parents[1] / "tests/unit/knowledge/questions.yaml"


@dataclass
class Tally:
    """Outcomes by what was asked: stated (the pack answers it), silent (it does not), background."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def share(self, asked: str, outcome: str) -> float:
        """The share of an outcome among all that was asked of that kind, in per cent."""
        whole = sum(times for (kind, _), times in self.counts.items() if kind == asked)
        return 100 * self.counts[asked, outcome] / whole if whole else 0.0

    def row(self) -> str:
        """The figures in one line."""
        return (
            f"{self.share('topic', 'first'):8.1f}{self.share('stated', 'right'):8.1f}"
            f"{self.share('stated', 'choices'):9.1f}{self.share('stated', 'wrong'):8.1f}"
            f"{self.share('silent', 'answered'):10.1f}{self.share('background', 'answered'):12.1f}"
        )


HEAD = "voice         first   right  choices   wrong  unstated  background  questions"


def voices_of(topics: Sequence[Topic]) -> tuple[str, ...]:
    """The voices that the topics' lines have."""
    return (OWN, *sorted({voice for topic in topics for voice in topic.voices}))


def without(topics: Sequence[Topic], voice: str) -> tuple[Topic, ...]:
    """The topics without a voice's lines."""
    return tuple(replace(topic, lines=tuple(set(topic.lines) - set(lines_of(topic, voice)))) for topic in topics)


def lines_of(topic: Topic, voice: str) -> tuple[str, ...]:
    """A voice's lines of a topic."""
    if voice != OWN:
        return topic.voices.get(voice, ())
    others = {line for lines in topic.voices.values() for line in lines}
    return tuple(line for line in topic.lines if line not in others)


def library_without(programmes: Mapping[str, Programme], topics: Sequence[Topic], voice: str) -> Library:
    """The library as it were had that voice never been heard."""
    return Library(programmes, [_sorted(topic) for topic in without(topics, voice)])


def ask_lines(library: Library, topics: Sequence[Topic], voice: str, every: int = 1) -> tuple[Tally, list[Asked]]:
    """Asks every n-th line of a voice, of each programme."""
    tally, rows = Tally(), list[Asked]()
    for topic in topics:
        for line in lines_of(topic, voice)[::every]:
            for programme in library.programmes.values():
                answer = library.ask(line, programme=programme.id, now=NOW)
                kind, outcome = judge(programme, topic, answer)
                tally.counts[kind, outcome] += 1
                rows.append(Asked(line, topic.id, answer.topic or "", kind, outcome))
                if topic.kind == "topic":
                    first = library.likeliest(line, programme.id) == topic.id
                    tally.counts["topic", "first" if first else "other"] += 1
    return tally, rows


def left_out(programmes: Mapping[str, Programme], topics: Sequence[Topic], voice: str, every: int = 1) -> Tally:
    """The tally of a voice that was left out of training."""
    return ask_lines(library_without(programmes, topics, voice), topics, voice, every)[0]


def _sorted(topic: Topic) -> Topic:
    """A topic with its lines in an order that hangs on nothing but them."""
    return replace(topic, lines=tuple(sorted(topic.lines)))


def judge(programme: Programme, topic: Topic, answer: Answer) -> tuple[str, str]:
    """What was asked, and what came of it, at the level of what is quoted."""
    if topic.kind != "topic":
        return "background", "answered" if answer.status == "answered" else "declined"
    entry = programme.entries.get(topic.id)
    if entry is None or entry.not_stated:
        return "silent", "answered" if answer.status == "answered" else "declined"
    if answer.status != "answered":
        return "stated", "choices" if topic.id in {offer.topic for offer in answer.choices} else "declined"
    wanted, given = {quote.text for quote in entry.quotes}, {citation.quote for citation in answer.citations}
    near = any(one in other or other in one for one in wanted for other in given)
    return "stated", "right" if near or answer.topic == topic.id else "wrong"


# ---------------------------------------------------------------------------------------- questions with keys


def asked(path: Path) -> Iterator[Mapping[str, Any]]:
    """The questions of a file."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".yaml":
        for row in yaml.safe_load(text):
            must = [[row["quote"]]] if "quote" in row else row.get("must") or []
            yield {**row, "must": must, "expect": "answer" if must else "abstain"}
    else:
        yield from (json.loads(line) for line in text.split("\n") if line.strip())


def squeeze(text: str) -> str:
    """A text as keys are compared with it."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower().translate(str.maketrans("", "", "*\\"))


def scored(library: Library, row: Mapping[str, Any]) -> str:
    """right, wrong, declined or answered (what should have been declined)."""
    return _judged(row, _answer(library, row))


def _answer(library: Library, row: Mapping[str, Any]) -> Answer:
    """The answer to a question of a file."""
    history = tuple(turn for turn in row.get("history") or () if isinstance(turn, str))
    return library.ask(row["q"], programme=row.get("programme"), history=history, now=NOW)


def _judged(row: Mapping[str, Any], answer: Answer) -> str:
    """What came of a question of a file."""
    barred = any(squeeze(one) in squeeze(answer.text) for one in row.get("must_not") or ())
    if row["expect"] != "answer":
        status = {"abstain": "abstained", "clarify": "clarify"}[row["expect"]]
        if row.get("soft") and answer.status == "answered" and not barred:
            return "right"  # a careful answer counts as well
        return "right" if answer.status == status else "answered" if answer.status == "answered" else "declined"
    if answer.status != "answered":
        return "declined"
    text = squeeze(answer.text)
    met = all(any(squeeze(one) in text for one in group) for group in row.get("must") or ())
    return "right" if met and not barred else "wrong"


def score_table(library: Library, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The score over questions by what is expected, and the verdicts."""
    answers = [_answer(library, row) for row in rows]
    found = Counter((row["expect"], _judged(row, answer)) for row, answer in zip(rows, answers, strict=True))
    outcomes = ("right", "wrong", "declined", "answered")
    yield f"{'expect':10}" + "".join(f"{outcome:>10}" for outcome in outcomes)
    for expect in sorted({expect for expect, _ in found}):
        yield f"{expect:10}" + "".join(f"{found[expect, outcome]:10}" for outcome in outcomes)
    both = [
        (row["verdict"], answer.verdict)
        for row, answer in zip(rows, answers, strict=True)
        if row.get("verdict") and answer.status == "answered" and answer.verdict
    ]
    yield f"verdicts: {sum(one == other for one, other in both)}/{len(both)}"
    yield f"right: {_right(found)}/{len(rows)} {100 * _right(found) / len(rows):.1f}%"


def _right(found: Counter[tuple[str, str]]) -> int:
    """How many were right."""
    return sum(times for (_, outcome), times in found.items() if outcome == "right")


def share_right(library: Library, rows: Sequence[Mapping[str, Any]]) -> float:
    """The score over questions, in per cent."""
    return 100 * _right(Counter(("", scored(library, row)) for row in rows)) / len(rows)


def main() -> None:
    """Prints all tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--voices", default="", help="only these, with commas between")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="a file of questions with keys")
    given = parser.parse_args()
    programmes, topics, questions = load_programmes(PACKS), load_topics(), list(asked(given.questions))
    print(HEAD)
    whole, report = Tally(), Report()
    for voice in given.voices.split(",") if given.voices else voices_of(topics):
        library = library_without(programmes, topics, voice)
        tally, rows = ask_lines(library, topics, voice)
        whole.counts.update(tally.counts)
        report.rows += rows
        print(f"{voice:10}{tally.row()}{share_right(library, questions):11.1f}", flush=True)
    print(f"{'all':10}{whole.row()}\n")
    for table in (report.by_kind(), report.by_topic(WORST), report.by_pair(WORST)):
        print("\n".join(table) + "\n")
    print(f"all voices, {given.questions.name}")
    print("\n".join(score_table(load_packs(), questions)))


if __name__ == "__main__":
    main()
