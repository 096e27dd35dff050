"""Replies become messages that the channel can carry."""

from dataclasses import replace

from bot.channels.base import Limits
from bot.composition import compose, token
from bot.context import State
from bot.messages import Choice, OutgoingFile, Reply

BUTTONS = Limits(text=100, measure=len)
NUMBERS = Limits(text=100, measure=len, buttons=False)
ONE_REPLY = Limits(text=60, measure=len, buttons=False, replies=1)


def texts(*replies: Reply, limits: Limits, waiting: int | None = None) -> list[str]:
    return [
        body["text"]
        for body in compose(list(replies), limits, state=State(number=9, prompt=4), locale="zh", waiting=waiting)
    ]


def test_choices_are_buttons_of_the_prompt() -> None:
    (body,) = compose(
        [Reply("？", (Choice("a", "甲"), Choice("/help", "帮助")))],
        BUTTONS,
        state=State(number=9, prompt=4),
        locale="zh",
        waiting=None,
    )
    assert body == {"text": "？", "choices": [["9.4.0", "甲", True], ["/help", "帮助", True]], "files": [], "prompt": 4}


def test_choices_are_numbers_where_there_are_no_buttons() -> None:
    reply = Reply("选哪个？", (Choice("a", "甲"), Choice("b", "乙"), Choice("back", "上一步", numbered=False)))
    assert texts(reply, limits=NUMBERS) == ["选哪个？\n1 甲\n2 乙\n（回复数字选择）\n也可回复：上一步"]


def test_choices_of_an_earlier_reply_are_not_shown() -> None:
    first, second = Reply("一", (Choice("a", "甲"),)), Reply("二", (Choice("b", "乙"),))
    bodies = compose([first, second], BUTTONS, state=State(number=9, prompt=1), locale="zh", waiting=None)
    assert [body["choices"] for body in bodies] == [[], [["9.1.0", "乙", True]]]


def test_long_text_is_cut_and_buttons_go_below_the_end() -> None:
    bodies = compose(
        [Reply("字" * 150, (Choice("a", "甲"),))], BUTTONS, state=State(number=9, prompt=1), locale="zh", waiting=None
    )
    assert [(len(body["text"]), len(body["choices"])) for body in bodies] == [(100, 0), (50, 1)]


def test_one_reply_joins_what_fits() -> None:
    assert texts(Reply("一"), Reply("二"), limits=ONE_REPLY, waiting=0) == ["一\n\n二"]


def test_one_reply_tells_how_much_waits() -> None:
    pieces = texts(Reply("字" * 100), limits=ONE_REPLY, waiting=0)
    assert pieces[0].endswith("（还有 2 条，回复“更多”查看）")
    assert max(map(len, pieces)) <= 60
    assert sum(piece.count("字") for piece in pieces) == 100


def test_one_reply_tells_of_messages_from_before() -> None:
    assert texts(Reply("好"), limits=ONE_REPLY, waiting=2) == ["好\n（还有 2 条，回复“更多”查看）"]


def test_one_reply_with_push_tells_of_nothing() -> None:
    assert all("更多" not in piece for piece in texts(Reply("字" * 100), limits=ONE_REPLY, waiting=None))


def test_no_reply_is_no_message() -> None:
    assert compose([], ONE_REPLY, state=State(number=9, prompt=1), locale="zh", waiting=3) == []


def test_control_characters_do_not_leave() -> None:
    assert texts(Reply("a\x00b\x1bc"), limits=NUMBERS) == ["abc"]


def test_token_of_a_long_command_names_its_prompt() -> None:
    assert token(Choice("/apply " + "x" * 80, "…"), State(number=9, prompt=3), 1) == "9.3.1"


def test_numbers_stand_for_the_last_choices_alone() -> None:
    languages = Reply("语言？", (Choice("/lang zh", "中文"), Choice("yes", "是")))
    prompt = Reply("规模？", (Choice("a", "甲"),))
    assert texts(languages, prompt, limits=NUMBERS) == ["语言？\n中文  /lang zh", "规模？\n1 甲\n（回复数字选择）"]


