"""Packs for a server of a test: the real ones, and an invented one with a form of its own."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import knowledge.folders

GUIDE = """# 青松奖指南

## 1 关于
青松奖表彰校园里的绿色行动，由青松学社主办。

## 2 费用
参加青松奖需缴纳报名费 30 元。

## 3 联系
有疑问请写信至 pine@example.org。
"""

PROGRAMME = """id: pine
name: {zh: 青松奖, en: Pine Award}
aliases: [青松奖, 青松]
zone: ZONE
receipt: PINE
year: 0
resubmission: all_stand
contacts:
  - purpose: {zh: 咨询邮箱, en: questions by e-mail}
    text: pine@example.org
    quote: 有疑问请写信至 pine@example.org。
"""

FORM = """sections:
  - key: team
    title: {zh: 团队, en: Team}
    fields:
      - key: team_name
        type: text
        required: true
        identifies: true
        max_chars: 20
        label: {zh: 团队名称, en: Name of the team}
      - key: trees
        type: choice
        required: true
        label: {zh: 种过树吗, en: Trees planted?}
        options:
          - {value: "yes", label: {zh: 种过, en: "Yes"}}
          - {value: "no", label: {zh: 没种过, en: "No"}}
      - key: where
        type: text
        required: true
        when: {field: trees, in: ["yes"]}
        label: {zh: 种在哪里, en: Where?}
"""


def noon_zone() -> str:
    """A zone in which it is about noon now, where no quiet hours delay a reminder."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def write_packs(folder: Path) -> Path:
    """The project's packs with the invented one beside them."""
    shutil.copytree(knowledge.folders.PACKS, folder)
    pine = folder / "pine"
    pine.mkdir()
    (pine / "guide.md").write_text(GUIDE, "utf-8")
    (pine / "programme.yaml").write_text(PROGRAMME.replace("ZONE", noon_zone()), "utf-8")
    (pine / "form.yaml").write_text(FORM, "utf-8")
    return folder
