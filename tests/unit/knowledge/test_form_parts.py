"""What fields are made of: conditions, options, groups, rules, files, texts made of answers, stages."""

from pathlib import Path

import pytest

from knowledge.errors import PackError
from knowledge.form import Condition, Field, FieldType, FileSpec, Form, Rule, Stage
from knowledge.form_reader import read_form
from knowledge.loader import parse
from knowledge.wording import Wording

GUIDE = "作品说明不超过300字。\n扫描件大小在150K-3M之间。"
FORM = """
sections:
  - key: work
    title: {{zh: 作品, en: Work}}
    fields:
      - key: kind
        type: choice
        label: {{zh: 类型, en: Kind}}
        options:
          - {{value: paper, label: {{zh: 纸, en: Paper}}}}
          - {{value: silk, label: {{zh: 绢, en: Silk}}}}
          - {{value: both, label: {{zh: 纸绢, en: Both}}}}
      - key: title
        type: text
        label: {{zh: 名称, en: Title}}
      - key: parts
        type: table
        label: {{zh: 部件, en: Parts}}
        columns:
          - {{key: maker, type: text, label: {{zh: 作者, en: Maker}}}}
      - key: asked
        label: {{zh: 所问, en: Asked}}
{field}
"""


def read(field: str, tmp_path: Path) -> list[Field]:
    """The fields behind the first three; `field` is what is said of `asked`."""
    return list(whole(field, tmp_path).fields())[3:]


def whole(field: str, tmp_path: Path) -> Form:
    path = tmp_path / "form.yaml"
    path.write_text(FORM.format(field="\n".join(f"        {line}" for line in field.splitlines())), "utf-8")
    return read_form(parse(path), guide=GUIDE)


def refusal(field: str, tmp_path: Path) -> list[tuple[str, str]]:
    with pytest.raises(PackError) as raised:
        whole(field, tmp_path)
    return [(one.key.partition("fields[3]")[2].lstrip("."), one.message) for one in raised.value.mistakes]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{field: kind, in: silk}", (Condition("kind", ("silk",)),)),
        ("{field: kind, in: [silk, both]}", (Condition("kind", ("silk", "both")),)),
        ("{field: kind, not_in: [silk]}", (Condition("kind", ("silk",), negate=True),)),
        ("{field: title, filled: true}", (Condition("title", filled=True),)),
        ("{field: parts, filled: false}", (Condition("parts", filled=False),)),
        (
            "[{field: kind, in: silk}, {field: title, filled: true}]",
            (Condition("kind", ("silk",)), Condition("title", filled=True)),
        ),
    ],
)
def test_conditions(written: str, expected: tuple[Condition, ...], tmp_path: Path) -> None:
    field = read(f"type: text\nwhen: {written}\nrequired_when: {written}", tmp_path)[0]
    assert (field.when, field.required_when) == (expected, expected)


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        ("{field: later, in: [silk]}", ("when.field", "later is no earlier field")),
        ("{field: asked, in: [silk]}", ("when.field", "asked is no earlier field")),
        ("{field: title, in: [silk]}", ("when.field", "title is no choice")),
        ("{field: kind}", ("when", "needs one of in, not_in and filled")),
        ("{field: kind, in: silk, filled: true}", ("when", "needs one of in, not_in and filled")),
        (
            "{field: kind, not_in: [wool]}",
            ("when.not_in", "wool is no option of kind; known are: paper, silk, both"),
        ),
    ],
)
def test_condition_that_cannot_hold_is_a_mistake(written: str, mistake: tuple[str, str], tmp_path: Path) -> None:
    assert refusal(f"type: text\nwhen: {written}", tmp_path) == [mistake]


