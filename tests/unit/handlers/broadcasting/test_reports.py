import pytest

from bot.errors import UsageError
from bot.services.broadcasts import NotNow, UnknownBroadcast
from tests.unit.handlers.broadcasting.desk import Desk, labels, texts


def start_one(desk: Desk) -> None:
    desk.command("all")
    desk.say("通知大家")
    desk.say("1")


def test_report_offers_what_can_be_done(desk: Desk) -> None:
    start_one(desk)
    report = desk.command("1")
    assert texts(report) == ["群发 1：已排好\n还没有开始发送。"]
    assert labels(report[0]) == ["查看进度", "暂停", "取消发送"]
    assert [choice.value for choice in report[0].choices] == [
        "/broadcast 1",
        "/broadcast 1 pause",
        "/broadcast 1 cancel",
    ]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["1 pause"], "群发 1：已暂停\n还没有开始发送。"),
        (["1 暂停", "1 继续"], "群发 1：已排好\n还没有开始发送。"),
        (["1 取消"], "群发 1：已取消\n还没有开始发送。"),
    ],
)
def test_broadcast_is_steered_by_words(desk: Desk, words: list[str], text: str) -> None:
    start_one(desk)
    for word in words:
        found = desk.command(word)
    assert texts(found) == [text]


def test_what_cannot_be_done_now_is_refused(desk: Desk) -> None:
    start_one(desk)
    with pytest.raises(NotNow) as refusal:
        desk.command("1 resend")
    assert refusal.value.values["actions"] == ("pause", "cancel")


@pytest.mark.parametrize("number", ["9", "0", "99999999999999999999"])
def test_unknown_broadcast_is_refused(desk: Desk, number: str) -> None:
    with pytest.raises(UnknownBroadcast):
        desk.command(number)


def test_unknown_action_says_what_would_be_right(desk: Desk) -> None:
    start_one(desk)
    with pytest.raises(UsageError):
        desk.command("1 explode")


def test_recent_broadcasts_are_listed(desk: Desk) -> None:
    nothing = desk.command("list")
    start_one(desk)
    assert (texts(nothing), texts(desk.command("最近"))) == (["还没有群发过。"], ["1 已排好，已发 0：通知大家"])
