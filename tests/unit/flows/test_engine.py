from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows.shown import Ask, ChooseField, Collect, Review
from knowledge.form import Form, Section
from tests.fixtures.forms import FIRST_HALF, FORM, KIND, WHOLE, Dialog


def test_begin_shows_the_first_field_with_its_place() -> None:
    shown = Dialog().step.show
    assert isinstance(shown, Ask)
    assert (shown.place.position, shown.place.total, shown.place.section.key) == (1, 8, "terms")


def test_answers_are_saved_as_given() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", "小橘灯")
    assert (dialog.answers["kind"], dialog.answers["name"], dialog.at) == ("lamp", "小橘灯", "Collect story")


def test_wrong_value_changes_nothing() -> None:
    dialog = Dialog()
    dialog.say("同意", "火箭")
    assert (dialog.at, dialog.problem, "kind" in dialog.answers) == ("Ask kind", "not_an_option", False)


def test_condition_shows_a_field_and_counts_it() -> None:
    dialog = Dialog()
    shown = dialog.say("同意", "风筝").show
    assert isinstance(shown, Ask)
    assert (dialog.at, shown.place.total) == ("Ask tail", 9)


def test_hidden_answer_is_kept_and_comes_back() -> None:
    dialog = Dialog()
    dialog.say("同意", "风筝", "三米", "返回", "返回", "灯")
    assert dialog.answers["tail"] == "三米"
    dialog.say("返回", "风筝")
    assert (dialog.at, dialog.answers["tail"]) == ("Ask name", "三米")


def test_required_field_cannot_be_skipped() -> None:
    dialog = Dialog()
    dialog.say("跳过")
    assert (dialog.at, dialog.problem) == ("Ask agree", "required")


def test_required_when_follows_the_condition() -> None:
    lamp, kite = Dialog(), Dialog()
    lamp.say("同意", "灯", "跳过")
    kite.say("同意", "风筝", "三米", "跳过")
    assert (lamp.at, lamp.problem, kite.at) == ("Ask name", "required", "Collect story")


def test_back_from_the_first_field_says_so() -> None:
    dialog = Dialog()
    dialog.say("返回")
    assert (dialog.at, [note.kind for note in dialog.step.notes]) == ("Ask agree", ["first"])


def test_keeping_an_answer_on_the_way_back() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", "返回", "保留不变")
    assert (dialog.at, dialog.answers["kind"]) == ("Ask name", "lamp")


def test_long_text_in_several_messages_until_done() -> None:
    dialog = Dialog()
    shown = dialog.say("同意", "灯", "小橘灯", "第一句。", "第二句。").show
    assert isinstance(shown, Collect)
    assert (shown.count, shown.limit, shown.pieces, "story" in dialog.answers) == (8, 20, 2, False)
    dialog.say("完成")
    assert (dialog.answers["story"], dialog.at) == ("第一句。\n第二句。", "Ask parts.1.part")


def test_long_text_over_the_limit_is_kept_whole() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", "小橘灯", "一" * 15, "二" * 12, "完成")
    assert dialog.step.problem is not None
    assert (dialog.problem, dialog.step.problem.values["over"], dialog.at) == ("too_long", 7, "Collect story")
    dialog.say("撤回", "三", "完成")
    assert dialog.answers["story"] == "一" * 15 + "\n三"


def test_long_text_survives_leaving_and_other_prompts() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", "小橘灯", "写了一半", "核对", "修改 邮箱", "a@example.com")
    assert dialog.at == "Review"
    dialog.say("继续")
    shown = dialog.step.show
    assert isinstance(shown, Collect)
    assert (shown.pieces, shown.count) == (1, 4)


def test_long_text_is_rewritten_only_when_asked() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", "小橘灯", "写了一半", "跳过")
    assert dialog.problem == "draft_waiting"
    dialog.say("重写")
    assert (dialog.at, [note.kind for note in dialog.step.notes]) == ("Collect story", ["cleared"])


def test_long_text_enormous_message_is_refused_and_the_draft_stays() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", "小橘灯", "开头", "字" * 100_000)
    shown = dialog.step.show
    assert isinstance(shown, Collect)
    assert (dialog.problem, shown.count) == ("too_much", 2)


def test_done_without_text_asks_for_it() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", "小橘灯", "完成")
    assert (dialog.at, dialog.problem) == ("Collect story", "nothing_yet")


def test_whole_form_ends_in_a_complete_review() -> None:
    dialog = Dialog()
    shown = dialog.say(*WHOLE).show
    assert isinstance(shown, Review)
    assert (shown.complete, shown.filled, shown.total) == (True, 7, 8)
    assert dialog.say("提交").outcome == "submit"


def test_review_lists_what_is_missing_and_goes_there() -> None:
    dialog = Dialog()
    shown = dialog.say(*FIRST_HALF, "核对").show
    assert isinstance(shown, Review)
    assert [gap.field.key for gap in shown.gaps] == ["parts", "mail"]
    assert dialog.say("提交").problem is not None
    dialog.say("继续")
    assert dialog.at == "Ask parts.1.part"


