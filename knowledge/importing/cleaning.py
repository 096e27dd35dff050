"""Lines without what pages and page savers add to them: running heads, page numbers, breaks inside sentences."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import normalize

from knowledge.importing.from_text import width
from knowledge.importing.headings import is_heading, opens
from knowledge.importing.lines import Line, Source

_NUMBER = re.compile(
    r"^[-—–·~\s]*(?:第\s*\d{1,3}\s*页(?:\s*[,，/／]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*[/／]\s*\d{1,3}"
    r"|page\s+\d{1,3}(?:\s+of\s+\d{1,3})?|[-—–·~]\s*\d{1,3}\s*[-—–·~])[-—–·~\s]*$",
    re.IGNORECASE,
)
_BARE = re.compile(r"^(?:\d{1,3}|[ivx]{1,5})$")
_DEBRIS = re.compile(r"\[bookmark: \w+\]|\ufffc|\u200b|\ufeff|\u00ad|[\x00-\x08\x0b\x0e-\x1f]")
# Radicals that look like characters; the first row has no other form to Unicode, ⼾ a traditional one.
_RADICALS = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻥⻦⻨⻩⻬⻮⻰⻳⼾",
        "母民虎西见角贝车长门青韦页风飞食马骨鱼鸟麦黄齐齿龙龟户",
        strict=True,
    )
)
_RADICAL = re.compile("[\u2e80-\u2fdf\ufb00-\ufb06]")
_EMPTY = re.compile(r"^[\W_]*$")
# Whole lines that sites and page savers add, never a sentence of a guide.
_NOISE = re.compile(
    "|".join(
        (
            r"^(?:#\w+|date_(?:saved|published)\s*:.*|\[?read (?:on \w+|original)\b.*|full content\s*:?",
            r"share|like|print",
            r"\d+\s*(?:秒|分钟|小时|天|个月|年)前",
            r"阅读(?:原文|全文|量?\s*[:：]?\s*\d+).{0,6}",
            r"(?:分享|转发|收藏|点赞|在看|举报|评论|打印|关闭)(?:本页|窗口|反馈)?",
            r"(?:责任编辑|责编|编辑|来源|作者|浏览次数|点击数?|阅读次数|字体|字号|发布时间|发布日期|信息来源)\s*[:：].{0,40}",
            r"(?:打印|分享到|返回顶部|返回首页|关闭窗口|上一篇|下一篇|相关阅读|相关推荐|相关链接|扫一扫).{0,60}",
            r"首页\s*[>›»].*|当前位置\s*[:：].*|unknown|无标题",
            r".{0,30}(?:备案号|ICP备|公网安备|版权所有|All rights reserved|Copyright ©).{0,60})$",
        )
    ),
    re.IGNORECASE,
)
_ENDS = re.compile(r"[。！？!?；;：:][”’」』）)】\]]*$|[.][\"”)]?$")
_CLAUSES = re.compile(r"[，、；。,;]|\b(?:the|of|and|to|in|for|be)\b")
_FIRST = re.compile(r"^[!-~]*")  # what a line's end cannot part
_INDENT = 6  # of a paragraph's first line, and the mark that may not begin the next one
_HYPHEN = re.compile(r"(?<=[a-z]{2})-$")
_WORDY = re.compile(r"[A-Za-z0-9,.;:)%&]")
_HEAD = 50  # characters of a running head
_TIMES = 3  # a line so often is furniture where no pages tell
_EDGE = 2  # lines at either end of a page that can be furniture
_FULL = 0.86  # of the widest line's width: the line goes on


def clean(source: Source) -> list[Line]:
    """A guide's lines: each a paragraph, an item of a list, a cell or a heading."""
    lines = [replace(line, text=" ".join(_DEBRIS.sub("", letters(line.text)).split())) for line in source.lines]
    lines = [line for line in lines if line.text]
    often = _furniture(lines)
    kept = _without_furniture(lines, often)
    kept = [(line, split) for line, split in kept if not _NOISE.match(line.text) and not _EMPTY.match(line.text)]
    return _joined(kept, wrapped=source.wrapped, paged=bool(often))


def letters(text: str) -> str:
    """The text with the radicals and ligatures that PDFs hold in place of characters put right."""
    return _RADICAL.sub(lambda match: _RADICALS.get(match[0]) or normalize("NFKC", match[0]), text)


def _without_furniture(lines: Sequence[Line], often: set[str]) -> list[tuple[Line, bool]]:
    """The lines that are no running heads or page numbers; with each, whether one was taken out before it."""
    edges, titled = _edges(lines), any(line.page and line.level == 1 and _key(line.text) not in often for line in lines)
    kept, seen, removed = list[tuple[Line, bool]](), set[str](), False
    for place, line in enumerate(lines):
        key = _key(line.text)
        number = _NUMBER.match(line.text) or (place in edges and _BARE.match(line.text))
        first = key in often and key not in seen and (place == 0 or line.level > 0 or not line.page) and not titled
        if number or (key in often and not first and line.kind != "cell"):
            removed = True
            continue
        seen.add(key)
        kept.append((line, removed or _turned(kept, line)))
        removed = False
    return kept


