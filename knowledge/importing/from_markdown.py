"""Markdown: headings, lists and tables by their marks; front matter and pictures are dropped."""

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.importing.from_text import decode, is_wrapped
from knowledge.importing.lines import Line, Source
from knowledge.importing.links import with_target
from knowledge.importing.tables import told

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*(?:[|>][-+]?[ \t]*\n[ \t]+)?(?P<title>.+)$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])")
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
_PLAIN_LINK = re.compile(r"<(https?://[^>]+|[\w.+-]+@[\w.-]+)>")
_TAG = re.compile(r"</?(?:br|p|div|span|font|b|i|u|em|strong|center|sup|sub)\b[^>]*>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!~>|-])")
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)(.+?)(?<=\S)\*{1,3}|(?<![\w_])__(?=\S)(.+?)(?<=\S)__(?![\w_])")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_BOLD = re.compile(r"^(?:\*\*|__)([^*]+)(?:\*\*|__)$")
_ITEM = re.compile(r"^[-*+]\s+(?=\S)")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_MARKED = re.compile(r"^#{1,6} \S|^[-*+] \S|\*\*[^*\n]+\*\*|!\[[^\]]*\]\(|^---$", re.MULTILINE)
_DIVIDER = re.compile(r"^\s*\|?[\s:|-]+\|[\s:|-]*$")


def read_markdown(raw: bytes, path: Path) -> Source:
    """The lines of a Markdown file."""
    text = decode(raw, path)
    front = _FRONT.match(text)
    title = _TITLE.search(front[1]) if front else None
    text = text[front.end() :] if front else text
    text = _PICTURE.sub("", _COMMENT.sub("", text))
    lines = list(_lines(text))
    text_lines = [line.text for line in lines if line.kind == "text" and not line.level]
    return Source(lines, title["title"].strip(" \"'") if title else "", is_wrapped(text_lines))


def is_marked(text: str) -> bool:
    """Whether a text that does not call itself Markdown is written in it."""
    return len(_MARKED.findall(text)) >= 3


def plain(text: str) -> str:
    """A text without Markdown's marks and escapes, the target of a link that names none beside it."""
    text = _LINK.sub(lambda link: with_target(link["text"], link["target"]), text)
    text = _TAG.sub("", _PLAIN_LINK.sub(r"\1", text))
    text = _EMPHASIS.sub(lambda match: match[1] or match[2], text)
    return " ".join(_ESCAPE.sub(r"\1", text.replace("`", "").replace("**", "")).split())


def _lines(text: str) -> Iterator[Line]:
    """The lines, their marks read and removed."""
    gap, rows = False, list[list[str]]()
    for raw in [*text.split("\n"), ""]:
        if _ROW.match(raw):
            if not _DIVIDER.match(raw):
                rows.append([plain(cell) for cell in re.split(r"(?<!\\)\|", raw.strip().strip("|"))])
            continue
        if rows:
            yield from (Line(row, kind="cell") for row in told(rows))
            rows = []
        line = raw.strip().lstrip(">").strip()
        if not line or _RULE.match(line):
            gap = True
            continue
        yield _line(line, gap=gap)
        gap = raw.endswith("  ")  # a hard break: the next line is not this one's end


def _line(line: str, *, gap: bool) -> Line:
    """One line as what its marks say."""
    if heading := _HEADING.match(line):
        return Line(plain(heading[2]), level=len(heading[1]), gap=gap)
    if bold := _BOLD.match(line):
        return Line(plain(bold[1]), strong=True, gap=gap)
    if _ITEM.match(line):
        return Line(plain(_ITEM.sub("", line)), kind="item", gap=gap)
    return Line(plain(line), gap=gap)
