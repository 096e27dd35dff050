from io import BytesIO
from typing import Any

import docx
from docx.oxml import parse_xml

from tests.unit.knowledge.importing.conftest import Guide

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: Any) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def numbered(document: Any, text: str, level: int = 0) -> None:
    """A paragraph that Word numbers by itself."""
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
    )


def numbering(document: Any) -> None:
    """A list of 一、（一）."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/>'
        f'<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, text in enumerate(("%1、", "（%2）"))
    )
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="77">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {W} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def test_styles_bold_lines_and_tables(guide: Guide) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "海燕奖 页眉"
    document.add_heading("海燕奖申报指南", 0)
    document.add_heading("申报条件", 1)
    document.add_paragraph("申报人须年满18周岁，\u3000企业注册满一年。")
    document.add_paragraph("独立法人", style="List Bullet")
    document.add_paragraph().add_run("费用说明").bold = True
    document.add_paragraph("参加本奖不收取任何费用。")
    table = document.add_table(rows=3, cols=2)
    for row, cells in zip(table.rows, [("单位简介", "不超过100字"), ("联系人", ""), ("附注", "")], strict=True):
        row.cells[0].text, row.cells[1].text = cells
    merged = table.rows[2].cells[0].merge(table.rows[2].cells[1])
    merged.text = "以上各项均须填写完整，缺项视为未提交。"
    assert guide("petrel.docx", saved(document)) == (
        "# 海燕奖申报指南\n\n## 申报条件\n\n申报人须年满18周岁， 企业注册满一年。\n\n- 独立法人\n\n### 费用说明\n\n"
        "参加本奖不收取任何费用。\n\n单位简介：不超过100字\n\n联系人\n\n以上各项均须填写完整，缺项视为未提交。\n"
    )


def test_numbers_that_word_writes_by_itself_are_kept(guide: Guide) -> None:
    document = docx.Document()
    numbering(document)
    document.add_paragraph("海燕奖申报指南")
    numbered(document, "申报事宜")
    numbered(document, "申报材料", 1)
    document.add_paragraph("申报书一份，须加盖公章后扫描上传。")
    numbered(document, "申报费用", 1)
    document.add_paragraph("参加本奖不收取任何费用。")
    numbered(document, "其他")
    document.add_paragraph("材料一经提交不予退还，请自留底稿。")
    assert guide("petrel.docx", saved(document)) == (
        "# 海燕奖申报指南\n\n## 一、申报事宜\n\n### （一）申报材料\n\n申报书一份，须加盖公章后扫描上传。\n\n"
        "### （二）申报费用\n\n参加本奖不收取任何费用。\n\n## 二、其他\n\n材料一经提交不予退还，请自留底稿。\n"
    )
