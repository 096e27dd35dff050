"""The guide.md that is written: title, headings, paragraphs and lists, in the guide's own words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from knowledge.importing.headings import Headed, headed
from knowledge.importing.lines import Line
from knowledge.passages import heading_of

_TITLE_ENDS = re.compile(
    r"(?:通知|公告|指南|办法|启事|方案|简章|细则|须知|征集|评选|大赛|奖|Guide|Guidelines|Call)$", re.IGNORECASE
)
_DEEPEST = 4


def title_of(lines: Sequence[Line], given: str, name: str) -> tuple[str, list[Line]]:
    """The guide's title and the lines without it: its heading, else its first short lines, else what its file says."""
    for place, line in enumerate(lines[:15]):
        if line.level == 1 and sum(other.level == 1 for other in lines) == 1:
            return line.text, [*lines[:place], *lines[place + 1 :]]
    short = list(takewhile(lambda line: line.kind == "text" and _is_title(line.text), lines[:2]))
    broken = len(short) == 2 and not short[1].gap and bool(_TITLE_ENDS.search(short[1].text))
    if not broken or _TITLE_ENDS.search(short[0].text):
        short = short[:1]
    if short:
        return "".join(line.text for line in short), list(lines[len(short) :])
    return given or name, list(lines)


def _is_title(text: str) -> bool:
    """Whether a first line can be the title."""
    return len(text) <= 60 and not re.search(r"[。；;，,：:]$|@|https?://|^[（(]", text)


def markdown(title: str, lines: Sequence[Line]) -> str:
    """The guide's text."""
    blocks, found = headed(_shallow(title, lines)), [f"# {title}\n"]
    shift = 2 - min((block.level for block in blocks if block.level), default=2)
    for place, block in enumerate(blocks):
        before = blocks[place - 1] if place else None
        if block.level:
            found.append(f"\n{'#' * min(block.level + shift, _DEEPEST)} {block.line.text}\n")
        elif block.line.kind == "item":
            found.append(("" if _is_item(before) else "\n") + f"- {block.line.text}\n")
        else:
            found.append(f"\n{_paragraph(block.line.text)}\n")
    return "".join(found)


def _shallow(title: str, lines: Sequence[Line]) -> list[Line]:
    """The lines without a second copy of the title, and with other lines of the title's level one deeper."""
    return [
        replace(line, level=line.level + 1 if 0 < line.level < 6 else line.level)
        for line in lines
        if line.text != title or not line.level
    ]


def _is_item(block: Headed | None) -> bool:
    return block is not None and not block.level and block.line.kind == "item"


def _paragraph(text: str) -> str:
    """A paragraph, with a mark before it where its beginning would be read as a heading or an item."""
    if heading_of(text) is not None or re.match(r"^(?:#|[-+*]\s|>|\|)", text):
        return f"\\{text}"
    return text
