"""Several answers in one text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows.pasting import merged, names_several, split, understand
from bot.flows.shown import Pasted
from bot.flows.values import Problem
from knowledge.form import FieldType, Form, Section
from knowledge.wording import Wording
from tests.fixtures.boats import BEFORE_PAPERS, BOATS
from tests.fixtures.forms import MOMENT, Dialog, both, make_field

COMPANY = make_field("company", label=Wording("公司名称（中文）", "Company name (Chinese)"))
STORY = make_field("story", FieldType.LONGTEXT, label=Wording("创新成果简介", "Summary"))
MAIL = make_field("mail", FieldType.EMAIL, label=Wording("电子邮箱", "E-mail"))
SITE = make_field("site", FieldType.URL, label=Wording("网址", "Web site"))
FIVE = make_field("five", label=Wording("5 项重要专利", "Five patents"))
FIRST_PHONE = make_field("phone1", FieldType.PHONE, label=Wording("联系电话", "Phone"))
SECOND_PHONE = make_field("phone2", FieldType.PHONE, label=Wording("联系电话", "Phone"))
SHEET = Form("v1", (Section("s", both("s"), (COMPANY, STORY, MAIL, SITE, FIVE, FIRST_PHONE, SECOND_PHONE)),))


def values(text: str, form: Form = SHEET) -> dict[str, object]:
    return dict(understand(text, form, {}, MOMENT).values)


@pytest.mark.parametrize(
    "text",
    [
        "公司名称（中文）：某某公司\n电子邮箱：a@example.com",
        "公司名称(中文): 某某公司\n电子邮箱: a@example.com",
        "公司名称：某某公司\n电子邮箱（必填）：a@example.com",
        "1. 公司名称（中文）：某某公司\n2、电子邮箱：a@example.com",
        "（一）公司名称（中文）：某某公司\n（二）电子邮箱：a@example.com",
        "一、公司名称（中文）：某某公司\n(2) 电子邮箱：a@example.com",
        "第1项 公司名称（中文）：某某公司\n第2项：电子邮箱：a@example.com",
        "• 公司名称（中文）\t某某公司\n- E-MAIL\ta@example.com",
        "Company name (Chinese): 某某公司\nE-mail: a@example.com",
        "**公司名称（中文）**：某某公司\n* 电子邮箱：a@example.com",
        "公 司 名 称（中文）：某某公司\r\n电子邮箱：\r\na@example.com",
    ],
)
def test_labelled_lines_are_read(text: str) -> None:
    assert names_several(text, SHEET, {})
    assert values(text) == {"company": "某某公司", "mail": "a@example.com"}


def test_value_goes_on_over_lines() -> None:
    text = "公司名称：某某\n公司\n创新成果简介：第一段。\n特点：快、省。\n\n1. 第二段。\n电子邮箱：a@example.com"
    assert values(text) == {
        "company": "某某 公司",
        "story": "第一段。\n特点：快、省。\n1. 第二段。",
        "mail": "a@example.com",
    }


def test_unknown_label_behind_a_short_answer_belongs_to_nothing() -> None:
    found = understand("公司名称：某某公司\n法人代表：张三\n电子邮箱：a@example.com", SHEET, {}, MOMENT)
    assert (dict(found.values), list(found.rest)) == (
        {"company": "某某公司", "mail": "a@example.com"},
        ["法人代表：张三"],
    )


def test_label_that_begins_with_a_number_is_no_numbering() -> None:
    assert values("5 项重要专利：见附件\n3. 网址：https://example.com/a:b") == {
        "five": "见附件",
        "site": "https://example.com/a:b",
    }


def test_label_of_two_fields_is_read_only_where_it_stands_twice() -> None:
    once = understand("公司名称：某某\n联系电话：13800138000", SHEET, {}, MOMENT)
    assert (list(once.values), list(once.rest)) == (["company"], ["联系电话：13800138000"])
    twice = values("联系电话：13800138000\n联系电话：010-12345678")
    assert twice == {"phone1": "+8613800138000", "phone2": "+861012345678"}


def test_label_given_twice_for_one_field_is_read_neither_time() -> None:
    found = understand("公司名称：甲\n公司名称：乙\n电子邮箱：a@example.com", SHEET, {}, MOMENT)
    assert (list(found.values), list(found.rest)) == (["mail"], ["公司名称：甲", "公司名称：乙"])


def test_answer_that_does_not_fit_is_named_with_its_problem() -> None:
    found = understand("公司名称：某某\n电子邮箱：没有", SHEET, {}, MOMENT)
    assert (list(found.values), found.problems) == (["company"], {"mail": Problem("email", {"text": "没有"})})


@pytest.mark.parametrize(
    "text",
    [
        "公司名称：某某公司",
        "公司名称：某某公司\n第二行",
        "公司名称：\n电子邮箱：",
        "https://a.example\nhttps://b.example",
        "说明：一\n备注：二",
    ],
)
def test_fewer_than_two_known_labels_are_one_answer(text: str) -> None:
    assert not names_several(text, SHEET, {})


def test_pasted_choice_makes_the_next_field_appear() -> None:
    found = understand("填报语言：英文\n来自：国外\n船员人数：三十人\n邮编：SW1A", BOATS, {}, MOMENT)
    assert found.values == {"origin": "abroad", "language": "en", "crew": "30", "postcode": "SW1A"}


def test_consents_tables_and_files_are_not_pasted() -> None:
    found = understand("参赛须知：同意\n船东名单：张三\n资质材料：a.pdf\n邮件标题：x\n联系人：李四", BOATS, {}, MOMENT)
    assert (list(found.values), {problem.kind for problem in found.problems.values()}) == (
        ["contact"],
        {"paste_not_here"},
    )
    assert list(found.problems) == ["agree", "owners", "licence", "subject"]


def test_paste_is_shown_first_and_stored_by_one_word() -> None:
    dialog = Dialog(BOATS)
    shown = dialog.say("同意", "联系人：李四\n来自：国内").show
    assert isinstance(shown, Pasted)
    assert ([field.key for field, _, _ in shown.read], "contact" in dialog.answers) == (["origin", "contact"], False)
    dialog.tap("paste:all")
    assert (dialog.answers["contact"], dialog.answers["origin"], dialog.at) == ("李四", "home", "Ask sails")
    assert dialog.notes == ["paste_stored", "only_option"]


def test_question_that_was_open_is_asked_after_a_paste() -> None:
    dialog = Dialog(BOATS)
    dialog.say("同意", "联系人：李四\n邮编：430000")
    dialog.tap("paste:all")
    assert dialog.at == "Ask origin"


def test_what_could_not_be_read_is_asked_first_and_then_what_was_open() -> None:
    dialog = Dialog(BOATS)
    dialog.say("同意", "联系人：李四\n船员人数：很多")
    dialog.tap("paste:all")
    assert dialog.at == "Ask crew"
    dialog.say("12")
    assert dialog.at == "Ask origin"


def test_paste_over_an_earlier_answer_names_old_and_new() -> None:
    dialog = Dialog(BOATS)
    shown = dialog.say("同意", "国内", "来自：国外\n联系人：李四").show
    assert isinstance(shown, Pasted)
    assert [(field.key, new, old) for field, new, old in shown.read] == [
        ("origin", "abroad", "home"),
        ("contact", "李四", None),
    ]


@pytest.mark.parametrize("word", ["返回", "都不存", "取消"])
def test_paste_can_be_dropped(word: str) -> None:
    dialog = Dialog(BOATS)
    dialog.say("同意", "联系人：李四\n来自：国内", word)
    assert (dialog.at, dialog.notes, "contact" in dialog.answers) == ("Ask origin", ["paste_dropped"], False)


def test_pasted_text_may_be_the_answer_to_the_question_itself() -> None:
    dialog = Dialog(BOATS)
    text = "联系人：李四\n来自：国内"
    shown = dialog.say(*BEFORE_PAPERS[:4], text).show
    assert isinstance(shown, Pasted)
    assert shown.asked is not None
    assert shown.asked.key == "done"
    dialog.tap("paste:one")
    dialog.say("完成")
    assert (dialog.answers["done"], "contact" in dialog.answers) == (text, False)


def test_another_paste_takes_the_place_of_the_first() -> None:
    dialog = Dialog(BOATS)
    dialog.say("同意", "联系人：李四\n来自：国内", "联系人：王五\n来自：国外")
    dialog.tap("paste:all")
    assert (dialog.answers["contact"], dialog.answers["origin"]) == ("王五", "abroad")


def test_second_message_of_a_paste_goes_on_where_the_first_was_cut() -> None:
    dialog = Dialog(BOATS)
    dialog.say("同意", "来自：国内\n已取得的成效：跑了三场，", "还有两场。\n联系人：李四\n来自：国外")
    dialog.tap("paste:all")
    answers = dialog.answers
    assert (answers["done"], answers["contact"], answers["origin"]) == ("跑了三场，\n还有两场。", "李四", "abroad")


def test_other_words_at_a_paste_are_explained_and_it_stays() -> None:
    dialog = Dialog(BOATS)
    dialog.say("同意", "联系人：李四\n来自：国内", "嗯")
    assert (dialog.problem, dialog.at) == ("paste_words", "Pasted")


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="公司名称：:\n 1.、（）中文电子邮箱a@b\t", max_size=60))
def test_no_line_of_any_text_is_lost(text: str) -> None:
    kept = "".join(f"{piece.label}{piece.text}" for piece in split(text, SHEET))
    letters = sorted(character for character in text if character in "公司名称中文电子邮箱ab@")
    assert sorted(character for character in kept if character in "公司名称中文电子邮箱ab@") == letters


MOBILE = make_field("mobile", FieldType.PHONE, label=Wording("联系人手机", "Contact's mobile"))
POST = make_field("post", FieldType.EMAIL, label=Wording("联系人电子邮箱", "Contact's e-mail"))
ENDINGS = Form("v1", (Section("s", both("s"), (COMPANY, STORY, FIRST_PHONE, SECOND_PHONE, MOBILE, POST)),))


@pytest.mark.parametrize("mobile", ["手机", "联系人手机", "手 机（必填）", "Mobile", "contact's mobile"])
def test_ending_of_one_label_alone_names_its_field(mobile: str) -> None:
    text = f"公司名称：某某公司\n{mobile}：010-12345678"
    assert values(text, ENDINGS) == {"company": "某某公司", "mobile": "+861012345678"}


@pytest.mark.parametrize("label", ["电话", "机", "name", "手机号"])
def test_ending_of_several_labels_or_of_none_names_nothing(label: str) -> None:
    found = understand(f"公司名称：某某公司\n电子邮箱：a@example.com\n{label}：010-12345678", ENDINGS, {}, MOMENT)
    assert (dict(found.values), list(found.rest)) == (
        {"company": "某某公司", "post": "a@example.com"},
        [f"{label}：010-12345678"],
    )


def test_ending_gives_way_to_the_whole_label() -> None:
    text = "公司名称：某某公司\n联系人手机：010-12345678\n手机：010-87654321"
    found = understand(text, ENDINGS, {}, MOMENT)
    assert (dict(found.values), list(found.rest)) == (
        {"company": "某某公司", "mobile": "+861012345678"},
        ["手机：010-87654321"],
    )


def test_later_text_replaces_what_an_earlier_one_said_by_a_labels_ending() -> None:
    text = merged("公司名称：某某公司\n手机：010-12345678", "手机：010-87654321", ENDINGS)
    assert values(text, ENDINGS) == {"company": "某某公司", "mobile": "+861087654321"}
