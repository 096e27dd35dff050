from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.wechat.reading import UnreadableMessage, WeChatInbound, read_message
from bot.messages import IncomingFile, Kind
from tests.standins.wechat_wire import document

NOW = datetime(2024, 9, 1, 4, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())
ENVELOPE: dict[str, str | int] = {"ToUserName": "gh_laurel", "FromUserName": "oAnna", "CreateTime": STAMP}
INBOUND = WeChatInbound("wechat", "42", "oAnna", "oAnna", sent_at=NOW, account="gh_laurel")


def message(kind: str, **fields: str) -> WeChatInbound | None:
    return read_message(document({**ENVELOPE, "MsgType": kind, **fields, "MsgId": 42}))


def event(name: str, **fields: str) -> WeChatInbound | None:
    return read_message(document({**ENVELOPE, "MsgType": "event", "Event": name, **fields}))


def without_id(inbound: WeChatInbound | None) -> WeChatInbound | None:
    return inbound and replace(inbound, event="42")


def test_text_is_read() -> None:
    assert message("text", Content="可以报名吗") == replace(INBOUND, text="可以报名吗")


def test_empty_text_is_read() -> None:
    assert message("text", Content="") == INBOUND


def test_text_that_looks_like_a_document_type_is_read() -> None:
    text = '<!DOCTYPE html><!ENTITY a "b">]]>&a;'
    assert message("text", Content=text) == replace(INBOUND, text=text)


def test_control_characters_in_a_text_are_dropped() -> None:
    assert message("text", Content="a\x00b\x0bc\uffffd") == replace(INBOUND, text="abcd")


@pytest.mark.parametrize(("kind", "name"), [("image", "photo"), ("video", "video"), ("shortvideo", "video")])
def test_picture_or_video_is_a_file_that_the_platform_changed(kind: str, name: str) -> None:
    expected = replace(INBOUND, kind=Kind.FILE, files=(IncomingFile("m-1", name, recompressed=True),))
    assert message(kind, MediaId="m-1", PicUrl="http://mmbiz.qpic.cn/0") == expected


@pytest.mark.parametrize("kind", ["voice", "location", "link", "miniprogrampage", "hologram"])
def test_other_messages_are_other(kind: str) -> None:
    assert message(kind, MediaId="m-1") == replace(INBOUND, kind=Kind.OTHER)


def test_follow_starts() -> None:
    assert without_id(event("subscribe", EventKey="")) == replace(INBOUND, kind=Kind.START)


def test_follow_by_a_code_starts_with_its_scene() -> None:
    expected = replace(INBOUND, kind=Kind.START, payload="invite_7")
    assert without_id(event("subscribe", EventKey="qrscene_invite_7", Ticket="t")) == expected


def test_follow_by_a_product_code_starts() -> None:
    assert without_id(event("subscribe", EventKey="scanbarcode|x")) == replace(INBOUND, kind=Kind.START)


def test_scan_starts_with_its_scene() -> None:
    assert without_id(event("SCAN", EventKey="invite_7")) == replace(INBOUND, kind=Kind.START, payload="invite_7")


def test_unfollow_is_left() -> None:
    assert without_id(event("unsubscribe", EventKey="")) == replace(INBOUND, kind=Kind.LEFT)


def test_menu_command_is_a_text() -> None:
    assert without_id(event("CLICK", EventKey="/apply")) == replace(INBOUND, text="/apply")


