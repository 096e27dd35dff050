"""Plain text: a paragraph a line, or lines of a page; cells of tables behind tabs."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from knowledge.importing.lines import Line, Source, refusal
from knowledge.importing.tables import told

_ENCODINGS = ("utf-8-sig", "gb18030")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_BLANK = "\u3000\u00a0\u200b\ufeff"
_WRAPPED = 0.4  # of the longer lines end within four characters of the widest
_LONG = 18


def decode(raw: bytes, path: Path) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or GB 18030. Raises PackError for any other."""
    for encoding in (_MARKS[raw[:2]],) if raw[:2] in _MARKS else _ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise refusal(path, "is no text in UTF-8, UTF-16 or GB 18030; save it as UTF-8")


def read_text(raw: bytes, path: Path) -> Source:
    """The lines of a text file; of one that is written in Markdown, as Markdown's."""
    from knowledge.importing.from_markdown import is_marked, read_markdown

    text = decode(raw, path)
    if is_marked(text):
        return read_markdown(raw, path)
    pages = text.split("\f")
    lines = [line for number, page in enumerate(pages, 1) for line in _page(page, number if len(pages) > 1 else 0)]
    return Source(lines, wrapped=is_wrapped([line.text for line in lines if line.kind == "text"]))


def is_wrapped(lines: list[str]) -> bool:
    """Whether the lines end where a page ended rather than where a paragraph did."""
    lengths = Counter(min(width(line), 400) for line in lines if width(line) >= 2 * _LONG)
    if not lengths or sum(lengths.values()) < 4:
        return False
    most = max(sum(lengths[wide - less] for less in range(9)) for wide in lengths)
    return most >= max(_WRAPPED * sum(lengths.values()), 4) and max(lengths) <= 200


def width(line: str) -> int:
    """How wide a line is on the page: two for a Chinese character, one for a Latin."""
    return sum(1 if character < "\u2e80" else 2 for character in line)


def _page(text: str, page: int) -> Iterator[Line]:
    """The lines of a page. Lines that begin with a tab are cells; a blank one ends their row."""
    gap, rows, cells = False, list[list[str]](), list[str]()
    for raw in [*text.split("\n"), ""]:
        line = raw.strip().strip(_BLANK).strip()
        if raw.startswith("\t") and (line or cells):
            cells.append(line)
            continue
        if cells:
            rows.append(cells)
            cells = []
        if line:
            yield from _cells(rows, page)
            rows = []
            yield Line(" ".join(line.split("\t")), page=page, gap=gap)
        gap = not line
    yield from _cells(rows, page)


def _cells(rows: list[list[str]], page: int) -> Iterator[Line]:
    """The rows of a table, each beside the others: cells on lines of their own tell no columns."""
    for row in rows:
        for text in told([row]):
            yield Line(text, kind="cell", page=page)
