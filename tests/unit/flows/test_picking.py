"""Several options of one question, and choices that leave nothing to choose."""

from bot.flows.shown import Ask
from tests.fixtures.boats import BOATS
from tests.fixtures.forms import Dialog


def at_sails(origin: str = "国内") -> Dialog:
    dialog = Dialog(BOATS)
    dialog.say("同意", origin)
    if dialog.at == "Ask language":
        dialog.say("中文")
    return dialog


def picked(dialog: Dialog) -> list[str]:
    assert isinstance(dialog.step.show, Ask)
    return list(dialog.step.show.picked)


def test_taps_toggle_until_done() -> None:
    dialog = at_sails()
    dialog.tap("jib")
    dialog.tap("main")
    dialog.tap("jib")
    assert (dialog.at, picked(dialog), "sails" in dialog.answers) == ("Ask sails", ["main"], False)
    dialog.tap("spin")
    dialog.say("完成")
    assert (dialog.answers["sails"], dialog.at) == (["main", "spin"], "Ask crew")


def test_typed_list_is_the_answer_at_once() -> None:
    dialog = at_sails()
    dialog.say("2、1")
    assert (dialog.answers["sails"], dialog.at, dialog.notes) == (["main", "jib"], "Ask crew", ["echo"])


def test_typed_after_tapped_is_added() -> None:
    dialog = at_sails()
    dialog.tap("jib")
    dialog.say("主帆")
    assert (picked(dialog), "sails" in dialog.answers) == (["main", "jib"], False)


def test_done_with_nothing_left_is_told() -> None:
    dialog = at_sails()
    dialog.tap("jib")
    dialog.tap("jib")
    dialog.say("完成")
    assert (dialog.at, dialog.problem) == ("Ask sails", "nothing_picked")


def test_going_on_without_done_is_asked_about() -> None:
    dialog = at_sails()
    dialog.tap("jib")
    dialog.say("跳过")
    assert (dialog.at, dialog.problem) == ("Ask sails", "draft_waiting")
    dialog.say("清空")
    assert picked(dialog) == []


def test_later_taps_start_from_what_is_stored() -> None:
    dialog = at_sails()
    dialog.say("1,2", "返回")
    dialog.tap("main")
    assert (picked(dialog), dialog.answers["sails"]) == (["jib"], ["main", "jib"])
    dialog.say("完成")
    assert dialog.answers["sails"] == ["jib"]


def test_only_option_is_answered_and_told() -> None:
    dialog = Dialog(BOATS)
    dialog.say("同意", "国内")
    assert (dialog.at, dialog.answers["language"], dialog.notes) == ("Ask sails", "zh", ["only_option"])


def test_answer_that_is_no_longer_offered_is_asked_again() -> None:
    dialog = at_sails("国外")
    dialog.say("风筝帆", "返回", "返回", "返回", "国内")
    assert dialog.at == "Ask sails"
    assert dialog.answers["sails"] == ["kite"]
    offered = dialog.step.show
    assert isinstance(offered, Ask)
    assert [option.value for option in offered.options] == ["main", "jib", "spin"]


def test_stored_option_gives_way_to_the_only_one_left_and_it_is_told() -> None:
    dialog = Dialog(BOATS)
    dialog.say("同意", "国外", "英文", "返回", "返回", "国内")
    assert (dialog.answers["language"], dialog.notes) == ("zh", ["only_option"])
