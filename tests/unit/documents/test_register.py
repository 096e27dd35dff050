from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.documents.entry import Entry
from bot.documents.register import write_register
from bot.documents.workbook import LONGEST
from knowledge.form import Condition, Field, FieldType, Form, Option, Section, Stage
from knowledge.wording import Wording
from tests.fixtures.forms import both, make_field
from tests.fixtures.people import NOW, make_programme

KIND = make_field(
    "kind",
    FieldType.CHOICE,
    label=Wording("类型", "Kind"),
    options=(Option("lamp", Wording("灯", "Lamp")), Option("kite", Wording("风筝", "Kite"))),
)
EXPERTS = make_field(
    "experts",
    FieldType.TABLE,
    label=Wording("专家", "Experts"),
    when=(Condition("kind", ("lamp",)),),
    columns=(
        make_field("who", label=Wording("姓名", "Name"), pii=True),
        make_field("call", FieldType.PHONE, label=Wording("电话", "Phone"), pii=True),
        make_field("years", FieldType.NUMBER, label=Wording("从业", "Years"), unit=Wording("年", "years")),
        make_field("since", FieldType.DATE, label=Wording("受聘", "Since")),
    ),
)
FORM = Form(
    "f9",
    (
        Section(
            "one",
            Wording("基本", "Basics"),
            (
                make_field("title", label=Wording("名称", "Title"), identifies=True),
                KIND,
                make_field("tags", FieldType.MULTI_CHOICE, label=Wording("特点", "Traits"), options=KIND.options),
                make_field("price", FieldType.NUMBER, label=Wording("价格", "Price"), unit=Wording("元", "yuan")),
                make_field("made", FieldType.DATE, label=Wording("完成", "Made")),
                make_field("story", FieldType.LONGTEXT, label=Wording("故事", "Story")),
                EXPERTS,
                make_field("tail", label=Wording("尾巴", "Tail"), when=(Condition("kind", ("kite",)),)),
            ),
        ),
        Section(
            "two",
            Wording("其他", "Others"),
            (
                make_field("phone", FieldType.PHONE, label=Wording("电话", "Phone"), pii=True),
                make_field("name", label=Wording("名称", "Title")),
                make_field("agree", FieldType.CONSENT, label=Wording("同意", "Consent")),
                make_field("scans", FieldType.FILE, label=Wording("扫描件", "Scans")),
                make_field("subject", FieldType.COMPUTED, label=Wording("标题", "Subject"), source="{kind}+{title}"),
                make_field("sent", label=Wording("单号", "Parcel"), at=Stage.DELIVERY),
            ),
        ),
    ),
)
ANSWERS: dict[str, Any] = {
    "title": "小橘灯",
    "kind": "lamp",
    "tags": ["lamp", "kite"],
    "price": "12.5",
    "made": "2026-03-05",
    "story": "第一段。\n第二段。",
    "experts": [
        {"who": "王小明", "call": "+862755550101", "years": "12", "since": "2020-01-02"},
        {"who": "李四"},
    ],
    "tail": "秘密的尾巴",
    "phone": "+862755550100",
    "name": "晨光",
    "agree": {"agreed_at": "2026-11-19T20:00:00+00:00", "wording": "v1"},
    "scans": [
        {"key": "0" * 64, "name": "执照.pdf", "kind": "pdf", "size": 1_572_864},
        {"key": "1" * 64, "name": "=1.jpg", "kind": "jpg", "size": 2048},
    ],
    "sent": "SF123",
}
ENTRY = Entry(
    7,
    "LAN-2026-000001-X",
    "in_review",
    entrant="晨光科技有限公司",
    decision="selected",
    submitted_at=datetime(2026, 11, 20, 4, 30, tzinfo=UTC),
    number=2,
    official="done",
    contested=("LAN-2026-000002-Y",),
    person_id=12,
    answers=ANSWERS,
)
PROGRAMME = make_programme(form=FORM)


def register(*entries: Entry, locale: str = "zh", state: str = "") -> Any:
    made = BytesIO()
    count = write_register(iter(entries), made, programme=PROGRAMME, locale=locale, made_at=NOW, state=state)
    assert count == len(entries)
    return load_workbook(made)


def clock(text: str) -> datetime:
    """A time as a sheet holds it, without a zone."""
    return datetime.fromisoformat(text)


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def answered(**changes: Any) -> Entry:
    return replace(ENTRY, answers={**ANSWERS, **changes})


def notes(book: Any) -> list[list[Any]]:
    return [row for row in rows(book["说明"]) if row[0] == ENTRY.receipt]


def test_a_submission_is_a_row_with_a_column_for_each_field() -> None:
    heading, row = rows(register(ENTRY)["申报"])
    assert dict(zip(heading, row, strict=True)) == {
        "回执号": "LAN-2026-000001-X",
        "申报单位（人）": "晨光科技有限公司",
        "状态": "评审中",
        "待公布结果": "最终入选",
        "提交时间（北京时间）": clock("2026-11-20T12:30"),
        "第几版": 2,
        "官方渠道": "已回报完成",
        "同名待确认": "LAN-2026-000002-Y",
        "申报人编号": "#12",
        "名称（基本）": "小橘灯",
        "类型": "灯",
        "特点": "灯、风筝",
        "价格（元）": 12.5,
        "完成": clock("2026-03-05"),
        "故事": "第一段。\n第二段。",
        "专家（项数）": 2,
        "尾巴": None,
        "电话": "027-55550100",
        "名称（其他）": "晨光",
        "同意": clock("2026-11-20T04:00"),
        "扫描件": "执照.pdf（1.5M）\n=1.jpg（2K）",
        "标题": "灯+小橘灯",
        "单号": "SF123",
    }


