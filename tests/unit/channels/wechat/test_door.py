from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.door import BODY_BYTES, RefusedRequest, WeChatDoor
from bot.channels.wechat.reading import WeChatInbound
from bot.messages import Address, Inbound, Outgoing
from tests.standins.wechat import AES_KEY, APP_ID, TOKEN, Request, WeChatStandin
from tests.standins.wechat_wire import encrypt, signature
from tests.unit.channels.wechat.conftest import NOW, clock

INBOUND = WeChatInbound("wechat", "1", "oAnna", "oAnna", account="gh_laureltest")


def refusal(door: WeChatDoor, request: Request) -> tuple[str, int]:
    with pytest.raises(RefusedRequest) as caught:
        door.open(*request)
    return caught.value.reason, caught.value.status


def outgoing(text: str, number: int = 7) -> Outgoing:
    return Outgoing(number, Address("wechat", "oAnna"), text)


def test_genuine_message_is_opened(door: WeChatDoor, platform: WeChatStandin) -> None:
    xml = platform.xml("oAnna", {"MsgType": "text", "Content": "什么时候截止？", "MsgId": 42})
    assert door.open(*platform.request(xml)) == replace(INBOUND, event="42", text="什么时候截止？", sent_at=NOW)


def test_repeat_has_the_same_event(door: WeChatDoor, platform: WeChatStandin) -> None:
    request = platform.forge.genuine()
    first, second = door.open(*request), door.open(*request)
    assert first is not None
    assert first == second


def test_door_refuses_an_empty_token() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        WeChatDoor("", APP_ID, "", clock)
    with pytest.raises(ValueError, match="must not be empty"):
        WeChatDoor(" ", APP_ID, "", clock)


def test_door_refuses_an_empty_app_id() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        WeChatDoor(TOKEN, "", "", clock)


@pytest.mark.parametrize("key", ["short", AES_KEY + "A", AES_KEY[:-1] + "!", AES_KEY[:-1] + "密"])
def test_door_refuses_a_wrong_aes_key_without_showing_it(key: str) -> None:
    with pytest.raises(ValueError, match="43") as caught:
        WeChatDoor(TOKEN, APP_ID, key, clock)
    assert key not in str(caught.value)


def test_unsigned_request_is_refused(door: WeChatDoor, platform: WeChatStandin) -> None:
    assert refusal(door, platform.forge.unsigned()) == ("unsigned", 403)


def test_wrongly_signed_request_is_refused(door: WeChatDoor, platform: WeChatStandin) -> None:
    assert refusal(door, platform.forge.wrongly_signed()) == ("unsigned", 403)


@pytest.mark.parametrize("value", ["", "é", "\ud800", "0" * 40])
def test_strange_signature_is_refused(door: WeChatDoor, platform: WeChatStandin, value: str) -> None:
    query, body = platform.forge.genuine()
    assert refusal(door, Request(query | {"signature": value}, body)) == ("unsigned", 403)
    assert refusal(door, Request(query | {"nonce": value}, body)) == ("unsigned", 403)


def test_signature_of_an_encrypted_message_covers_its_body() -> None:
    platform = WeChatStandin(aes_key=AES_KEY, clock=clock)
    door = WeChatDoor(TOKEN, APP_ID, AES_KEY, clock)
    assert refusal(door, platform.forge.body_swapped()) == ("unsigned", 403)


@pytest.mark.parametrize("minutes", [11, -11])
def test_stale_request_is_refused(door: WeChatDoor, platform: WeChatStandin, minutes: int) -> None:
    assert refusal(door, platform.forge.stale(minutes)) == ("stale", 403)


@pytest.mark.parametrize("minutes", [9, -9])
def test_request_within_ten_minutes_is_taken(door: WeChatDoor, platform: WeChatStandin, minutes: int) -> None:
    assert door.open(*platform.forge.stale(minutes)) is not None


