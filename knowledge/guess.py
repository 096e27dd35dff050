"""What a question may be about, and how likely the pack's sentences answer it."""

from dataclasses import dataclass, replace

from knowledge.programme import Programme, Quote, Topic

Scored = tuple[Topic, float]

# Chosen by cross-validation over authors (benchmarks.eval).
FAR = -0.9  # the margin below which a question is like none of the topics
COVERED = 0.5  # the part of a question's content that the topics must know
PLAIN, NEAR_LINES, PLAIN_LEAVE = 0.9, -0.3, 0.15  # so likely one topic, and so near its lines: so much is forgiven
LEAST = 0.0002  # where two guesses are combined: the probability that either grants to every topic,
OWN = 0.75  # and how much less a question's few own words count than all words together
ASKED = -0.1  # how far it must lie on the side of what an award is asked, whatever the topic


@dataclass(frozen=True, slots=True)
class Guess:
    """The topics that a question may be about, the likeliest first, with their probabilities."""

    ranked: tuple[tuple[Topic, float], ...]
    margin: float
    coverage: float
    asked: float

    @property
    def topic(self) -> Topic:
        """The best topic."""
        return self.ranked[0][0]

    @property
    def score(self) -> float:
        """The best topic's probability."""
        return self.ranked[0][1]

    @property
    def is_aside(self) -> bool:
        """Whether it likelier asks an award nothing than any one topic."""
        aside = sum(score for topic, score in self.ranked if topic.kind != "topic")
        return aside > max((score for topic, score in self.ranked if topic.kind == "topic"), default=0.0)

    @property
    def aside(self) -> Topic:
        """The likeliest of what asks an award nothing."""
        return next((topic for topic, _ in self.ranked if topic.kind != "topic"), self.topic)

    def followed(self, joint: "Guess") -> "Guess":
        """What the rest of a question is about: likely by its own words and likely by those of the question before too.

        The question before would otherwise win by its length: "how long may the summary be" "and the technology box?".
        """
        alone, both = ({topic.id: score for topic, score in one.ranked} for one in (self, joint))
        topics = {topic.id: topic for topic, _ in (*self.ranked, *joint.ranked)}
        weights = {key: (alone.get(key, 0.0) + LEAST) ** OWN * (both.get(key, 0.0) + LEAST) for key in topics}
        whole = sum(weights.values())
        ranked = sorted(((topics[key], weight / whole) for key, weight in weights.items()), key=lambda pair: -pair[1])
        return replace(joint, ranked=tuple(ranked))

    @property
    def is_strange(self) -> bool:
        """Whether it is like none of the topics, or like nothing that an award is asked."""
        leave = PLAIN_LEAVE if self.topic.kind == "topic" and self.score >= PLAIN and self.margin > NEAR_LINES else 0.0
        return self.margin < FAR or self.coverage < COVERED or self.asked < ASKED - leave


def is_stated(programme: Programme, topic: Topic) -> bool:
    """Whether the pack answers a topic, or leaves it undecided, so that its guide is searched."""
    entry = programme.entries.get(topic.id) if topic.kind == "topic" else None
    return topic.id in programme.undecided if entry is None else not entry.not_stated


def mass_of(guess: Guess, best: Topic, programme: Programme) -> tuple[float, Scored]:
    """The probability of a topic with all that the same sentences answer, and the likeliest of the others."""
    quotes = _quotes(programme, best)
    mass, rival = 0.0, (best, 0.0)
    for topic, score in guess.ranked:
        same = is_stated(programme, topic) and not quotes.isdisjoint(_quotes(programme, topic))
        if topic is best or same:
            mass += score
        elif score > rival[1]:
            rival = (topic, score)
    return mass, rival


def _quotes(programme: Programme, topic: Topic) -> frozenset[Quote]:
    """What the pack quotes for a topic; empty where it leaves it undecided."""
    entry = programme.entries.get(topic.id)
    return frozenset(entry.quotes if entry else ())
