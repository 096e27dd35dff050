from pathlib import Path

import pytest

from knowledge.errors import PackError
from knowledge.folders import PACKS
from knowledge.form import Condition
from knowledge.form_reader import read_form
from knowledge.loader import load_pack, load_programmes, parse
from knowledge.papers import Kind, Mark, Papers
from knowledge.papers_reader import read_papers
from knowledge.passages import read_passages, sections_of

GUIDE = "# 灯笼奖\n\n## 报送\n\n材料一式三份，加盖公章，寄到组委会。邮件标题写作品名称。\n"
FORM = """
sections:
  - key: work
    title: {zh: 作品, en: Work}
    fields:
      - {key: name, type: text, label: {zh: 名称, en: Title}}
      - {key: signed, type: file, label: {zh: 签字件, en: Signed scan}}
      - key: sent
        type: choice
        label: {zh: 寄出, en: Posted}
        options:
          - {value: "yes", label: {zh: 是, en: "Yes"}}
          - {value: "no", label: {zh: 否, en: "No"}}
      - key: parts
        type: table
        label: {zh: 部件, en: Parts}
        columns:
          - {key: part, type: text, label: {zh: 部件, en: Part}}
"""
WHOLE = """
language: en
copies: {count: 3, quote: 材料一式三份}
templates:
  - key: entry
    file: entry.docx
    title: {zh: 报名表, en: Entry form}
    printed: {parts: 5}
    marks: [stamp, sign]
    quote: 加盖公章
    when: {field: sent, in: ["no"]}
mail:
  to: lantern@example.org
  subject: "{name}"
  body: |
    您好：
    {files}
  quote: 邮件标题写作品名称。
  note: {zh: 说明, en: Note}
tasks:
  - kind: post
    days: 5
    text: {zh: 寄出。, en: Post it.}
    quote: 寄到组委会
    done_when:
      - {field: sent, in: ["yes"]}
      - {field: signed, filled: true}
"""


def read(text: str, folder: Path) -> Papers:
    (folder / "documents").mkdir()
    (folder / "documents" / "entry.docx").write_bytes(b"")
    for name, content in (("form.yaml", FORM), ("papers.yaml", text)):
        (folder / name).write_text(content, encoding="utf-8")
    form = read_form(parse(folder / "form.yaml"), guide=GUIDE)
    sections = sections_of(read_passages(GUIDE))
    return read_papers(parse(folder / "papers.yaml"), sections=sections, form=form, folder=folder)


def test_whole_papers_are_read(tmp_path: Path) -> None:
    papers = read(WHOLE, tmp_path)
    (template,) = papers.templates
    assert papers.mail is not None
    assert (papers.language, papers.copies, papers.copies_quote and papers.copies_quote.section) == ("en", 3, "报送")
    assert (template.file, dict(template.printed), template.marks) == (
        tmp_path / "documents" / "entry.docx",
        {"parts": 5},
        (Mark.STAMP, Mark.SIGN),
    )
    assert template.when == (Condition("sent", ("no",)),)
    assert (papers.mail.subject, papers.mail.body) == ("{name}", "您好：\n{files}")
    (task,) = papers.tasks
    assert (task.kind, task.days, task.text.en) == (Kind.POST, 5, "Post it.")
    assert task.done_when == (Condition("sent", ("yes",)), Condition("signed", filled=True))


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("file: entry.docx", "file: other.docx", "templates[0].file", "documents/other.docx is not there"),
        ("file: entry.docx", "file: ../entry.docx", "templates[0].file", "must be the name of a .docx file"),
        ("printed: {parts: 5}", "printed: {name: 5}", "templates[0].printed.name", "name is no table of form.yaml"),
        ("printed: {parts: 5}", "printed: {parts: 0}", "templates[0].printed.parts", "must be between 1 and 100"),
        ("marks: [stamp, sign]", "marks: [seal]", "templates[0].marks", "seal is not known here"),
        ("quote: 加盖公章", "quote: 加盖私章", "templates[0].quote", "the guide does not say 「加盖私章」"),
        ('{field: sent, in: ["no"]}', "{field: post, in: [x]}", "templates[0].when.field", "post is no earlier field"),
        ('subject: "{name}"', 'subject: "{title}"', "mail.subject", "title is no field of form.yaml"),
        ('subject: "{name}"', 'subject: "{parts}"', "mail.subject", "parts is a table, which cannot stand in a text"),
        ('subject: "{name}"', 'subject: "{files}"', "mail.subject", "files is no field of form.yaml"),
        ('subject: "{name}"', 'subject: "{name"', "mail.subject", "has a brace that names no field"),
        ("kind: post", "kind: fax", "tasks[0].kind", "must be one of: stamp, sign, upload, mail, post"),
        ("days: 5", "days: -1", "tasks[0].days", "must be between 0 and 365"),
        ("count: 3", "count: many", "copies.count", "must be a whole number"),
        ("language: en", "language: fr", "language", "must be one of: zh, en"),
        ("language: en", "tongue: en", "tongue", "is not known here"),
    ],
)
def test_a_mistake_is_named_by_line_and_key(tmp_path: Path, old: str, new: str, key: str, message: str) -> None:
    text = WHOLE.replace(old, new)
    with pytest.raises(PackError) as caught:
        read(text, tmp_path)
    (found,) = caught.value.mistakes
    line = text[: text.index(new)].count("\n") + 1
    assert (Path(found.file).name, found.line, found.key) == ("papers.yaml", line, key)
    assert message in found.message


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        read(WHOLE.replace("kind: post", "kind: fax").replace("to: lantern", "too: lantern"), tmp_path)
    assert [found.key for found in caught.value.mistakes] == ["mail.too", "tasks[0].kind"]


def test_two_templates_cannot_share_a_key(tmp_path: Path) -> None:
    again = "  - {key: entry, file: entry.docx, title: {zh: 又一张, en: Another}}\n"
    with pytest.raises(PackError, match="the key entry occurs twice"):
        read(WHOLE.replace("mail:\n", f"{again}mail:\n"), tmp_path)


def test_a_mistake_in_the_form_is_no_second_one_in_the_papers(tmp_path: Path) -> None:
    read(WHOLE, tmp_path)
    (tmp_path / "guide.md").write_text(GUIDE, encoding="utf-8")
    (tmp_path / "form.yaml").write_text(FORM.replace("key: name, type: text", "key: name, type: song"))
    with pytest.raises(PackError) as caught:
        load_pack(tmp_path)
    assert {Path(found.file).name for found in caught.value.mistakes} == {"form.yaml"}


def test_the_packs_that_come_with_it_say_where_to_send_what() -> None:
    papers = {name: found.papers for name, found in load_programmes(PACKS).items()}
    assert all(found is not None and found.tasks for found in papers.values())
    mails = {found.mail.to for found in papers.values() if found is not None and found.mail is not None}
    assert mails <= {route.target for one in load_programmes(PACKS).values() for route in one.routes}