def test_edit_from_review_returns_to_review() -> None:
    dialog = Dialog()
    dialog.say(*WHOLE, "修改 作品名称", "大橘灯")
    assert (dialog.at, dialog.answers["name"]) == ("Review", "大橘灯")


def test_edit_from_review_asks_what_became_visible() -> None:
    dialog = Dialog()
    dialog.say(*WHOLE, "修改 作品类型", "风筝")
    assert dialog.at == "Ask tail"
    dialog.say("两米")
    assert dialog.at == "Review"


def test_edit_in_the_middle_goes_on_where_it_was() -> None:
    dialog = Dialog()
    dialog.say(*FIRST_HALF, "修改作品名称", "新名字")
    assert (dialog.at, dialog.answers["name"]) == ("Ask parts.1.part", "新名字")


def test_edit_by_choices_and_back() -> None:
    dialog = Dialog()
    dialog.say(*WHOLE, "修改")
    assert dialog.at == "ChooseSection"
    shown = dialog.tap("section:reach").show
    assert isinstance(shown, ChooseField)
    assert [field.key for field in shown.fields] == ["mail", "phone"]
    dialog.tap("field:phone")
    assert dialog.at == "Ask phone"
    dialog.say("返回")
    assert dialog.at == "Review"


def test_edit_of_an_unknown_name_offers_the_sections() -> None:
    dialog = Dialog()
    dialog.say("同意", "修改 颜色")
    assert (dialog.at, dialog.problem) == ("ChooseSection", "no_such_field")
    dialog.say("返回")
    assert dialog.at == "Ask kind"


def test_text_that_begins_like_a_word_is_still_an_answer() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", "修改过的灯")
    assert dialog.answers["name"] == "修改过的灯"


@pytest.mark.parametrize("word", ["保存", "save", "SAVE.", "保存并离开"])
def test_save_leaves_and_comes_back_exactly_there(word: str) -> None:
    dialog = Dialog()
    assert dialog.say("同意", "灯", word).outcome == "leave"
    dialog.open()
    assert dialog.at == "Ask name"


def test_cancel_asks_and_can_be_taken_back() -> None:
    dialog = Dialog()
    dialog.say("同意", "取消")
    assert dialog.at == "ConfirmCancel"
    dialog.say("继续")
    assert dialog.at == "Ask kind"
    assert dialog.say("取消", "删除草稿").outcome == "discard"


def test_progress_keeps_the_prompt() -> None:
    dialog = Dialog()
    note = dialog.say("同意", "进度").notes[0]
    assert (note.values["filled"], note.values["total"], dialog.at) == (1, 8, "Ask kind")


def test_optional_answer_can_be_cleared() -> None:
    dialog = Dialog()
    dialog.say(*WHOLE[:-1], "13800138000", "修改 电话", "清空")
    assert ("phone" in dialog.answers, dialog.at) == (False, "Ask phone")


def test_changed_form_asks_what_no_longer_fits() -> None:
    dialog = Dialog()
    dialog.say(*WHOLE)
    fewer = replace(KIND, options=(KIND.options[1], replace(KIND.options[1], value="boat")))
    work = FORM.sections[1]
    dialog.form = Form(
        "v2", (FORM.sections[0], Section("work", work.title, (fewer, *work.fields[1:])), FORM.sections[2])
    )
    dialog.open(changed=True)
    assert (dialog.at, dialog.step.notes[0].values["count"], dialog.answers["kind"]) == ("Ask kind", 1, "lamp")
    dialog.say("boat")
    assert dialog.at == "Review"


def test_cursor_at_a_field_that_is_gone_finds_home() -> None:
    dialog = Dialog()
    dialog.say("同意")
    dialog.cursor = {**dialog.cursor, "field": "gone", "row": 7, "column": "x", "unheard_of": 1}
    dialog.open()
    assert dialog.at == "Ask kind"


MOVES = ("返回", "跳过", "核对", "继续", "修改", "取消", "进度", "添加", "撤回", "修改 2", "完成", "9")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(MOVES), max_size=14))
def test_moving_about_never_loses_an_answer(moves: list[str]) -> None:
    dialog = Dialog()
    dialog.say(*WHOLE)
    before = dict(dialog.answers)
    for move in moves:
        if not dialog.at.startswith(("Ask", "Collect")) or move != "9":
            dialog.say(move)
    assert {key: dialog.answers.get(key) for key in before} == before


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12) | st.sampled_from((*MOVES, *WHOLE)), max_size=20))
def test_any_input_leads_to_a_prompt_that_can_be_shown_again(texts: list[str]) -> None:
    dialog = Dialog()
    dialog.say(*texts)
    shown = dialog.step.show
    assert dialog.open().show == shown
