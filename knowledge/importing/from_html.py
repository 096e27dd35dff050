"""Web pages: the part that holds the text, without menus, scripts and pictures."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.importing.lines import Line, Source, refusal
from knowledge.importing.links import with_target
from knowledge.importing.tables import told

_DROPPED = (
    "script", "style", "noscript", "template", "nav", "aside", "footer", "iframe", "svg", "button", "select", "img",
    "input", "textarea", "video", "audio", "canvas", "object",
)  # fmt: skip
_CHROME = re.compile(
    r"\b(?:nav|navbar|menu|breadcrumbs?|crumbs?|sidebar|share|comments?|footer|copyright|related"
    r"|pagination|cookie|login)\b",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    {
        "p", "div", "section", "article", "main", "body", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre",
        "h1", "h2", "h3", "h4", "h5", "h6", "table", "figure", "header", "center", "hr", "td", "tr", "th", "tbody",
        "form", "fieldset", "address",
    }
)  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD = frozenset({"b", "strong"})
_MOST = 0.6  # of the page's text stand in its main part


def read_html(raw: bytes, path: Path) -> Source:
    """The lines of a web page."""
    import lxml.etree  # type: ignore[import-untyped]  # it brings no types
    import lxml.html  # type: ignore[import-untyped]

    try:
        root: Any = lxml.html.document_fromstring(raw, parser=_parser(raw))
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise refusal(path, f"is no web page: {error}") from error
    title = root.findtext(".//title") or ""
    for element in list(root.iter(lxml.etree.Comment, *_DROPPED)):
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(root.iter()):
        marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
        if element.tag not in {"html", "body"} and _CHROME.search(marks.replace("_", "-")) and _length(element) < 800:
            element.drop_tree()
    main = _main(root)
    heading = root.find(".//h1")
    lines = list(_Reader().read(main))
    if heading is not None and heading not in main.iter() and (text := " ".join(heading.text_content().split())):
        lines.insert(0, Line(text, level=1, gap=True))
    return Source(lines, " ".join(title.split()))


def _parser(raw: bytes) -> Any:
    """A parser for the page's encoding: UTF-8 where it is that, else what the page says, else GB 18030."""
    import lxml.html

    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        declared = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", raw[:4096], re.IGNORECASE)
        name = declared[1].decode("ascii") if declared else "gb18030"
        return lxml.html.HTMLParser(encoding="gb18030" if name.lower() in {"gb2312", "gbk", "utf-8"} else name)
    return lxml.html.HTMLParser(encoding="utf-8")


def _length(element: Any) -> int:
    """How much text an element holds."""
    return len("".join(element.text_content().split()))


def _main(root: Any) -> Any:
    """The innermost element that holds most of the page's text."""
    body = root.find("body")
    found = body if body is not None else root
    whole = _length(found)
    while True:
        inner = max((child for child in found if isinstance(child.tag, str)), key=_length, default=None)
        wide = {"div", "section", "article", "main", "table", "tbody", "tr", "td", "form", "center"}
        if inner is None or inner.tag not in wide or _length(inner) < _MOST * whole or _is_data(inner):
            return found
        found = inner


def _is_data(element: Any) -> bool:
    """Whether a table shows data rather than lays out a page."""
    return element.tag in {"table", "tbody"} and max((len(row) for row in element.iter("tr")), default=0) > 1


class _Reader:
    """Walks a page and makes lines of its blocks."""

    def __init__(self) -> None:
        self._parts = list[str]()
        self._bold = 0
        self._gap = True

    def read(self, element: Any) -> Iterator[Line]:
        """The lines of an element."""
        yield from self._walk(element)
        yield from self._close()

    def _walk(self, element: Any, *, bold: bool = False) -> Iterator[Line]:
        """The lines of an element; what is inline is kept until its block ends."""
        if element.tag == "table" and _is_data(element):
            yield from self._close()
            rows = [[cell.text_content() for cell in row if cell.tag in {"td", "th"}] for row in element.iter("tr")]
            yield from (Line(text, kind="cell") for text in told(rows))
            return
        self._add(element.text, bold=bold)
        for child in element:
            if child.tag == "br":
                yield from self._close()
                self._gap = False
            elif child.tag == "a":
                self._add(with_target(child.text_content(), child.get("href") or ""), bold=bold)
            elif child.tag in _BLOCKS:
                yield from self._close()
                yield from self._walk(child)
                yield from self._close(_HEADINGS.get(child.tag, 0), item=child.tag == "li")
            elif isinstance(child.tag, str):
                yield from self._walk(child, bold=bold or child.tag in _BOLD)
            self._add(child.tail, bold=bold)

    def _add(self, text: str | None, *, bold: bool) -> None:
        """Keeps a piece of inline text."""
        if text:
            self._parts.append(text)
            self._bold += bold * len(text.strip())

    def _close(self, level: int = 0, *, item: bool = False) -> Iterator[Line]:
        """The line that the pieces since the last block make."""
        text = " ".join("".join(self._parts).replace("\u3000", " ").split())
        strong = bool(text) and self._bold >= len("".join(self._parts).strip())
        self._parts, self._bold = [], 0
        if text:
            yield Line(text, level, strong, "item" if item else "text", gap=self._gap)
            self._gap = True