@pytest.mark.parametrize("name", ["VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "subscribe_msg_popup_event", "text"])
def test_other_events_call_for_nothing(name: str) -> None:
    assert event(name, EventKey="https://example.org") is None


def test_menu_key_that_is_no_command_calls_for_nothing() -> None:
    assert event("CLICK", EventKey="about") is None


def test_event_without_a_name_calls_for_nothing() -> None:
    assert message("event") is None


def test_device_event_calls_for_nothing() -> None:
    assert message("device_event", Event="bind", DeviceType="d") is None


def test_event_id_is_equal_for_repeats_and_names_nobody() -> None:
    first, second = event("subscribe", EventKey=""), event("subscribe", EventKey="")
    assert first is not None
    assert first == second
    assert len(first.event) <= 200
    assert "oAnna" not in first.event


def test_event_id_tells_events_apart() -> None:
    found = [
        event("subscribe", EventKey=""),
        event("unsubscribe", EventKey=""),
        event("SCAN", EventKey="1"),
        event("SCAN", EventKey="2"),
        read_message(document({**ENVELOPE, "FromUserName": "oBert", "MsgType": "event", "Event": "subscribe"})),
        read_message(document({**ENVELOPE, "CreateTime": STAMP + 1, "MsgType": "event", "Event": "subscribe"})),
    ]
    assert len({inbound.event for inbound in found if inbound}) == len(found)


def test_event_id_of_a_long_key_is_short() -> None:
    found = event("SCAN", EventKey="k" * 5000)
    assert found is not None
    assert len(found.event) <= 200


GOOD = {"ToUserName": "gh_laurel", "FromUserName": "oAnna", "CreateTime": "1", "MsgType": "text", "Content": "x"}


def raw(changes: dict[str, str | None]) -> str:
    fields = {**GOOD, **changes}
    return (
        "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value is not None) + "</xml>"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"ToUserName": None},
        {"FromUserName": None},
        {"FromUserName": ""},
        {"FromUserName": "o Anna"},
        {"FromUserName": "o]]&gt;"},
        {"FromUserName": "o" * 200},
        {"FromUserName": "<a/>"},
        {"FromUserName": "<a>b</a>"},
        {"CreateTime": None},
        {"CreateTime": "soon"},
        {"CreateTime": "-1"},
        {"CreateTime": "9" * 5000},
        {"CreateTime": "9" * 30},
        {"CreateTime": "<a/>"},
        {"MsgType": None},
        {"MsgType": ""},
        {"MsgType": "<a/>"},
        {"Content": "<a>b</a>"},
        {"Content": "&undeclared;"},
        {"Content": "&#0;"},
        {"Content": "&#xD800;"},
        {"MsgId": "one"},
        {"MsgId": "-1"},
        {"MsgType": "image"},
        {"MsgType": "image", "MediaId": "<a>b</a>"},
        {"MsgType": "event", "Event": "<a>b</a>"},
        {"MsgType": "event", "Event": "subscribe", "EventKey": "<a>b</a>"},
        {"MsgType": "event", "Event": "CLICK", "EventKey": "<a>b</a>"},
        {"MsgType": "event", "Event": "SCAN", "EventKey": "<a>b</a>"},
    ],
)
def test_message_that_is_no_message_is_unreadable(changes: dict[str, str | None]) -> None:
    with pytest.raises(UnreadableMessage):
        read_message(raw(changes))


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<xml>",
        "{}",
        "<a><xml/></a>",
        "<xml/>",
        "<xml>x</xml>",
        "<xml><MsgType>text</MsgType><MsgType>text</MsgType></xml>",
        raw({}) + raw({}),
        '<!DOCTYPE xml [<!ENTITY a "b">]>' + raw({"Content": "&a;"}),
        '<?xml version="1.0"?><!DOCTYPE xml SYSTEM "http://example.org/x.dtd">' + raw({}),
        "<!-- a -->" + raw({}),
        "<?php ?>" + raw({}),
        raw({"Content": "<a>" * 5000}),
        raw({"FromUserName": "<a>" * 5000 + "</a>" * 5000}),
    ],
)
def test_xml_that_is_no_message_is_unreadable(xml: str) -> None:
    with pytest.raises(UnreadableMessage):
        read_message(xml)


@pytest.mark.parametrize("prefix", ["\ufeff", "\n ", '<?xml version="1.0" encoding="UTF-8"?>\n'])
def test_message_with_a_prolog_is_read(prefix: str) -> None:
    found = read_message(prefix + raw({}))
    assert found is not None
    assert found.text == "x"


def test_error_shows_nothing_of_the_message() -> None:
    with pytest.raises(UnreadableMessage) as caught:
        read_message(raw({"CreateTime": "13800138000x"}))
    assert str(caught.value) == "ValueError"
    assert caught.value.__cause__ is None
