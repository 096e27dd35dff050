from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.check import check_packs, waiting

Edit = Callable[[Path, str, str], None]
GUIDE = """# 海燕奖

## 材料

单位简介不超过100字，项目说明不超过1500字。

## 时间

请于2030年12月20日前提交。

评审时间为12月21日至12月25日。
"""
PROGRAMME = """id: sea
name: 海燕奖
year: 2030
deadline:
  closes_at: 2030-12-21T00:00
  remind_at: 2030-12-20T00:00
  quote: 请于2030年12月20日前提交。
stages:
  - name: 评审
    starts: 2030-12-21
    ends: 2030-12-25
    quote: 评审时间为12月21日至12月25日。
facts:
  limit_profile: {value: 100, quote: 单位简介不超过100字}
"""
FORM = """sections:
  - key: all
    title: {zh: 材料, en: Documents}
    fields:
      - {key: profile, type: longtext, max_chars: 100, label: {zh: 简介, en: Profile}}
      - key: text
        type: longtext
        max_chars: 1500
        quote: 项目说明不超过1500字
        label: {zh: 说明, en: Text}
      - {key: note, type: longtext, max_chars: 300, limit_by: ours, label: {zh: 备注, en: Note}}
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    folder = tmp_path / "packs" / "sea"
    folder.mkdir(parents=True)
    for name, text in (("guide.md", GUIDE), ("programme.yaml", PROGRAMME), ("form.yaml", FORM)):
        (folder / name).write_text(text, "utf-8")
    return folder.parent


def mistakes(packs: Path) -> list[tuple[str, int, str, str]]:
    return [(Path(one.file).name, one.line, one.key, one.message) for one in check_packs(packs)]


def test_pack_that_agrees_with_its_guide_has_no_mistake(packs: Path) -> None:
    assert mistakes(packs) == []


@pytest.mark.parametrize(
    ("key", "line", "old", "new", "named"),
    [
        ("deadline.closes_at", 5, "2030-12-21T00:00", "2030-12-22T00:00", "2030-12-20"),
        ("deadline.closes_at", 5, "2030-12-21T00:00\n  remind_at: 2030-12-20T00:00", "null", "2030-12-20"),
        ("deadline.remind_at", 6, "2030-12-20T00:00", "2030-12-10T00:00", "2030-12-20"),
        ("stages[0].ends", 11, "2030-12-25", "2030-12-26", "2030-12-21, 2030-12-25"),
    ],
)
def test_date_that_departs_from_its_quote_is_named(
    packs: Path, edit: Edit, key: str, line: int, old: str, new: str, named: str
) -> None:
    name = key.rpartition(".")[2]
    edit(packs / "sea" / "programme.yaml", f"{name}: {old}", f"{name}: {new}")
    assert mistakes(packs) == [("programme.yaml", line, key, f"is {new}, and its quote names {named}")]


@pytest.mark.parametrize(
    ("key", "line", "limit", "written"), [("profile.max_chars", 5, 100, 120), ("text.max_chars", 6, 1500, 1200)]
)
def test_limit_that_departs_from_the_guide_is_named(
    packs: Path, edit: Edit, key: str, line: int, limit: int, written: int
) -> None:
    edit(packs / "sea" / "form.yaml", f"max_chars: {limit}", f"max_chars: {written}")
    assert mistakes(packs) == [("form.yaml", line, key, f"is {written}, and the guide's limit is {limit}")]


def test_topics_may_be_left_undecided_but_not_forgotten(packs: Path) -> None:
    (packs / "sea" / "topics.yaml").write_text("undecided: [fee, no-such-topic]\n", "utf-8")
    found = {key: message for _, _, key, message in mistakes(packs)}
    assert found["no-such-topic"] == "is no topic: describe it under ask, or mend its name"
    assert found["refund"].startswith("is undecided: give it quotes")
    assert "fee" not in found


def test_topic_decided_and_undecided_is_a_mistake(packs: Path) -> None:
    (packs / "sea" / "topics.yaml").write_text("not_stated: [fee]\nundecided: [fee]\n", "utf-8")
    assert mistakes(packs) == [("topics.yaml", 2, "undecided[0]", "fee is decided already")]


def test_marks_wait_until_they_are_deleted(packs: Path, edit: Edit) -> None:
    edit(packs / "sea" / "programme.yaml", "year: 2030", "year: 2030  # proposed: check (from the title)")
    found = waiting(packs / "sea")
    assert [(Path(one.file).name, one.line, one.message) for one in found] == [
        ("programme.yaml", 3, "proposed: check (from the title)")
    ]
