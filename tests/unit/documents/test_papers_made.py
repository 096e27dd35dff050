"""The readable copy, the checklist and the mail."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from typing import Any

from docx import Document

from bot.documents.checklist import checklist
from bot.documents.filing import Filing
from bot.documents.letter import mail_subject, mail_text
from bot.documents.readable import readable_copy
from knowledge.form import FieldType, Form, Section
from knowledge.papers import Mail
from tests.fixtures.filings import Contents, make_answers, make_filing
from tests.fixtures.forms import FORM, both, make_field
from tests.fixtures.people import make_programme


def filing(**changes: Any) -> Filing:
    answers = {**make_answers(Contents()), **changes.pop("answers", {})}
    return make_filing({key: value for key, value in answers.items() if value is not None}, **changes)


def opened(document: bytes) -> Any:
    return Document(BytesIO(document))


def lines(document: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(document).paragraphs if paragraph.text]


def tables(document: bytes) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in opened(document).tables]


def pairs(document: bytes) -> dict[str, str]:
    return {row[0]: row[1] for table in tables(document) for row in table if len(row) == 2}


def test_copy_says_that_nothing_was_officially_submitted() -> None:
    assert lines(readable_copy(filing()))[:7] == [
        "申报信息副本",
        "第二届“创新之光”中小企业国际技术创新优秀成果征集发布活动",
        "回执号：CXZG-2022-000001-X（第 1 次提交）",
        "提交时间：2022年12月1日（周四）14:30（北京时间）",
        "状态：已备妥，尚未正式申报。正式申报请走官方渠道：",
        "邮箱：156330688@qq.com",
        "邮寄：北京市海淀区西直门北大街32号枫蓝国际中心A座1205C室 项目组委会 张箴 010-82292083",
    ]


def test_copy_of_what_was_officially_submitted_says_nothing_of_it() -> None:
    found = lines(readable_copy(filing(official_done=True)))
    assert found[4] == "须知与资格"


def test_copy_shows_labels_not_codes_in_the_applicants_language() -> None:
    shown = pairs(readable_copy(filing(locale="en")))
    assert (shown["Industry field"], shown["Nature of the applicant"]) == ("High-end equipment", "Company")
    assert shown["Pledge 2: secrecy"] == "agreed (2022-11-30 10:00)"


def test_copy_lists_files_with_sizes_and_pages() -> None:
    head, first, *rest = tables(readable_copy(filing()))[-1]
    assert head == ["序号", "对应项目", "文件名", "大小", "页数"]
    assert first == ["1", "资质材料", "scan 1.pdf", "200K", "1"]
    assert (len(rest), rest[0][4]) == (9, "—")


def test_copy_leaves_out_what_is_hidden() -> None:
    shown = readable_copy(filing(answers={"channel": "hubei"}))
    assert "专家推荐理由" not in pairs(shown)
    assert "王小明" not in str(tables(shown))


def test_copy_keeps_answers_whose_field_is_gone() -> None:
    shown = readable_copy(filing(answers={"motto": ["一", {"b": "二"}]}))
    assert pairs(shown)["motto"] == "一\nb: 二"


def test_copy_is_the_same_for_the_same_application() -> None:
    assert readable_copy(filing()) == readable_copy(filing())


def test_checklist_tells_both_readings_and_counts_back_from_the_strict_one() -> None:
    made = checklist(filing(), missing=[], pdf=True)
    assert (
        "截止时间有两种读法：从严是 2022年12月19日（周一）24:00（北京时间）前，"
        "从宽是 2022年12月20日（周二）24:00（北京时间）前。下面的日期按从严的算。"
    ) in lines(made)
    rows = {row[1][:6]: (row[0], row[2]) for row in tables(made)[0]}
    assert rows["4份纸质盖章"] == ("☐", "2022年12月14日（周三）")
    assert rows["把申请材料电"] == ("☐", "2022年12月19日（周一）")


def test_checklist_ticks_what_is_done_and_leaves_out_what_does_not_concern() -> None:
    signed = Contents().add("signed.pdf", b"x")
    answers = {"channel": "hubei", "legal_rep_signature": [signed], "email_sent": "sent", "paper_copies": "not_posted"}
    rows = {row[1][:6]: row[0] for row in tables(checklist(filing(answers=answers), missing=[], pdf=True))[0]}
    assert (rows["打印附件4《"], rows["把申请材料电"], rows["4份纸质盖章"]) == ("☑", "☑", "☐")
    assert "请推荐专家在" not in rows


def test_checklist_names_copies_and_marks() -> None:
    assert tables(checklist(filing(), missing=[], pdf=True))[1][-1] == [
        "附件4 申报承诺书",
        "4 份",
        "手写签字，加盖公章",
    ]


def test_checklist_says_when_a_day_is_over() -> None:
    late = filing(made_at=datetime(2022, 12, 15, 1, tzinfo=UTC))
    days = {row[1][:6]: row[2] for row in tables(checklist(late, missing=[], pdf=True))[0]}
    assert days["4份纸质盖章"] == "2022年12月14日（周三），已过，请尽快"
    assert days["把申请材料电"] == "2022年12月19日（周一）"


def test_checklist_names_lost_files_and_missing_pdfs() -> None:
    made = lines(checklist(filing(), missing=["a.pdf", "b.pdf"], pdf=False))
    assert "注意：以下附件的内容已丢失，没有装进来，请自行补上：a.pdf、b.pdf。" in made
    assert "这里没有生成 PDF：服务器上没有可用的转换程序。Word 文件可以直接打印。" in made


def test_checklist_without_a_deadline_names_no_day() -> None:
    made = checklist(filing(closes_at=None, remind_at=None), missing=[], pdf=True)
    assert {row[2] for row in tables(made)[0][1:]} == {"尽早"}
    assert "截止时间尚未公布，公布后请尽早完成。" in lines(made)


def test_checklist_of_a_programme_without_papers_is_short() -> None:
    plain = make_filing({"name": "x"}, programme=make_programme(), form=FORM, closes_at=None, remind_at=None)
    assert tables(checklist(plain, missing=[], pdf=True)) == []


def mail(subject: str, body: str) -> Mail:
    return Mail("to@example.com", subject, body)


def test_mail_has_the_guides_address_subject_and_text() -> None:
    whole = filing()
    assert whole.papers.mail is not None
    found = mail_text(whole, whole.papers.mail, ["01-a.docx", "02-b.pdf"])
    assert found.split("\n")[0] == "收件人：156330688@qq.com"
    assert "创新之光申报材料+示例科技有限公司+高温合金叶片多光谱在线检测系统" in found.split("\n")
    assert "1. 01-a.docx\n2. 02-b.pdf" in found
    assert "纸质材料寄到：北京市海淀区西直门北大街32号枫蓝国际中心A座1205C室 项目组委会 张箴 010-82292083" in found


def test_mail_reads_no_braces_in_what_was_typed() -> None:
    typed = filing(answers={"ach_name": "{org_name_zh} {{ x }}", "contact_title": None})
    assert mail_subject(typed, mail("{ach_name}+{contact_title}", "x")) == "{org_name_zh} {{ x }}+"


def test_mail_subject_is_one_line() -> None:
    assert mail_subject(filing(answers={"ach_name": "甲\n乙"}), mail("{ach_name}", "x")) == "甲 乙"


def test_copy_shows_rows_of_long_texts_one_after_the_other() -> None:
    long = "长" * 200
    columns = (make_field("part"), make_field("note", FieldType.LONGTEXT))
    form = Form("v1", (Section("one", both("one"), (make_field("parts", FieldType.TABLE, columns=columns),)),))
    rows = [{"part": "灯罩", "note": long}, {"part": "灯座"}]
    shown = readable_copy(make_filing({"parts": rows}, programme=make_programme(form=form), form=form))
    assert tables(shown) == [[["part", "灯罩"], ["note", "note"], [long, long]], [["part", "灯座"]]]
    assert lines(shown)[-4:] == ["one", "parts", "1", "2"]


def test_no_two_tables_of_a_copy_touch() -> None:
    tags = [element.tag.rpartition("}")[2] for element in opened(readable_copy(filing())).element.body]
    assert ("tbl", "tbl") not in set(pairwise(tags))
