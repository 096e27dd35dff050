"""The form beside the facts and sentences of its pack: what departs is named by file, line and key."""

from pathlib import Path

import pytest

from knowledge.form_check import check_form
from knowledge.loader import load_pack

GUIDE = """# 海燕奖

单位简介中英文，不超过100字。应用情况不超过1200字，可附1-2张图片，每张图片不超过3M。

扫描件大小在150K-3M之间。列出5项近三年的专利。作品须在2030年3月1日后发布。

项目说明不超过800字。证书每份不超过2M。
"""
PROGRAMME = """id: sea
name: 海燕奖
year: 2030
facts:
  limit_profile: {value: 100, quote: 单位简介中英文，不超过100字}
  limit_use: {value: 1200, quote: 应用情况不超过1200字}
  pictures: {value: 2, quote: 可附1-2张图片，每张图片不超过3M}
  picture_maximum: {value: 3M, quote: 可附1-2张图片，每张图片不超过3M}
  file_minimum: {value: 150K, quote: 扫描件大小在150K-3M之间}
  file_maximum: {value: 3M, quote: 扫描件大小在150K-3M之间}
  patents: {value: 5, quote: 列出5项近三年的专利}
  patent_years: {value: 3, quote: 列出5项近三年的专利}
"""
FORM = """sections:
  - key: all
    title: {zh: 材料, en: Documents}
    fields:
      - {key: intro, type: longtext, max_words: 100, quote: 单位简介中英文，不超过100字, label: {zh: 简介, en: Profile}}
      - {key: free, type: longtext, max_chars: 300, limit_by: ours, quote: 项目说明, label: {zh: 说明, en: Text}}
      - key: use
        type: group
        max_chars: 1200
        label: {zh: 应用, en: Use}
        quote: 应用情况不超过1200字，可附1-2张图片，每张图片不超过3M
        parts:
          - {key: done, type: longtext, label: {zh: 成效, en: Results}}
      - key: pictures
        type: file
        label: {zh: 图片, en: Pictures}
        quote: 可附1-2张图片，每张图片不超过3M
        file: {max_size: 3M, most: 2}
      - key: scan
        type: file
        label: {zh: 扫描件, en: Scan}
        quote: 扫描件大小在150K-3M之间
        file: {min_size: 150K, max_size: 3M}
      - key: certificate
        type: file
        label: {zh: 证书, en: Certificate}
        quote: 证书每份不超过2M
        file: {max_size: 2M}
      - key: patents
        type: table
        max_rows: 5
        label: {zh: 专利, en: Patents}
        quote: 列出5项近三年的专利
        columns:
          - key: granted_on
            type: date
            label: {zh: 授权日, en: Granted on}
            rules: [{kind: within_years, value: 3}]
      - key: released_on
        type: date
        label: {zh: 发布日, en: Released on}
        rules:
          - {kind: not_before, value: 2030-03-01, quote: 作品须在2030年3月1日后发布。}
          - {kind: not_after, value: 2031-01-01}
"""


def departures(tmp_path: Path, form: str) -> list[tuple[str, int, str, str]]:
    for name, text in (("guide.md", GUIDE), ("programme.yaml", PROGRAMME), ("form.yaml", form)):
        (tmp_path / name).write_text(text, "utf-8")
    return [(Path(one.file).name, one.line, one.key, one.message) for one in check_form(tmp_path, load_pack(tmp_path))]


def test_form_that_agrees_has_no_mistake(tmp_path: Path) -> None:
    assert departures(tmp_path, FORM) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message"),
    [
        ("max_words: 100", "max_words: 150", 5, "intro.max_words", "is 150, and the guide's limit is 100"),
        ("max_words: 100, ", "", 5, "intro.max_chars", "is missing, and the guide's limit is 100"),
        ("max_chars: 1200", "max_chars: 1500", 7, "use.max_chars", "is 1500, and the guide's limit is 1200"),
        (
            "max_size: 3M, most: 2",
            "max_size: 5M, most: 2",
            14,
            "pictures.file.max_size",
            "is 5242880, and the guide's limit is 3145728",
        ),
        (
            "max_size: 3M, most: 2",
            "most: 2",
            14,
            "pictures.file.max_size",
            "is missing, and the guide's limit is 3145728",
        ),
        (", most: 2", ", most: 3", 14, "pictures.file.most", "is 3, and the guide's limit is 2"),
        (", most: 2", "", 14, "pictures.file.most", "is missing, and the guide's limit is 2"),
        ("min_size: 150K, ", "", 19, "scan.file.min_size", "is missing, and the guide's limit is 150000"),
        (
            "max_size: 2M",
            "max_size: 3M",
            24,
            "certificate.file.max_size",
            "is 3145728, and the guide's limit is 2097152",
        ),
        (
            "max_rows: 5",
            "max_rows: 6",
            29,
            "patents.max_rows",
            "the fact patents is 5, and neither the rows nor a rule say so",
        ),
        (
            "value: 3}",
            "value: 2}",
            29,
            "patents.max_rows",
            "the fact patent_years is 3, and neither the rows nor a rule say so",
        ),
        (
            "2030-03-01",
            "2030-03-02",
            39,
            "released_on.rules",
            "not_before says 2030-03-02, and its quote names 2030-03-01",
        ),
    ],
)
def test_departure_is_named(old: str, new: str, line: int, key: str, message: str, tmp_path: Path) -> None:
    assert FORM.count(old) == 1
    assert departures(tmp_path, FORM.replace(old, new)) == [("form.yaml", line, key, message)]


def test_column_is_named_with_its_table_and_line(tmp_path: Path) -> None:
    column = """          - key: note
            type: text
            max_chars: 900
            quote: 项目说明不超过800字
            label: {zh: 备注, en: Note}
"""
    form = FORM.replace("        columns:\n", f"        columns:\n{column}")
    expected = ("form.yaml", 35, "patents.note.max_chars", "is 900, and the guide's limit is 800")
    assert departures(tmp_path, form) == [expected]


def test_own_limit_may_be_any(tmp_path: Path) -> None:
    form = FORM.replace("max_words: 100,", "max_words: 150, limit_by: ours,")
    assert departures(tmp_path, form) == []


def test_two_fields_may_not_share_a_label(tmp_path: Path) -> None:
    form = FORM.replace("label: {zh: 说明, en: Text}", "label: {zh: 简 介, en: Text}")
    assert departures(tmp_path, form) == [("form.yaml", 6, "free.label.zh", "is also the label of intro")]