@pytest.mark.parametrize("stamp", ["", "soon", "１７２５１６３２００", "9" * 13, "-5", "1e9"])
def test_time_that_is_none_is_refused(door: WeChatDoor, platform: WeChatStandin, stamp: str) -> None:
    query, body = platform.forge.genuine()
    forged = query | {"timestamp": stamp, "signature": signature(TOKEN, stamp, query["nonce"])}
    assert refusal(door, Request(forged, body)) == ("stale", 403)


def test_huge_body_is_refused_before_anything_else(door: WeChatDoor, platform: WeChatStandin) -> None:
    assert refusal(door, platform.forge.huge()) == ("too_large", 413)
    assert refusal(door, Request({}, b"x" * (BODY_BYTES + 1))) == ("too_large", 413)
    assert refusal(door, Request({}, b"x" * BODY_BYTES)) == ("unsigned", 403)


def test_plain_body_is_refused_in_aes_mode() -> None:
    platform = WeChatStandin(aes_key=AES_KEY, clock=clock)
    door = WeChatDoor(TOKEN, APP_ID, AES_KEY, clock)
    request = platform.forge.plain()
    assert refusal(door, request) == ("other_mode", 403)
    assert refusal(door, Request(request.query | {"encrypt_type": "raw"}, request.body)) == ("other_mode", 403)
    assert refusal(door, Request(request.query | {"encrypt_type": "aes"}, request.body)) == ("unreadable", 400)


def test_encrypted_body_is_refused_in_plain_mode() -> None:
    platform = WeChatStandin(aes_key=AES_KEY, clock=clock)
    door = WeChatDoor(TOKEN, APP_ID, "", clock)
    assert refusal(door, platform.forge.genuine()) == ("other_mode", 403)


def test_message_for_another_account_is_refused() -> None:
    platform = WeChatStandin(aes_key=AES_KEY, clock=clock)
    door = WeChatDoor(TOKEN, APP_ID, AES_KEY, clock)
    assert refusal(door, platform.forge.of_other_account()) == ("other_account", 403)


@pytest.mark.parametrize("kind", ["cut", "not_xml", "with_entities"])
def test_unreadable_body_is_refused(door: WeChatDoor, platform: WeChatStandin, kind: str) -> None:
    assert refusal(door, getattr(platform.forge, kind)()) == ("unreadable", 400)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"<xml/>", b"<xml></xml>", b"<xml>text</xml>", b"<html></html>"])
def test_body_without_a_message_is_refused(door: WeChatDoor, platform: WeChatStandin, body: bytes) -> None:
    assert refusal(door, Request(platform.forge.genuine().query, body)) == ("unreadable", 400)


def signed_aes(encrypted: str) -> Request:
    stamp = str(int(NOW.timestamp()))
    query = {
        "signature": signature(TOKEN, stamp, "n"),
        "timestamp": stamp,
        "nonce": "n",
        "encrypt_type": "aes",
        "msg_signature": signature(TOKEN, stamp, "n", encrypted),
    }
    return Request(query, f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode())


@pytest.mark.parametrize("encrypted", ["", "AAAA", "not base64", "QUFBQUFBQUFBQUFBQUFBQQ==", "A" * 64])
def test_signed_rubbish_is_refused(encrypted: str) -> None:
    door = WeChatDoor(TOKEN, APP_ID, AES_KEY, clock)
    with pytest.raises(RefusedRequest) as caught:
        door.open(*signed_aes(encrypted))
    assert caught.value.status in {400, 403}


def test_signed_rubbish_inside_the_encryption_is_refused() -> None:
    door = WeChatDoor(TOKEN, APP_ID, AES_KEY, clock)
    assert refusal(door, signed_aes(encrypt("<xml><a>", APP_ID, AES_KEY))) == ("unreadable", 400)


