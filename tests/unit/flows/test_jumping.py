"""Going to any field by name or number, the review by section, and forms that change under a draft."""

from dataclasses import replace

import pytest

from bot.flows.shown import Review
from knowledge.form import Field, FieldType, Form, Option, Section
from tests.fixtures.boats import BEFORE_PAPERS, BOATS, LICENCE, OUTLOOK, SAILS, make_file, make_long
from tests.fixtures.forms import FIRST_HALF, Dialog, both


@pytest.mark.parametrize(
    "said",
    [
        "跳到 4",
        "跳到第4项",
        "第4项",
        "第 4 题",
        "goto 4",
        "go to 4",
        "修改 4",
        "跳到 帆的种类",
        "goto sails",
        "修改帆的种类",
    ],
)
def test_jump_from_any_prompt(said: str) -> None:
    dialog = Dialog(BOATS)
    dialog.say("同意", said)
    assert dialog.at == "Ask sails"


def test_jump_from_a_long_text_keeps_what_was_written() -> None:
    dialog = Dialog(BOATS)
    dialog.say(*BEFORE_PAPERS[:4], "写了一半", "跳到 2", "国外", "跳到 6")
    assert (dialog.at, dialog.cursor["drafts"]) == ("Collect done", {"done": ["写了一半"]})


@pytest.mark.parametrize("said", ["跳到 99", "goto nowhere", "跳到 0"])
def test_jump_to_what_is_not_there_offers_the_sections(said: str) -> None:
    dialog = Dialog(BOATS)
    dialog.say("同意", said)
    assert (dialog.at, dialog.problem) == ("ChooseSection", "no_such_field")


def test_jump_by_number_at_a_table_and_change_of_a_row_differ() -> None:
    dialog = Dialog()
    dialog.say(*FIRST_HALF, "灯罩", "跳过", "2026-03-01")
    dialog.say("修改 1")
    assert dialog.at == "Ask parts.1.part"
    dialog.say("跳到 2")
    assert dialog.at == "Ask kind"


def test_jump_from_the_review_leads_back_there() -> None:
    dialog = Dialog(make_long(60))
    dialog.say("核对", "跳到 42", "答案")
    assert (dialog.at, dialog.answers) == ("Review", {"q42": "答案"})


def test_review_by_section_and_to_a_field_of_it() -> None:
    dialog = Dialog(make_long(60))
    dialog.say("核对")
    shown = dialog.tap("section:s3").show
    assert isinstance(shown, Review)
    assert shown.section is not None
    assert (shown.section.key, [item.field.key for item in shown.gaps_in(shown.section)]) == ("s3", ["q25", "q30"])
    dialog.tap("field:q25")
    assert dialog.at == "Ask q25"
    dialog.say("答案")
    assert dialog.at == "Review"
    dialog.say("部分4")
    shown = dialog.step.show
    assert isinstance(shown, Review)
    assert shown.section is not None
    dialog.say("返回")
    shown = dialog.step.show
    assert isinstance(shown, Review)
    assert (shown.section, dialog.say("返回").cursor["field"]) == (None, "q60")


def test_progress_counts_and_names_what_is_missing() -> None:
    dialog = Dialog(make_long(60))
    note = dialog.say("答案", "进度").notes[0]
    assert (note.values["filled"], note.values["total"], len(note.values["gaps"])) == (1, 60, 12)


def changed(*fields: Field) -> Form:
    """The boats' form with these fields instead of those of their keys."""
    new = {field.key: field for field in fields}
    sections = (replace(one, fields=tuple(new.get(field.key, field) for field in one.fields)) for one in BOATS.sections)
    return Form("b2", tuple(sections))


def filled() -> Dialog:
    dialog = Dialog(BOATS)
    dialog.say(*BEFORE_PAPERS)
    dialog.send(make_file(size=2_000_000))
    dialog.say("完成", "跳过", "李四", "保留不变")
    return dialog


def test_changed_form_with_options_gone_and_new_limits_asks_just_those() -> None:
    dialog = filled()
    fewer = replace(SAILS, options=(*SAILS.options[1:], Option("oar", both("桨"))))
    assert LICENCE.file is not None
    smaller = replace(LICENCE, file=replace(LICENCE.file, max_bytes=1_000_000))
    dialog.form = changed(fewer, smaller, replace(OUTLOOK, max_chars=3))
    dialog.open(changed=True)
    assert (dialog.at, dialog.step.notes[0].values["count"]) == ("Ask sails", 3)
    assert dialog.answers["sails"] == ["main", "jib"]
    dialog.say("前帆")
    assert dialog.at == "Collect outlook"
    dialog.say("短。", "完成")
    assert dialog.at == "Files licence"
    dialog.say("替换")
    dialog.send(make_file("small.pdf"))
    dialog.say("完成")
    assert (dialog.at, dialog.say("提交").outcome) == ("Review", "submit")


def test_changed_form_without_fields_that_were_under_way_finds_home() -> None:
    dialog = filled()
    dialog.say("修改 未来展望", "写了一半")
    work = tuple(field for field in BOATS.sections[2].fields if field.key != "outlook")
    dialog.form = Form("b2", (*BOATS.sections[:2], replace(BOATS.sections[2], fields=work), *BOATS.sections[3:]))
    dialog.open(changed=True)
    assert (dialog.at, dialog.answers["outlook"]) == ("Review", "再跑十场。")
    assert dialog.say("提交").outcome == "submit"
    dialog.form = BOATS
    dialog.open(changed=True)
    dialog.say("提交")
    assert dialog.at == "Collect outlook"


def test_changed_form_with_another_type_asks_again() -> None:
    dialog = filled()
    dialog.form = changed(replace(SAILS, type=FieldType.CHOICE))
    dialog.open(changed=True)
    assert dialog.at == "Ask sails"
    dialog.say("1")
    assert dialog.answers["sails"] == "main"


def test_changed_form_with_a_new_required_field_asks_it() -> None:
    dialog = filled()
    more = replace(BOATS.sections[4], fields=(*BOATS.sections[4].fields, replace(SAILS, key="spare")))
    dialog.form = Form("b2", (*BOATS.sections[:4], more))
    dialog.open(changed=True)
    shown = dialog.step.show
    assert isinstance(shown, Review)
    assert [gap.field.key for gap in shown.gaps] == ["spare"]
    dialog.say("继续")
    assert dialog.at == "Ask spare"


def test_sections_of_a_form_keep_their_fields() -> None:
    assert isinstance(BOATS.section_of("sails"), Section)
    assert (BOATS.section_of("sails").key, BOATS.position("sails"), BOATS.has("gone")) == ("boat", 3, False)
