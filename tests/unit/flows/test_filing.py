"""Files in the dialog."""

import pytest

from bot.flows.shown import Files, PickFile
from bot.flows.values import Problem
from tests.fixtures.boats import BEFORE_PAPERS, BOATS, make_file
from tests.fixtures.forms import Dialog


def at_licence() -> Dialog:
    dialog = Dialog(BOATS)
    dialog.say(*BEFORE_PAPERS)
    return dialog


def at_pictures() -> Dialog:
    dialog = at_licence()
    dialog.send(make_file())
    dialog.say("完成")
    return dialog


def names(dialog: Dialog, key: str = "pictures") -> list[str]:
    return [one["name"] for one in dialog.answers.get(key, [])]


def test_file_is_stored_as_it_comes_and_the_prompt_stays() -> None:
    dialog = at_licence()
    shown = dialog.send(make_file()).show
    assert isinstance(shown, Files)
    assert (dialog.at, dialog.notes, shown.can_add, names(dialog, "licence")) == (
        "Files licence",
        ["file_added"],
        False,
        ["执照.pdf"],
    )
    dialog.say("完成")
    assert dialog.at == "Files pictures"


def test_files_of_several_messages_and_of_one() -> None:
    one_by_one, together = at_pictures(), at_pictures()
    one_by_one.send(make_file("a.jpg"))
    one_by_one.send(make_file("b.jpg"))
    together.send(make_file("a.jpg"), make_file("b.jpg"))
    assert names(one_by_one) == names(together) == ["a.jpg", "b.jpg"]
    assert together.notes == ["file_added", "file_added"]


def test_of_several_files_those_that_fit_are_kept_and_each_other_is_named() -> None:
    dialog = at_pictures()
    step = dialog.send(make_file("a.jpg"), make_file("b.pdf"), make_file("c.jpg"), make_file("d.jpg"))
    assert names(dialog) == ["a.jpg", "c.jpg"]
    assert [one.kind for one in (*step.warnings, *([step.problem] if step.problem else []))] == [
        "file_kind",
        "many_files",
    ]


def test_file_that_could_not_be_taken_in_is_told_and_nothing_is_lost() -> None:
    dialog = at_pictures()
    dialog.send(make_file("a.jpg"), refused=(Problem("upload", {"kind": "encrypted", "values": {}}),))
    assert (names(dialog), dialog.problem) == (["a.jpg"], "upload")


def test_recompressed_picture_that_is_too_small_is_marked() -> None:
    dialog = at_licence()
    small = make_file("a.jpg", 149_999)
    step = dialog.send(small, recompressed=frozenset({small["key"]}))
    assert step.problem is not None
    assert (step.problem.kind, step.problem.values["recompressed"]) == ("file_small", True)
    step = dialog.send(small)
    assert step.problem is not None
    assert step.problem.values["recompressed"] is False


def test_done_without_a_required_file_asks_for_it() -> None:
    dialog = at_licence()
    dialog.say("完成")
    assert (dialog.at, dialog.problem) == ("Files licence", "required")


@pytest.mark.parametrize("word", ["跳过", "完成"])
def test_optional_files_can_be_passed(word: str) -> None:
    dialog = at_pictures()
    dialog.say(word)
    assert (dialog.at, "pictures" in dialog.answers) == ("Ask contact", False)


def test_delete_by_number() -> None:
    dialog = at_pictures()
    dialog.send(make_file("a.jpg"), make_file("b.jpg"))
    dialog.say("删除 1")
    assert (names(dialog), dialog.notes, dialog.at) == (["b.jpg"], ["file_deleted"], "Files pictures")
    dialog.say("删除 3")
    assert (names(dialog), dialog.problem) == (["b.jpg"], "no_such_file")
    dialog.say("删除")
    assert "pictures" not in dialog.answers
    dialog.say("删除")
    assert dialog.problem == "no_files"


def test_delete_without_a_number_asks_which() -> None:
    dialog = at_pictures()
    dialog.send(make_file("a.jpg"), make_file("b.jpg"))
    shown = dialog.say("删除").show
    assert isinstance(shown, PickFile)
    dialog.say("返回")
    assert dialog.at == "Files pictures"
    dialog.say("删除")
    dialog.tap("row:2")
    assert names(dialog) == ["a.jpg"]


@pytest.mark.parametrize("said", ["替换 1", "修改 1"])
def test_replace_takes_the_place_of_the_old_one(said: str) -> None:
    dialog = at_pictures()
    dialog.send(make_file("a.jpg"), make_file("b.jpg"))
    shown = dialog.say(said).show
    assert isinstance(shown, Files)
    assert shown.replacing == 1
    dialog.send(make_file("c.jpg"))
    assert (names(dialog), dialog.at) == (["c.jpg", "b.jpg"], "Files pictures")


@pytest.mark.parametrize("word", ["保留不变", "返回"])
def test_replacing_can_be_left(word: str) -> None:
    dialog = at_pictures()
    dialog.send(make_file("a.jpg"))
    dialog.say("替换 1", word)
    shown = dialog.step.show
    assert isinstance(shown, Files)
    assert (shown.replacing, names(dialog), dialog.at) == (None, ["a.jpg"], "Files pictures")


def test_replacement_that_does_not_fit_leaves_the_old_one() -> None:
    dialog = at_licence()
    dialog.send(make_file("a.pdf"))
    dialog.say("替换")
    dialog.send(make_file("b.pdf", 10))
    assert (names(dialog, "licence"), dialog.problem) == (["a.pdf"], "file_small")


def test_text_where_files_are_asked_is_no_answer() -> None:
    dialog = at_licence()
    dialog.say("已经寄出了")
    assert (dialog.at, dialog.problem, "licence" in dialog.answers) == ("Files licence", "not_a_file", False)


def test_file_where_none_is_asked_names_the_fields_that_wait_for_one() -> None:
    dialog = Dialog(BOATS)
    step = dialog.send(make_file())
    assert step.problem is not None
    assert [field.key for field in step.problem.values["fields"]] == ["licence", "pictures"]
    assert (dialog.at, step.changes) == ("Ask agree", {})


def test_page_is_offered_at_every_prompt_and_moves_nothing() -> None:
    dialog = at_licence()
    assert dialog.say("网页").outcome == "page"
    assert dialog.at == "Files licence"
    dialog = Dialog(BOATS)
    assert dialog.say("page").outcome == "page"