def test_option_and_rule_may_hang_on_an_earlier_answer(tmp_path: Path) -> None:
    field = read(
        """type: multi-choice
options:
  - {value: red, label: {zh: 红, en: Red}}
  - {value: gold, label: {zh: 金, en: Gold}, when: {field: kind, in: [silk]}}
rules:
  - kind: none_of
    value: red, gold
    hard: false
    when: {field: kind, not_in: [paper]}
    message: {zh: 请核对, en: Please check}""",
        tmp_path,
    )[0]
    assert [option.when for option in field.options] == [(), (Condition("kind", ("silk",)),)]
    when = (Condition("kind", ("paper",), negate=True),)
    message = Wording("请核对", "Please check")
    assert field.rules == (Rule("none_of", "red, gold", hard=False, message=message, when=when),)


def test_group_becomes_its_parts(tmp_path: Path) -> None:
    results, outlook = read(
        """type: group
max_chars: 300
required: true
at: packaging
when: {field: kind, in: [silk]}
quote: 作品说明不超过300字
parts:
  - {key: results, type: longtext, label: {zh: 成效, en: Results}}
  - {key: outlook, type: text, label: {zh: 展望, en: Outlook}, max_chars: 50, limit_by: ours}""",
        tmp_path,
    )
    assert results.group == outlook.group
    assert results.group is not None
    assert (results.group.key, results.group.max_chars, results.group.quote) == ("asked", 300, "作品说明不超过300字")
    assert [(one.key, one.required, one.at, one.quote, one.max_chars) for one in (results, outlook)] == [
        ("results", True, Stage.PACKAGING, "作品说明不超过300字", None),
        ("outlook", True, Stage.PACKAGING, "作品说明不超过300字", 50),
    ]
    assert results.when == outlook.when == (Condition("kind", ("silk",)),)


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ("{key: made, type: date, label: {zh: 日期, en: Day}}", "parts[0].type"),
        ("{key: made, type: text, at: delivery, label: {zh: 日期, en: Day}}", "parts[0]"),
        ("{key: made, type: text, when: {field: kind, in: [silk]}, label: {zh: 日期, en: Day}}", "parts[0]"),
    ],
)
def test_group_of_something_else_is_a_mistake(part: str, key: str, tmp_path: Path) -> None:
    assert [found for found, _ in refusal(f"type: group\nparts: [{part}]", tmp_path)] == [key]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", FileSpec()),
        ("file: {kinds: [any]}", FileSpec()),
        (
            "file: {kinds: [pdf, image, audio, video]}",
            FileSpec(("pdf", "jpg", "png", "gif", "webp", "mp3", "wav", "mp4", "mov")),
        ),
        ("file: {min_size: 150K, max_size: 3M}", FileSpec(min_bytes=150_000, max_bytes=3 * 1024 * 1024)),
        ("file: {max_size: 500KB, max_total: 20 mb}", FileSpec(max_bytes=512_000, max_total=20 * 1024 * 1024)),
        ("file: {max_size: 4096, least: 2, most: 3}", FileSpec(max_bytes=4096, least=2, most=3)),
        ("file: {too_many: {zh: 一个, en: One}}", FileSpec(too_many=Wording("一个", "One"))),
    ],
)
def test_files_are_bounded_generously(written: str, expected: FileSpec, tmp_path: Path) -> None:
    assert read(f"type: file\n{written}", tmp_path)[0].file == expected


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        ("{kinds: [pdf, exe]}", "file.kinds"),
        ("{max_size: 3 apples}", "file.max_size"),
        ("{max_size: 0K}", "file.max_size"),
        ("{min_size: 4M, max_size: 3M}", "file.max_size"),
        ("{least: 3, most: 2}", "file.most"),
        ("{least: 0}", "file.least"),
        ("{size: 3M}", "file.size"),
        ("{too_big: 太大}", "file.too_big"),
    ],
)
def test_file_mistake_is_named(written: str, mistake: str, tmp_path: Path) -> None:
    assert [key for key, _ in refusal(f"type: file\nfile: {written}", tmp_path)] == [mistake]


