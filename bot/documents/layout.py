"""Plain Word documents: headings, tables and page numbers in one quiet style, in both languages."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from bot.documents.archive import repack
from bot.documents.safe import clean

_LATIN, _HAN, _HAN_HEAD = "Times New Roman", "宋体", "黑体"
_GREY, _SHADE = RGBColor(0x59, 0x59, 0x59), "F2F2F2"
_SIDE, _TOP = 2.2, 2.0  # margins in centimetres
WIDTH = 21.0 - 2 * _SIDE
_TWIPS = 567  # in a centimetre
_BODY, _SMALL = 10.5, 9.0
_LONG = 160  # characters of a value that would make a tall narrow column


class Sheet:
    """A document that grows from top to bottom. Whatever is written into it is text and nothing else."""

    def __init__(self, title: str, footer: str) -> None:
        self._document: Any = Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(_SIDE)
        section.top_margin = section.bottom_margin = Cm(_TOP)
        section.footer_distance = Cm(1.1)
        _set_font(self._document.styles["Normal"], _HAN, _BODY)
        self._document.styles["Normal"].paragraph_format.space_after = Pt(0)
        self._footer(section.footer.paragraphs[0], footer)
        heading = self.line(title, size=18, head=True, after=6)
        heading.alignment = 1

    def line(self, text: str, *, size: float = _BODY, head: bool = False, grey: bool = False, after: float = 2) -> Any:
        """A paragraph."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(after)
        _write(paragraph, clean(text), size=size, head=head, grey=grey)
        return paragraph

    def heading(self, text: str) -> None:
        """The title of a part; it stays with what follows."""
        paragraph = self.line(text, size=13, head=True, after=4)
        paragraph.paragraph_format.space_before = Pt(12)
        paragraph.paragraph_format.keep_with_next = True

    def label(self, text: str) -> None:
        """The name of a table; it stays with what follows."""
        paragraph = self.line(text, head=True, after=3)
        paragraph.paragraph_format.space_before = Pt(8)
        paragraph.paragraph_format.keep_with_next = True

    def pairs(self, rows: Sequence[tuple[str, str]], *, label: float = 4.6) -> None:
        """A table of labels and values. A long value stands below its label, across the whole width."""
        lines = [cells for name, value in rows for cells in _lines_of(name, value)]
        table = self._table((label, WIDTH - label), len(lines))
        for row, cells in zip(table.rows, lines, strict=True):
            found = row.cells
            if len(cells) == 1:
                found = (found[0].merge(found[1]),)
            for cell, (text, head) in zip(found, cells, strict=True):
                _fill(cell, text, head=head)
                if head:
                    _shade(cell)
            if len(cells) == 1 and cells[0][1]:
                found[0].paragraphs[0].paragraph_format.keep_with_next = True

    def grid(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table whose first row is repeated on every page. `widths` are parts of the whole width."""
        whole = sum(widths)
        table = self._table([WIDTH * width / whole for width in widths], len(rows) + 1)
        for cell, name in zip(table.rows[0].cells, head, strict=True):
            _fill(cell, name, head=True, size=_SMALL + 0.5)
            _shade(cell)
        _flag(table.rows[0], "w:tblHeader")
        for row, values in zip(list(table.rows)[1:], rows, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                _fill(cell, value, size=_SMALL + 0.5)

    def save(self, at: datetime) -> bytes:
        """The document as a .docx that says of itself that it was made `at`. The same content gives the same bytes."""
        properties = self._document.core_properties
        properties.created = properties.modified = at.replace(tzinfo=None)
        properties.author = properties.last_modified_by = properties.comments = ""
        packed = BytesIO()
        self._document.save(packed)
        return repack(packed.getvalue())

    def _table(self, widths: Sequence[float], rows: int) -> Any:
        """An empty table with lines, of fixed widths in centimetres: a long word breaks, the table does not."""
        body = self._document.element.body
        if len(body) > 1 and body[-2].tag == qn("w:tbl"):  # the last is the section's; Word joins tables that touch
            self.line("", size=5, after=0)
        table = self._document.add_table(rows, len(widths), style="Table Grid")
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        # Each row's cells are looked up once: through the table it would be the square of the rows.
        for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):  # noqa: SLF001
            column.set(qn("w:w"), str(round(width * _TWIPS)))
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width, cell.vertical_alignment = Cm(width), WD_CELL_VERTICAL_ALIGNMENT.CENTER
        return table

    def _footer(self, paragraph: Any, text: str) -> None:
        paragraph.alignment = 1
        _write(paragraph, f"{clean(text)}    ", size=_SMALL, grey=True)
        _page_number(paragraph, "PAGE")
        _write(paragraph, " / ", size=_SMALL, grey=True)
        _page_number(paragraph, "NUMPAGES")


def _lines_of(name: str, value: str) -> list[list[tuple[str, bool]]]:
    """The rows of a pair: cells of text, each with whether it is a label."""
    if len(value) <= _LONG:
        return [[(name, True), (value, False)]]
    return [[(name, True)], [(value, False)]]


def _write(paragraph: Any, text: str, *, size: float, head: bool = False, grey: bool = False) -> None:
    run = paragraph.add_run(text)
    _set_font(run, _HAN_HEAD if head else _HAN, size)
    if grey:
        run.font.color.rgb = _GREY


def _fill(cell: Any, text: str, *, head: bool = False, size: float = _BODY) -> None:
    """Writes a text into a cell, a paragraph a line."""
    for number, line in enumerate(clean(text).split("\n")):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        _write(paragraph, line, size=size, head=head)


def _set_font(styled: Any, han: str, size: float) -> None:
    styled.font.name, styled.font.size = _LATIN, Pt(size)
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), han)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", _SHADE)):
        shade.set(qn(name), value)
    # Word wants the properties of a cell in their order.
    behind = ("w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark")
    cell._element.get_or_add_tcPr().insert_element_before(shade, *behind)  # noqa: SLF001 - the library knows no shading


def _flag(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - the library knows no repeated rows


def _page_number(paragraph: Any, code: str) -> None:
    """A field that the reader's program fills in."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run(text if kind == "text" else "")
        _set_font(run, _HAN, _SMALL)
        run.font.color.rgb = _GREY
        if kind in {"begin", "separate", "end"}:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)  # noqa: SLF001 - the library knows no fields
        elif not kind:
            instruction = OxmlElement("w:instrText")
            instruction.text = f" {text} "
            run._element.append(instruction)  # noqa: SLF001 - the library knows no fields
