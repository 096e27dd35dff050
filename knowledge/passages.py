"""A guide's text cut into passages, and quotes found in it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from unicodedata import normalize

from knowledge.programme import Passage, Quote
from knowledge.text import squeeze

_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_DEBRIS = re.compile(r"\[bookmark: \w+\]|!\[[^\]]*\]\([^)]*\)|^#\w+$|^date_(?:saved|published):.*$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!~>-])")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
_BOLD_LINE = re.compile(r"^\*\*([^*]{1,40})\*\*$")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、·.]|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章节条部分阶段]+|附件\s?\d)"
)
_SENTENCE_END = re.compile(r"[。；;！？!?,，:：]$")
_SENTENCES = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?[”」』）)]*")
_MARKS = "*\\"
_HEADING_LENGTH = 30
_REPEATS = 3


def clean(markdown: str) -> str:
    """The text without what page savers and PDF readers leave in it: front matter, pictures, running headers."""
    text = _FRONT.sub("", markdown.replace("\r\n", "\n").lstrip("\ufeff"))
    text = _LINK.sub(r"\1", _DEBRIS.sub("", text))
    lines = [line.strip() for line in text.split("\n")]
    often = {line for line, times in Counter(lines).items() if times >= _REPEATS and len(line) > 5}
    kept, seen = [], set[str]()
    for line in lines:
        if line not in often or line not in seen:
            kept.append(line)
        seen.add(line)
    return "\n".join(kept)


def heading_of(line: str) -> str | None:
    """The heading that a line is, None where it is text. Knows Markdown's, and the numbering of Chinese documents."""
    marked = _HEADING.match(line) or _BOLD_LINE.match(line)
    if marked:
        return plain(marked[1])
    if len(line) <= _HEADING_LENGTH and _NUMBERED.match(line) and not _SENTENCE_END.search(line):
        return plain(line)
    return None


def plain(line: str) -> str:
    """A line without Markdown's marks and escapes."""
    return _ESCAPE.sub(r"\1", line.replace("**", "").replace("__", "")).strip()


def title_of(markdown: str, default: str) -> str:
    """The guide's title: its first heading, else its front matter's, else its first line."""
    lines = [line for line in clean(markdown).split("\n") if line]
    for line in lines:
        if match := _HEADING.match(line):
            return plain(match[1])
    return plain(lines[0])[:80] if lines else default


def read_passages(markdown: str) -> tuple[Passage, ...]:
    """Cuts a guide into paragraphs and list items, each with the heading it stands under."""
    section, found, paragraph = "", [], list[str]()

    def close() -> None:
        if paragraph:
            found.append(Passage(section, "\n".join(paragraph)))
            paragraph.clear()

    for line in clean(markdown).split("\n"):
        heading = heading_of(line)
        if heading is not None:
            close()
            section = heading
        elif not line or set(line) <= {"-", " "}:
            close()
        else:
            if line.startswith(("- ", "* ", "+ ")):
                close()
                line = line[2:]  # noqa: PLW2901
            paragraph.append(plain(line))
    close()
    return tuple(found)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a passage, verbatim."""
    for match in _SENTENCES.finditer(text):
        if sentence := match[0].strip():
            yield sentence


@dataclass(frozen=True)
class Section:
    """A heading and all text under it."""

    heading: str
    text: str

    @cached_property
    def squeezed(self) -> tuple[str, list[int]]:
        """The text as quotes are compared, and for each of its characters the place it came from."""
        characters, places = list[str](), list[int]()
        for place, character in enumerate(self.text):
            for part in normalize("NFKC", character):
                if not part.isspace() and part not in _MARKS:
                    characters.append(part)
                    places.append(place)
        return "".join(characters), places

    def find(self, squeezed_quote: str) -> str | None:
        """The passage's own characters for a quote given squeezed; None where it does not occur."""
        characters, places = self.squeezed
        start = characters.find(squeezed_quote)
        if start < 0 or not squeezed_quote:
            return None
        return " ".join(self.text[places[start] : places[start + len(squeezed_quote) - 1] + 1].split())


def sections_of(passages: Iterable[Passage]) -> tuple[Section, ...]:
    """The passages joined under their headings."""
    return tuple(
        Section(heading, "\n".join([heading, *(passage.text for passage in group)]))
        for heading, group in groupby(passages, key=lambda passage: passage.section)
    )


def find_quote(sections: Iterable[Section], text: str) -> Quote | None:
    """The quote in the guide's own characters, with its heading; None where the guide does not say it."""
    squeezed = squeeze(text)
    for section in sections:
        if (verbatim := section.find(squeezed)) is not None:
            return Quote(section.heading, verbatim)
    return None
