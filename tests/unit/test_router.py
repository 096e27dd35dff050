"""Which handler an event belongs to."""

import pytest

from bot.context import State
from bot.handlers import FLOWS, apply, faq, files, start, status
from bot.messages import Choice, Inbound, IncomingFile, Kind
from bot.router import Route, choice_of, choose, fold


def event(text: str = "", **values: object) -> Inbound:
    return Inbound("console", "e1", "chat", "someone", text=text, **values)  # type: ignore[arg-type]


def route(text: str, state: State | None = None) -> Route:
    return choose(event(text), state or State())


ASKED = State(
    number=5, flow="apply", prompt=7, choices=(Choice("a", "甲"), Choice("b", "乙"), Choice("back", "上一步", False))
)


@pytest.mark.parametrize(
    ("text", "handler", "rest"),
    [
        ("/apply tr50", apply.apply, "tr50"),
        ("／申报", apply.apply, ""),
        ("/ＡＰＰＬＹ x", apply.apply, "x"),
        ("/apply　tr50", apply.apply, "tr50"),
        ("/ask\n收费吗", faq.ask, "收费吗"),
        ("申报", apply.apply, ""),
        ("Status", status.status, ""),
        ("/ask 收费吗", faq.ask, "收费吗"),
        ("报名要钱吗", faq.ask, "报名要钱吗"),
        ("申报需要什么材料", faq.ask, "申报需要什么材料"),
        ("help me with the fee", faq.ask, "help me with the fee"),
        ("/nonsense", start.unknown_command, "/nonsense"),
        ("/back", start.nothing_under_way, "/back"),
        ("/返回", start.nothing_under_way, "/返回"),
        ("取消", start.nothing_under_way, "取消"),
        ("取消报名要多久", faq.ask, "取消报名要多久"),
        ("   ", start.empty, ""),
    ],
)
def test_choose_outside_a_flow(text: str, handler: object, rest: str) -> None:
    found = route(text)
    assert (found.handler, found.text) == (handler, rest)


@pytest.mark.parametrize(
    ("text", "handler", "rest", "choice"),
    [
        ("2", FLOWS["apply"].answer, "", "b"),
        ("２", FLOWS["apply"].answer, "", "b"),
        ("乙", FLOWS["apply"].answer, "", "b"),
        ("上一步", FLOWS["apply"].answer, "", "back"),
        ("3", FLOWS["apply"].answer, "3", None),
        ("申报", FLOWS["apply"].answer, "申报", None),
        ("/back", FLOWS["apply"].answer, "back", None),
        ("/status", status.status, "", None),
        ("更多", start.more, "", None),
    ],
)
def test_choose_in_a_flow(text: str, handler: object, rest: str, choice: str | None) -> None:
    found = route(text, ASKED)
    assert (found.handler, found.text, found.choice) == (handler, rest, choice)


@pytest.mark.parametrize("token", ["5.6.0", "5.7.9", "x", "7.1", "", "5.7.", "4.7.1"])
def test_choose_old_button(token: str) -> None:
    assert choose(event(kind=Kind.PRESS, pressed=token), ASKED).handler is start.old_button


def test_choose_button_of_the_prompt() -> None:
    assert choose(event(kind=Kind.PRESS, pressed="5.7.1"), ASKED).choice == "b"


def test_choose_button_that_is_a_command_works_for_ever() -> None:
    found = choose(event(kind=Kind.PRESS, pressed="/apply tr50"), State(prompt=99))
    assert (found.handler, found.text) == (apply.apply, "tr50")


def test_choose_untimely_answer() -> None:
    assert choose(event("某某公司"), ASKED, untimely=True).handler is start.untimely


def test_choose_untimely_command_is_obeyed() -> None:
    assert choose(event("/status"), ASKED, untimely=True).handler is status.status


def test_choose_unreadable() -> None:
    assert choose(event(kind=Kind.OTHER), ASKED).handler is start.unreadable


def test_choose_file_for_the_flow_that_takes_it() -> None:
    found = choose(event(" 营业执照 ", kind=Kind.FILE, files=(IncomingFile("7"),)), ASKED)
    assert (found.handler, found.text, found.interrupts) == (FLOWS["apply"].answer, "营业执照", False)


@pytest.mark.parametrize(
    ("state", "private"), [(State(), True), (State(flow="faq"), True), (State(flow="apply"), False)]
)
def test_choose_file_that_nobody_wants(state: State, private: bool) -> None:
    found = choose(event(kind=Kind.FILE, files=(IncomingFile("7"),), private=private), state)
    assert found.handler is files.unexpected


def test_choose_number_out_of_range() -> None:
    assert route("9", State(choices=(Choice("/help", "帮助"),))).handler is start.out_of_range


def test_choice_of_leaves_unnumbered_ones_out() -> None:
    choices = (Choice("back", "上一步", False), Choice("a", "甲"))
    assert choice_of("1", choices) == choices[1]


def test_choose_by_the_beginning_of_a_label() -> None:
    state = State(choices=(Choice("/status done 1", "已在官方渠道提交 · ABC-1"), Choice("/status", "撤回 · ABC-1")))
    assert route("已在官方渠道提交", state).text == "done 1"


def test_a_pile_of_accents_is_cut_down_before_it_is_put_in_order() -> None:
    assert len(fold("e" + "\u0301\u0327" * 50_000)) <= 31
