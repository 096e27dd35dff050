from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram.read import Me, Unreadable, callback_id, read
from bot.messages import Inbound, IncomingFile, Kind

ME = Me(110201543, "laurel_bot")
ANNA = {"id": 1001, "is_bot": False, "first_name": "Anna", "last_name": "王", "language_code": "zh-hans"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100200, "type": "supergroup", "title": "Founders"}
DATE = 1_790_000_000
SENT_AT = datetime.fromtimestamp(DATE, UTC)


def message(**fields: Any) -> dict[str, Any]:
    return {
        "update_id": 7,
        "message": {"message_id": 55, "from": ANNA, "chat": PRIVATE, "date": DATE, **fields},
    }


def in_group(**fields: Any) -> dict[str, Any]:
    return message(chat=GROUP, **fields)


def inbound(**fields: Any) -> Inbound:
    known: dict[str, Any] = {
        "event": "7",
        "chat": "1001",
        "sender": "1001",
        "locale": "zh",
        "name": "Anna 王",
        "order": 55,
        "sent_at": SENT_AT,
    }
    return Inbound(channel="telegram", **{**known, **fields})


def read_one(update: dict[str, Any]) -> Inbound:
    found = read(update, ME)
    assert found is not None
    return found


def test_text_in_private() -> None:
    assert read(message(text="什么时候截止"), ME) == inbound(text="什么时候截止")


def test_text_without_knowing_the_bot_is_read_alike() -> None:
    assert read(message(text="/ask@laurel_bot 费用")) == inbound(text="/ask 费用")


def test_text_is_cleaned_of_control_characters_and_lone_surrogates() -> None:
    assert read_one(message(text="a\r\nb\x00\ud800c")).text == "a\nbc"


@pytest.mark.parametrize(
    ("code", "locale"), [("zh", "zh"), ("zh-hans", "zh"), ("zh-TW", "zh"), ("en", "en"), ("de", "en")]
)
def test_locale_follows_the_client(code: str, locale: str) -> None:
    assert read_one(message(text="x", **{"from": {**ANNA, "language_code": code}})).locale == locale


def test_locale_of_a_client_that_does_not_say() -> None:
    sender = {"id": 1001, "is_bot": False, "first_name": "Anna"}
    assert read(message(text="x", **{"from": sender}), ME) == inbound(text="x", locale=None, name="Anna")


@pytest.mark.parametrize(
    ("text", "payload"), [("/start", ""), ("/start tr50-Ab_9", "tr50-Ab_9"), ("/start@laurel_bot x", "x")]
)
def test_start_carries_its_payload(text: str, payload: str) -> None:
    assert read(message(text=text), ME) == inbound(kind=Kind.START, payload=payload)


def test_start_with_words_after_it_is_a_text() -> None:
    assert read(message(text="/start all over"), ME) == inbound(text="/start all over")


def test_document_with_caption() -> None:
    document = {
        "file_id": "BQAC",
        "file_unique_id": "u",
        "file_name": "执照.pdf",
        "mime_type": "application/pdf",
        "file_size": 150_000,
    }
    expected = IncomingFile("BQAC", "执照.pdf", "application/pdf", 150_000)
    assert read(message(document=document, caption="营业执照"), ME) == inbound(
        kind=Kind.FILE, text="营业执照", files=(expected,)
    )


def test_part_of_an_album_is_the_largest_size_of_its_photo() -> None:
    sizes = [{"file_id": str(side), "width": side, "height": side, "file_size": side * 10} for side in (90, 1280, 320)]
    expected = IncomingFile("1280", "photo", "image/jpeg", 12_800, recompressed=True)
    assert read(message(photo=sizes, media_group_id="13"), ME) == inbound(kind=Kind.FILE, files=(expected,))


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "s"}},
        {"voice": {"file_id": "v"}},
        {"location": {"latitude": 1.0, "longitude": 2.0}},
        {"animation": {"file_id": "a"}, "document": {"file_id": "a"}},
        {"something_new": {}},
    ],
)
def test_content_that_laurel_cannot_read(content: dict[str, Any]) -> None:
    assert read(message(**content), ME) == inbound(kind=Kind.OTHER)


