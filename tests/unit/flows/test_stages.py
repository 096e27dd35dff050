"""What is asked after the submission, values made of others, and edits from two sides."""

from typing import Any

from bot.flows import engine, outline
from bot.flows.shown import Ask, Review, Rows
from bot.flows.values import Input
from knowledge.form import Stage
from knowledge.wording import Wording
from tests.fixtures.boats import BEFORE_PAPERS, BOATS, SUBJECT, make_file
from tests.fixtures.forms import MOMENT, Dialog


def whole() -> Dialog:
    dialog = Dialog(BOATS)
    dialog.say(*BEFORE_PAPERS)
    dialog.send(make_file())
    dialog.say("完成", "跳过", "李四", "保留不变")
    return dialog


def later(stage: Stage, **answers: Any) -> Dialog:
    dialog = Dialog(BOATS.at(stage))
    dialog.answers = {**whole().answers, **answers}
    dialog.open()
    return dialog


def test_only_the_fields_of_the_stage_are_asked() -> None:
    dialog = later(Stage.PACKAGING)
    assert dialog.at == "Files stamped"
    dialog.send(make_file("盖章.pdf"))
    shown = dialog.say("完成").show
    assert isinstance(shown, Review)
    assert (shown.total, shown.complete, shown.stage) == (1, True, Stage.PACKAGING)
    assert dialog.say("完成").outcome == "submit"


def test_condition_within_a_later_stage() -> None:
    dialog = later(Stage.DELIVERY)
    dialog.say("已寄出")
    assert dialog.at == "Ask courier"
    dialog.say("SF123")
    assert isinstance(dialog.step.show, Review)


def test_stage_without_fields_is_a_review_that_can_be_left() -> None:
    dialog = Dialog(BOATS.at(Stage.DELIVERY))
    dialog.say("返回")
    shown = Dialog(dialog.form.__class__("empty")).say("返回", "修改 1", "返回").show
    assert isinstance(shown, Review)
    assert (shown.total, shown.complete) == (0, True)


def test_entry_asks_nothing_of_later_stages() -> None:
    shown = whole().step.show
    assert isinstance(shown, Review)
    assert (shown.complete, shown.total) == (True, 15)


def test_computed_is_shown_in_the_review_and_is_no_answer() -> None:
    dialog = whole()
    shown = dialog.step.show
    assert isinstance(shown, Review)
    (item,) = [item for _, items in shown.sections for item in items if item.field == SUBJECT]
    assert (item.value, "subject" in dialog.answers) == (Wording("国内+李四", "Home+李四"), False)
    assert "subject" not in outline.submitted_answers(BOATS, dialog.answers)


def test_computed_is_empty_while_a_part_is_missing() -> None:
    assert outline.computed(BOATS, {"contact": "李四"}, SUBJECT) == ""
    assert outline.computed(BOATS, {"contact": "李四", "origin": "abroad"}, SUBJECT, "en") == "Abroad+李四"


def test_proposed_value_is_kept_by_a_word_and_no_sooner() -> None:
    dialog = Dialog(BOATS)
    dialog.say(*BEFORE_PAPERS)
    dialog.send(make_file())
    shown = dialog.say("完成", "跳过", "李四").show
    assert isinstance(shown, Ask)
    assert (shown.proposed, [one.key for one in shown.sources], "signer" in dialog.answers) == (
        "李四",
        ["contact"],
        False,
    )
    dialog.say("保留不变")
    assert dialog.answers["signer"] == "李四"


def test_proposed_value_can_be_answered_otherwise() -> None:
    dialog = whole()
    dialog.say("修改 承诺书联系人")
    shown = dialog.step.show
    assert isinstance(shown, Ask)
    assert (shown.current, shown.proposed) == ("李四", "")
    dialog.say("王五")
    assert dialog.answers["signer"] == "王五"


def test_answer_changed_elsewhere_is_not_written_over() -> None:
    dialog = whole()
    dialog.say("修改 联系人")
    dialog.answers["contact"] = "赵六"
    shown = dialog.say("王五").show
    assert isinstance(shown, Ask)
    assert (dialog.problem, shown.current, dialog.answers["contact"]) == ("changed_elsewhere", "赵六", "赵六")
    dialog.say("王五")
    assert (dialog.problem, dialog.answers["contact"]) == ("", "王五")


def test_long_text_changed_elsewhere_is_told_at_its_end_and_kept() -> None:
    dialog = whole()
    dialog.say("修改 未来展望", "新的一句。")
    dialog.answers["outlook"] = "网页上的。"
    dialog.say("再一句。")
    assert dialog.problem == ""
    dialog.say("完成")
    assert (dialog.problem, dialog.answers["outlook"]) == ("changed_elsewhere", "网页上的。")
    dialog.say("完成")
    assert dialog.answers["outlook"] == "新的一句。\n再一句。"


def test_keeping_what_was_changed_elsewhere_is_no_mistake() -> None:
    dialog = whole()
    dialog.say("修改 联系人")
    dialog.answers["contact"] = "赵六"
    dialog.say("保留不变")
    assert (dialog.problem, dialog.at, dialog.answers["contact"]) == ("", "Review", "赵六")


def test_rows_changed_elsewhere_are_shown_before_one_is_deleted() -> None:
    dialog = whole()
    dialog.say("修改 船东名单")
    dialog.answers["owners"] = [{"owner": "新来的"}, {"owner": "张三"}]
    shown = dialog.say("删除 1").show
    assert isinstance(shown, Rows)
    assert (dialog.problem, len(dialog.answers["owners"])) == ("changed_elsewhere", 2)
    dialog.say("删除 1")
    assert dialog.answers["owners"] == [{"owner": "张三"}]


def test_files_changed_elsewhere_are_shown_before_one_is_deleted() -> None:
    dialog = whole()
    dialog.say("修改 资质材料")
    dialog.answers["licence"] = [make_file("网页上的.pdf")]
    dialog.say("删除 1")
    assert (dialog.problem, dialog.answers["licence"][0]["name"]) == ("changed_elsewhere", "网页上的.pdf")


def test_answer_of_a_hidden_field_requires_nothing() -> None:
    answers = {"sent": "yes", "courier": "SF1"}
    hidden = {field.key for field in outline.applicable(BOATS, {"sent": "no", "courier": "SF1"})}
    assert "courier" not in hidden
    assert engine.begin(BOATS.at(Stage.DELIVERY), answers, {}, MOMENT).cursor["at"] == "review"


def test_same_prompt_is_shown_for_the_same_cursor() -> None:
    dialog = whole()
    before = dialog.say("修改 联系人").show
    step = engine.answer(BOATS, dialog.answers, dialog.cursor, Input(word="continue"), MOMENT)
    assert (step.show, step.changes) == (before, {})
