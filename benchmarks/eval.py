"""How well answers generalise: every voice is left out of training once and asked (`make eval`).

    python -m benchmarks.eval [--voices a,b] [--questions FILE]

A line of a topic counts as answered right where the answer quotes a sentence that the pack gives for that topic. The
second table is the score over questions that ship with the project, or over a file of questions with keys: JSON objects
a line with `q`, `programme`, `expect` (answer, abstain, clarify), `must` (groups, of each one alternative), `must_not`.
"""

import argparse
import json
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from knowledge.library import Library
from knowledge.loader import PACKS, load_packs, load_programmes, load_topics
from knowledge.programme import Answer, Programme, Topic

NOW = datetime(2024, 10, 1, 4, tzinfo=UTC)
OWN = "plain"  # the voice of the topics' own files
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


HEAD = "voice         first   right  choices   wrong  unstated  background"


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


def left_out(programmes: Mapping[str, Programme], topics: Sequence[Topic], voice: str, every: int = 1) -> Tally:
    """Trains on the other voices and asks every n-th line of this one, of each programme."""
    library = Library(programmes, [_sorted(topic) for topic in without(topics, voice)])
    tally = Tally()
    for topic in topics:
        for line in lines_of(topic, voice)[::every]:
            for programme in programmes.values():
                answer = library.ask(line, programme=programme.id, now=NOW)
                tally.counts[judge(programme, topic, answer)] += 1
                if topic.kind == "topic":
                    first = library.likeliest(line, programme.id) == topic.id
                    tally.counts["topic", "first" if first else "other"] += 1
    return tally


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
            must = {"must": [[row["quote"]]]} if "quote" in row else {}
            yield {**row, **must, "expect": "answer" if must else "abstain"}
    else:
        yield from (json.loads(line) for line in text.split("\n") if line.strip())


def squeeze(text: str) -> str:
    """A text as keys are compared with it."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower().translate(str.maketrans("", "", "*\\"))


def scored(library: Library, row: Mapping[str, Any]) -> str:
    """right, wrong, declined or answered (what should have been declined)."""
    history = tuple(turn for turn in row.get("history") or () if isinstance(turn, str))
    answer = library.ask(row["q"], programme=row.get("programme"), history=history, now=NOW)
    if row["expect"] != "answer":
        status = {"abstain": "abstained", "clarify": "clarify"}[row["expect"]]
        careful = (
            row.get("soft") and answer.status == "answered"
        )  # a careful answer counts as well, without what is barred
        if careful and not any(squeeze(one) in squeeze(answer.text) for one in row.get("must_not") or ()):
            return "right"
        return "right" if answer.status == status else "answered" if answer.status == "answered" else "declined"
    if answer.status != "answered":
        return "declined"
    text = squeeze(answer.text)
    met = all(any(squeeze(one) in text for one in group) for group in row.get("must") or ())
    return "right" if met and not any(squeeze(one) in text for one in row.get("must_not") or ()) else "wrong"


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--voices", default="", help="only these, with commas between")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="a file of questions with keys")
    given = parser.parse_args()
    programmes, topics = load_programmes(PACKS), load_topics()
    print(HEAD)
    whole = Tally()
    for voice in given.voices.split(",") if given.voices else voices_of(topics):
        start = time.perf_counter()
        tally = left_out(programmes, topics, voice)
        whole.counts.update(tally.counts)
        print(f"{voice:10}{tally.row()}   ({time.perf_counter() - start:.0f} s)", flush=True)
    print(f"{'all':10}{whole.row()}\n")
    library = load_packs()
    rows = list(asked(given.questions))
    found = Counter((row["expect"], scored(library, row)) for row in rows)
    for (expect, outcome), times in sorted(found.items()):
        print(f"{expect:9}{outcome:10}{times:5}")
    right = sum(times for (_, outcome), times in found.items() if outcome == "right")
    print(f"right: {right}/{len(rows)} {100 * right / len(rows):.1f}%  ({given.questions.name})")


if __name__ == "__main__":
    main()
