import tempfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from bot.documents.workbook import LONGEST, Book, Column, Value, fitted
from tests.fixtures.people import NOW


def write(rows: list[list[Value]], *columns: Column, title: str = "一") -> bytes:
    made = BytesIO()
    with Book("灯笼奖", NOW) as book:
        sheet = book.sheet(title, columns or (Column("甲"), Column("乙")))
        for row in rows:
            sheet.add(row)
        book.save(made)
    return made.getvalue()


def opened(made: bytes) -> Any:
    return load_workbook(BytesIO(made)).active


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x.example")', "+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0", "#REF!", "{=1}"]
)
def test_what_looks_like_a_formula_is_a_text(text: str) -> None:
    made = write([[text, "x"]])
    cell = opened(made)["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix is (text[0] in "=+-@")
    assert b"<f" not in ZipFile(BytesIO(made)).read("xl/worksheets/sheet1.xml")


def test_a_formula_behind_a_tab_is_a_text() -> None:
    text, cut = fitted("\t=1+1", "…")
    cell = opened(write([[text, "x"]]))["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix, cut) == ("=1+1", "s", True, False)


def test_a_heading_that_looks_like_a_formula_is_a_text() -> None:
    cell = opened(write([], Column("=1+1")))["A1"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_values_keep_their_kinds() -> None:
    row: list[Value] = [
        date(2024, 2, 29),
        datetime.fromisoformat("2024-10-20T23:59"),
        Decimal("12.5"),
        Decimal(2022),
        Decimal(1500000),
        3,
        None,
    ]
    sheet = opened(write([row], *(Column(f"{number}") for number in range(7))))
    assert [(cell.value, cell.number_format) for cell in sheet[2]] == [
        (datetime.fromisoformat("2024-02-29"), "yyyy-mm-dd"),
        (datetime.fromisoformat("2024-10-20T23:59"), "yyyy-mm-dd hh:mm"),
        (12.5, "General"),
        (2022, "General"),
        (1500000, "#,##0"),
        (3, "0"),
        (None, "General"),
    ]


def test_what_the_format_would_get_wrong_is_a_text() -> None:
    sheet = opened(write([[date(1899, 12, 31), Decimal("1234567890123456789.5")]]))
    assert [cell.value for cell in sheet[2]] == ["1899-12-31", "1234567890123456789.5"]


def test_rows_stay_apart_though_their_cells_are_used_again() -> None:
    sheet = opened(write([["=1", "乙1"], ["甲2", None], [None, "-乙3"]]))
    assert [[cell.value for cell in row] for row in sheet["A2:B4"]] == [["=1", "乙1"], ["甲2", None], [None, "-乙3"]]


def test_heading_and_first_columns_stand_still_and_all_is_filtered() -> None:
    sheet = opened(write([["甲1", "乙1"], ["甲2", "乙2"]]))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:B3")


def test_a_row_is_as_high_as_its_text_up_to_a_limit() -> None:
    sheet = opened(write([["短"], ["长" * 15], ["长" * 5000]], Column("甲", 11, wrapped=True)))
    assert [sheet.row_dimensions[number].height for number in (2, 3, 4)] == [19, 51, 99]


def test_a_text_of_the_longest_length_is_whole() -> None:
    text = "字" * LONGEST
    assert fitted(text, "…") == (text, False)


@pytest.mark.parametrize("letter", ["字", "𠀀"])
def test_a_longer_text_is_cut_and_says_so(letter: str) -> None:
    text, cut = fitted(letter * (LONGEST + 1), "……后文略")
    assert cut
    assert text.endswith(f"{letter}……后文略")
    assert LONGEST - 1 <= len(text.encode("utf-16-le")) // 2 <= LONGEST


def test_what_xml_cannot_hold_is_dropped() -> None:
    text, _cut = fitted("一\x00二\x0b三\x1f\ufffe\ud800四\r\n五", "…")
    assert opened(write([[text, "x"]]))["A2"].value == "一二\n三四\n五"


def test_what_reads_like_a_coded_character_stays_what_it_is() -> None:
    made = write([["_x003D_1+1", "x_x"]])
    assert b"<t>_x005F_x003D_1+1</t>" in ZipFile(BytesIO(made)).read("xl/worksheets/sheet1.xml")
    assert opened(made)["B2"].value == "x_x"


def test_sheets_get_names_that_programs_take() -> None:
    made = BytesIO()
    with Book("灯笼奖", NOW) as book:
        for title in ("a/b:c?[d]", "专利", "专利", "'x'", "", "长" * 40, "长" * 40):
            book.sheet(title, (Column("甲"),))
        book.save(made)
    names = load_workbook(made).sheetnames
    assert names == ["a b c d", "专利", "专利 2", "x", "-", "长" * 31, f"{'长' * 29} 2"]


def test_there_is_no_macro_and_no_link_outwards() -> None:
    names = ZipFile(BytesIO(write([['=HYPERLINK("http://x.example")', "x"]]))).namelist()
    assert [name for name in names if "vba" in name or "external" in name] == []


def fail_midway(folder: Path) -> None:
    with Book("灯笼奖", NOW) as book:
        book.sheet("一", (Column("甲"),)).add(["秘密"])
        assert len(list(folder.iterdir())) == 1
        raise ValueError("gone wrong")


def test_nothing_is_left_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ValueError, match="gone wrong"):
        fail_midway(tmp_path)
    assert list(tmp_path.iterdir()) == []
