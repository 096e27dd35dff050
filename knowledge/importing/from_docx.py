"""Word: paragraphs with their styles and automatic numbers, and tables."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from knowledge.importing.lines import BROKEN, Line, Source, refusal
from knowledge.importing.links import with_target
from knowledge.importing.numbering import Numbering
from knowledge.importing.tables import told

_UNPACKED = 200_000_000  # bytes; a guide unpacks to a few millions
_HEADING = re.compile(r"(?:heading|标题)\s*([1-6])$", re.IGNORECASE)
_TITLE = re.compile(r"^(?:title|标题)$", re.IGNORECASE)
_CONTENTS = re.compile(r"^(?:toc|目录)\b", re.IGNORECASE)


def read_docx(raw: bytes, path: Path) -> Source:
    """The lines of a Word file. Raises PackError where it is broken or no Word file."""
    import docx
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > _UNPACKED:
            raise refusal(path, "unpacks to more than 200 MB; a guide is smaller: take its pictures out")
        document = docx.Document(BytesIO(raw))
        lines, title = list(_lines(document)), str(document.core_properties.title or "")
    except (OpcError, zipfile.BadZipFile, *BROKEN) as error:
        raise refusal(path, f"is a broken Word file ({error}); open it and save it anew as .docx") from error
    return Source(lines, title)


def _lines(document: Any) -> Iterator[Line]:
    """The lines of a document's paragraphs and tables, in their order."""
    from docx.table import Table

    numbering = Numbering(document)
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from (Line(text, kind="cell") for text in told(_rows(block)))
        else:
            yield from _paragraph(block, numbering)


def _rows(table: Any) -> list[list[str]]:
    """The cells of a table; merged ones once."""
    rows = []
    for row in table.rows:
        cells, last = list[str](), None
        for cell in row.cells:
            if cell._tc is not last:  # noqa: SLF001 - the library has no other way to tell a merged cell
                cells.append(" ".join(cell.text.split()))
            last = cell._tc  # noqa: SLF001
        rows.append(cells)
    return rows


def _paragraph(paragraph: Any, numbering: Numbering) -> Iterator[Line]:
    """The lines of a paragraph: its breaks end lines too."""
    style = (paragraph.style.name if paragraph.style else None) or ""
    text = _text(paragraph)
    if _CONTENTS.match(style) or not text.strip():
        return
    number = numbering.next(paragraph)
    level = _level(paragraph, style)
    runs = [run for run in paragraph.runs if run.text.strip()]
    strong = bool(runs) and all(run.bold for run in runs)
    item = not level and (number == "-" or style.lower().startswith("list bullet"))
    for place, part in enumerate(part for part in text.split("\n") if part.strip()):
        told_ = " ".join(part.split())
        first = "" if place or number == "-" else number
        yield Line(f"{first}{told_}", level, strong, "item" if item else "text", gap=True)


def _text(paragraph: Any) -> str:
    """A paragraph's text with the targets of its links."""
    text = str(paragraph.text).replace("\u3000", " ")
    for link in paragraph.hyperlinks:
        if link.text and link.text in text:
            text = text.replace(link.text, with_target(link.text, link.url or ""), 1)
    return text


def _level(paragraph: Any, style: str) -> int:
    """The level of a heading by its style or its place in the outline, 0 for text."""
    if _TITLE.match(style):
        return 1
    if found := _HEADING.search(style):
        return int(found[1])
    outline = paragraph._p.find("./{*}pPr/{*}outlineLvl")  # noqa: SLF001 - the library does not read outlines
    value = next(iter(outline.attrib.values()), "9") if outline is not None else "9"
    return int(value) + 1 if value.isdigit() and int(value) < 6 else 0