@pytest.mark.parametrize("content", [{"pinned_message": {}}, {"new_chat_members": []}, {"video_chat_started": {}}])
def test_notes_of_telegram_call_for_nothing(content: dict[str, Any]) -> None:
    assert read(message(**content), ME) is None


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 7, "edited_message": message(text="x")["message"]},
        {"update_id": 7, "channel_post": {"message_id": 1, "chat": {"id": -1, "type": "channel"}, "date": DATE}},
        {"update_id": 7, "poll": {}},
        message(text="x", chat={"id": -1, "type": "channel"}),
        message(text="x", **{"from": {**ANNA, "is_bot": True}}),
        in_group(text="/stats", sender_chat=GROUP),
    ],
)
def test_what_is_not_for_the_bot_is_not_read(update: dict[str, Any]) -> None:
    assert read(update, ME) is None


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("/stats", "/stats"),
        ("/find@laurel_bot TR50", "/find TR50"),
        ("/find@Laurel_Bot TR50", "/find TR50"),
        ("／进度", "／进度"),
        ("@laurel_bot 什么时候截止", "什么时候截止"),
        ("请问@laurel_bot，什么时候截止", "请问 什么时候截止"),
        ("When does it close, @LAUREL_BOT?", "When does it close, ?"),
    ],
)
def test_group_message_to_the_bot(text: str, read_as: str) -> None:
    assert read(in_group(text=text), ME) == inbound(chat="-100200", text=read_as, private=False)


@pytest.mark.parametrize(
    "text", ["什么时候截止", "/find@other_bot TR50", "@laurel_bot2 hello", "mail anna@laurel_bot", "laurel_bot"]
)
def test_group_message_to_others(text: str) -> None:
    assert read(in_group(text=text), ME) is None


def test_group_reply_to_the_bot_is_read() -> None:
    answered = {"message_id": 54, "from": {"id": ME.id, "is_bot": True}}
    assert read(in_group(text="那费用呢", reply_to_message=answered), ME) == inbound(
        chat="-100200", text="那费用呢", private=False
    )


def test_group_reply_to_somebody_else_is_not_read() -> None:
    answered = {"message_id": 54, "from": {"id": 1002, "is_bot": False}}
    assert read(in_group(text="那费用呢", reply_to_message=answered), ME) is None


def test_group_sticker_in_reply_to_the_bot_is_not_read() -> None:
    answered = {"message_id": 54, "from": {"id": ME.id, "is_bot": True}}
    assert read(in_group(sticker={"file_id": "s"}, reply_to_message=answered), ME) is None


def press(**fields: Any) -> dict[str, Any]:
    asked = {"message_id": 54, "chat": PRIVATE, "date": 0}
    return {
        "update_id": 7,
        "callback_query": {"id": "99", "from": ANNA, "message": asked, "chat_instance": "1", "data": "4.1", **fields},
    }


def test_press_has_no_place_in_the_chat() -> None:
    expected = inbound(kind=Kind.PRESS, pressed="4.1", order=None, sent_at=None)
    assert read(press(), ME) == expected
    assert callback_id(press()) == "99"


def test_press_in_a_group_is_of_the_person_who_taps() -> None:
    found = read_one(press(message={"message_id": 54, "chat": GROUP, "date": 0}))
    assert (found.chat, found.sender, found.private) == ("-100200", "1001", False)


def test_press_of_a_game_calls_for_nothing() -> None:
    update = press()
    del update["callback_query"]["data"]
    assert read(update, ME) is None


def membership(status: str, chat: dict[str, Any]) -> dict[str, Any]:
    member = {"user": {"id": ME.id, "is_bot": True}, "status": status}
    return {"update_id": 7, "my_chat_member": {"chat": chat, "from": ANNA, "date": DATE, "new_chat_member": member}}


def test_membership_ended_in_private() -> None:
    assert read(membership("kicked", PRIVATE), ME) == inbound(kind=Kind.LEFT, order=None)


def test_membership_begun_in_private_is_told_by_its_start_message() -> None:
    assert read(membership("member", PRIVATE), ME) is None


@pytest.mark.parametrize("status", ["kicked", "left", "member", "administrator"])
def test_membership_in_a_group_says_nothing_of_who_changed_it(status: str) -> None:
    assert read(membership(status, GROUP), ME) is None


@pytest.mark.parametrize(
    "update",
    [
        message(text=5),
        message(text="x", date="today"),
        message(text="x", date=10**30),
        message(text="x", chat={"type": "private"}),
        message(text="x", chat={"id": "1001", "type": "private"}),
        message(text="x", **{"from": None}),
        message(photo=[]),
        message(photo=[{}]),
        message(document={"file_id": 5}),
        {"update_id": 7, "message": []},
        {"update_id": 7, "callback_query": {"data": "x", "message": {}}},
        {"update_id": 7, "my_chat_member": {"new_chat_member": 1}},
    ],
)
def test_wrong_shape_is_unreadable(update: dict[str, Any]) -> None:
    with pytest.raises(Unreadable) as caught:
        read(update, ME)
    assert caught.value.event == "7"


@pytest.mark.parametrize("update", [{}, {"update_id": "7"}, {"update_id": True}, []])
def test_update_without_a_number_is_unreadable(update: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        read(update, ME)
    assert caught.value.event == ""
