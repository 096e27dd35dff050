"""The description of the form language: its example loads, and it leaves nothing out."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from knowledge import form_reader
from knowledge.form import FILE_KINDS, FieldType, Form, RuleKind, Stage
from knowledge.loader import parse

DOCS = Path(__file__).parents[3] / "docs" / "packs.md"
GUIDE = """征集纸灯笼和绢灯笼。作品须为2026年制作。高度不超过300厘米。
创作说明含构思和制作，合计不超过300字。照片1至4张，每张200K-5M。"""


def part(start: str, end: str) -> str:
    """The text of the docs from one heading to another."""
    text = DOCS.read_text("utf-8")
    begin = text.index(f"\n{start}\n")
    return text[begin : text.index(f"\n{end}\n", begin)]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Form:
    lines = [
        line for line in part("### A complete small form", "### What every field may say").splitlines()[2:] if line
    ]
    path = tmp_path_factory.mktemp("docs") / "form.yaml"
    path.write_text(dedent("\n".join(lines)), "utf-8")
    return form_reader.read_form(parse(path), guide=GUIDE)


def test_example_loads_with_its_stages_and_its_group(example: Form) -> None:
    stages = [[field.key for field in example.fields() if field.at is stage] for stage in Stage]
    assert stages == [
        [
            *("consent_privacy", "kind", "techniques", "title", "height", "made_on", "story_idea", "story_making"),
            *("helpers", "photos", "maker", "certificate_name"),
        ],
        ["stamped"],
        ["parcel_note", "posted"],
    ]
    group = example.field("story_making").group
    assert group is not None
    assert (group.key, group.max_chars) == ("story", 300)


def test_example_bounds_files_as_the_text_says(example: Form) -> None:
    spec = example.field("photos").file
    assert spec is not None
    assert (spec.min_bytes, spec.max_bytes, spec.most) == (200_000, 5 * 1024 * 1024, 4)


@pytest.mark.parametrize(
    ("names", "start", "end"),
    [
        ([str(kind) for kind in FieldType] + ["group"], "### What every field may say", "### Conditions"),
        (list(form_reader._FIELD_KEYS + form_reader._GROUP_KEYS), "## form.yaml", "## What check compares"),
        (["in", "not_in", "filled"], "### Conditions", "### Rules"),
        ([str(kind) for kind in RuleKind] + ["hard", "message", "quote", "when"], "### Rules", "### Files"),
        (
            [*FILE_KINDS, "kinds", "min_size", "max_size", "max_total", "least", "most"],
            "### Files",
            "### Stages",
        ),
        (["too_many", "too_small", "too_big"], "### Files", "### Stages"),
        ([str(stage) for stage in Stage], "### What every field may say", "### When the form changes"),
    ],
)
def test_nothing_is_left_out(names: list[str], start: str, end: str) -> None:
    words = set(re.findall(r"[a-z][a-z_-]*", part(start, end)))
    assert sorted(set(names) - words) == []
