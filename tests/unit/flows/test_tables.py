from bot.flows.shown import PickRow, Rows
from tests.fixtures.forms import FIRST_HALF, PART_ROW, Dialog


def at_parts() -> Dialog:
    dialog = Dialog()
    dialog.say(*FIRST_HALF)
    return dialog


def test_required_table_begins_with_its_first_row() -> None:
    assert at_parts().at == "Ask parts.1.part"


def test_row_is_asked_column_by_column_and_saved_as_given() -> None:
    dialog = at_parts()
    dialog.say("灯罩")
    assert (dialog.at, dialog.answers["parts"]) == ("Collect parts.1.note", [{"part": "灯罩"}])
    dialog.say("竹子", "做的", "完成", "2026-03-01")
    assert dialog.answers["parts"] == [{"part": "灯罩", "note": "竹子\n做的", "made_on": "2026-03-01"}]


def test_rows_show_what_may_be_done() -> None:
    dialog = at_parts()
    shown = dialog.say(*PART_ROW).show
    assert isinstance(shown, Rows)
    assert (shown.can_add, shown.can_finish, len(shown.rows)) == (True, True, 1)


def test_done_with_few_rows_warns_and_goes_on() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW, "完成")
    assert ([warning.kind for warning in dialog.step.warnings], dialog.at) == (["few_rows"], "Rows extras")


def test_done_with_an_incomplete_row_goes_to_its_gap() -> None:
    dialog = at_parts()
    dialog.say("灯罩", "跳过", "返回", "返回", "返回")
    assert dialog.at == "Rows parts"
    dialog.say("完成")
    assert (dialog.at, dialog.problem) == ("Ask parts.1.made_on", "row_incomplete")


def test_no_more_rows_than_allowed() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW)
    for name in ("灯芯", "灯座"):
        dialog.say("添加", name, "跳过", "2026-03-01")
    shown = dialog.say("添加").show
    assert isinstance(shown, Rows)
    assert (dialog.problem, shown.can_add, len(shown.rows)) == ("many_rows", False, 3)


def test_same_value_in_two_rows_is_refused() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW, "添加", "灯罩")
    assert (dialog.at, dialog.problem) == ("Ask parts.2.part", "unique")


def test_change_walks_the_row_and_keeps_what_is_kept() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW, "修改 1", "保留", "跳过", "2026-04-02")
    assert (dialog.at, dialog.answers["parts"]) == ("Rows parts", [{"part": "灯罩", "made_on": "2026-04-02"}])


def test_change_without_number_asks_which() -> None:
    dialog = at_parts()
    shown = dialog.say(*PART_ROW, "添加", "灯芯", "跳过", "2026-03-01", "修改").show
    assert isinstance(shown, PickRow)
    dialog.tap("row:2")
    assert dialog.at == "Ask parts.2.part"


def test_delete_takes_the_row_named() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW, "添加", "灯芯", "跳过", "2026-03-01", "删除 1")
    assert [row["part"] for row in dialog.answers["parts"]] == ["灯芯"]
    dialog.say("删除 5")
    assert dialog.problem == "no_such_row"


def test_delete_moves_the_unfinished_text_with_its_row() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW, "添加", "灯芯", "棉线", "返回", "返回", "删除 1", "修改 1", "保留", "完成", "2026-05-01")
    assert dialog.answers["parts"] == [{"part": "灯芯", "note": "棉线", "made_on": "2026-05-01"}]


def test_deleting_the_last_row_of_a_required_table_leaves_a_gap() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW, "删除", "完成")
    assert (dialog.problem, "parts" in dialog.answers) == ("few_rows_hard", False)


def test_optional_table_can_be_passed_with_no_rows() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW, "完成", "跳过")
    assert (dialog.at, dialog.answers["extras"]) == ("Ask mail", [])


def test_done_before_a_new_row_ends_the_table() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW, "添加", "完成")
    assert dialog.at == "Rows extras"


def test_back_from_a_new_row_shows_the_rows() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW, "添加", "返回")
    assert (dialog.at, len(dialog.answers["parts"])) == ("Rows parts", 1)


def test_other_text_at_the_rows_is_explained() -> None:
    dialog = at_parts()
    dialog.say(*PART_ROW, "灯座")
    assert (dialog.at, dialog.problem) == ("Rows parts", "rows_words")
