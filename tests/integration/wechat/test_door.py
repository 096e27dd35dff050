import pytest

from bot.messages import Kind
from tests.integration.wechat.conftest import EchoServer
from tests.standins.wechat import NoAnswerError, Request, WeChatStandin
from tests.standins.wechat_wire import BadAnswerError


def test_text_is_answered_in_the_response(standin: WeChatStandin, server: EchoServer) -> None:
    anna = standin.user("oAnna")
    assert anna.send("可以报名吗 ]]> <b>&amp;</b> 😀") == "可以报名吗 ]]> <b>&amp;</b> 😀"
    assert anna.seen == ["可以报名吗 ]]> <b>&amp;</b> 😀"]
    assert anna.pushed == []


def test_control_characters_do_not_lose_a_message(standin: WeChatStandin, server: EchoServer) -> None:
    assert standin.user("oAnna").send("a\x00b\x0b\x1bc") == "abc"


def test_empty_text_is_acknowledged(standin: WeChatStandin, server: EchoServer) -> None:
    assert standin.user("oAnna").send("") is None
    assert [inbound.text for inbound in server.inbound] == [""]


def test_every_kind_of_message_arrives(standin: WeChatStandin, server: EchoServer) -> None:
    anna = standin.user("oAnna")
    shown = [anna.send_image(), anna.send_voice(), anna.send_location(), anna.follow("s1"), anna.scan("s2")]
    assert shown == ["file", "other", "other", "start s1", "start s2"]
    assert (anna.follow(), anna.click("/apply"), anna.click("about")) == ("start", "/apply", None)
    anna.unfollow()
    assert server.inbound[-1].kind is Kind.LEFT


def test_user_who_left_cannot_write(standin: WeChatStandin, server: EchoServer) -> None:
    anna = standin.user("oAnna")
    anna.unfollow()
    with pytest.raises(AssertionError):
        anna.send("x")


def test_late_answer_is_asked_for_again_with_the_same_message(standin: WeChatStandin, server: EchoServer) -> None:
    server.silent = 2
    assert standin.user("oAnna").send("在吗") == "在吗"
    assert len(server.bodies) == 3
    assert len(set(server.bodies)) == 1


def test_broken_answer_is_asked_for_again(standin: WeChatStandin, server: EchoServer) -> None:
    server.broken = 2
    assert standin.user("oAnna").send("在吗") == "在吗"


def test_platform_gives_up_after_three_tries(standin: WeChatStandin, server: EchoServer) -> None:
    server.broken = 3
    with pytest.raises(NoAnswerError):
        standin.user("oAnna").send("在吗")
    assert len(server.bodies) == 3


def test_platform_gives_up_without_a_server(standin: WeChatStandin) -> None:
    standin.target = "http://127.0.0.1:9"
    with pytest.raises(NoAnswerError):
        standin.user("oAnna").send("在吗")


def test_three_repeats_at_once_are_one_event(standin: WeChatStandin, server: EchoServer) -> None:
    anna = standin.user("oAnna")
    assert anna.send_three_times_at_once("在吗") == ["在吗"] * 3
    assert len({inbound.event for inbound in server.inbound}) == 1
    assert anna.seen == ["在吗"]


def test_messages_are_distinct_events(standin: WeChatStandin, server: EchoServer) -> None:
    anna = standin.user("oAnna")
    anna.send("一")
    anna.send("一")
    assert len({inbound.event for inbound in server.inbound}) == 2


def test_address_check_is_answered(standin: WeChatStandin, server: EchoServer) -> None:
    assert standin.check_address("583747") == (200, "583747")
    assert standin.get_raw({"echostr": "583747"}) == (403, "unsigned")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("unsigned", 403),
        ("wrongly_signed", 403),
        ("stale", 403),
        ("cut", 400),
        ("not_xml", 400),
        ("with_entities", 400),
        ("huge", 413),
    ],
)
def test_forged_request_is_refused(standin: WeChatStandin, server: EchoServer, kind: str, status: int) -> None:
    request: Request = getattr(standin.forge, kind)()
    assert standin.post_raw(*request)[0] == status
    assert server.inbound == []


def test_replayed_request_is_the_same_event(standin: WeChatStandin, server: EchoServer) -> None:
    standin.user("oAnna").send("在吗")
    assert standin.post_raw(*standin.forge.replayed())[0] == 200
    assert len({inbound.event for inbound in server.inbound}) == 1


@pytest.mark.parametrize(
    "body",
    [
        "no XML",
        "<xml></xml>",
        "<xml><ToUserName>oBert</ToUserName></xml>",
        "<xml><ToUserName>oAnna</ToUserName><FromUserName>gh_laureltest</FromUserName><CreateTime>1</CreateTime>"
        "<MsgType>text</MsgType><Content>" + "x" * 2049 + "</Content></xml>",
    ],
)
def test_standin_takes_no_bad_reply(body: str) -> None:
    with pytest.raises(BadAnswerError):
        WeChatStandin().wire.read_reply(body, "oAnna")
