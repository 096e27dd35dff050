"""Nodes of a pack's files read into plain data. Every mistake is collected with its file, line and key."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from knowledge.errors import Mistake, PackError
from knowledge.passages import Section, find_quote
from knowledge.programme import Contact, Deadline, Entry, Fact, Quote, Route, Stage, Topic, Verdict
from knowledge.regions import MARK, regions
from knowledge.source import Node
from knowledge.text import fold
from knowledge.wording import Wording

RESUBMISSIONS = ("last_wins", "all_stand", "ask")
ROUTES = ("portal", "email", "post", "bot")
VERDICTS: dict[str, Verdict] = {"yes": "yes", "no": "no", "depends": "depends"}
PROGRAMME_KEYS = (
    "id", "name", "aliases", "zone", "year", "receipt", "resubmission", "deadline", "routes", "contacts", "stages",
    "facts",
)  # fmt: skip


@dataclass
class Mistakes:
    """Collects mistakes, so that a pack's author sees all of them at once."""

    found: list[Mistake] = field(default_factory=list)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Notes a PackError raised inside and goes on after the block."""
        try:
            yield
        except PackError as error:
            self.found += error.mistakes

    def check(self) -> None:
        """Raises PackError if there are any."""
        if self.found:
            raise PackError(sorted(self.found, key=lambda mistake: (mistake.file, mistake.line)))


def wording(node: Node) -> Wording:
    """A text in both languages: {zh: …, en: …}, or one text for both."""
    if isinstance(node.value, dict):
        node.only("zh", "en")
        return Wording(node.text("zh"), node.text("en"))
    text = node.expect(str).strip()
    return Wording(text, text)


def optional_wording(node: Node, key: str) -> Wording | None:
    """The Wording under a key, None where it is absent."""
    return wording(node.get(key)) if node.has(key) else None


def quote(node: Node, sections: Sequence[Section]) -> Quote:
    """The guide's sentence that a node quotes. Raises PackError where the guide does not say it."""
    text = node.expect(str)
    found = find_quote(sections, text)
    if found is None:
        raise node.fail(f"the guide does not say 「{text}」")
    return found


def optional_quote(node: Node, sections: Sequence[Section]) -> Quote | None:
    """The quote under the key "quote", None where it is absent."""
    return quote(node.get("quote"), sections) if node.has("quote") else None


def quotes(node: Node, sections: Sequence[Section], mistakes: Mistakes) -> tuple[Quote, ...]:
    """The quotes under the key "quotes": a list or one text."""
    if not node.has("quotes"):
        return ()
    listed = node.get("quotes")
    found = []
    for item in listed.items() if isinstance(listed.value, list) else (listed,):
        with mistakes.collecting():
            found.append(quote(item, sections))
    return tuple(found)


def instant(node: Node, key: str, zone: ZoneInfo) -> datetime | None:
    """The instant under a key, in the programme's zone where it names none; None where absent or null."""
    if not node.has(key):
        return None
    child = node.get(key)
    try:
        found = datetime.fromisoformat(child.expect(str))
    except ValueError:
        raise child.fail("must be an instant such as 2024-10-21T00:00") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def day(node: Node, key: str) -> date | None:
    """The date under a key, None where absent or null."""
    if not node.has(key):
        return None
    child = node.get(key)
    try:
        return date.fromisoformat(child.expect(str))
    except ValueError:
        raise child.fail("must be a date such as 2024-10-21") from None


def one_of(node: Node, key: str, allowed: Sequence[str], default: str | None = None) -> str:
    """The text under a key, which must be one of `allowed`."""
    text = node.text(key, default)
    if text not in allowed:
        raise (node.get(key) if node.has(key) else node).fail(f"must be one of: {', '.join(allowed)}")
    return text


def read_zone(node: Node) -> ZoneInfo:
    """The programme's time zone."""
    name = node.text("zone", "Asia/Shanghai")
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise node.get("zone").fail(f"{name} is no time zone") from None


def read_deadline(node: Node, sections: Sequence[Section], zone: ZoneInfo) -> Deadline:
    """When submissions close."""
    node.only("closes_at", "remind_at", "quote")
    closes_at, remind_at = instant(node, "closes_at", zone), instant(node, "remind_at", zone)
    if closes_at and remind_at and remind_at > closes_at:
        raise node.get("remind_at").fail("must not lie after closes_at")
    return Deadline(closes_at, remind_at, optional_quote(node, sections))


