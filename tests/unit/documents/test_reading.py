"""Reading back a filled Word form by the template that fills it."""

from pathlib import Path

import pytest

from bot.documents.grid import UnreadableDocument, read_grid
from bot.documents.patterns import read_pattern
from bot.documents.reading import Given, read_filled
from knowledge.form import Field, FieldType, Form, Option, Section
from knowledge.wording import Wording
from tests.fixtures.uploads import make_docx, make_office, make_zip
from tests.unit.documents.word_files import Block, make_word


def field(key: str, kind: FieldType = FieldType.TEXT, **values: object) -> Field:
    return Field(key, kind, Wording(key, key), **values)  # type: ignore[arg-type]  # keys of Field alone


KINDS = tuple(Option(value, Wording(zh, zh)) for value, zh in (("lamp", "灯"), ("kite", "风筝"), ("other", "其他")))
FORM = Form(
    "v1",
    (
        Section(
            "all",
            Wording("全部", "All"),
            (
                field("name"),
                field("kind", FieldType.CHOICE, options=KINDS),
                field("kind_other"),
                field("intro_zh", FieldType.LONGTEXT, max_chars=100),
                field("intro_en", FieldType.LONGTEXT, max_words=100),
                field("results", FieldType.LONGTEXT),
                field("outlook", FieldType.LONGTEXT),
                field("parts", FieldType.TABLE, columns=(field("title"), field("made", FieldType.DATE))),
                field("scan", FieldType.FILE),
                field("pledged", FieldType.DATE),
                field("contact"),
            ),
        ),
    ),
)
TEMPLATE: tuple[Block, ...] = (
    "附件1",
    [
        ["作品名称", "{{ name }}", "联 系 人", "{{ contact }}"],
        ["类别", "{{ kind }}{% if kind_other %}（{{ kind_other }}）{% endif %}\n1、灯 2、风筝 3、其他"],
        ["简介", "{{ intro_zh }}\n{{ intro_en }}\n中英文，各不超过一百字"],
        ["扫描件", "{{ scan.names }}\n请附扫描件"],
        ["应用情况"],
        ["请分别说明成效和展望。\n成效\n{{ results | paragraphs }}\n展望\n{{ outlook | paragraphs }}"],
        ["部件", "制作日期"],
        ["{%tr for row in parts %}", ""],
        ["{{ row.title }}", "{{ row.made }}"],
        ["{%tr endfor %}", ""],
        ["备注"],
    ],
    "公司（盖章）",
    "{{ pledged }}",
)
FILLED: tuple[Block, ...] = (
    "附件1",
    [
        ["作品名称", "小橘灯", "联系人：", "李四"],
        ["类  别", "风筝"],
        ["简介", "一盏灯。\nOne lamp."],
        ["扫描件", "请附扫描件"],
        ["应用情况"],
        ["请分别说明成效和展望。\n成效：\n卖了一千盏，成效明显。\n展望\n再卖一万盏。\n明年就办。"],
        ["部件", "制作日期"],
        ["灯罩", "2025-10-01"],
        ["", ""],
        ["灯座", ""],
        ["备注"],
    ],
    "公司（盖章）",
    "",
    "二〇二六年十一月二十日",
)


@pytest.fixture(name="template")
def make_template(tmp_path: Path) -> Path:
    return make_word(tmp_path / "template.docx", *TEMPLATE)


def read(template: Path, *blocks: Block) -> Given:
    filled = make_word(template.parent / "filled.docx", *blocks)
    return read_filled(read_grid(filled), read_pattern(template), FORM)


def changed(label: str, *cells: str) -> tuple[Block, ...]:
    """The filled form with another row of this label."""
    [first, table, *rest] = FILLED
    assert not isinstance(table, str)
    return (first, [[label, *cells] if "".join(row[0].split()) == label else row for row in table], *rest)


