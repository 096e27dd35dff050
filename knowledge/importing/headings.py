"""Which lines are headings, and how deep: by the format, by their numbers, or because they are bold."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.importing.lines import Line

_HAN = "一二三四五六七八九十"
# How documents number their headings, outermost first.
_KINDS = (
    ("part", re.compile(rf"^第\s*[{_HAN}\d]{{1,3}}\s*(?:部分|章|编|篇)")),
    ("annex", re.compile(rf"^附件\s?[{_HAN}\d]{{1,2}}(?![\d、,，])")),
    ("article", re.compile(rf"^第\s*[{_HAN}\d]{{1,3}}\s*[节条]")),
    ("han", re.compile(rf"^[{_HAN}]{{1,3}}\s*[、.．·]")),
    ("frame", re.compile(r"^【[^】]{1,20}】$")),
    ("bracket", re.compile(rf"^[(（]\s*[{_HAN}]{{1,3}}\s*[)）]")),
    ("stage", re.compile(rf"^第\s*[{_HAN}\d]{{1,3}}\s*阶段")),
    (
        "latin",
        re.compile(
            r"^(?:(?:section|part|chapter|article|annex|appendix)\s+[\dA-Zivx]+\b|[IVX]{1,4}\.\s)", re.IGNORECASE
        ),
    ),
    ("decimal", re.compile(r"^\d{1,2}\.\d{1,2}(?:\.\d{1,2})?[\s、.．](?!\d)")),
    ("digit", re.compile(r"^\d{1,2}\s*(?:[、.．)）]|\s)\s*(?=\D)")),
)
_OUTER = tuple(name for name, _ in _KINDS)
_OPENS = re.compile(
    rf"^(?:[{_HAN}]{{1,3}}\s*[、.．·]|[(（]\s*[{_HAN}\d]{{1,3}}\s*[)）]|第\s*[{_HAN}\d]{{1,3}}\s*[章节条部阶编篇]|\d{{1,2}}\s*[、.．)）](?!\d)"
    r"|[a-zA-Z][.)]\s|[①-⑳]|[•●■◆▪‣·–-]\s*\S|附件|注[:：意]|【|Q\d*[:：]|A\d*[:：]|问[:：]|答[:：])"
)
_ENDS = re.compile(r"[。；;！!？?,，、：:]$|(?<!\d)\.$")
_ASKS = re.compile(r"[？?]$")
_ADDRESS = re.compile(r"https?://|www\.|@")
_LONGEST = 40  # characters, half of it for those that count double
_CONTENTS = re.compile(r"[.…·]{2,}\s*\d{1,3}$|^(?:目\s*录|contents|table of contents)$", re.IGNORECASE)
_ANNEX = re.compile(rf"^附件\s?[{_HAN}\d]{{1,2}}[:：]?$")
_FILLED = 20


@dataclass(frozen=True, slots=True)
class Headed:
    """A line with what was decided: `level` 1 is the title, 2 and more are headings, 0 is text."""

    line: Line
    level: int


def opens(text: str) -> bool:
    """Whether a line begins with a number or a mark of its own, so that it cannot be the rest of another."""
    return bool(_OPENS.match(text))


def is_heading(line: Line) -> bool:
    """Whether a line alone looks like a heading."""
    return line.level > 0 or _kind(line) is not None


def headed(lines: Sequence[Line]) -> list[Headed]:
    """The lines with the levels of those that are headings. A table of contents goes."""
    lines = [line for line in lines if not _CONTENTS.search(line.text)]
    lines = _named(lines)
    kinds = [_kind(line) for line in lines]
    for place, kind in enumerate(kinds):
        if kind in {"digit", "decimal"} and not lines[place].strong and not _leads(lines, kinds, place):
            kinds[place] = None
    # A numbered heading by the format and one that only its number shows are of one depth.
    same = {
        numbered: kind
        for line, kind in zip(lines, kinds, strict=True)
        if line.level and kind and (numbered := _numbered(line.text))
    }
    kinds = [same.get(kind, kind) if kind else None for kind in kinds]
    stack, found = list[str](), list[Headed]()
    for line, kind in zip(lines, kinds, strict=True):
        found.append(Headed(line, 0 if kind is None else _depth(stack, kind)))
    return found


def _named(lines: Sequence[Line]) -> list[Line]:
    """The lines with the number of an annex and the name on the next line put together."""
    found = list[Line]()
    for line in lines:
        before = found[-1].text if found else ""
        if _ANNEX.match(before) and _size(line.text) <= _LONGEST and not _ENDS.search(line.text):
            found[-1] = replace(line, text=f"{before.rstrip(':：')} {line.text}", kind="text")
        else:
            found.append(line)
    return found


def _kind(line: Line) -> str | None:
    """How a line shows that it is a heading; None where it does not."""
    text = line.text
    if line.kind != "text":
        return None
    if line.level:
        return f"own{line.level}"
    if _size(text) > _LONGEST or _ADDRESS.search(text) or _is_cut(text):
        return None
    numbered = _numbered(text)
    if _ENDS.search(text) and not (_ASKS.search(text) and (numbered or line.strong)):
        return None
    if numbered == "digit" and not re.match(r"^\d{1,2}\s*[、.．)）]", text) and not line.strong:
        return None
    return numbered or ("strong" if line.strong else None)


def _numbered(text: str) -> str | None:
    """The kind of number that a line begins with; None where with none."""
    return next((name for name, pattern in _KINDS if pattern.match(text)), None)


def _is_cut(text: str) -> bool:
    """Whether a bracket or a quotation mark is left open: the line is a part of something longer."""
    return any(text.count(left) > text.count(right) for left, right in ("（）", "()", "《》", "“”"))


def _size(text: str) -> float:
    """How long a line is, in Chinese characters."""
    return sum(0.5 if character < "\u2e80" else 1 for character in text)


def _leads(lines: Sequence[Line], kinds: Sequence[str | None], place: int) -> bool:
    """Whether text follows before the next number: otherwise the numbered lines are a list."""
    following = lines[place + 1] if place + 1 < len(lines) else None
    if following is None or kinds[place + 1] is not None or following.kind == "cell":
        return False
    before = place == 0 or kinds[place - 1] not in {"digit", "decimal"}
    numbered = bool(re.match(r"^\d{1,2}\s*[、.．)）]", following.text))
    return before and not numbered and _size(following.text) >= _FILLED


def _depth(stack: list[str], kind: str) -> int:
    """The level of a heading of this kind: that of its last like, or one below the heading it stands under."""
    if kind.startswith("own"):
        while stack and not (stack[-1].startswith("own") and stack[-1] < kind):
            stack.pop()
    elif kind in stack:
        del stack[stack.index(kind) :]
    elif kind in _OUTER:
        while stack and stack[-1] in _OUTER and _OUTER.index(stack[-1]) > _OUTER.index(kind):
            stack.pop()
    stack.append(kind)
    return len(stack)
