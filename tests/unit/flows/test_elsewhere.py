"""What the page and the chat write to one draft at the same time: nothing moves, nothing is lost unseen."""

from typing import Any
from unittest.mock import Mock

import pytest

from bot.flows import entries, pasting
from bot.flows.entries import Change, DeleteRow, Detach, Entered, Write
from bot.flows.values import Input, digest
from tests.fixtures.boats import BEFORE_PAPERS, BOATS, make_file
from tests.fixtures.forms import FIRST_HALF, FORM, MOMENT, PART_ROW, WHOLE, Dialog

SECOND = {"part": "提手", "made_on": "2026-04-01"}
TWO = "作品名称：大橘灯\n邮箱：new@example.com"


def on_page(dialog: Dialog, change: Change) -> Entered:
    """Makes a change on the page of the same draft."""
    entered = entries.enter(dialog.form, dialog.answers, dialog.cursor, change, MOMENT)
    for key, value in entered.changes.items():
        dialog.answers[key] = value
        if value is None:
            del dialog.answers[key]
    dialog.cursor = dict(entered.kept)
    return entered


def delete_row(dialog: Dialog, row: int) -> None:
    on_page(dialog, DeleteRow("parts", row, digest(dialog.answers["parts"][row])))


def in_second_row() -> Dialog:
    """At the date of the second row."""
    dialog = Dialog()
    dialog.say(*FIRST_HALF, *PART_ROW, "添加", "提手", "跳过")
    assert dialog.at == "Ask parts.2.made_on"
    return dialog


def test_chat_answer_follows_its_row_when_an_earlier_one_is_deleted_on_the_page() -> None:
    dialog = in_second_row()
    delete_row(dialog, 0)
    dialog.say("2026-04-01")
    assert (dialog.problem, dialog.answers["parts"]) == ("", [SECOND])


def test_chat_answer_to_a_row_deleted_on_the_page_goes_nowhere() -> None:
    dialog = in_second_row()
    delete_row(dialog, 1)
    dialog.say("2026-04-01")
    assert (dialog.problem, dialog.at, len(dialog.answers["parts"])) == ("rows_words", "Rows parts", 1)


def test_row_deleted_on_the_page_behind_a_question_of_the_chat_is_not_come_back_to() -> None:
    dialog = in_second_row()
    dialog.say("取消")
    delete_row(dialog, 1)
    dialog.say("继续")
    assert dialog.at == "Rows parts"


def test_new_row_of_the_chat_stays_behind_those_that_are_left() -> None:
    dialog = Dialog()
    dialog.say(*FIRST_HALF, *PART_ROW, "添加")
    delete_row(dialog, 0)
    dialog.say("提手")
    assert dialog.answers["parts"] == [{"part": "提手"}]


def test_row_deleted_in_the_chat_takes_what_the_page_kept_of_later_rows_up() -> None:
    dialog = in_second_row()
    dialog.say("2026-04-01")
    on_page(dialog, Write("parts", "明年", digest(SECOND), 1, "made_on", whole=True))
    dialog.say("删除 1")
    assert (dialog.answers["parts"], dialog.cursor["typed"]) == ([SECOND], {"parts.0.made_on": ["明年"]})


def test_file_taken_away_on_the_page_leaves_the_one_that_is_replaced_in_the_chat() -> None:
    dialog = Dialog(BOATS)
    dialog.say(*BEFORE_PAPERS)
    dialog.send(make_file())
    dialog.say("完成")
    dialog.send(make_file("a.jpg"), make_file("b.jpg"))
    dialog.say("替换 2")
    on_page(dialog, Detach("pictures", make_file("a.jpg")["key"]))
    dialog.send(make_file("c.jpg"))
    assert [one["name"] for one in dialog.answers["pictures"]] == ["c.jpg"]


def whole_with_typed(key: str, text: str) -> Dialog:
    """Everything is answered, and the page has kept another text for one field."""
    dialog = Dialog()
    dialog.say(*WHOLE)
    on_page(dialog, Write(key, text, digest(dialog.answers.get(key)), whole=True))
    assert dialog.cursor["typed"] == {key: [text]}
    return dialog


def test_answer_in_the_chat_takes_the_place_of_what_the_page_kept() -> None:
    dialog = whole_with_typed("mail", "nonsense")
    dialog.say("修改 邮箱", "lamp2@example.com")
    assert (dialog.answers["mail"], dialog.cursor.get("typed")) == ("lamp2@example.com", None)


