"""PDF: the text of its pages, with the size of the letters where it tells headings from text."""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from knowledge.importing.from_text import width
from knowledge.importing.headings import opens
from knowledge.importing.lines import BROKEN, Line, Source, refusal

_LARGER = 1.12  # times the size that most of the text has: a heading
_BOLD = re.compile(r"bold|black|heavy|hei(?!ti[a-z])", re.IGNORECASE)
_PAGES = 500


def read_pdf(raw: bytes, path: Path) -> Source:
    """The lines of a PDF. Raises PackError where it is encrypted, broken or only pictures of text."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise refusal(path, "is encrypted; save it without a password")
        if len(reader.pages) > _PAGES:
            raise refusal(path, f"has {len(reader.pages)} pages; a guide has at most {_PAGES}: save its part alone")
        pages = [list(_page(page)) for page in reader.pages]
        title = str((reader.metadata.title if reader.metadata else "") or "")
    except (PyPdfError, *BROKEN) as error:
        raise refusal(path, f"is a broken PDF ({error}); open it and save it anew") from error
    if not any(text.strip() for page in pages for text, _ in page):
        raise refusal(path, "holds no text, only pictures of it; run text recognition (OCR) on it, or give the text")
    return Source(_lines(pages), title if re.search(r"[\u3400-\u9fff]", title) else "", wrapped=True)


def _page(page: Any) -> Iterator[tuple[str, float]]:
    """The lines of a page, each with the size of most of its letters; bold ones count as half a step larger."""
    pieces = list[tuple[str, float]]()

    def keep(text: str, matrix: Sequence[float], place: Sequence[float], font: Any, size: float) -> None:
        scale = abs(place[3] or place[1]) * abs(matrix[3] or matrix[1] or 1)
        bold = _BOLD.search(str((font or {}).get("/BaseFont", "")))
        pieces.append((text, round(float(size) * (scale or 1) * (_LARGER + 0.03 if bold else 1), 1)))

    page.extract_text(visitor_text=keep)
    sizes, line = Counter[float](), ""
    for text, size in pieces:
        for number, part in enumerate(text.split("\n")):
            if number:
                yield line, (sizes.most_common(1)[0][0] if sizes else 0.0)
                sizes, line = Counter(), ""
            line += part
            if part.strip():
                sizes[size] += len(part.strip())
    yield line, (sizes.most_common(1)[0][0] if sizes else 0.0)


def _lines(pages: Sequence[Sequence[tuple[str, float]]]) -> list[Line]:
    """The lines of all pages; those in letters larger than most are strong."""
    sizes = Counter[float]()
    for page in pages:
        for text, size in page:
            sizes[size] += width(text.strip())
    usual = sizes.most_common(1)[0][0]
    found, gap = list[Line](), False
    for number, page in enumerate(pages, 1):
        for text, size in page:
            line = Line(" ".join(text.split()), strong=size > _LARGER * usual > 0, page=number, gap=gap)
            gap = not line.text
            if line.text:
                found.append(line)
    return _with_title(found, [size for page in pages[:1] for text, size in page if text.strip()])


def _with_title(lines: list[Line], sizes: Sequence[float]) -> list[Line]:
    """The lines with the largest of the first page, where they follow each other, as the title."""
    strong = [place for place, line in enumerate(lines[: min(len(sizes), 12)]) if line.strong]
    if not strong:
        return lines
    largest = max(sizes[place] for place in strong)
    if any(opens(lines[place].text) for place in strong if sizes[place] == largest):
        return lines
    titles = [place for place in strong if sizes[place] == largest]
    if titles != list(range(titles[0], titles[0] + len(titles))) or len(titles) > 3:
        return lines
    for place in titles:
        lines[place] = replace(lines[place], level=1)
    return lines
