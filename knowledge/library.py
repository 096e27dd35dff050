"""The programmes, and answers from their guides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge import answerer, phrases
from knowledge.classifier import Classifier, Scores
from knowledge.deciding import SURE, Asking, Decider, Source, unlearnt
from knowledge.guess import Guess
from knowledge.names import Names
from knowledge.programme import Answer, Notice, Programme, Topic
from knowledge.query import Query, asks, is_rest, is_whole, language, read

# Chosen by cross-validation over authors (benchmarks.eval).
SHARP = 12.0  # margins to probabilities
PLAIN = 0.8  # what names only the rest of a question is read with that question, unless it is as clear as this
OTHER = "other-programme"  # the topic of what is asked of other people's awards
_PAIR = 2  # programmes that one message speaks of
_OURS = 0.4  # what the margin of other people's awards counts less where one of ours is named
_RECENT, _SAID = 4, 400  # messages that a question may go on from, and their characters
_LONGEST = 20  # messages of a conversation that are looked at
_LESS = 0.1  # what a clause's margin counts less than the whole message's


class Library:
    """The programmes by id, and answers to questions about them."""

    def __init__(
        self,
        programmes: Mapping[str, Programme],
        topics: Sequence[Topic],
        cache: Path | None = None,
        stated: Source = unlearnt,
    ) -> None:
        self.programmes = programmes
        self.topics = tuple(topics) + tuple(_own(programmes.values(), topics))
        self._cache = cache
        self._decider = Decider(self.topics, stated)
        self._names = Names(programmes)
        self._owners = [topic.programme for topic in self.topics]
        self._masks = dict[str, NDArray[np.bool_]]()
        self._narrow = [(place, topic.only) for place, topic in enumerate(self.topics) if topic.only]
        self._asides = np.array([topic.kind != "topic" for topic in self.topics])
        self._elsewhere = [place for place, topic in enumerate(self.topics) if topic.id == OTHER]

    @cached_property
    def _classifier(self) -> Classifier:
        return Classifier(self.topics, self._cache)

    def warm(self) -> None:
        """Makes ready what the first question would otherwise wait for."""
        self._classifier.margins("ready")
        for programme in self.programmes.values():
            self._decider.warm(programme)

    def find(self, text: str) -> Programme | None:
        """The programme of an id, a name or an alias, with the typos people make; None where it is unclear."""
        found = self._names.find(read(text))
        return self.programmes[found] if found else None

    def likeliest(self, question: str, programme: str | None = None) -> str:
        """The id of the topic that a question is likeliest to be about."""
        chosen = self.programmes.get(programme) if programme else None
        return self._guess(self._query(read(question)), chosen).topic.id

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
        locale, history = language(question, locale), history[-_LONGEST:]
        text = read(question)
        query = self._query(text)
        chosen = self._choose(text, programme, history)
        if query.is_hollow:
            if not history or chosen is None:
                return self._nothing_asked(chosen, locale)
            query = self._earlier(history)
        meant = [self.programmes[key] for key in self._names.meant(text)]
        if len(meant) < _PAIR:
            meant = [chosen] if chosen else []
        before = self._earlier(history).text if history else ""
        told = notices or {}
        answers = [self._answer(query, history, Asking(one, now, told.get(one.id), locale, before)) for one in meant]
        if len(answers) == 1:
            return answers[0]
        if any(answer.status == "answered" for answer in answers):
            return answerer.compared([one.name.get(locale) for one in meant], answers)
        return self._without_programme(query, history, locale)

    def _choose(self, text: str, programme: str | None, history: Sequence[str]) -> Programme | None:
        """The programme asked about: the text's, else the conversation's, else the history's, else the only one."""
        named = self._names.meant(text)
        if len(named) == 1:
            return self.programmes[named[0]]
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
        mentions = self._names.mentions(text)
        return Query(self._classifier.mend(self._names.without(text, mentions).strip()), bool(mentions))

    def _nothing_asked(self, chosen: Programme | None, locale: str) -> Answer:
        """The reply to a message that holds a name alone, or nothing."""
        text = phrases.EMPTY if chosen is None else phrases.WHAT
        return answerer.declined(text, "smalltalk", locale)

    def _without_programme(self, query: Query, history: Sequence[str], locale: str) -> Answer:
        """A question that names no programme: asked back, unless it is none about an award."""
        guess = self._guess(query, None)
        if history and not guess.is_aside:
            joint = self._joint(query, history[-_RECENT:], None)
            guess = joint if joint.is_aside or guess.is_strange else guess
        if guess.is_aside:
            return self._decider.aside(guess.aside, locale)
        if guess.is_strange:
            return answerer.declined(phrases.OFF_TOPIC, "background", locale)
        return answerer.which(guess.topic.id, locale)

    def _guess(self, query: Query, programme: Programme | None) -> Guess:
        """The topics a message may be about, among those of every programme and this one's own."""
        margins = np.where(self._allowed(programme), self._margins(query), -np.inf)
        margins[[place for place, words in self._narrow if not any(word in query.text for word in words)]] = -np.inf
        if query.named:  # it is likelier asked of that programme, though it mentions others
            margins[self._elsewhere] -= _OURS
        likely = np.exp(SHARP * (margins - margins.max()))
        likely /= likely.sum()
        order = np.argsort(-likely)[:12]
        asked = [query.text, *(clause for clause in query.clauses if asks(clause) and len(clause) > 3)]
        return Guess(
            tuple((self.topics[i], float(likely[i])) for i in order),
            float(margins.max()),
            max(self._classifier.coverage(part) for part in asked),
            1.0
            if query.named or (programme and query.is_brief)
            else max(self._classifier.asked(part) for part in asked),
        )

    def _allowed(self, programme: Programme | None) -> NDArray[np.bool_]:
        """Which topics a programme has: those of every programme and its own."""
        key = programme.id if programme else ""
        if key not in self._masks:
            self._masks[key] = np.array([owner in ("", key) for owner in self._owners])
        return self._masks[key]

    def _margins(self, query: Query) -> Scores:
        """A message's margins: its own, or a little less than those of a clause that says it alone."""
        whole = self._classifier.margins(query.text)
        clauses = [clause for clause in {*query.clauses, *query.parts} if clause != query.text and is_whole(clause)]
        if not clauses:
            return whole
        best = np.max([self._classifier.margins(clause) for clause in clauses], axis=0)
        return np.where(self._asides, whole, np.maximum(whole, best - _LESS))

    def _answer(self, query: Query, history: Sequence[str], asking: Asking) -> Answer:
        """The answer to a message about a known programme."""
        if quotes := self._decider.defined(query, asking.programme):
            return answerer.answered(asking.programme, "", "", quotes, asking.locale)
        several = self._several(query, asking)
        if len(several) > 1:
            return answerer.joined(several)
        answer = self._whole(query, history, asking)
        if several and answer.status != "answered":
            return several[0]
        if asking.programme.entries and answer.status == "abstained" and (alone := self._alone(query, asking)):
            return alone
        return answer

    def _alone(self, query: Query, asking: Asking) -> Answer | None:
        """The answer to the one question among sentences that only tell something, where it is clear by itself."""
        asked = [part for part in query.parts if asks(part)]
        if len(query.parts) == 1 or len(asked) != 1:
            return None
        part = Query(asked[0], query.named)
        guess = self._guess(part, asking.programme)
        if guess.score < PLAIN:
            return None
        answer = self._decider.decide(part, guess, asking)
        return answer if answer.status == "answered" else None

    def _whole(self, query: Query, history: Sequence[str], asking: Asking) -> Answer:
        """The answer to a message read as one question, with the one before it where it is none alone."""
        guess = self._guess(query, asking.programme)
        rest = is_rest(query.text)
        if history and guess.score < (PLAIN if rest else SURE):
            joint = self._joint(query, history[-1:], asking.programme)
            if joint.topic.kind == "topic" and (rest or joint.score > guess.score):
                guess = guess.followed(joint) if rest else joint
            if len(history) > 1 and guess.score < SURE:
                joint = self._joint(query, history[-_RECENT:], asking.programme)
                guess = joint if joint.topic.kind == "topic" and joint.score > guess.score else guess
        return self._decider.decide(query, guess, asking)

    def _joint(self, query: Query, history: Sequence[str], programme: Programme | None) -> Guess:
        """The topics of a message and of what was said before it together."""
        said = " ".join(self._query(read(one)).text for one in history)[-_SAID:]
        return self._guess(Query(f"{said} {query.text}", programme is not None), programme)

    def _several(self, query: Query, asking: Asking) -> list[Answer]:
        """The answers to a message that asks more than one thing; at most one where it does not."""
        found = dict[object, tuple[Answer, Guess]]()
        parts = [part for part in query.parts if asks(part)]
        loose = len(parts) <= 1  # two questions with a comma between: only where every clause is one, and answered
        if loose:
            parts = list(query.clauses) if all(map(is_whole, query.clauses)) else []
        for part in parts if len(parts) > 1 else ():
            guess = self._guess(Query(part), asking.programme)
            answer = self._decider.decide(Query(part), guess, asking)
            if answer.status == "answered" or (answer.programme and answer.topic and guess.score >= SURE):
                found.setdefault(answer.citations or answer.text, (answer, guess))
            elif loose:
                return []
        if loose and any(answer.status != "answered" for answer, _ in found.values()):
            return []
        if not asking.programme.entries and not self._is_clear(query, list(found.values()), asking):
            return []
        pairs = sorted(found.values(), key=lambda pair: pair[0].status != "answered")
        answers = [answer for answer, _ in pairs]
        told = [answer for answer in answers if answer.status == "answered"]
        if len(told) == 1 and told[0].verdict is None:  # "We are in Hanoi. May we enter?" is of the first part's topic
            whole = self._decider.decide(query, pairs[0][1], asking)
            answers[0] = whole if whole.status == "answered" else answers[0]
        return answers if told else []

    def _is_clear(self, query: Query, parts: Sequence[tuple[Answer, Guess]], asking: Asking) -> bool:
        """Whether a guide without entries answers several parts, each of them plain, or the message as one as well."""
        if len(parts) < _PAIR or any(answer.status != "answered" for answer, _ in parts):
            return False
        if all(guess.score >= PLAIN for _, guess in parts):
            return True
        return self._decider.decide(query, self._guess(query, asking.programme), asking).status == "answered"


def _own(programmes: Iterable[Programme], topics: Iterable[Topic]) -> Iterator[Topic]:
    """The topics that packs bring; one that adds lines to a topic of all programmes has that topic's stances too."""
    common = {topic.id: topic for topic in topics}
    for programme in programmes:
        for own in programme.topics:
            same = common.get(own.id, own)
            yield replace(own, stances={**same.stances, **own.stances}, reason=own.reason or same.reason)