def test_cell_answered_in_the_chat_takes_the_place_of_what_the_page_kept() -> None:
    dialog = in_second_row()
    seen = digest(dialog.answers["parts"][1])
    on_page(dialog, Write("parts", "明年", seen, 1, "made_on", whole=True))
    dialog.say("2026-04-01")
    assert (dialog.answers["parts"][1], dialog.cursor.get("typed")) == (SECOND, None)


def test_paste_takes_the_place_of_what_the_page_kept() -> None:
    dialog = whole_with_typed("mail", "nonsense")
    dialog.say(TWO)
    dialog.tap("paste:all")
    assert (dialog.answers["mail"], dialog.cursor.get("typed")) == ("new@example.com", None)


def test_nothing_is_submitted_before_what_the_page_kept_is_settled() -> None:
    dialog = whole_with_typed("phone", "稍后补")
    for said in ("提交", "跳过", "完成"):
        dialog.say(said)
        assert (dialog.at, dialog.problem, dialog.step.outcome) == ("Ask phone", "typed_waiting", "")
    assert dialog.step.problem is not None
    assert dialog.step.problem.values == {"text": "稍后补"}
    dialog.say("清空", "核对", "提交")
    assert (dialog.step.outcome, dialog.cursor.get("typed")) == ("submit", None)


def test_what_the_page_kept_of_a_cell_is_asked_about_there() -> None:
    dialog = Dialog()
    dialog.say(*WHOLE)
    [row] = dialog.answers["parts"]
    on_page(dialog, Write("parts", "明年", digest(row), 0, "made_on", whole=True))
    dialog.say("提交")
    assert (dialog.at, dialog.problem) == ("Ask parts.1.made_on", "typed_waiting")


def test_what_the_page_kept_of_a_row_that_is_gone_keeps_nothing_up() -> None:
    dialog = Dialog()
    dialog.say(*WHOLE)
    dialog.cursor["typed"] = {"parts.2.made_on": ["明年"], "gone": ["?"], "tail": ["hidden"]}
    assert dialog.say("提交").outcome == "submit"


def test_paste_does_not_write_over_what_was_stored_on_the_page_since() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", TWO)
    on_page(dialog, Write("name", "网页灯", digest(None)))
    dialog.tap("paste:all")
    assert (dialog.problem, dialog.at, dialog.answers.get("name")) == ("paste_changed", "Pasted", "网页灯")
    dialog.tap("paste:all")
    assert (dialog.problem, dialog.answers["name"], dialog.answers["mail"]) == ("", "大橘灯", "new@example.com")


def test_paste_goes_in_where_something_else_was_stored_on_the_page_since() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", TWO)
    on_page(dialog, Write("story", "一盏灯。", digest(None)))
    dialog.tap("paste:all")
    assert (dialog.problem, dialog.answers["name"]) == ("", "大橘灯")


def test_pasted_text_that_is_one_answer_is_not_taken_for_a_change_elsewhere() -> None:
    dialog = Dialog()
    dialog.say("同意", "灯", "作品名称：甲\n邮箱：乙")
    dialog.tap("paste:one")
    assert (dialog.problem, dialog.answers["name"]) == ("", "作品名称：甲 邮箱：乙")


def test_pastes_together_are_no_longer_than_one_may_be() -> None:
    dialog = Dialog()
    dialog.say(f"作品名称：灯\n创作故事：{'长' * 40_000}", f"电话：1\n邮箱：{'长' * 40_000}")
    assert (dialog.problem, dialog.at, len(dialog.cursor["pasted"]) < pasting.MOST_RAW) == (
        "paste_too_long",
        "Pasted",
        True,
    )


def paper(length: int) -> dict[str, Any]:
    return {"texts": {"name": ["灯"], "story": ["长" * length]}, "rows": {"parts": [{"part": "灯罩"}]}}


def test_paper_that_says_too_much_is_not_held() -> None:
    dialog = Dialog()
    before = dialog.cursor
    dialog.take(Input(paper=paper(pasting.MOST_RAW)))
    assert (dialog.problem, dialog.cursor) == ("paper_too_long", before)
    dialog.take(Input(paper=paper(pasting.MOST_RAW - 3)))
    assert (dialog.problem, dialog.at) == ("", "Pasted")


def test_labels_of_a_form_are_gathered_a_few_times_however_long_the_paste_is(monkeypatch: pytest.MonkeyPatch) -> None:
    gather = Mock(side_effect=pasting._labels)
    monkeypatch.setattr(pasting, "_labels", gather)
    found = pasting.understand("\n".join(f"未知标签{i}：{i}" for i in range(400)), FORM, {}, MOMENT)
    assert (len(found.rest), gather.call_count) == (400, 2)
