"""The text of a Word file, and what is too much of it."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bot.documents import grid
from bot.documents.grid import UnreadableDocument, read_grid
from tests.unit.documents.word_files import make_word


def rewritten(path: Path, name: str, **parts: bytes) -> Path:
    """A copy of a Word file with its main part in another place, or with other content."""
    made = path.with_name("rewritten.docx")
    with ZipFile(path) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = parts.get("document", old.read(entry)) if entry == "word/document.xml" else old.read(entry)
            if entry == "_rels/.rels":
                content = content.replace(b"word/document.xml", name.encode())
            new.writestr(name if entry == "word/document.xml" else entry, content)
    return made


def test_blanks_and_empty_lines_are_squeezed(tmp_path: Path) -> None:
    path = make_word(tmp_path / "a.docx", "一\u3000\u3000 \t二", [["甲\n\n\n 乙\u3000\u3000", "\u3000" * 50]])
    assert read_grid(path) == (("一\u3000二",), ("甲\n 乙", ""))


def test_main_part_of_another_name_is_found(tmp_path: Path) -> None:
    path = make_word(tmp_path / "a.docx", "一")
    assert read_grid(rewritten(path, "word/document2.xml")) == (("一",),)


@pytest.mark.parametrize(
    ("limit", "most", "readable"),
    [
        ("MOST_ROWS", 3, True),
        ("MOST_ROWS", 2, False),
        ("MOST_CELLS", 5, True),
        ("MOST_CELLS", 4, False),
        ("MOST_CHARS", 6, True),
        ("MOST_CHARS", 5, False),
    ],
)
def test_more_than_any_form_has_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, readable: bool
) -> None:
    path = make_word(tmp_path / "a.docx", "一二", [["一", "二"], ["三", "四"]])
    monkeypatch.setattr(grid, limit, most)
    if readable:
        assert read_grid(path) == (("一二",), ("一", "二"), ("三", "四"))
    else:
        with pytest.raises(UnreadableDocument):
            read_grid(path)


def test_text_that_unpacks_to_too_much_is_never_made_a_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_word(tmp_path / "a.docx", "一")
    large = rewritten(path, "word/document.xml", document=b"<w:p><w:r/></w:p>" * (grid.MOST_XML // 17 + 1))
    assert large.stat().st_size < 200_000
    parsed: list[int] = []
    monkeypatch.setattr(grid, "parse_xml", lambda content: parsed.append(len(content)))
    with pytest.raises(UnreadableDocument):
        read_grid(large)
    assert max(parsed, default=0) < grid.MOST_XML


def test_xml_of_all_parts_together_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_word(tmp_path / "a.docx", "一")
    monkeypatch.setattr(grid, "MOST_XML", 4000)
    with pytest.raises(UnreadableDocument):
        read_grid(path)
