"""What stands where in a form: later fields look at earlier ones, keys are there once, one mistake hides no other."""

from pathlib import Path

import pytest

from knowledge.errors import PackError
from knowledge.form_reader import read_form
from knowledge.loader import parse

FORM = """
sections:
  - key: work
    title: {{zh: 作品, en: Work}}
    fields:
      - key: title
        type: text
        label: {{zh: 名称, en: Title}}
      - key: asked
        label: {{zh: 所问, en: Asked}}
{field}
"""


def refusal_behind(first: str, second: str, tmp_path: Path) -> list[tuple[str, str]]:
    """The mistakes of a form where a field `early` stands behind `asked`."""
    behind = "\n- key: early\n  label: {zh: 先, en: Early}\n" + "\n".join(f"  {line}" for line in second.splitlines())
    text = FORM.format(field="\n".join(f"        {line}" for line in first.splitlines()))
    (tmp_path / "form.yaml").write_text(text.rstrip() + behind.replace("\n", "\n      "), "utf-8")
    with pytest.raises(PackError) as raised:
        read_form(parse(tmp_path / "form.yaml"), guide="")
    return [(one.key.partition("fields")[2], one.message) for one in raised.value.mistakes]


@pytest.mark.parametrize(
    "later",
    [
        "when: {field: asked, filled: true}",
        "required_when: {field: asked, filled: true}",
        "rules: [{kind: link, when: {field: asked, filled: false}}]",
        'default: "{asked}"',
    ],
)
def test_earlier_stage_looks_at_no_later_one(later: str, tmp_path: Path) -> None:
    found = refusal_behind("type: text\nat: packaging", f"type: text\n{later}", tmp_path)
    assert found == [("[2]", "looks at asked, which is asked later (at packaging)")]


def test_nothing_hangs_on_what_is_computed(tmp_path: Path) -> None:
    found = refusal_behind(
        'type: computed\nsource: "{title}"', "type: text\nwhen: {field: asked, filled: true}", tmp_path
    )
    assert found == [("[2].when.field", "asked is computed, and never answered")]


def test_field_on_a_broken_part_is_no_second_mistake(tmp_path: Path) -> None:
    broken = "type: group\nparts:\n  - {key: idea, type: longtext, label: {zh: 构思, en: Idea}, max_chars: none}"
    found = refusal_behind(broken, "type: text\nwhen: {field: idea, filled: true}", tmp_path)
    assert found == [("[1].parts[0].max_chars", "must be a whole number")]


def test_group_and_field_share_no_key(tmp_path: Path) -> None:
    group = "type: group\nparts:\n  - {key: early, type: text, label: {zh: 构思, en: Idea}}"
    assert refusal_behind(group, "type: text", tmp_path) == [("[2].key", "the field early exists already")]
    group = group.replace("early", "title")
    assert refusal_behind(group, "type: text", tmp_path) == [("[1].key", "the field title exists already")]
    group = group.replace("title", "asked")
    assert refusal_behind(group, "type: text", tmp_path) == [("[1].key", "the field asked exists already")]


def test_what_is_no_field_at_all_hides_no_other_mistake(tmp_path: Path) -> None:
    text = FORM.format(field="        type: date\n        identifies: true").rstrip() + "\n      - just text\n"
    (tmp_path / "form.yaml").write_text(text, "utf-8")
    with pytest.raises(PackError) as raised:
        read_form(parse(tmp_path / "form.yaml"), guide="")
    assert [one.message for one in raised.value.mistakes] == ["is for text, email and phone only", "must be a mapping"]
