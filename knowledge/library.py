"""The programmes, and answers from their guides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from knowledge import answerer, phrases
from knowledge.classifier import Classifier, Scores
from knowledge.names import Names
from knowledge.programme import Answer, Entry, Notice, Programme, Topic, Verdict
from knowledge.query import Query, asks, language, read
from knowledge.reasoning import Case, reason
from knowledge.retrieval import Retrieval

# A score is about 1 for a line that stands in the topics and about 0.2 for one that shares a common word with one.
SURE = 0.34  # answered at once
LIKELY = 0.24  # answered where the guide's own words or the runner-up do not speak against it
CLEAR = 0.06  # how far the first must lie before the second
SECOND = 0.3  # for the second question of a message, and for a clause of a long one
COVERED = 0.5  # the part of a question's content that the topics must know


@dataclass(frozen=True, slots=True)
class Guess:
    """The topics that a question may be about, best first, with their scores."""

    ranked: tuple[tuple[Topic, float], ...]
    coverage: float

    @property
    def topic(self) -> Topic:
        """The best topic."""
        return self.ranked[0][0]

    @property
    def score(self) -> float:
        """The best topic's score."""
        return self.ranked[0][1]

    @property
    def lead(self) -> float:
        """How far it lies before the second."""
        return self.score - self.ranked[1][1] if len(self.ranked) > 1 else self.score


@dataclass(frozen=True, slots=True)
class Asking:
    """One question being answered: what is known beside its words."""

    programme: Programme
    now: datetime
    notice: Notice | None
    locale: str