def test_buttons_of_an_earlier_reply_are_its_commands() -> None:
    replies = [
        Reply("语言？", (Choice("/lang zh", "中文"), Choice("yes", "是"))),
        Reply("规模？", (Choice("a", "甲"),)),
    ]
    first, second = compose(replies, BUTTONS, state=State(number=9, prompt=2), locale="zh", waiting=None)
    assert (first["choices"], first["prompt"]) == ([["/lang zh", "中文", True]], 0)
    assert (second["choices"], second["prompt"]) == ([["9.2.0", "甲", True]], 2)


def test_piece_that_lists_the_choices_says_what_they_mean() -> None:
    replies = [Reply("字" * 100), Reply("规模？", (Choice("a", "甲"),))]
    bodies = compose(replies, ONE_REPLY, state=State(), locale="zh", waiting=0)
    assert [body.get("means") for body in bodies] == [None] * (len(bodies) - 1) + [[["a", "甲", True]]]


def test_written_reply_is_not_written_again() -> None:
    assert texts(Reply("1 甲", (Choice("a", "甲"),), written=True), limits=NUMBERS) == ["1 甲"]


FILES = (OutgoingFile("a" * 64, "申报书.docx", "application/msword"), OutgoingFile("b" * 64, "清单.xlsx"))
STORED = [["a" * 64, "申报书.docx", "application/msword"], ["b" * 64, "清单.xlsx", "application/octet-stream"]]


def test_files_go_beside_the_text() -> None:
    [body] = compose([Reply("好", files=FILES)], BUTTONS, state=State(), locale="zh", waiting=None)
    assert (body["text"], body["files"]) == ("好", STORED)


def test_files_go_apart_behind_their_text_and_before_the_next() -> None:
    limits = replace(BUTTONS, files="apart")
    replies = [Reply("字" * 150, files=FILES), Reply("下一步？", (Choice("a", "甲"),))]
    bodies = compose(replies, limits, state=State(number=9, prompt=4), locale="zh", waiting=None)
    stored = [[[*file, heavy(file[1]), False]] for file in STORED]
    assert [(body["text"][:1], body["files"], body["prompt"]) for body in bodies] == [
        ("字", [], 0),
        ("字", [], 0),
        ("", stored[0], 0),
        ("", stored[1], 0),
        ("下", [], 4),
    ]


def heavy(name: str) -> str:
    return f"{name} 太大，这里直接发不了，服务器也没有设置对外网址。请联系工作人员领取。"


def test_file_apart_says_where_it_is_if_it_is_too_large_to_send() -> None:
    limits = replace(BUTTONS, files="apart")
    reply = Reply("好", files=FILES[:1])
    _, body = compose([reply], limits, state=State(), locale="zh", waiting=None, link=lambda _: "https://x/files/1")
    text = "申报书.docx 太大，这里直接发不了，请从链接下载（7 天内有效，请勿转给他人）：\nhttps://x/files/1"
    assert body["files"] == [[*STORED[0], text, True]]


def test_files_are_links_above_the_choices() -> None:
    limits = replace(NUMBERS, text=1000, files="link")
    reply = Reply("好", (Choice("a", "甲"),), FILES[:1])
    [body] = compose(
        [reply], limits, state=State(), locale="zh", waiting=None, link=lambda file: f"https://x/{file.name}"
    )
    expected = "好\n申报书.docx（7 天内可下载）：\nhttps://x/申报书.docx\n1 甲\n（回复数字选择）"
    assert (body["text"], body["files"]) == (expected, [])


def test_file_that_no_link_can_lead_to_is_told() -> None:
    limits = replace(ONE_REPLY, text=1000, files="link")
    [body] = compose([Reply("好", files=FILES[:1])], limits, state=State(), locale="zh", waiting=0)
    expected = "好\n申报书.docx：这个渠道发不了文件，服务器也没有设置对外网址，请联系工作人员领取。"
    assert (body["text"], body["files"]) == (expected, [])
