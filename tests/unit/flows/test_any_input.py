"""Whatever comes, in whatever order: a prompt follows that can be shown again, and nothing that was stored is lost."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows import engine, outline, words
from bot.flows.values import Input
from tests.fixtures.boats import BEFORE_PAPERS, BOATS, make_file
from tests.fixtures.forms import MOMENT, Dialog

MOVES = (
    *("返回", "跳过", "核对", "继续", "修改", "取消", "进度", "添加", "撤回", "网页", "都不存", "替换", "删除草稿"),
    *("跳到 4", "第12项", "修改 资质材料", "修改 2", "goto 99", "完成", "保存"),
)
TAPS = (
    "main",
    "jib",
    "kite",
    "section:boat",
    "section:papers",
    "field:licence",
    "row:1",
    "paste:one",
    "paste:none",
    "agree",
)
TEXTS = ("联系人：甲\n来自：国外", "1、2", "三十", "国外", "国内", "一段文字。", *BEFORE_PAPERS)
FILES = (make_file("a.jpg"), make_file("b.pdf", 3_000_000), make_file("c.docx"), make_file("d.pdf", 5))

SAID = st.sampled_from((*MOVES, *TEXTS)).map(words.read_word)
ANY = st.one_of(
    SAID,
    st.sampled_from(TAPS).map(words.read_choice),
    st.sampled_from(FILES).map(lambda one: Input(files=(one,))),
    st.text(max_size=12).map(words.read_word),
)


def whole() -> Dialog:
    dialog = Dialog(BOATS)
    dialog.say(*BEFORE_PAPERS)
    dialog.send(make_file())
    dialog.say("完成", "跳过", "李四", "保留不变")
    return dialog


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY, max_size=20))
def test_any_input_leads_to_a_prompt_that_can_be_shown_again(inputs: list[Input]) -> None:
    dialog = Dialog(BOATS)
    for given_input in inputs:
        dialog.take(given_input)
    shown, cursor = dialog.step.show, dialog.cursor
    assert dialog.open().show == shown
    assert dialog.cursor == cursor


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(MOVES).map(words.read_word), max_size=15))
def test_moving_about_loses_no_answer(inputs: list[Input]) -> None:
    dialog = whole()
    before: dict[str, Any] = dict(dialog.answers)
    for given_input in inputs:
        dialog.take(given_input)
    assert {key: dialog.answers.get(key) for key in before} == before


@settings(max_examples=100, deadline=None)
@given(st.lists(ANY, max_size=20))
def test_what_is_stored_fits_or_is_named_as_a_gap(inputs: list[Input]) -> None:
    dialog = whole()
    for given_input in inputs:
        dialog.take(given_input)
    gaps = {item.field.key for item in outline.gaps(BOATS, dialog.answers, MOMENT)}
    for item in outline.items(BOATS, dialog.answers, MOMENT):
        assert (item.problem is None) is (item.field.key not in gaps)
    step = engine.begin(BOATS, dialog.answers, {}, MOMENT, changed=True)
    assert step.show is not None