def _turned(kept: Sequence[tuple[Line, bool]], line: Line) -> bool:
    """Whether a page was turned before this line."""
    return bool(kept) and kept[-1][0].page != line.page


def _furniture(lines: Sequence[Line]) -> set[str]:
    """The running heads and feet: what stands at the edges of half of the pages, or where no pages tell, very often."""
    pages = {line.page for line in lines}
    if len(pages) > 1:
        edges = _edges(lines)
        counted = Counter(_key(text) for place in edges if not _ENDS.search(text := lines[place].text))
        return {key for key, times in counted.items() if times >= max(2, len(pages) / 2) and 1 < len(key) <= _HEAD}
    counted = Counter(line.text for line in lines if line.kind == "text")
    return {_key(text) for text, times in counted.items() if times >= _TIMES and len(text) > 5}


def _edges(lines: Sequence[Line]) -> set[int]:
    """The places of the first and the last lines of the pages; none where there are no pages."""
    found, by_page = set[int](), dict[int, list[int]]()
    for place, line in enumerate(lines):
        by_page.setdefault(line.page, []).append(place)
    for places in by_page.values() if len(by_page) > 1 else ():
        found.update(places[:_EDGE] + places[-_EDGE:])
    return found


def _key(text: str) -> str:
    """A line as running heads are compared: the page's number in it does not count."""
    return re.sub(
        r"\s+",
        "",
        re.sub(r"\s*\d{1,3}\s*[/／]\s*\d{1,3}$|\s+\d{1,3}$|^\d{1,3}\s+|[-—–·|]\s*\d{1,3}\s*[-—–·|]?$", "", text),
    )


def _joined(lines: Sequence[tuple[Line, bool]], *, wrapped: bool, paged: bool) -> list[Line]:
    """The lines with those that a page's width or its end broke put together again. `paged`: pages left traces."""
    wide = _widest([line for line, _ in lines]) if wrapped else 0
    found, last = list[Line](), 0
    for line, split in lines:
        before = found[-1] if found else None
        torn = split or (paged and not wrapped and line.gap and _is_torn(before, line))
        if before is not None and _goes_on(before, last, line, split=torn, wide=wide):
            found[-1] = replace(before, text=_together(before.text, line.text), strong=before.strong and line.strong)
        else:
            found.append(line)
        last = width(line.text)
    return found


def _widest(lines: Sequence[Line]) -> int:
    """The width of the text's column: that of all but the widest twentieth of the longer lines."""
    widths = sorted(width(line.text) for line in lines if line.kind != "cell" and not line.level)
    return widths[int(0.95 * (len(widths) - 1))] if widths else 0


def _goes_on(before: Line, last: int, line: Line, *, split: bool, wide: int) -> bool:
    """Whether a line is the rest of the one before it, whose last part is `last` wide."""
    if "cell" in (before.kind, line.kind) or line.kind == "item" or before.level != line.level:
        return False
    if before.level or (before.strong and line.strong):
        return bool(wide) and not line.gap and not split and (before.level > 0 or last >= _FULL * wide)
    if _ENDS.search(before.text) or opens(line.text) or is_heading(line) or is_heading(before):
        return False
    prose = len(before.text) >= 15 and bool(_CLAUSES.search(before.text))
    if wide:
        first = _FIRST.findall(line.text)[0]
        full = last >= _FULL * wide or (bool(first) and last + width(first) + _INDENT >= wide)
        return full if not (line.gap or split) else prose and (full or _is_tail(before.text, line.text))
    if before.text[-1] in "，、," and not line.gap:
        return True
    return (
        prose and (split or not line.gap) and _is_tail(before.text, line.text) and (split or before.text[-1] in "，、,")
    )


def _is_torn(before: Line | None, line: Line) -> bool:
    """Whether a page that left no other trace ended in the middle of this long paragraph."""
    return before is not None and len(before.text) >= 40 and "。" in before.text and bool(_ENDS.search(line.text))


def _is_tail(before: str, text: str) -> bool:
    """Whether a text reads as the end of a sentence that another began."""
    return bool(_CLAUSES.search(text) or _ENDS.search(text)) and not _ENDS.search(before)


def _together(before: str, text: str) -> str:
    """Two parts of a sentence: a hyphen between them goes, and Latin words keep a space."""
    if _HYPHEN.search(before) and text[:1].islower():
        return before[:-1] + text
    between = " " if _WORDY.match(before[-1]) and re.match(r"[A-Za-z0-9(]", text) else ""
    return f"{before}{between}{text}"
