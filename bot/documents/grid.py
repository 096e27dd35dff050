"""A Word file as rows of cells: the text that stands in it, in the order of reading, without its looks."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml.etree import LxmlError  # type: ignore[import-untyped]  # it brings no types

Grid = tuple[tuple[str, ...], ...]  # a paragraph outside of tables is a row of one cell

MOST_ROWS = 3000
_TABLE, _ROW, _CELL, _PARAGRAPH = qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:p")
_TEXT, _TAB, _BREAK, _RETURN = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_CONTENT, _CONTENT_OF = qn("w:sdt"), qn("w:sdtContent")
_BROKEN = (PackageNotFoundError, BadZipFile, LxmlError, KeyError, ValueError, OSError)


class UnreadableDocument(Exception):
    """It is no Word file, or a broken or encrypted one."""


def read_grid(path: Path) -> Grid:
    """The rows of a .docx. Raises UnreadableDocument."""
    try:
        body = Document(str(path)).element.body
        return tuple(islice(_rows(body), MOST_ROWS))
    except _BROKEN as error:
        raise UnreadableDocument from error


def _rows(parent: Any) -> Iterator[tuple[str, ...]]:
    """The rows of what stands in an element, tables within cells after the row that holds them."""
    for child in parent:
        if child.tag == _PARAGRAPH:
            yield (_text(child),)
        elif child.tag == _TABLE:
            for row in _within(child, _ROW):
                cells = [cell for cell in _within(row, _CELL) if not _goes_on(cell)]
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
    return "\n".join(_text(paragraph) for paragraph in _within(cell, _PARAGRAPH)).strip()


def _text(paragraph: Any) -> str:
    """The text of a paragraph; what was deleted with changes tracked is none of it."""
    nodes = paragraph.iter(_TEXT, _TAB, _BREAK, _RETURN)
    return "".join(node.text or "" if node.tag == _TEXT else "\t" if node.tag == _TAB else "\n" for node in nodes)
