"""What a verdict is reasoned from, and what comes of it."""

from dataclasses import dataclass
from datetime import datetime

from knowledge.programme import Entry, Notice, Programme, Quote, Verdict
from knowledge.wording import Wording


@dataclass(frozen=True, slots=True)
class Case:
    """What is reasoned from: the folded, simplified question, the pack's entry, the clock and the notice of staff."""

    question: str
    programme: Programme
    entry: Entry | None
    now: datetime
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class Reasoned:
    """What follows: the point, the verdict, and the quotes it rests on beside or instead of the entry's.

    `silent` where the guide speaks of the topic but not of what is asked of it.
    """

    point: Wording
    verdict: Verdict | None = None
    quotes: tuple[Quote, ...] = ()
    silent: bool = False
