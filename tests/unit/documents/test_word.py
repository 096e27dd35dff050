import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from jinja2 import TemplateError
from jinja2.exceptions import SecurityError

from bot.documents.filing import Filing, templates
from bot.documents.word import fill, find_mistake
from knowledge.form import Condition, FieldType, Form, Section
from knowledge.papers import Papers, Template
from tests.fixtures.filings import Contents, make_answers, make_filing, make_pdf, make_picture
from tests.fixtures.forms import both, make_field
from tests.fixtures.people import make_programme

HOSTILE = "{{ 7 * 7 }} {% if x %} </w:t></w:r><w:p> & <b> {_{ %_} {# #}"
SHOWN = (Condition("kind", filled=True),)


def texts(document: bytes) -> list[str]:
    """Every paragraph of a document, those of tables too."""
    opened = Document(BytesIO(document))
    return [Paragraph(found, opened._body).text for found in opened.element.body.iter(qn("w:p"))]


def filled(tmp_path: Path, lines: list[str], answers: dict[str, Any], contents: Contents | None = None) -> list[str]:
    """The paragraphs of a form of these lines, filled from an invented application."""
    return texts(made(tmp_path, lines, answers, contents or Contents()))


def made(tmp_path: Path, lines: list[str], answers: dict[str, Any], contents: Contents) -> bytes:
    """A form of these lines, filled from an invented application."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(tmp_path / "form.docx"))
    form = Form(
        "v1",
        (
            Section(
                "work",
                both("work"),
                (
                    make_field("name"),
                    make_field("kind"),
                    make_field("hidden", when=SHOWN),
                    make_field("story", FieldType.LONGTEXT),
                    make_field("parts", FieldType.TABLE, columns=(make_field("part"), make_field("note"))),
                    make_field("photos", FieldType.FILE),
                ),
            ),
        ),
    )
    template = Template("form", both("form"), tmp_path / "form.docx", printed={"parts": 2})
    filing = make_filing(answers, programme=make_programme(form=form, papers=Papers(templates=(template,))), form=form)
    return fill(template, filing, contents.open)


def test_what_a_person_typed_is_text_whatever_it_looks_like(tmp_path: Path) -> None:
    rows = [{"part": HOSTILE, "note": "a\nb"}]
    answers = {"name": HOSTILE, "story": f"一\n\n{HOSTILE}", "parts": rows}
    lines = [
        "{{ name }}!",
        "{{ story | paragraphs }}",
        "{% for row in parts %}{{ row.part }}|{{ row.note }};{% endfor %}",
    ]
    assert filled(tmp_path, lines, answers) == [f"{HOSTILE}!", "一", HOSTILE, f"{HOSTILE}|a\nb;|;"]


def test_hidden_and_open_answers_are_empty(tmp_path: Path) -> None:
    assert filled(tmp_path, ["[{{ hidden }}{{ kind }}{{ photos }}]"], {"hidden": "secret", "name": "x"}) == ["[]"]


def test_a_table_has_its_printed_rows_and_more_where_there_are_more(tmp_path: Path) -> None:
    line = ["{% for row in parts %}{{ loop.index }}{{ row.part }} {% endfor %}"]
    many = [{"part": letter} for letter in "abc"]
    assert filled(tmp_path, line, {"parts": []}) == ["1 2 "]
    assert filled(tmp_path, line, {"parts": many}) == ["1a 2b 3c "]


def test_a_template_reaches_nothing_but_values(tmp_path: Path) -> None:
    with pytest.raises(SecurityError):
        filled(tmp_path, ["{{ name.__class__.__mro__ }}"], {"name": "x"})


def test_a_template_that_names_no_field_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="nmae"):
        filled(tmp_path, ["{{ nmae }}"], {"name": "x"})


def test_pictures_stand_in_the_form_and_what_is_none_only_by_its_name(tmp_path: Path) -> None:
    contents = Contents()
    photos = [
        contents.add("a.jpg", make_picture(), width=640, height=480),
        contents.add("broken.jpg", b"\xff\xd8 no picture"),
        contents.add("c.pdf", make_pdf(10)),
        {**contents.add("gone.png", b"x"), "key": "0" * 64},
    ]
    line = ["{{ photos }}", "{% for picture in photos.pictures %}{{ picture }}#{% endfor %}"]
    assert filled(tmp_path, line, {"photos": photos}, contents) == ["a.jpg\nbroken.jpg\nc.pdf\ngone.png", "#"]


def make_photo(resolution: tuple[int, int]) -> bytes:
    """A JPEG of 64 by 32 pixels whose Exif says this resolution, as a fraction."""
    plain = make_picture(64, 32)
    start = 4 + int.from_bytes(plain[4:6])  # behind JFIF's own resolution
    entries = ((0x011A, 5, 1, 62), (0x011B, 5, 1, 70), (0x0128, 3, 1, 2 << 16))
    tags = b"MM\0*" + struct.pack(">IH", 8, 3) + b"".join(struct.pack(">HHII", *one) for one in entries)
    body = b"Exif\0\0" + tags.ljust(62, b"\0") + struct.pack(">4I", *resolution, *resolution)
    return b"\xff\xd8\xff\xe1" + (len(body) + 2).to_bytes(2) + body + plain[start:]


@pytest.mark.parametrize(
    ("resolution", "shown"), [((72, 1), True), ((0, 1), True), ((1, 0), False), ((0, 0), False), ((65535, 1), True)]
)
def test_photo_of_any_resolution_breaks_no_form(tmp_path: Path, resolution: tuple[int, int], shown: bool) -> None:
    contents = Contents()
    photos = [contents.add("a.jpg", make_photo(resolution), width=64, height=32)]
    line = ["{{ photos }}", "{% for picture in photos.pictures %}{{ picture }}#{% endfor %}"]
    assert filled(tmp_path, line, {"photos": photos}, contents) == ["a.jpg", "#" if shown else ""]


@pytest.mark.parametrize(
    ("size", "millimetres"), [((640, 320), (70, 35)), ((320, 640), (35, 70)), ((64, 64), (70, 70))]
)
def test_picture_fits_its_box_whatever_is_noted_of_its_size(
    tmp_path: Path, size: tuple[int, int], millimetres: tuple[int, int]
) -> None:
    contents = Contents()
    photos = [contents.add("a.jpg", make_picture(*size))]
    lines = ["{% for picture in photos.pictures %}{{ picture }}{% endfor %}"]
    document = made(tmp_path, lines, {"photos": photos}, contents)
    [shape] = Document(BytesIO(document)).inline_shapes
    assert (shape.width, shape.height) == tuple(Mm(side) for side in millimetres)


def test_pictures_are_read_only_where_a_form_shows_them(tmp_path: Path) -> None:
    contents = Contents()
    photos = [contents.add("a.jpg", make_picture())]
    contents.by_key.clear()
    opened: list[str] = []
    contents.open = opened.append  # type: ignore[assignment,method-assign]
    assert texts(made(tmp_path, ["{{ photos }}"], {"photos": photos}, contents)) == ["a.jpg"]
    assert opened == []


def test_a_template_does_not_reach_the_file_store(tmp_path: Path) -> None:
    with pytest.raises(SecurityError):
        filled(tmp_path, ["{{ photos._open_file('x') }}"], {"photos": []})


@pytest.fixture(scope="module")
def forms() -> dict[str, bytes]:
    """The Word forms of a whole application, by key."""
    contents = Contents()
    return fill_all(make_filing(make_answers(contents)), contents)


def fill_all(filing: Filing, contents: Contents) -> dict[str, bytes]:
    return {template.key: fill(template, filing, contents.open) for template in templates(filing)}


def rows_of(document: bytes, table: int = 0) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in Document(BytesIO(document)).tables[table].rows]


def test_the_basic_form_shows_labels_and_printed_expert_rows(forms: dict[str, bytes]) -> None:
    rows = rows_of(forms["annex_1"])
    assert [row[1].split("\n")[0] for row in rows[4:5]] == ["高端装备制造"]
    assert rows[15:19] == [
        ["姓名", "职称", "单位", "联系电话"],
        ["王小明", "教授", "示例大学", "010-55550101"],
        ["Alexandra Konstantinopoulou-Featherstonehaugh", "Professor", "Example Institute", ""],
        ["", "", "", ""],
    ]


def test_experts_of_another_channel_are_not_shown() -> None:
    contents = Contents()
    answers = {**make_answers(contents), "channel": "hubei"}
    document = fill_all(make_filing(answers), contents)["annex_1"]
    assert rows_of(document)[16:19] == [["", "", "", ""]] * 3
    assert "王小明" not in "".join(texts(document))


def test_the_table_of_rights_holds_twelve_rows_and_eleven_at_least(forms: dict[str, bytes]) -> None:
    rows = rows_of(forms["annex_3"])
    assert [row[0] for row in rows] == ["序号", *(str(number) for number in range(1, 13))]
    assert rows[2] == [
        "2",
        "发明专利",
        "一种基于多光谱融合的叶片缺陷识别方法（2）",
        "ZL202202345678.2",
        "示例科技有限公司",
        "2022-03-15",
        "有效",
    ]
    contents = Contents()
    few = {**make_answers(contents), "ip_table": []}
    assert len(rows_of(fill_all(make_filing(few), contents)["annex_3"])) == 12


def test_long_texts_are_whole_and_pictures_in_place(forms: dict[str, bytes]) -> None:
    contents = Contents()
    answers = make_answers(contents)
    found = texts(forms["annex_2"])
    for key in ("ach_summary", "ach_tech", "ach_app_results", "ach_app_outlook"):
        lines = answers[key].split("\n")
        assert found[found.index(lines[0]) :][: len(lines)] == lines
    assert len(Document(BytesIO(forms["annex_2"])).inline_shapes) == 4


def test_the_pledge_names_project_contact_and_the_day_in_han_numerals(forms: dict[str, bytes]) -> None:
    found = texts(forms["annex_4"])
    assert found[3].replace("　", "").endswith("我单位提交了高温合金叶片多光谱在线检测系统项目参评。")
    assert found[-5:] == [
        "联 系 人：李明",
        "联系电话：027-55550100",
        "法定代表人：（签字）",
        "公司（企业盖章）",
        "二〇二二年十二月五日",
    ]


def test_the_same_application_gives_the_same_bytes(forms: dict[str, bytes]) -> None:
    contents = Contents()
    assert fill_all(make_filing(make_answers(contents)), contents) == forms


def make_template(tmp_path: Path, *lines: str) -> Template:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(tmp_path / "form.docx"))
    return Template("form", both("form"), tmp_path / "form.docx")


def test_a_form_that_names_its_fields_has_no_mistake(tmp_path: Path) -> None:
    lines = ("{{ name }} {{ application.receipt }}", "{% for row in parts %}{{ row.part }}{% endfor %}")
    form = Form("v1", (Section("one", both("one"), (make_field("name"), make_field("parts"))),))
    assert find_mistake(make_template(tmp_path, *lines), form) == ""


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("{{ nmae }} {{ other }}", "names what is no field of form.yaml: nmae, other"),
        ("{{ name ", "has a brace that cannot be read: "),
        ("{% if name %}", "has a brace that cannot be read: "),
    ],
)
def test_a_mistake_of_a_form_is_told(tmp_path: Path, line: str, mistake: str) -> None:
    form = Form("v1", (Section("one", both("one"), (make_field("name"),)),))
    assert find_mistake(make_template(tmp_path, line), form).startswith(mistake)


def test_what_is_no_word_document_is_told(tmp_path: Path) -> None:
    (tmp_path / "form.docx").write_bytes(b"PK no zip")
    template = Template("form", both("form"), tmp_path / "form.docx")
    assert find_mistake(template, Form("v1")) == "is no Word document (.docx)"
