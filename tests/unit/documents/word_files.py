"""Word files for tests: paragraphs and tables as given, a table a list of rows."""

from collections.abc import Sequence
from pathlib import Path

from docx import Document

Block = str | Sequence[Sequence[str]]


def make_word(path: Path, *blocks: Block) -> Path:
    """A .docx of these blocks. A row shorter than the widest has its last cell merged to the right."""
    document = Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        width = max(len(row) for row in block)
        table = document.add_table(rows=0, cols=width)
        for row in block:
            cells = table.add_row().cells
            for i, text in enumerate(row):
                whole = cells[i].merge(cells[width - 1]) if i == len(row) - 1 < width - 1 else cells[i]
                whole.text = text
    document.save(str(path))
    return path
