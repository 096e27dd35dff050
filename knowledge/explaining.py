"""Why an answer was chosen, for the editor of a pack: the programme and its name, topics and scores, quotes, facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from knowledge.classifier import Classifier
from knowledge.library import SHARP, Library
from knowledge.names import Names
from knowledge.programme import Answer, Programme, Topic
from knowledge.query import read

_SHOWN = 3  # topics
_ASIDES = ("background", "smalltalk")


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer with what led to it.

    `programme` says how it was found; `ranked` are the likeliest topics of the whole message with their
    probabilities; `facts` are those whose sentence is quoted; `why` is the reason for the status.
    """

    answer: Answer
    programme: str
    ranked: tuple[tuple[Topic, float], ...]
    facts: tuple[str, ...]
    why: str


class Explainer:
    """Asks a library and says why it answers so."""

    def __init__(self, library: Library, cache: Path | None = None) -> None:
        self._library = library
        self._cache = cache
        self._names = Names(library.programmes)
        self._topics = {topic.id: topic for topic in library.topics}

    @cached_property
    def _classifier(self) -> Classifier:
        return Classifier(self._library.topics, self._cache)

    def ask(self, question: str, *, programme: str, history: Sequence[str] = (), now: datetime) -> Explanation:
        """The answer of the library to a question in a conversation about a programme, explained."""
        answer = self._library.ask(question, programme=programme, history=tuple(history), now=now)
        return Explanation(
            answer,
            self._chosen(question, answer, programme),
            self._ranked(question),
            self._facts(answer),
            self._why(answer),
        )

    def _chosen(self, question: str, answer: Answer, programme: str) -> str:
        """By which name, or else why, this programme was taken."""
        text = read(question)
        mentions = self._names.mentions(text)
        named = [f"{one.programme} by 「{text[one.start : one.end]}」" for one in mentions]
        if answer.programme is None:
            return ", ".join(named) or "none"
        if any(one.programme == answer.programme for one in mentions):
            return ", ".join(named)
        return f"{answer.programme}, the conversation's" if answer.programme == programme else answer.programme

    def _ranked(self, question: str) -> tuple[tuple[Topic, float], ...]:
        """The likeliest topics of the whole message without the names of programmes, with their probabilities."""
        text = read(question)
        asked = self._classifier.mend(self._names.without(text, self._names.mentions(text)).strip())
        margins = self._classifier.margins(asked)
        likely = np.exp(SHARP * (margins - margins.max()))
        likely /= likely.sum()
        return tuple((self._library.topics[place], float(likely[place])) for place in np.argsort(-likely)[:_SHOWN])

    def _about(self, answer: Answer) -> Programme | None:
        return self._library.programmes.get(answer.programme or "")

    def _facts(self, answer: Answer) -> tuple[str, ...]:
        """The facts whose sentence the answer quotes, and the deadline."""
        programme, topic = self._about(answer), self._topics.get(answer.topic or "")
        if programme is None or topic is None or not topic.reason:
            return ()
        quoted = {citation.quote for citation in answer.citations}
        found = [
            f"{key} = {fact.value}" for key, fact in programme.facts.items() if fact.quote and fact.quote.text in quoted
        ]
        if programme.deadline.quote and programme.deadline.quote.text in quoted:
            closes_at = programme.deadline.closes_at
            found.append(f"deadline.closes_at = {closes_at.isoformat(timespec='minutes') if closes_at else 'null'}")
        return tuple(found)

    def _why(self, answer: Answer) -> str:
        """The reason for the answer's status."""
        topic = self._topics.get(answer.topic or "")
        if answer.status == "clarify":
            return "no programme is named, and the conversation has none"
        if answer.status == "choices":
            return "several topics are as near as each other and answer differently"
        if answer.status == "answered":
            return self._source(answer, topic)
        if answer.topic in _ASIDES or (topic and topic.kind != "topic"):
            return "the message asks an award nothing"
        if topic is None:
            return "no topic is near enough to the question, and no sentence holds its words"
        programme = self._about(answer)
        entry = programme.entries.get(topic.id) if programme else None
        if entry is not None:
            return "topics.yaml says that the guide is silent on it"
        return "the topic is undecided, and no sentence of the guide speaks of it"

    def _source(self, answer: Answer, topic: Topic | None) -> str:
        """Where the quotes of an answer come from."""
        programme = self._about(answer)
        entry = programme.entries.get(topic.id) if programme and topic else None
        quoted = {citation.quote for citation in answer.citations}
        if self._facts(answer):
            return "reasoned from facts and the clock"
        if entry is not None and quoted & {quote.text for quote in entry.quotes}:
            return "topics.yaml has quotes for it"
        return "found in the guide by the topic's cues and the question's words"
