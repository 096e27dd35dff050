"""A guide's text cut into passages, and quotes found in it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from unicodedata import east_asian_width, normalize

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
_LEVELS = tuple(
    (depth, re.compile(pattern))
    for depth, pattern in (
        (7, r"第[一二三四五六七八九十]{1,3}[章部]|附件\s?\d"),
        (8, r"第[一二三四五六七八九十]{1,3}[节条分阶段]"),
        (9, r"[一二三四五六七八九十]{1,3}[、·.]"),
        (10, r"[(（][一二三四五六七八九十]{1,3}[)）]"),
    )
)
_DEEPEST = 11
_BULLETS = ("- ", "* ", "+ ", "• ", "· ")
_BEGINS = re.compile(
    r"^(?:[-*+•·▪●○◆|#>]|[（(]?[一二三四五六七八九十\da-zA-Z]{1,3}[)）、.．]|[①-⑳]|第[一二三四五六七八九十]+|Q\d*[.:：]|A\d*[.:：]|[问答][:：]|\*\*)"
)
_NARROWEST_BREAK, _WIDEST_BREAK = 50, 132  # columns of a text whose lines are broken
_BROKEN, _ROOM = 5, 12  # lines as wide as that, and columns that they may leave
_PAGE = re.compile(
    r"第\s*\d+\s*页|共\s*\d+\s*页"
    r"|\bpage\s+\d+(?:\s*(?:of|/)\s*\d+)?|\b\d+\s*/\s*\d+\s*$|\s{2,}\d{1,3}\s*$",
    re.IGNORECASE,
)
_PAGE_ALONE = re.compile(r"^[-—–·\s]*(?:\d{1,3}|第\s*\d+\s*页.*|page\s+\d+.*)[-—–·\s]*$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[。；;！？!?,，:：]$")
_SENTENCES = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?[”」』）)]*")
_FULL_STOP = re.compile(r"(?<=[a-z0-9)”\"]{2}\.)\s+(?=[A-Z“\"])")
_MARKS = "*\\"
_HEADING_LENGTH = 30
_QUOTED = re.compile(r"[“「『]\s*([^“”「」『』\n]{2,24}?)\s*[”」』]")
_ABBREVIATED = re.compile(
    r"(?:简称|以下称|下称|known as|short:)\s*[“\"「]?\s*"
    r"([A-Za-z][A-Za-z0-9-]{1,11}|[\u4e00-\u9fff]{2,8}(?=[”」]))"
)
_TITLE_WORDS = re.compile(
    r"(?:19|20)\d\d\s*年?度?|第[一二三四五六七八九十\d]+届|关于|开展|举办|组织|申报|指南|通知|公告|征集|案例|评选|报名|活动|启动|工作|的|办法|细则|章程|规则|方案|须知|参赛|年度|[（(][^）)]*[）)]"
    r"|\b(?:the|call|for|entries|guidelines?|rules|application|guide|regulations|and|of)\b",
    re.IGNORECASE,
)
_NAME_LENGTH = (3, 14)
_REPEATS = 3
_HEADER = 5  # characters that a running header has at least


def clean(markdown: str) -> str:
    """The text without what page savers and PDF readers leave in it: front matter, pictures, running headers."""
    text = _FRONT.sub("", markdown.replace("\r\n", "\n").lstrip("\ufeff"))
    text = _LINK.sub(r"\1", _DEBRIS.sub("", text))
    lines = [line.strip() for line in text.split("\n")]
    bare = [_PAGE.sub("", line).strip() for line in lines]
    often = {line for line, times in Counter(bare).items() if times >= _REPEATS and len(line) > _HEADER}
    paged = {line for line, whole in zip(bare, lines, strict=True) if line != whole and bare.count(line) > 1}
    kept, seen = [], set[str]()
    for line, whole in zip(bare, lines, strict=True):
        header = line in often or (line in paged and len(line) > _HEADER)
        if not (_PAGE_ALONE.match(whole) or (header and line in seen)):
            kept.append(line if header else whole)
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


def names_of(title: str, markdown: str) -> tuple[str, ...]:
    """What people may call the programme of a guide, by its title and its text.

    What the title puts in quotation marks, what is left of it without the words that all titles have, what the text
    quotes again and again, and the abbreviations that it introduces.
    """
    often = Counter(name for name in _QUOTED.findall(markdown) if _NAME_LENGTH[0] <= len(name) <= _NAME_LENGTH[1])
    quoted = [name for name, times in often.items() if times >= _REPEATS]
    short = _TITLE_WORDS.sub("", title).strip(" -—·:：，,“”\"'《》()（）")
    found = [*_QUOTED.findall(title), *quoted, *_ABBREVIATED.findall(markdown)]
    if _NAME_LENGTH[0] < len(short) <= 2 * _NAME_LENGTH[1]:
        found.append(short)
    return tuple(dict.fromkeys(name.strip() for name in found if name.strip()))


def read_passages(markdown: str) -> tuple[Passage, ...]:
    """Cuts a guide into paragraphs and list items, each with the headings it stands under."""
    headings, found, paragraph = list[tuple[int, str]](), list[Passage](), list[str]()
    item = False

    def close() -> None:
        if paragraph:
            *path, section = [heading for _, heading in headings] or [""]
            found.append(Passage(section, "\n".join(paragraph), tuple(path), item))
            paragraph.clear()

    for line in unwrapped(clean(markdown).split("\n")):
        heading, level = heading_of(line), _level(line)
        if heading is not None or _NUMBERED.match(line):
            close()
            item = False
            headings = [one for one in headings if one[0] < level]  # a numbered clause ends the one before it
        if heading is not None:
            headings.append((level, heading))
        elif not line or set(line) <= {"-", " "}:
            close()
            item = False
        else:
            if line.startswith(_BULLETS):
                close()
                item, line = True, line[2:]  # noqa: PLW2901
            paragraph.append(plain(line))
    close()
    return tuple(found)


def _level(line: str) -> int:
    """How deep a heading or a numbered clause stands: Markdown's marks before the numbering of Chinese documents."""
    if marked := re.match(r"#{1,6}(?=\s)", line):
        return len(marked[0])
    text = line.strip("*")
    return next((depth for depth, pattern in _LEVELS if pattern.match(text)), _DEEPEST)


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines with those joined that were broken at a width, as in texts made of letters or of pages."""
    widths = sorted((_width(line) for line in lines if line and not line.startswith(("|", "#"))), reverse=True)
    ends = zip(widths, widths[_BROKEN - 1 :], strict=False)
    most = next((wide for wide, other in ends if wide - other <= _ROOM), 0)
    if not _NARROWEST_BREAK <= most <= _WIDEST_BREAK or widths[0] > 2 * most:
        return list(lines)
    joined, last = list[str](), ""
    for line in lines:
        before = joined[-1] if joined else ""
        word = re.match(r"[\u3400-\u9fff]|\S*", line)
        room = most - _width(last) - _width(word[0] if word else "")
        if before and line and room <= _ROOM and not _BEGINS.match(line) and not before.startswith(("|", "#")):
            space = "" if "\u3400" <= before[-1] <= "\uffef" or "\u3400" <= line[0] <= "\uffef" else " "
            joined[-1] = f"{before}{space}{line}"
        else:
            joined.append(line)
        last = line
    return joined


def _width(text: str) -> int:
    """The columns that a line takes: a Han character or a mark as wide takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a passage, verbatim."""
    for match in _SENTENCES.finditer(text):
        for part in _FULL_STOP.split(match[0]):
            if sentence := part.strip():
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