def test_text_made_of_answers(tmp_path: Path) -> None:
    assert read('type: computed\nsource: "{kind}+{title}"', tmp_path)[0].source == "{kind}+{title}"
    assert read('type: email\ndefault: "{title}@example.com"', tmp_path)[0].default == "{title}@example.com"


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        ("type: computed", ("source", "needs a source, such as {name}")),
        ('type: computed\nsource: "{later}"', ("source", "later is no earlier field")),
        ('type: computed\nsource: "{parts}"', ("source", "parts is a table, which cannot stand in a text")),
        ("type: computed\nsource: kind", ("source", "must name fields in braces, such as {name}")),
        ('type: computed\nsource: "{kind"', ("source", "must name fields in braces, such as {name}")),
        ('type: text\nsource: "{kind}"', ("source", "is for computed fields only")),
        ('type: date\ndefault: "{title}"', ("default", "is for text, email and phone only")),
    ],
)
def test_text_that_cannot_be_made_is_a_mistake(written: str, mistake: tuple[str, str], tmp_path: Path) -> None:
    assert refusal(written, tmp_path) == [mistake]


@pytest.mark.parametrize(
    ("kind", "rule", "key"),
    [
        ("date", "{kind: not_before, value: 2026-02-30}", "value"),
        ("date", "{kind: not_after}", "value"),
        ("date", "{kind: in_year, value: 26}", "value"),
        ("date", "{kind: minimum, value: 3}", "kind"),
        ("number", "{kind: maximum, value: many}", "value"),
        ("text", "{kind: digits, value: six}", "value"),
        ("text", "{kind: among, value: maker}", "value"),
        ("text", "{kind: among, value: parts.owner}", "value"),
        ("longtext", "{kind: uscc}", "kind"),
        ("text", "{kind: link, when: {field: later, filled: true}}", "when.field"),
    ],
)
def test_rule_mistake_is_named(kind: str, rule: str, key: str, tmp_path: Path) -> None:
    found = refusal(f"type: {kind}\nrules:\n  - {rule}", tmp_path)
    assert [name for name, _ in found] == [f"rules[0].{key}"]


def test_rule_may_look_at_a_table_further_on(tmp_path: Path) -> None:
    field = read("type: text\nrules:\n  - {kind: among, value: parts.maker, hard: false}", tmp_path)[0]
    assert field.rules == (Rule("among", "parts.maker", hard=False),)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("type: number\nmax_chars: 3", "max_chars"),
        ("type: text\nmax_chars: 3\nmax_words: 3", "max_words"),
        ("type: text\nunit: {zh: 元, en: yuan}", "unit"),
        ("type: text\nfile: {most: 1}", "file"),
        ("type: text\nmax_rows: 1", "max_rows"),
        ("type: text\nat: never", "at"),
        ("type: choice", "options"),
        ("type: text\noptions: [{value: a, label: {zh: 甲, en: A}}]", "options"),
    ],
)
def test_key_of_another_type_is_a_mistake(written: str, key: str, tmp_path: Path) -> None:
    assert [found for found, _ in refusal(written, tmp_path)] == [key]


SENT = """type: choice
options:
  - {value: sent, label: {zh: 已发送, en: Sent}}
  - {value: not_sent, label: {zh: 未发送, en: Not yet}}
"""


def test_delivery_says_which_answer_means_taken(tmp_path: Path) -> None:
    field = read(f"{SENT}at: delivery\ntaken: sent", tmp_path)[0]
    assert (field.type, field.at, field.taken) == (FieldType.CHOICE, Stage.DELIVERY, ("sent",))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("at: delivery\ntaken: [posted]", "posted is no option of this field"),
        ("taken: sent", "is for choices at delivery only"),
    ],
)
def test_taken_elsewhere_is_a_mistake(more: str, message: str, tmp_path: Path) -> None:
    assert refusal(SENT + more, tmp_path) == [("taken", message)]


def test_form_at_a_stage_asks_that_stage(tmp_path: Path) -> None:
    form = whole("type: text\nat: delivery", tmp_path)
    assert (form.stage, form.at(Stage.DELIVERY).stage) == (Stage.ENTRY, Stage.DELIVERY)
    assert [field.key for field in form.at(Stage.DELIVERY).fields()] == ["kind", "title", "parts", "asked"]
