"""Where answers go wrong with an author left out: by kind of phrasing, by topic, and by pair of topics."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.scripts import simplify
from knowledge.text import fold, is_chinese

LONG = 25  # characters of a Chinese line, and
WORDS = 12  # words of another
KINDS = ("short zh", "long zh", "traditional zh", "mixed", "short en", "long en")


@dataclass(frozen=True, slots=True)
class Asked:
    """A line that was asked, what it asks (a topic's id), what was taken instead, and what came of it."""

    line: str
    topic: str
    taken: str
    asked: str  # stated, silent or background
    outcome: str


@dataclass
class Report:
    """What was asked, and its tables."""

    rows: list[Asked] = field(default_factory=list)

    def by_kind(self) -> Iterator[str]:
        """The outcomes of each kind of phrasing."""
        yield f"{'kind':16}{'lines':>7}{'right':>8}{'wrong':>8}{'unstated':>10}{'background':>12}"
        for kind in KINDS:
            rows = [row for row in self.rows if kind_of(row.line) == kind]
            yield (
                f"{kind:16}{len(rows):7}{_share(rows, 'stated', 'right')}{_share(rows, 'stated', 'wrong')}"
                f"{_share(rows, 'silent', 'answered'):>10}{_share(rows, 'background', 'answered'):>12}"
            )

    def by_topic(self, worst: int) -> Iterator[str]:
        """The topics that are answered right least often."""
        stated = [row for row in self.rows if row.asked == "stated"]
        times = Counter(row.topic for row in stated)
        right = Counter(row.topic for row in stated if row.outcome == "right")
        wrong = Counter(row.topic for row in stated if row.outcome == "wrong")
        yield f"{'topic':26}{'asked':>7}{'right':>8}{'wrong':>8}"
        for topic in sorted(times, key=lambda one: right[one] / times[one])[:worst]:
            told = (100 * right[topic] / times[topic], 100 * wrong[topic] / times[topic])
            yield f"{topic:26}{times[topic]:7}{told[0]:8.1f}{told[1]:8.1f}"

    def by_pair(self, most: int) -> Iterator[str]:
        """The topics that are taken for each other most often, where that gives a wrong answer."""
        pairs = Counter(
            (row.topic, row.taken) for row in self.rows if row.outcome in {"wrong", "answered"} and row.taken
        )
        yield f"{'asked':26}{'answered':26}{'times':>6}"
        for (topic, taken), times in pairs.most_common(most):
            yield f"{topic:26}{taken:26}{times:6}"


def kind_of(line: str) -> str:
    """The kind of a line's phrasing."""
    if not is_chinese(line):
        return "short en" if len(line.split()) <= WORDS else "long en"
    if sum(character.isascii() and character.isalpha() for character in line) > len(line) // 4:
        return "mixed"
    if simplify(fold(line)) != fold(line):
        return "traditional zh"
    return "short zh" if len(line) <= LONG else "long zh"


def _share(rows: Sequence[Asked], asked: str, outcome: str) -> str:
    """The share of an outcome in per cent, in eight columns."""
    whole = [row.outcome for row in rows if row.asked == asked]
    return f"{100 * whole.count(outcome) / len(whole):8.1f}" if whole else f"{'–':>8}"
