"""What a bare guide is cut into."""

from knowledge.passages import read_passages
from knowledge.units import shown, units_of

TABLE = """# Guide

## Fees

| Category | Early | Standard |
|---|---|---|
| Single | 14 | 18 |
"""


def quotes(text: str) -> list[tuple[str, str]]:
    return [(unit.around, unit.quote.text) for unit in units_of(read_passages(text))]


def test_row_of_a_table_is_shown_with_the_heads_of_its_columns() -> None:
    (unit,) = units_of(read_passages(TABLE))
    assert (unit.quote.text, shown(unit)) == ("| Single | 14 | 18 |", "Single — Early: 14; Standard: 18")


def test_items_stand_under_the_line_that_leads_in() -> None:
    text = "# Guide\n\n## Who\n\nThe applicant must\n\n- be employed;\n- hold a contract.\n"
    assert quotes(text)[1:] == [
        ("Who The applicant must", "be employed;"),
        ("Who The applicant must", "hold a contract."),
    ]


def test_question_of_the_guide_goes_with_its_answer() -> None:
    (unit,) = units_of(read_passages("## Questions\n\nQ. May two people lead?\nA. No. Name one.\n"))
    assert (unit.asked, unit.quote.text) == ("Q. May two people lead?", "Q. May two people lead? A. No. Name one.")


def test_numbered_clause_ends_the_heading_before_it() -> None:
    text = (
        "一、提交\n\n（一）时间\n1.报名：5月31日。\n\n（二）纸质材料。"
        "图书类作品须邮寄样书，其他类别无需提交纸质材料。\n"
    )
    assert [passage.section for passage in read_passages(text)] == ["（一）时间", "一、提交"]


def test_running_head_with_page_numbers_is_left_out() -> None:
    text = "\n\n".join(f"参赛指南全文          第{page}页 共3页\n\n第{page}段正文。" for page in (1, 2, 3))
    assert [passage.text for passage in read_passages(text)] == [
        "参赛指南全文",
        "第1段正文。",
        "第2段正文。",
        "第3段正文。",
    ]


def test_lines_broken_at_a_width_are_joined() -> None:
    lines = [f"words that fill line {number} of a letter somebody broke at some columns" for number in range(6)]
    (passage,) = read_passages("\n".join([*lines, "and end here."]))
    assert passage.text == " ".join([*lines, "and end here."])