def test_a_filled_form_is_read_field_by_field(template: Path) -> None:
    given = read(template, *FILLED)
    assert given.texts == {
        "name": ("小橘灯",),
        "contact": ("李四",),
        "kind": ("风筝",),
        "kind_other": ("风筝",),
        "intro_zh": ("一盏灯。",),
        "intro_en": ("One lamp.",),
        "results": ("卖了一千盏，成效明显。",),
        "outlook": ("再卖一万盏。\n明年就办。",),
        "pledged": ("2026-11-20",),
    }
    assert given.rows == {"parts": [{"title": "灯罩", "made": "2025-10-01"}, {"title": "灯座"}]}
    assert (given.found, given.expected, given.is_of_the_form) == (6, 6, True)


@pytest.mark.parametrize(
    ("cell", "readings"),
    [
        ("1、灯 2、风筝√ 3、其他", ("风筝",)),
        ("□灯 ☑风筝 □其他", ("风筝",)),
        ("其他（走马灯）", ("其他（走马灯）", "其他", "走马灯")),
        ("1、灯 2、风筝 3、其他", ()),
        ("", ()),
    ],
)
def test_a_choice_is_read_as_it_was_ticked_or_written(template: Path, cell: str, readings: tuple[str, ...]) -> None:
    assert read(template, *changed("类别", cell)).texts.get("kind", ()) == readings


def test_what_stands_in_brackets_is_the_text_beside_the_choice(template: Path) -> None:
    assert read(template, *changed("类别", "其他（走马灯）")).texts["kind_other"] == ("走马灯", "其他（走马灯）")


def test_words_of_the_form_within_an_answer_are_the_answers(template: Path) -> None:
    story = "请分别说明成效和展望。\n成效\n我们的成效很好，展望也好。\n展望\n好。"
    [first, table, *rest] = FILLED
    assert not isinstance(table, str)
    rows = [[story] if row[0].startswith("请分别") else row for row in table]
    given = read(template, first, rows, *rest)
    assert (given.texts["results"], given.texts["outlook"]) == (("我们的成效很好，展望也好。",), ("好。",))


@pytest.mark.parametrize("text", ["\u3000" * 50_000 + "x", "x " * 25_000, "成效" * 25_000, "，" * 50_000], ids=len)
def test_cells_made_to_be_slow_are_read_like_any_other(template: Path, text: str) -> None:
    grid = read_grid(make_word(template.parent / "filled.docx", *FILLED))
    slow = tuple(tuple(text if cell == "风筝" else cell for cell in row) for row in grid)
    given = read_filled(slow, read_pattern(template), FORM)
    assert (given.is_of_the_form, given.texts["name"], len(given.texts["kind"]) <= 16) == (True, ("小橘灯",), True)


def test_an_empty_form_says_nothing(template: Path) -> None:
    [first, table, *_] = FILLED
    assert not isinstance(table, str)
    empty = [row[:1] if row[0] in {"应用情况", "备注"} else [row[0], *[""] * (len(row) - 1)] for row in table]
    empty[0] = ["作品名称", "", "联系人", ""]
    empty[5:10] = [["请分别说明成效和展望。"], ["部件", "制作日期"], ["", ""], ["", ""]]
    given = read(template, first, empty[:-1], "公司（盖章）")
    assert (given.texts, given.rows) == ({}, {"parts": []})


def test_somebody_elses_form_is_not_taken_for_this_one(template: Path) -> None:
    given = read(template, "入职登记表", [["姓名", "王五"], ["部门", "研发"]])
    assert (given.texts, given.rows, given.is_of_the_form) == ({}, {}, False)


BROKEN = {
    "empty": b"",
    "cut": b"PK\x03\x04 broken",
    "encrypted": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted",
    "no relations": make_office("docx"),
    "no parts": make_zip({"[Content_Types].xml": b"<Types/>"}),
    "no XML": make_zip({"[Content_Types].xml": b"<Types>", "_rels/.rels": b"\x00"}),
    "damaged": make_docx()[:9000] + b"\x00" * 2000 + make_docx()[11000:],
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_or_encrypted_file_is_unreadable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.docx").write_bytes(content)
    with pytest.raises(UnreadableDocument):
        read_grid(tmp_path / "broken.docx")