@given(st.binary(max_size=300))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    platform, door = WeChatStandin(clock=clock), WeChatDoor(TOKEN, APP_ID, "", clock)
    assert refusal(door, Request(platform.forge.genuine().query, b"<xml>" + body)) == ("unreadable", 400)


@given(st.dictionaries(st.sampled_from(["signature", "timestamp", "nonce", "encrypt_type"]), st.text()))
def test_any_query_is_refused(query: dict[str, str]) -> None:
    door = WeChatDoor(TOKEN, APP_ID, AES_KEY, clock)
    with pytest.raises(RefusedRequest):
        door.open(query, b"<xml></xml>")
    with pytest.raises(RefusedRequest):
        door.verify_echo(query)


def test_echo_is_answered(door: WeChatDoor, platform: WeChatStandin) -> None:
    assert door.verify_echo(platform.wire.echo("583747", platform.stamp())) == "583747"


def test_encrypted_echo_is_answered_decrypted() -> None:
    door = WeChatDoor(TOKEN, APP_ID, AES_KEY, clock)
    encrypted = encrypt("583747", APP_ID, AES_KEY)
    assert door.verify_echo(signed_aes(encrypted).query | {"echostr": encrypted}) == "583747"
    with pytest.raises(RefusedRequest):
        door.verify_echo(signed_aes("other").query | {"echostr": encrypted})


def test_echo_of_others_is_refused(door: WeChatDoor, platform: WeChatStandin) -> None:
    for query in (
        {},
        platform.wire.echo("583747", platform.stamp()) | {"signature": "0" * 40},
        platform.wire.echo("583747", platform.stamp() - int(timedelta(minutes=11).total_seconds())),
    ):
        with pytest.raises(RefusedRequest):
            door.verify_echo(query)


def test_reply_is_what_the_platform_takes(door: WeChatDoor, platform: WeChatStandin) -> None:
    body, carried = door.reply(INBOUND, [outgoing("申报费用：无。"), outgoing("第二条", 8)])
    assert platform.wire.read_reply(body.decode(), "oAnna") == "申报费用：无。"
    assert carried == (7,)


@pytest.mark.parametrize("text", ["a ]]> b", "]]>]]>", "]]]]>>", "<a href='x'>&amp;</a>", "</Content><ToUserName>x"])
def test_reply_cannot_be_broken_out_of(door: WeChatDoor, platform: WeChatStandin, text: str) -> None:
    body, _ = door.reply(INBOUND, [outgoing(text)])
    assert platform.wire.read_reply(body.decode(), "oAnna") == text


def test_reply_has_no_control_characters(door: WeChatDoor, platform: WeChatStandin) -> None:
    body, _ = door.reply(INBOUND, [outgoing("a\x00\x08b\x0b\r\nc\ud800")])
    assert platform.wire.read_reply(body.decode(), "oAnna") == "ab\nc"


@pytest.mark.parametrize("texts", [[], [""], [" \n\x00"]])
def test_reply_without_a_text_is_empty(door: WeChatDoor, texts: list[str]) -> None:
    assert door.reply(INBOUND, [outgoing(text) for text in texts]) == (b"", ())


def test_reply_over_the_limit_shows_its_beginning(door: WeChatDoor, platform: WeChatStandin) -> None:
    body, carried = door.reply(INBOUND, [outgoing("长" * 1000)])
    assert platform.wire.read_reply(body.decode(), "oAnna") == "长" * 682
    assert carried == (7,)


def test_reply_needs_an_event_of_this_door(door: WeChatDoor) -> None:
    with pytest.raises(TypeError):
        door.reply(Inbound("wechat", "1", "oAnna", "oAnna"), [outgoing("x")])


def test_refusal_shows_nothing_of_the_request(door: WeChatDoor, platform: WeChatStandin) -> None:
    with pytest.raises(RefusedRequest) as caught:
        door.open(*platform.forge.wrongly_signed())
    assert (str(caught.value), caught.value.args) == ("unsigned", ("unsigned",))
