from pathlib import Path

import pytest

from knowledge.errors import PackError
from knowledge.folders import PACKS
from knowledge.form import Condition, FieldType, Form, Rule
from knowledge.form_reader import read_form
from knowledge.loader import parse

GUIDE = "**灯笼奖** 征集手工灯笼。\n作品须为 2026 年制作，\n不得抄袭。"
WHOLE = """
sections:
  - key: work
    title: {zh: 作品, en: Work}
    fields:
      - key: kind
        type: choice
        required: true
        label: {zh: 类型, en: Kind}
        options:
          - {value: paper, label: {zh: 纸, en: Paper}}
          - {value: silk, label: {zh: 绢, en: Silk}}
      - key: thread
        type: text
        label: {zh: 丝线, en: Thread}
        when: {field: kind, in: [silk]}
        required_when: {field: kind, in: silk}
        max_chars: 50
        limit_by: ours
      - key: parts
        type: table
        required: true
        max_rows: 3
        label: {zh: 部件, en: Parts}
        columns:
          - key: made_on
            type: date
            required: true
            label: {zh: 制作日期, en: Made on}
            rules:
              - {kind: within_years, value: 2, hard: false, quote: 作品须为2026年制作}
"""


def read(text: str, tmp_path: Path) -> Form:
    path = tmp_path / "form.yaml"
    path.write_text(text, encoding="utf-8")
    return read_form(parse(path), guide=GUIDE)


def refusal(text: str, tmp_path: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(PackError) as caught:
        read(text, tmp_path)
    return [
        (Path(mistake.file).name, mistake.line, mistake.key.rpartition(".")[2]) for mistake in caught.value.mistakes
    ]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_read_form_whole(tmp_path: Path) -> None:
    form = read(WHOLE, tmp_path)
    kind, thread, parts = form.fields()
    assert (kind.type, [option.value for option in kind.options]) == (FieldType.CHOICE, ["paper", "silk"])
    assert (thread.when, thread.required_when) == ((Condition("kind", ("silk",)),), (Condition("kind", ("silk",)),))
    assert (thread.max_chars, thread.limit_by, parts.min_rows, parts.max_rows) == (50, "ours", 1, 3)
    assert parts.columns[0].rules == (Rule("within_years", "2", hard=False, quote="作品须为2026年制作"),)


def test_version_follows_the_content_not_the_places(tmp_path: Path) -> None:
    version = read(WHOLE, tmp_path).version
    assert read("\n\n# moved\n" + WHOLE, tmp_path).version == version
    assert read(WHOLE.replace("丝线", "金线"), tmp_path).version != version


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("type: text", "type: txt", "type"),
        ("max_chars: 50", "max_char: 50", "max_char"),
        ("max_chars: 50", "max_chars: 0", "max_chars"),
        ("max_chars: 50", "max_chars: many", "max_chars"),
        ("limit_by: ours", "limit_by: theirs", "limit_by"),
        ("required: true\n        label", "required: yes please\n        label", "required"),
        ("key: thread", "key: 丝线", "key"),
        ("key: thread", "key: kind", "key"),
        ("when: {field: kind, in: [silk]}", "when: {field: parts, in: [silk]}", "field"),
        ("when: {field: kind, in: [silk]}", "when: {field: kind, in: [wool]}", "in"),
        ("when: {field: kind, in: [silk]}", "when: {field: kind, in: []}", "in"),
        ("label: {zh: 丝线, en: Thread}", "label: 丝线", "label"),
        ("label: {zh: 丝线, en: Thread}", "label: {zh: 丝线}", "en"),
        ("kind: within_years", "kind: within_months", "kind"),
        ("kind: within_years", "kind: uscc", "kind"),
        ("value: 2,", "value: soon,", "value"),
        ("max_rows: 3", "max_rows: 3\n        min_rows: 4", "max_rows"),
        ("            type: date", "            type: consent", "type"),
        ("- {value: silk,", "- {value: paper,", "value"),
        ("quote: 作品须为2026年制作", "quote: 作品须为2025年制作", "quote"),
    ],
)
def test_mistake_is_named_by_file_line_and_key(right: str, wrong: str, key: str, tmp_path: Path) -> None:
    text = WHOLE.replace(right, wrong, 1)
    found = refusal(text, tmp_path)
    assert [(file, name) for file, _line, name in found] == [("form.yaml", key)]
    changed = zip(WHOLE.splitlines(), text.splitlines(), strict=False)
    first = next(number for number, (before, after) in enumerate(changed, 1) if before != after)
    assert abs(found[0][1] - first) <= 3


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("max_chars: 50", "max_char: 50").replace("max_rows: 3", "max_rows: 0")
    assert refusal(text, tmp_path) == [
        ("form.yaml", line_of(text, "max_char:"), "max_char"),
        ("form.yaml", line_of(text, "max_rows: 0"), "max_rows"),
    ]


@pytest.mark.parametrize("text", ["sections: []", "sections:\n  - key: a", "other: 1"])
def test_form_without_sections_is_no_form(text: str, tmp_path: Path) -> None:
    assert len(refusal(text, tmp_path)) == 1


@pytest.mark.parametrize("path", sorted(PACKS.glob("*/form.yaml")), ids=lambda path: path.parent.name)
def test_forms_of_the_packs_are_whole(path: Path) -> None:
    form = read_form(parse(path), guide=(path.parent / "guide.md").read_text(encoding="utf-8"))
    first = next(form.fields())
    assert (first.type, first.required) == (FieldType.CONSENT, True)
    assert [field.key for field in form.fields() if not field.quote] == []
    assert any(field.identifies for field in form.fields())
