"""A programme (one edition of an award) as plain data, and what an answer about it looks like."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from knowledge.wording import Wording

if TYPE_CHECKING:
    from knowledge.form import Form
    from knowledge.papers import Papers

Status = Literal["answered", "choices", "clarify", "abstained"]
Verdict = Literal["yes", "no", "depends"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the guide: its section's heading and its text, verbatim.

    `path` are the headings above its section's, `item` says that it is an item of a list.
    """

    section: str
    text: str
    path: tuple[str, ...] = ()
    item: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the guide, verbatim, with the heading it stands under."""

    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a pack says of a topic: quotes and a line that puts the point first; `not_stated` where the guide is silent.

    `verdicts` answer the topic's yes/no questions: by stance (which the topics name), or under "" whatever the stance.
    """

    topic: str
    quotes: tuple[Quote, ...] = ()
    point: Wording | None = None
    not_stated: bool = False
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value beside the guide's sentence it was read from. `value` is a scalar, a list or a mapping."""

    key: str
    value: object
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the programme in the guide's order. Dates are the guide's, None where it gives none."""

    name: Wording
    starts: date | None = None
    ends: date | None = None
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """Something applicants ask. `lines` are paraphrases, `cues` words that find the topic in a guide without entries.

    `kind`: topic; background for what asks an award nothing; smalltalk for greetings; these two have a `reply`.
    A cue "a+b" asks for both words in a sentence; `needs` is what else the sentence must hold (knowledge.retrieval).
    `only` are words of which a question must hold one to mean this topic: what is narrower than another topic has them.
    `stances` are words by stance, `reason` names the reasoning of knowledge.reasoning that the answer goes through.
    `programme` is the id of the pack that brought the topic, empty for those of every programme.
    `voices` says which of the lines somebody else wrote, by the name of that voice.
    """

    id: str
    label: Wording
    lines: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    kind: str = "topic"
    only: tuple[str, ...] = ()
    stances: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: str = ""
    needs: str = ""
    reply: Wording | None = None
    programme: str = ""
    voices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When submissions close. `closes_at` is exclusive, aware; None: not announced.

    `remind_at` is the stricter reading, `quote` is the guide's sentence.
    """

    closes_at: datetime | None
    remind_at: datetime | None = None
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A deadline that staff set: it stands before the guide's. None: staff say that it is not announced."""

    closes_at: datetime | None
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Route:
    """Where the official application is made. `kind`: portal, email, post, or bot (Laurel is the official route)."""

    kind: str
    target: str = ""  # an address of the web, a mailbox, a postal address
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the guide names for questions. `purpose` in both languages; `public` False hides it from answers."""

    purpose: Wording
    text: str
    quote: Quote | None = None
    public: bool = True


@dataclass(frozen=True)
class Programme:
    """One edition of an award, read from its pack.

    `receipt` is the prefix of receipts; `year` the edition's, 0 where it has none. `resubmission`: last_wins, all_stand
    or ask. `aliases` are the names people use. A pack that is only a guide has passages, and neither entries nor form.
    `papers` are what it wants on paper and by mail.
    `dated` says that the pack decides on the deadline (be it "not announced"); `topics` are the programme's own.
    `undecided` are the topics that its editor has not decided on yet.
    """

    id: str
    name: Wording
    passages: tuple[Passage, ...]
    aliases: tuple[str, ...] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    year: int = 0
    receipt: str = ""
    resubmission: str = "ask"
    deadline: Deadline = field(default_factory=lambda: Deadline(None))
    routes: tuple[Route, ...] = ()
    contacts: tuple[Contact, ...] = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    form: "Form | None" = None
    papers: "Papers | None" = None
    stages: tuple[Stage, ...] = ()
    topics: tuple[Topic, ...] = ()
    dated: bool = False
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """The source of an answer."""

    programme: str
    section: str
    quote: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the choices of an undecided answer: its label and the answer behind it."""

    label: str
    answer: str
    topic: str = ""
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Laurel knows to a question. `text` is what the person reads, quote and section included."""

    status: Status
    text: str
    programme: str | None = None
    topic: str | None = None
    verdict: Verdict | None = None
    citations: tuple[Citation, ...] = ()
    choices: tuple[Offer, ...] = ()