def read_route(node: Node, sections: Sequence[Section]) -> Route:
    """Where the official application is made."""
    node.only("kind", "target", "quote")
    return Route(one_of(node, "kind", ROUTES), node.text("target", ""), optional_quote(node, sections))


def read_contact(node: Node, sections: Sequence[Section]) -> Contact:
    """Whom to ask."""
    node.only("purpose", "text", "quote", "public")
    purpose = wording(node.get("purpose"))
    return Contact(purpose, node.text("text"), optional_quote(node, sections), node.flag("public", default=True))


def read_stage(node: Node, sections: Sequence[Section]) -> Stage:
    """A stage of the programme."""
    node.only("name", "starts", "ends", "quote")
    return Stage(wording(node.get("name")), day(node, "starts"), day(node, "ends"), optional_quote(node, sections))


def read_fact(key: str, node: Node, sections: Sequence[Section]) -> Fact:
    """A value and the sentence it rests on, which it must have."""
    node.only("value", "quote")
    return Fact(key, _plain(node.get("value")), quote(node.get("quote"), sections))


def _plain(node: Node) -> object:
    """A Node's value without its places."""
    if isinstance(node.value, dict):
        return {key: _plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [_plain(child) for child in node.value]
    return node.value


def read_entry(topic: str, node: Node, sections: Sequence[Section], mistakes: Mistakes) -> Entry:
    """What the pack says of a topic."""
    node.only("zh", "en", "quotes", "verdict", "verdicts", "not_stated", "ask")
    point = Wording(node.text("zh"), node.text("en")) if node.has("zh") or node.has("en") else None
    not_stated = node.flag("not_stated")
    found = quotes(node, sections, mistakes)
    if not found and not not_stated and not node.has("quotes"):
        raise node.fail("needs quotes, or not_stated: true", "quotes")
    return Entry(topic, found, point, not_stated, _verdicts(node))


def _verdicts(node: Node) -> Mapping[str, Verdict]:
    """The verdicts of an entry by stance; a single `verdict` stands under ""."""
    found = {"": VERDICTS[one_of(node, "verdict", tuple(VERDICTS))]} if node.has("verdict") else {}
    if node.has("verdicts"):
        listed = node.get("verdicts")
        for stance in listed.mapping():
            found[stance] = VERDICTS[one_of(listed, stance, tuple(VERDICTS))]
    return found


def lines(node: Node, key: str) -> tuple[str, ...]:
    """The questions under a key, one a line."""
    return tuple(line for part in node.texts(key) for raw in part.split("\n") if (line := raw.strip()))


def read_topic(key: str, node: Node, programme: str = "", *extra: str) -> Topic:
    """A topic with its paraphrases, cues and stances."""
    node.only("label", "kind", "cues", "needs", "only", "stances", "reason", "reply", "zh", "en", *extra)
    listed = node.get("stances") if node.has("stances") else None
    stances = {stance: _words(listed, stance) for stance in listed.mapping()} if listed else {}
    return Topic(
        key,
        wording(node.get("label")),
        lines(node, "zh") + lines(node, "en"),
        node.texts("cues"),
        one_of(node, "kind", ("topic", "background", "smalltalk"), "topic"),
        node.texts("only"),
        stances,
        node.text("reason", ""),
        node.text("needs", ""),
        optional_wording(node, "reply"),
        programme,
    )


def _words(stances: Node, stance: str) -> tuple[str, ...]:
    """The words of a stance. Raises PackError for one that says nothing, and for a region that nobody listed."""
    words = stances.texts(stance)
    for word in words:
        if not all(word.split("+")):
            raise stances.get(stance).fail(f"「{word}」 has nothing on one side of its +, or nothing at all")
        if word.startswith(MARK) and word[1:] not in regions():
            raise stances.get(stance).fail(f"「{word}」 is no region; known are: {', '.join(regions())}")
    return words


@lru_cache(maxsize=65_536)  # every voice is compared with all that came before
def _bare(line: str) -> str:
    """A line as two authors are said to have written the same: case and marks aside."""
    return "".join(character for character in fold(line) if character.isalnum())


def add_voice(topic: Topic, voice: str, node: Node) -> Topic:
    """The topic with the lines that another voice asks it in; those it has already are left out."""
    node.only("zh", "en")
    known = {_bare(line) for line in topic.lines}
    added = tuple(line for line in lines(node, "zh") + lines(node, "en") if _bare(line) not in known)
    return replace(topic, lines=topic.lines + added, voices={**topic.voices, voice: added})
