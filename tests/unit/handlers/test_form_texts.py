"""Every prompt, note and problem of a form has its words in both languages."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

from bot.flows import pasting, words
from bot.flows.plain import as_text
from bot.flows.values import Input
from bot.handlers.form_texts import row_label, show_step
from knowledge.form import Condition, FieldType, Form, Option, RuleKind, Section
from storage.records import Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.boats import BEFORE_PAPERS, BOATS, make_file, make_long
from tests.fixtures.forms import Dialog, both, make_field
from tests.fixtures.people import NOW, make_turn
from tests.unit.flows.test_any_input import ANY
from tests.unit.handlers.applying import make_chat, only
from tests.unit.handlers.test_apply_files import BOAT_RACE, IN_ENGLISH, incoming

SOMEBODY = Person(1, "applicant", None, "", NOW)
FLOWS = Path(pasting.__file__).parent
TEMPLATES = FLOWS.parent / "templates"
TOLD_ELSEWHERE = {"upload"}  # by files.j2


def named(call: str) -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in FLOWS.glob("*.py"))
    return set(re.findall(rf'\b{call}\(\s*"([a-z_]+)"', text))


def blocks(locale: str) -> set[str]:
    environment = Environment(autoescape=True, loader=FileSystemLoader(TEMPLATES))
    environment.filters["instant"] = str
    return set(environment.get_template(f"{locale}/apply.j2").blocks)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_problem_and_note_has_its_words(locale: str) -> None:
    problems = {f"problem_{kind}" for kind in (named("Problem") | {str(kind) for kind in RuleKind}) - TOLD_ELSEWHERE}
    notes = {f"note_{kind}" for kind in named("Note")}
    assert (problems | notes) - blocks(locale) == set()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_problem_of_the_form_is_named_somewhere(locale: str) -> None:
    known = {f"problem_{kind}" for kind in named("Problem") | {str(kind) for kind in RuleKind}}
    text = "\n".join(path.read_text("utf-8") for path in FLOWS.glob("*.py"))
    unused = {found for found in blocks(locale) if found.startswith("problem_") and found not in known}
    assert {found for found in unused if f'"{found.removeprefix("problem_")}"' not in text} == set()


def rows_of(text: str) -> int:
    """The lines that a text takes on a phone 18 汉字 wide."""
    return sum(-(-sum(2 if ord(c) > 0x2E80 else 1 for c in line) // 36) for line in text.splitlines())


@pytest.mark.parametrize(
    ("locale", "said", "rest"),
    [
        ("zh", BEFORE_PAPERS, ("完成", "替换", "保留不变", "跳过", "李四", "保留不变")),
        ("en", IN_ENGLISH, ("done", "replace", "keep", "skip", "Li Si", "keep")),
    ],
)
def test_prompts_fit_six_lines_of_a_phone(
    uow: UnitOfWork, locale: str, said: tuple[str, ...], rest: tuple[str, ...]
) -> None:
    chat = make_chat(uow, BOAT_RACE, locale=locale)
    chat.say("/apply lantern")
    tall: list[str] = []
    for text in said:
        chat.say(text)
        tall += [chat.last.split("\n\n")[-1]]
    chat.send(*incoming(make_file(pages=12)))
    tall += [chat.last.split("\n\n")[-1]]
    for text in rest[1:]:
        chat.say(text)
        tall += [chat.last.split("\n\n")[-1]]
    assert [prompt for prompt in tall if rows_of(prompt) > 6] == []


@settings(max_examples=80, deadline=None)
@given(st.lists(ANY, max_size=12))
def test_whatever_is_shown_has_words_in_both_languages(inputs: list[Input]) -> None:
    dialog = Dialog(BOATS)
    for given_input in (words.read_word("同意"), words.read_word("国外"), *inputs):
        step = dialog.take(given_input)
        for locale in ("zh", "en"):
            reply = show_step(make_turn(SOMEBODY, locale=locale), step)
            assert reply.text.strip()
            assert all(choice.label.strip() and len(choice.label) <= 40 for choice in reply.choices)


@pytest.mark.parametrize(
    ("row", "label"),
    [
        ({"kind": "patent", "name": "灯", "number": "1"}, "专利 · 灯"),
        ({"kind": "patent"}, "专利"),
        ({"name": "灯", "number": "1"}, "灯"),
        ({}, "—"),
    ],
)
def test_row_in_a_list_is_told_from_others_of_its_kind(row: dict[str, str], label: str) -> None:
    kinds = (Option("patent", both("专利")), Option("design", both("外观")))
    columns = (
        make_field("kind", FieldType.CHOICE, options=kinds),
        make_field("name"),
        make_field("number"),
    )
    assert row_label(make_turn(SOMEBODY), make_field("rights", FieldType.TABLE, columns=columns), row) == label


@pytest.mark.parametrize("said", ["12月5日", "12-5", "12 月 5 号"])
def test_date_without_its_year_is_shown_with_one(said: str, uow: UnitOfWork) -> None:
    day = make_field("day", FieldType.DATE, example=both("2026-01-02"))
    chat = make_chat(uow, replace(BOAT_RACE, form=Form("v", (Section("s", both("s"), (day,)),))))
    chat.say("/apply lantern")
    assert chat.last.splitlines()[2:] == ["请写年月日。", "例：2026-01-02"]
    chat.say(said)
    assert chat.last.split("\n\n")[0] == "还缺哪一年。请连年份一起写，如“2026-12-05”。"


def test_long_table_lists_its_last_rows_and_takes_any_number(uow: UnitOfWork) -> None:
    chat = make_chat(uow, BOAT_RACE)
    chat.say("/apply lantern", *BEFORE_PAPERS[:-3])
    number = only(uow, chat).id
    uow.applications.save_answers(number, {"owners": [{"owner": f"船东{i}"} for i in range(1, 41)]}, chat.now)
    chat.say("跳到 10")
    assert chat.last.splitlines()[2:4] == ["（前面还有 32 行，发“修改 1”可看）", "33. 船东33"]
    chat.say("删除")
    assert (chat.last, len(chat.labels)) == ("删除哪一行？共 40 个，发序号就可以。", 21)
    chat.say("37")
    rows = uow.applications.answers(number)["owners"]
    assert (len(rows), "船东37" in {row["owner"] for row in rows}) == (39, False)


SHAPES = {
    FieldType.TEXT: "文字",
    FieldType.CONSENT: {"agreed_at": "2026-11-20T12:00:00+08:00", "wording": "x"},
    FieldType.MULTI_CHOICE: ["main"],
    FieldType.FILE: [make_file()],
    FieldType.TABLE: [{"owner": "张三"}],
}


@pytest.mark.parametrize("old", SHAPES)
@pytest.mark.parametrize("new", [*SHAPES, FieldType.NUMBER, FieldType.LONGTEXT, FieldType.CHOICE, FieldType.DATE])
def test_changed_type_of_a_field_never_breaks_the_dialog(old: FieldType, new: FieldType) -> None:
    options = (Option("main", both("main")), Option("jib", both("jib")))
    field = make_field("f", new, options=options if "choice" in new else (), columns=(make_field("owner"),))
    dialog = Dialog(Form("v2", (Section("s", both("s"), (field, make_field("other", required=True))),)))
    dialog.answers = {"f": SHAPES[old], "other": "x"}
    dialog.open(changed=True)
    for said in ("核对", "修改 f", "跳过", "完成", "清空", "返回", "添加", "核对", "进度"):
        dialog.say(said)
        assert show_step(make_turn(SOMEBODY), dialog.step).text
    assert as_text(field, SHAPES[old], "zh")


def test_option_that_was_taken_away_cannot_be_kept(uow: UnitOfWork) -> None:
    chat = make_chat(uow, BOAT_RACE)
    chat.say("/apply lantern", "同意", "国外", "英文", "修改 来自", "国内")
    uow.applications.save_answers(only(uow, chat).id, {"language": "en"}, NOW)
    chat.say("修改 填报语言")
    assert "保留不变" not in chat.labels
    chat.say("保留不变")
    assert chat.last.split("\n\n")[0] == "按前面的回答，这个选项现在不能选，请重新选择。"


def test_section_of_which_nothing_is_asked_is_told_so(uow: UnitOfWork) -> None:
    shown = make_field("shown", label=both("可见"))
    hidden = make_field("hidden", when=(Condition("shown", ("never",)),), label=both("不可见"))
    sections = (Section("a", both("甲部分"), (shown,)), Section("b", both("乙部分"), (hidden,)))
    chat = make_chat(uow, replace(BOAT_RACE, form=Form("v", sections)))
    chat.say("/apply lantern", "跳过", "乙部分")
    assert chat.last.split("\n\n")[0] == "按现在的回答，“乙部分”不用填。"


def test_look_at_a_section_names_a_number_that_stands_in_it(uow: UnitOfWork) -> None:
    chat = make_chat(uow, replace(BOAT_RACE, form=make_long(30)))
    chat.say("/apply lantern", "核对", "部分2")
    assert chat.last.splitlines()[1].startswith("11. ")
    assert "发“跳到 11”这样的话可改任一项。" in chat.last
