"""From the topics that a message may be about to what is said: an answer, choices, or that the guide is silent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge import answerer, phrases
from knowledge.case import Case, Reasoned
from knowledge.guess import Guess, Scored, is_stated, mass_of
from knowledge.programme import Answer, Entry, Notice, Programme, Quote, Topic
from knowledge.query import Query
from knowledge.reasoning import reason
from knowledge.verdicts import verdict_of

if TYPE_CHECKING:
    from knowledge.bare import Bare
    from knowledge.retrieval import Retrieval
    from knowledge.statements import Statements

Source = Callable[[], "Statements | None"]  # called when a guide without entries is first asked

# Chosen by cross-validation over authors (benchmarks.eval): a wrong answer costs far more than none.
SURE = 0.35  # answered: the least probability of all topics that the same sentence answers,
AHEAD = 2.0  # and how many times likelier they must be than any other topic
LIKELY = 0.3  # offered, with the others that are as likely
NEAR = 0.1  # the least probability of one that is offered


def unlearnt() -> None:
    """The source where nothing is to be learnt."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One question being answered: what is known beside its words."""

    programme: Programme
    now: datetime
    notice: Notice | None
    locale: str
    before: str = ""  # the question that it follows


class Decider:
    """Decides by what the packs say of each topic."""

    def __init__(self, topics: Sequence[Topic], stated: Source) -> None:
        self._topics = topics
        self._stated = stated  # wanted for bare guides only
        self._retrievals: dict[str, Retrieval] = {}
        self._bares: dict[str, Bare] = {}

    def warm(self, programme: Programme) -> None:
        """Makes ready what the first question about a programme would otherwise wait for."""
        if not programme.entries:
            self.bare(programme).warm(self._topics)

    def defined(self, query: Query, programme: Programme) -> tuple[Quote, ...]:
        """The sentences that define the word that a message asks the meaning of."""
        return self._retrieval(programme).defined(query.text) if query.is_about_words else ()

    def decide(self, query: Query, guess: Guess, asking: Asking) -> Answer:
        """Answered, offered as choices, or abstained: what is likeliest, by what the pack says of each topic."""
        programme = asking.programme
        if not programme.entries:
            return self._from_guide(query, guess, asking)
        stated = [pair for pair in guess.ranked if is_stated(programme, pair[0])]
        mass, rival = mass_of(guess, stated[0][0], programme) if stated else (0.0, guess.ranked[0])
        if mass >= SURE and mass >= AHEAD * rival[1] and not guess.is_strange:
            return self._on_topic(query, stated[0][0], asking)
        silent = [pair for pair in guess.ranked if not is_stated(programme, pair[0])]
        if not stated or (silent and sum(score for _, score in silent) >= mass):
            return self._in_silence(query, silent[0], guess, asking)
        if mass >= LIKELY and not guess.is_strange:
            return self._offer(query, stated, asking)
        return answerer.silent(programme, None, None, asking.locale)

    def _in_silence(self, query: Query, best: Scored, guess: Guess, asking: Asking) -> Answer:
        """The reply where the likeliest topic is none that the pack answers."""
        topic, score = best
        if topic.kind != "topic":
            return self.aside(topic, asking.locale)
        if score < LIKELY or guess.is_strange:
            return answerer.silent(asking.programme, None, None, asking.locale)
        return self._on_topic(query, topic, asking)

    def _from_guide(self, query: Query, guess: Guess, asking: Asking) -> Answer:
        """An answer out of a guide without entries: what fits the question best, where it fits well enough."""
        found = self.bare(asking.programme).find(query, asking.before, guess)
        topic = guess.topic if guess.topic.kind == "topic" and guess.score >= LIKELY else None
        if found is None or not found.is_answer:
            if guess.is_aside:
                return self.aside(guess.aside, asking.locale)
            return answerer.silent(asking.programme, topic, None, asking.locale)
        if topic and topic.reason:
            case = Case(query.text, asking.programme, None, asking.now, asking.notice)
            if told := reason(topic.reason, case):
                quotes = told.quotes or found.quotes
                point = told.point.get(asking.locale)
                return answerer.answered(asking.programme, topic.id, point, quotes, asking.locale, told.verdict)
        point = phrases.POLAR[found.verdict].get(asking.locale) if found.verdict else found.point()
        return answerer.answered(
            asking.programme, topic.id if topic else "", point, found.quotes, asking.locale, found.verdict
        )

    def _offer(self, query: Query, stated: Sequence[Scored], asking: Asking) -> Answer:
        """The topics that are as likely as each other, where they answer differently."""
        near = [topic for topic, score in stated if score >= NEAR][:3]
        distinct = dict[object, tuple[Topic, Answer]]()
        for topic in near:
            answer = self._on_topic(query, topic, asking)
            distinct.setdefault(answer.citations or answer.text, (topic, answer))
        if len(distinct) <= 1:
            return answerer.silent(asking.programme, None, None, asking.locale)
        return answerer.choices(list(distinct.values()), asking.programme, asking.locale)

    def _on_topic(self, query: Query, topic: Topic, asking: Asking) -> Answer:
        """What the pack says of a topic: reasoned from its facts, quoted, or not stated."""
        programme = asking.programme
        entry = programme.entries.get(topic.id)
        if entry is not None and entry.not_stated:
            return answerer.silent(programme, topic, entry, asking.locale)
        if topic.reason:
            found = self._reasoned(query, topic, entry, asking)
            if found is not None and found.silent:
                return answerer.silent(programme, topic, entry, asking.locale)
            if found is not None:
                quotes = found.quotes or (entry.quotes if entry else ())
                return answerer.answered(
                    programme, topic.id, found.point.get(asking.locale), quotes, asking.locale, found.verdict
                )
        if entry is not None:
            return answerer.from_entry(programme, entry, asking.locale, verdict_of(query, topic, entry, asking.before))
        if quotes := self._retrieval(programme).by_topic(topic, query.text):
            return answerer.answered(programme, topic.id, "", quotes, asking.locale)
        return answerer.silent(programme, topic, None, asking.locale)

    def _reasoned(self, query: Query, topic: Topic, entry: Entry | None, asking: Asking) -> Reasoned | None:
        """What follows from the facts; a yes/no question that names none may be asked of what was told before it."""
        found = reason(topic.reason, Case(query.text, asking.programme, entry, asking.now, asking.notice))
        if asking.before and query.is_polar and (found is None or found.verdict is None):
            both = Case(f"{asking.before} {query.text}", asking.programme, entry, asking.now, asking.notice)
            return reason(topic.reason, both) or found
        return found

    def bare(self, programme: Programme) -> "Bare":
        """The guide of a pack that has nothing else, read when it is first asked."""
        from knowledge import bare  # a seventh of the time until ready, and of no use to packs that are complete

        if programme.id not in self._bares:
            self._bares[programme.id] = bare.Bare(programme, self._topics, self._stated())
        return self._bares[programme.id]

    def _retrieval(self, programme: Programme) -> "Retrieval":
        """The programme's sentences, read when they are first needed."""
        from knowledge.retrieval import Retrieval

        if programme.id not in self._retrievals:
            self._retrievals[programme.id] = Retrieval(programme)
        return self._retrievals[programme.id]

    def aside(self, topic: Topic, locale: str) -> Answer:
        """The reply to small talk and to what asks an award nothing."""
        return answerer.declined(topic.reply or phrases.OFF_TOPIC, topic.kind, locale)