def test_headings_and_choices_are_in_the_readers_language() -> None:
    heading, row = rows(register(ENTRY, locale="en")["Applications"])
    shown = dict(zip(heading, row, strict=True))
    assert heading[:5] == ["Receipt", "Entrant", "State", "Pending decision", "Submitted (Beijing time)"]
    assert (shown["Kind"], shown["Traits"], shown["Title (Basics)"]) == ("Lamp", "Lamp, Kite", "小橘灯")
    assert shown["Scans"] == "执照.pdf (1.5M)\n=1.jpg (2K)"


def test_a_table_has_a_sheet_of_its_own_and_third_parties_are_masked() -> None:
    book = register(ENTRY)
    assert book.sheetnames == ["申报", "专家", "说明"]
    assert rows(book["专家"]) == [
        ["回执号", "申报单位（人）", "序号", "姓名（已部分隐去）", "电话（已部分隐去）", "从业（年）", "受聘"],
        ["LAN-2026-000001-X", "晨光科技有限公司", 1, "王***", "***01", 12, clock("2020-01-02")],
        ["LAN-2026-000001-X", "晨光科技有限公司", 2, "李***", None, None, None],
    ]


def test_what_a_field_hides_is_nowhere() -> None:
    book = register(answered(kind="kite"))
    shown = [value for sheet in book for row in rows(sheet) for value in row]
    assert "秘密的尾巴" in shown
    assert rows(book["专家"])[1:] == []
    assert [value for value in shown if value in {"王***", "李***"}] == []


def test_somebody_forgotten_has_an_empty_row() -> None:
    _heading, row = rows(register(Entry(7, "LAN-2026-000001-X", "purged"))["申报"])
    assert [value for value in row if value is not None] == ["LAN-2026-000001-X", "已删除"]


def test_answers_to_an_older_form_are_named_and_not_shown() -> None:
    book = register(
        answered(gone=[{"phone": "027-55550199"}], name=[{"phone": "027-55550198"}], price="不详", experts="无")
    )
    heading, row = rows(book["申报"])
    shown = dict(zip(heading, row, strict=True))
    assert (shown["名称（其他）"], shown["价格（元）"], shown["专家（项数）"]) == (None, None, None)
    assert [text for _receipt, text in notes(book)] == [
        f"按旧版表格填的内容没有列入：{name}。查看请发送 /find {ENTRY.receipt} answers"
        for name in ("价格", "专家", "名称", "gone")
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("agree", "yes"),
        ("made", "去年"),
        ("scans", "a.pdf"),
        ("tags", "lamp"),
        ("tags", [{"who": "王小明"}]),
        ("price", "NaN"),
        ("experts", ["王小明"]),
        ("kind", {"who": "王小明"}),
    ],
)
def test_an_answer_of_another_shape_stops_nothing(key: str, value: Any) -> None:
    field: Field = FORM.field(key)
    book = register(answered(**{key: value}), replace(ENTRY, receipt="LAN-2026-000009-A"))
    assert field.label.zh in notes(book)[0][1]
    assert "王小明" not in str([rows(sheet) for sheet in book])
    assert rows(book["申报"])[2][0] == "LAN-2026-000009-A"


def test_a_text_too_long_for_a_cell_is_cut_and_noted() -> None:
    book = register(answered(story="长" * (LONGEST + 1)))
    heading, row = rows(book["申报"])
    story = dict(zip(heading, row, strict=True))["故事"]
    assert len(story) == LONGEST
    assert story.endswith("长……（后文超出单元格的上限，完整内容见系统）")
    assert notes(book) == [[ENTRY.receipt, "“故事”超出单元格的上限，只列了前面的部分。"]]


def test_the_last_sheet_says_what_the_others_hold() -> None:
    assert rows(register(ENTRY, state="in_review")["说明"]) == [
        ["项目", "内容"],
        ["奖项", "灯笼奖"],
        ["生成时间", "2026年11月20日（周五）12:00（北京时间）"],
        ["状态", "评审中"],
        ["份数", "1"],
        [
            "范围",
            "每份申报只列最近提交的一版和提交后补交的内容；草稿和没有问到的项不在其中。同意书一栏是同意的时间。",
        ],
        ["已部分隐去", "专家：姓名\n专家：电话"],
    ]


def test_what_people_typed_is_never_a_formula() -> None:
    evil = '=HYPERLINK("http://x.example","点我")'
    entry = replace(answered(title=evil, story=f"\t{evil}", experts=[{"who": "+1", "call": "=2"}]), entrant="@SUM(A1)")
    kinds = {cell.data_type for sheet in register(entry) for row in sheet.iter_rows() for cell in row}
    assert kinds == {"s", "n", "d"}


def test_a_programme_without_a_form_lists_what_is_known() -> None:
    made = BytesIO()
    write_register([ENTRY], made, programme=make_programme(form=None), locale="zh", made_at=NOW)
    heading, row = rows(load_workbook(made)["申报"])
    assert (len(heading), row[0], row[-1]) == (9, ENTRY.receipt, "#12")


def test_labels_that_no_sheet_can_have_do_no_harm() -> None:
    table = replace(EXPERTS, label=both("专家/顾问: [名单]?"), when=())
    made = BytesIO()
    form = Form("f10", (Section("one", both("one"), (table,)),))
    write_register([ENTRY], made, programme=make_programme(form=form), locale="zh", made_at=NOW)
    assert load_workbook(made).sheetnames == ["申报", "专家 顾问 名单", "说明"]