class Library:
    """The programmes by id, and answers to questions about them."""

    def __init__(self, programmes: Mapping[str, Programme], topics: Sequence[Topic], cache: Path | None = None) -> None:
        self.programmes = programmes
        self.topics = tuple(topics) + tuple(own for programme in programmes.values() for own in programme.topics)
        self._cache = cache
        self._names = Names(programmes)
        self._retrievals = dict[str, Retrieval]()
        self._owners = [topic.programme for topic in self.topics]

    @cached_property
    def _classifier(self) -> Classifier:
        return Classifier(self.topics, self._cache)

    def warm(self) -> None:
        """Makes ready what the first question would otherwise wait for."""
        self._classifier.scores("ready")

    def find(self, text: str) -> Programme | None:
        """The programme of an id, a name or an alias, with the typos people make; None where it is unclear."""
        found = self._names.find(read(text))
        return self.programmes[found] if found else None

    def ask(
        self,
        question: str,
        *,
        programme: str | None = None,
        history: tuple[str, ...] = (),
        now: datetime,
        notices: Mapping[str, Notice] | None = None,
        locale: str | None = None,
    ) -> Answer:
        """Answers a question from the guides.

        `programme` is the conversation's, `history` the person's earlier messages, `notices` the deadlines staff set.
        """
        locale = language(question, locale)
        text = read(question)
        query = self._query(text)
        chosen = self._choose(text, programme, history)
        if query.is_hollow:
            if not history or chosen is None:
                return self._nothing_asked(chosen, locale)
            query = self._earlier(history)
        notice = (notices or {}).get(chosen.id) if chosen else None
        if chosen is None:
            return self._without_programme(query, history, locale)
        return self._answer(query, history, Asking(chosen, now, notice, locale))

    # ------------------------------------------------------------------------------------ which programme

    def _choose(self, text: str, programme: str | None, history: Sequence[str]) -> Programme | None:
        """The programme asked about: the text's, else the conversation's, else the history's, else the only one."""
        named = {mention.programme for mention in self._names.mentions(text)}
        if len(named) == 1:
            return self.programmes[named.pop()]
        if programme is not None and programme in self.programmes:
            return self.programmes[programme]
        for earlier in reversed(history):
            mentioned = self._names.mentions(read(earlier))
            if mentioned:
                return self.programmes[mentioned[-1].programme]
        return next(iter(self.programmes.values())) if len(self.programmes) == 1 else None

    def _earlier(self, history: Sequence[str]) -> Query:
        """The last question asked, without the programme it named."""
        return self._query(read(history[-1]))

    def _query(self, text: str) -> Query:
        """What is asked beside the names of programmes, homophones mended."""
        return Query(self._classifier.mend(self._names.without(text, self._names.mentions(text)).strip()))

    def _nothing_asked(self, chosen: Programme | None, locale: str) -> Answer:
        """The reply to a message that holds a name alone, or nothing."""
        text = phrases.EMPTY if chosen is None else phrases.WHAT
        return answerer.declined(text, "smalltalk", locale)

    def _without_programme(self, query: Query, history: Sequence[str], locale: str) -> Answer:
        """A question that names no programme: asked back, unless it is none about an award."""
        guess = self._guess(query, None)
        if guess.topic.kind != "topic":
            return self._aside(guess.topic, locale)
        if guess.score < LIKELY and history:
            guess = self._guess(Query(f"{self._earlier(history).text} {query.text}"), None)
        if guess.score < LIKELY or guess.coverage < COVERED:
            return answerer.declined(phrases.OFF_TOPIC, "background", locale)
        return answerer.which(guess.topic.id, locale)

    # ------------------------------------------------------------------------------------ which topic

    def _guess(self, query: Query, programme: Programme | None) -> Guess:
        """The topics a message may be about, among those of every programme and this one's own."""
        scores = self._scores(query)
        order = np.argsort(-scores)
        allowed = [i for i in order[:12] if self._owners[i] in ("", programme.id if programme else "")]
        ranked = tuple((self.topics[i], float(scores[i])) for i in allowed[:4])
        asked = [query.text, *(clause for clause in query.clauses if asks(clause) and len(clause) > 3)]
        return Guess(ranked, max(self._classifier.coverage(part) for part in asked))

    def _scores(self, query: Query) -> Scores:
        """A message's scores: its own, or a little less than those of a clause that says it alone."""
        whole = self._classifier.scores(query.text)
        clauses = [clause for clause in {*query.clauses, *query.parts} if clause != query.text]
        if not clauses:
            return whole
        best = np.max([self._classifier.scores(clause) * (1.0 if asks(clause) else 0.5) for clause in clauses], axis=0)
        aside = np.array([topic.kind != "topic" for topic in self.topics])
        return np.where(aside, whole, np.maximum(whole, 0.9 * best))

    # ------------------------------------------------------------------------------------ the answer

    def _answer(self, query: Query, history: Sequence[str], asking: Asking) -> Answer:
        """The answer to a message about a known programme."""
        several = self._several(query, asking)
        if len(several) > 1:
            return answerer.joined(several)
        guess = self._guess(query, asking.programme)
        if guess.score < SURE and history:
            joint = self._guess(Query(f"{self._earlier(history).text} {query.text}"), asking.programme)
            if joint.score > guess.score + CLEAR and joint.topic.kind == "topic":
                guess = joint
        return self._decide(query, guess, asking)

    def _several(self, query: Query, asking: Asking) -> list[Answer]:
        """The answers to a message that asks more than one thing; at most one where it does not."""
        found = dict[tuple[str, ...], Answer]()
        parts = [part for part in query.parts if asks(part)]
        for part in parts if len(parts) > 1 else ():
            guess = self._guess(Query(part), asking.programme)
            if guess.score >= SECOND and guess.lead >= CLEAR and guess.topic.kind == "topic":
                answer = self._on_topic(Query(part), guess.topic, asking)
                found.setdefault(tuple(citation.quote for citation in answer.citations) or (answer.text,), answer)
        answers = sorted(found.values(), key=lambda answer: answer.status != "answered")
        return answers if answers and answers[0].status == "answered" else []

    def _decide(self, query: Query, guess: Guess, asking: Asking) -> Answer:
        """Answered, offered as choices, or abstained."""
        if guess.topic.kind != "topic" and guess.score >= LIKELY:
            return self._aside(guess.topic, asking.locale)
        if guess.score >= SURE and guess.coverage >= COVERED:
            return self._best(query, guess, asking)
        if guess.score >= LIKELY and guess.lead >= CLEAR and guess.coverage >= COVERED:
            return self._on_topic(query, guess.topic, asking)
        if guess.score >= LIKELY and guess.coverage >= COVERED:
            return self._offer(query, guess, asking)
        if not asking.programme.entries and (quotes := self._retrieval(asking.programme).by_words(query.text)):
            return answerer.answered(asking.programme, "", "", quotes, asking.locale)
        return answerer.silent(asking.programme, None, None, asking.locale)

    def _best(self, query: Query, guess: Guess, asking: Asking) -> Answer:
        """The answer of the best topic; of the next where that is as likely and the pack decides on neither."""
        answer = self._on_topic(query, guess.topic, asking)
        if answer.status == "answered" or guess.topic.id in asking.programme.entries or guess.lead >= CLEAR:
            return answer
        second = self._on_topic(query, guess.ranked[1][0], asking)
        return second if second.status == "answered" else answer

    def _offer(self, query: Query, guess: Guess, asking: Asking) -> Answer:
        """The topics that are as likely as each other, where they answer differently."""
        near = [
            topic for topic, score in guess.ranked[:3] if score >= guess.score - 2 * CLEAR and topic.kind == "topic"
        ]
        answers = [(topic, self._on_topic(query, topic, asking)) for topic in near]
        distinct = dict[object, tuple[Topic, Answer]]()
        for topic, answer in answers:
            distinct.setdefault(answer.citations or answer.text, (topic, answer))
        stated = [pair for pair in distinct.values() if pair[1].status == "answered"]
        if len(stated) <= 1:
            return answers[0][1]
        return answerer.choices(list(distinct.values()), asking.programme, asking.locale)

    def _on_topic(self, query: Query, topic: Topic, asking: Asking) -> Answer:
        """What the pack says of a topic: reasoned from its facts, quoted, or not stated."""
        programme = asking.programme
        entry = programme.entries.get(topic.id)
        if entry is not None and entry.not_stated:
            return answerer.silent(programme, topic, entry, asking.locale)
        if topic.reason:
            found = reason(topic.reason, Case(query.text, programme, entry, asking.now, asking.notice))
            if found is not None:
                quotes = found.quotes or (entry.quotes if entry else ())
                return answerer.answered(
                    programme, topic.id, found.point.get(asking.locale), quotes, asking.locale, found.verdict
                )
        if entry is not None:
            return answerer.from_entry(programme, entry, asking.locale, self._verdict(query, topic, entry))
        quotes = self._retrieval(programme).by_topic(topic, query.text)
        if quotes:
            return answerer.answered(programme, topic.id, "", quotes, asking.locale)
        return answerer.silent(programme, topic, None, asking.locale)

    def _verdict(self, query: Query, topic: Topic, entry: Entry) -> Verdict | None:
        """The verdict on a yes/no question: that of the stance whose words it holds, else the entry's own."""
        if not query.is_polar:
            return None
        for stance, words in topic.stances.items():
            if stance in entry.verdicts and any(word in query.text for word in words):
                return entry.verdicts[stance]
        return entry.verdicts.get("")

    def _retrieval(self, programme: Programme) -> Retrieval:
        """The programme's sentences, read when they are first needed."""
        if programme.id not in self._retrievals:
            self._retrievals[programme.id] = Retrieval(programme)
        return self._retrievals[programme.id]

    def _aside(self, topic: Topic, locale: str) -> Answer:
        """The reply to small talk and to what asks an award nothing."""
        return answerer.declined(topic.reply or phrases.OFF_TOPIC, topic.kind, locale)
