"""A Word file as rows of cells: the text that stands in it, in the order of reading, without its looks."""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from docx.oxml import parse_xml
from docx.oxml.ns import qn

Grid = tuple[tuple[str, ...], ...]  # a paragraph outside of tables is a row of one cell

# No form comes near these. What is larger is no form, and is not opened: a tree takes 15 times the memory of its XML.
MOST_XML = 8 * 1024**2  # bytes of the part with the text
MOST_ROWS, MOST_CELLS = 3000, 10_000
MOST_CHARS = 200_000
_RELATIONS, _MAIN = "_rels/.rels", "/officeDocument"
_MOST_RELATIONS = 256 * 1024
_TABLE, _ROW, _CELL, _PARAGRAPH = qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:p")
_TEXT, _TAB, _BREAK, _RETURN = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_CONTENT, _CONTENT_OF = qn("w:sdt"), qn("w:sdtContent")
_BLANKS = re.compile(r"([^\S\n])[^\S\n]+")


class UnreadableDocument(Exception):
    """It is no Word file, a broken or encrypted one, or one that is far larger than any form."""


def read_grid(path: Path) -> Grid:
    """The rows of a .docx; several blanks are one, and empty lines are left out. Raises UnreadableDocument."""
    try:
        with ZipFile(path) as parts:
            _check(parts)
            body = parse_xml(_part(parts, _main_part(parts), MOST_XML)).find(qn("w:body"))
        return tuple(_bounded(_rows(body)))
    except Exception as error:  # a stranger's file: what the parsers stumble over has no end
        raise UnreadableDocument from error


def _check(parts: ZipFile) -> None:
    """Unpacks what is XML, so that no damaged file is half read. Raises UnreadableDocument, and what zipfile raises."""
    texts = [entry for entry in parts.infolist() if entry.filename.endswith((".xml", ".rels"))]
    if sum(entry.file_size for entry in texts) > 2 * MOST_XML:
        raise UnreadableDocument
    for entry in texts:
        parts.read(entry)


def _main_part(parts: ZipFile) -> str:
    """The name of the part with the text. Most programs call it word/document.xml; some number it."""
    relations = parse_xml(_part(parts, _RELATIONS, _MOST_RELATIONS))
    target = next(one.get("Target") for one in relations if one.get("Type").endswith(_MAIN))
    return posixpath.normpath(str(target)).lstrip("/")


def _part(parts: ZipFile, name: str, most: int) -> bytes:
    with parts.open(name) as part:
        content = part.read(most + 1)
    if len(content) > most:
        raise UnreadableDocument
    return content


def _bounded(rows: Iterator[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The rows as long as they are no more than a form has. Raises UnreadableDocument."""
    cells = characters = 0
    for number, row in enumerate(rows, 1):
        cells += len(row)
        characters += sum(len(cell) for cell in row)
        if number > MOST_ROWS or cells > MOST_CELLS or characters > MOST_CHARS:
            raise UnreadableDocument
        yield row


def _rows(parent: Any) -> Iterator[tuple[str, ...]]:
    """The rows of what stands in an element, tables within cells after the row that holds them."""
    for child in parent:
        if child.tag == _PARAGRAPH:
            yield (_squeezed(_text(child)),)
        elif child.tag == _TABLE:
            for row in _within(child, _ROW):
                cells = list(islice((cell for cell in _within(row, _CELL) if not _goes_on(cell)), MOST_CELLS))
                yield tuple(_cell_text(cell) for cell in cells)
                for cell in cells:
                    yield from (inner for table in cell.iterchildren(_TABLE) for inner in _rows([table]))
        elif child.tag == _CONTENT:
            content = child.find(_CONTENT_OF)
            yield from () if content is None else _rows(content)


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """The children of a kind, those in content controls too."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == _CONTENT and (content := child.find(_CONTENT_OF)) is not None:
            yield from _within(content, tag)


def _goes_on(cell: Any) -> bool:
    """Whether a cell is the lower part of one that is merged downwards."""
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merged is not None and merged.get(qn("w:val")) != "restart"


def _cell_text(cell: Any) -> str:
    return _squeezed("\n".join(_text(paragraph) for paragraph in _within(cell, _PARAGRAPH))).strip()


def _text(paragraph: Any) -> str:
    """The text of a paragraph; what was deleted with changes tracked is none of it."""
    nodes = paragraph.iter(_TEXT, _TAB, _BREAK, _RETURN)
    return "".join(node.text or "" if node.tag == _TEXT else "\t" if node.tag == _TAB else "\n" for node in nodes)


def _squeezed(text: str) -> str:
    """The text with one blank for several and without empty lines: both say nothing, and there may be any number."""
    return "\n".join(line for line in _BLANKS.sub(r"\1", text).splitlines() if line.strip())
