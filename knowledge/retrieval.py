"""Sentences of a guide that answer a question: how a pack that is only a guide answers."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.features import content
from knowledge.passages import sentences
from knowledge.programme import Programme, Quote, Topic
from knowledge.scripts import simplify
from knowledge.text import fold

# What the sentence must hold besides a cue, by the name that topics give it.
NEEDS: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(
        r"\d+\s*月|[一二三四五六七八九十]月|\d{4}[-/.]\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|择机|另行|通知|推送|announce"
    ),
    "email": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "phone": re.compile(
        r"\d{3,4}[-－ ]?\d{7,8}|1\d{10}|\+\d{6,}|\+\d{1,3}(?:[ -]\d{2,4}){2,4}|\b\d{3,4}[ -]\d{3,4}[ -]\d{3,4}\b"
    ),
    "link": re.compile(r"https?://|www\.|\.(?:com|cn|org)\b|专题|官网|客户端|平台|website|portal"),
    "amount": re.compile(
        r"\d[\d,.]*\s*(?:万|元|美元|usd|rmb|cny|eur|€|\$|£|%|euros?\b|dollars?\b|pounds?\b|yuan\b)|[$€£]\s*\d|[一二三四五六七八九十百千]+万?元"
    ),
    "number": re.compile(r"\d|[一二三四五六七八九十两]"),
    "size": re.compile(r"\d\s*(?:k|m|g|兆|kb|mb|gb)\b", re.IGNORECASE),
    "length": re.compile(r"\d+\s*(?:字|words?|characters?)"),
    "place": re.compile(r"地址|[市区路街号楼室]|上海|北京|address|street|road"),
}
_LONGEST = 160
_MOST = 2
_TERM = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]\s*)?([\u3400-\u9fff]{2,12})[:：]")
_ITEMS, _LIST = 8, 420  # sentences and characters of a section that is quoted whole
_ITEM = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]|[-•·])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a guide, ready to be compared."""

    quote: Quote
    folded: str
    words: frozenset[str]
    heading: str


class Retrieval:
    """The sentences of one guide."""

    def __init__(self, programme: Programme) -> None:
        self._sentences = [
            Sentence(
                Quote(passage.section, text),
                simplify(fold(text)),
                content(simplify(fold(text))),
                simplify(fold(passage.section)),
            )
            for passage in programme.passages
            for text in sentences(passage.text)
        ]
        often = Counter(word for sentence in self._sentences for word in sentence.words)
        count = len(self._sentences)
        self._idf = {word: math.log(1 + count / (0.5 + times)) for word, times in often.items()}
        self._rare = math.log(1 + count / 0.5)

    def by_topic(self, topic: Topic, question: str) -> tuple[Quote, ...]:
        """The sentences that a topic's cues speak for, the nearest to the question first; empty where none does."""
        words = content(question)
        ranked = sorted(
            ((self._worth(sentence, topic, words), -place, sentence) for place, sentence in enumerate(self._sentences)),
            key=lambda found: found[:2],
            reverse=True,
        )
        best = ranked[0][0] if ranked else 0.0
        if best >= 1 and (whole := self._list_of(ranked[0][2], topic)):
            return whole
        return tuple(found.quote for worth, _, found in ranked[:_MOST] if worth >= 1 and worth >= 0.8 * best)

    def _list_of(self, sentence: Sentence, topic: Topic) -> tuple[Quote, ...]:
        """The whole of a short section whose heading is the topic's and that lists: a part would be half an answer."""
        if not any(_holds(sentence.heading, cue) for cue in topic.cues) or topic.needs:
            return ()
        found = [other for other in self._sentences if other.quote.section == sentence.quote.section]
        listed = sum(bool(_ITEM.match(other.quote.text)) for other in found)
        short = sum(len(other.quote.text) for other in found) <= _LIST and len(found) <= _ITEMS
        return tuple(other.quote for other in found) if listed > 1 and short else ()

    def defined(self, question: str) -> tuple[Quote, ...]:
        """The sentence that begins with a term and a colon, where the question speaks of that term; else none."""
        for sentence in self._sentences:
            if (term := _TERM.match(sentence.folded)) and term[1] in question:
                return (sentence.quote,)
        return ()

    def _shared(self, sentence: Sentence, words: frozenset[str]) -> float:
        """The weight of the content that a sentence and a question share."""
        return sum(self._idf[word] for word in words & sentence.words)

    def _worth(self, sentence: Sentence, topic: Topic, words: frozenset[str]) -> float:
        """How well a sentence serves a topic: 0 without a cue or what the topic needs."""
        if topic.needs and not NEEDS[topic.needs].search(sentence.folded):
            return 0.0
        cues = sum(_holds(sentence.folded, cue) for cue in topic.cues)
        headed = sum(_holds(sentence.heading, cue) for cue in topic.cues)
        if not cues and not headed:
            return 0.0
        short = 1.0 if len(sentence.folded) <= _LONGEST else 0.7
        worth = (min(cues, 3) + 0.8 * min(headed, 2)) * short
        whole = sum(self._idf.get(word, self._rare) for word in words) or 1.0
        return worth + 2 * self._shared(sentence, words) / whole


def _holds(text: str, cue: str) -> bool:
    """Whether a text holds a cue; all parts of one joined by "+"."""
    return all(part in text if pattern is None else bool(pattern.search(text)) for part, pattern in _parts(cue))


@lru_cache(maxsize=4096)
def _parts(cue: str) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
    """The parts of a cue. A Latin one begins a word, and that word is no address: "paper" is not in thepaper.cn."""
    parts = [part.lower() for part in cue.split("+")]
    return tuple(
        (
            part,
            re.compile(rf"(?<![a-z0-9@.]){re.escape(part)}(?![\w-]*[@.]\w)")
            if part[:1].isalnum() and part.isascii()
            else None,
        )
        for part in parts
    )
