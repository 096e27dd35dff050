"""The topics.yaml that is proposed for a guide: what the library, asked each topic's own questions, quotes from it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.importing.proposal import MARK
from knowledge.library import Library
from knowledge.programme import Programme, Quote, Topic
from knowledge.scripts import simplify
from knowledge.text import fold
from knowledge.writer import Noted

AGREED = 0.3  # of a topic's questions answered by the same sentence: nine in ten of these proposals are right
BESIDE = 0.5  # of the votes of the best sentence, those of another that is quoted with it
BACKED = 0.15  # of them, where a part of programme.yaml was read from that sentence and it holds a cue
TELLING = 4  # characters of a cue that alone says what a sentence is about
ENOUGH = 2  # cues that together say it
SHARED = 4  # topics that rest on one sentence: probably too many
# The topics that parts of programme.yaml are about: what was read as one speaks for its sentence.
FACTS = {
    "fee": "fee",
    "submissions": "submission-count",
    "paper_copies": "paper-copies",
    "file_minimum": "file-size",
    "file_maximum": "file-size",
    "released_after": "release-date",
    "attachment_maximum": "big-attachment",
}
ROUTES = {"portal": "where-to-apply", "email": "submission-email", "post": "postal-address"}
CONTACTS = (("", "contact"), ("@", "contact-email"))
_ASKED = 10  # questions of a topic that are asked
_MOST = 2
_NEAREST = 40  # characters of a sentence that a mark shows


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a topic: sentences, the part of its questions they answered, the cues they hold.

    `part` is the part of programme.yaml that was read from one of them.
    """

    topic: Topic
    quotes: tuple[str, ...] = ()
    share: float = 0.0
    cues: tuple[str, ...] = ()
    part: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether the sentences are good enough to be proposed."""
        telling = len(self.cues) >= ENOUGH or any(len(cue) >= TELLING for cue in self.cues)
        least = BACKED if self.part and self.cues else AGREED
        return self.share >= least and (telling or bool(self.part))


def propose_topics(library: Library, programme: Programme, topics: Sequence[Topic], now: datetime) -> dict[str, object]:
    """The values of topics.yaml: topics with quotes, topics the guide is silent on, and those left to the editor."""
    found = [find(library, programme, topic, now) for topic in topics if topic.kind == "topic"]
    claimed = Counter(one.quotes[0] for one in found if one.is_sure)
    values: dict[str, object] = {
        "topics": {one.topic.id: _entry(one, claimed) for one in found if one.is_sure},
        "not_stated": [_silent(one) for one in found if not one.quotes],
        "undecided": [_open(one) for one in found if one.quotes and not one.is_sure],
    }
    return {key: value for key, value in values.items() if value}


def find(library: Library, programme: Programme, topic: Topic, now: datetime) -> Found:
    """The sentences that most of the answers to a topic's questions quote."""
    lines = topic.lines[:: max(1, len(topic.lines) // _ASKED)][:_ASKED]
    votes = Counter[str]()
    for line in lines:
        answer = library.ask(line, programme=programme.id, now=now)
        if answer.status == "answered" and answer.topic == topic.id:
            votes.update(list(dict.fromkeys(citation.quote for citation in answer.citations)))
    if not votes:
        return Found(topic)
    most = votes.most_common(1)[0][1]
    quotes = tuple(quote for quote, times in votes.most_common(_MOST) if times >= most * BESIDE)
    return Found(topic, quotes, most / len(lines), cues_of(topic, quotes[0]), _part(programme, topic, quotes))


def _part(programme: Programme, topic: Topic, quotes: Sequence[str]) -> str:
    """The part of programme.yaml that was read from one of a topic's sentences; empty where none was."""
    return next((name for name, quote in _parts(programme, topic) if quote and quote.text in quotes), "")


def _parts(programme: Programme, topic: Topic) -> Iterator[tuple[str, Quote | None]]:
    """The parts of programme.yaml that a topic is about, or reasons from, with their sentences."""
    if topic.reason:
        yield "deadline", programme.deadline.quote
    for key, fact in programme.facts.items():
        if topic.reason or FACTS.get(key) == topic.id:
            yield f"facts.{key}", fact.quote
    yield from (("routes", route.quote) for route in programme.routes if ROUTES.get(route.kind) == topic.id)
    for contact in programme.contacts:
        if any(sign in contact.text and topic.id == about for sign, about in CONTACTS):
            yield "contacts", contact.quote


def cues_of(topic: Topic, sentence: str) -> tuple[str, ...]:
    """The topic's cues that a sentence holds; both parts of one joined by "+"."""
    text = simplify(fold(sentence))
    return tuple(cue for cue in topic.cues if all(_stands(part.lower(), text) for part in cue.split("+")))


def _stands(part: str, text: str) -> bool:
    """Whether a cue stands in a text; a Latin one not inside another word."""
    if part not in text:
        return False
    return not part.isascii() or bool(re.search(rf"(?<![a-z]){re.escape(part)}", text))


def _entry(found: Found, claimed: Counter[str]) -> Noted:
    """A topic with its quotes."""
    others = claimed[found.quotes[0]] - 1
    shared = f"; {others} other topics quote it" if others >= SHARED else ""
    return Noted({"quotes": list(found.quotes)}, f"{MARK} ({_score(found)}{shared})")


def _score(found: Found) -> str:
    """What a topic is about, and what speaks for its sentence."""
    cues = f", cues {' '.join(found.cues)}" if found.cues else ", no cue"
    part = f", read as {found.part}" if found.part else ""
    return f"{found.topic.label.en}; {found.share:.0%}{cues}{part}"


def _silent(found: Found) -> Noted:
    """A topic of which nothing was found."""
    return Noted(found.topic.id, f"{MARK} ({found.topic.label.en}; nothing found)")


def _open(found: Found) -> Noted:
    """A topic that the editor decides: what was found is no more than near."""
    nearest = found.quotes[0] if len(found.quotes[0]) <= _NEAREST else f"{found.quotes[0][:_NEAREST]}…"
    return Noted(found.topic.id, f"proposed: decide ({_score(found)}, nearest 「{nearest}」)")
