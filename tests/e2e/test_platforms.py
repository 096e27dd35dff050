"""What only one platform does: polling, groups, AES mode, repeats, forged requests, an API that is not there."""

import json
import urllib.error
import urllib.request

import pytest

from tests.e2e.conftest import WEBHOOK_SECRET, House, OpenHouse, free_port
from tests.e2e.dialogues import Play, load_dialogues
from tests.e2e.doors import TelegramDoor, WeChatDoor

BY_NAME = {one.name: one for one in load_dialogues()}
HUGE = "长" * 700_000
UPDATE = {"update_id": 1, "message": {"message_id": 1, "date": 0, "text": "你好", "chat": {"id": 7, "type": "private"}}}


def telegram(house: House) -> TelegramDoor:
    door = house.door("telegram", "anna")
    assert isinstance(door, TelegramDoor)
    return door


def wechat(house: House) -> WeChatDoor:
    door = house.door("wechat", "anna")
    assert isinstance(door, WeChatDoor)
    return door


@pytest.fixture(scope="module")
def other_modes(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Telegram by polling, WeChat in AES mode and with push rights."""
    from tests.e2e.conftest import make_house

    made = make_house(tmp_path_factory.mktemp("modes"), webhook=False, aes=True, push=True)
    made.server.start()
    yield made
    made.close()


@pytest.mark.parametrize("channel", ["telegram", "wechat"])
@pytest.mark.parametrize("name", ["apply", "interruptions", "handover"])
def test_dialogue_by_polling_and_in_aes_mode(name: str, channel: str, other_modes: House) -> None:
    play = Play(other_modes.server, other_modes.door, other_modes.invite)
    assert play.run(BY_NAME[name], channel) == len(BY_NAME[name].steps)


@pytest.mark.slow
def test_polling_goes_on_after_a_crash_with_what_was_not_confirmed(other_modes: House) -> None:
    anna = telegram(other_modes)
    anna.say("/apply tr50")
    other_modes.server.kill()
    anna.user.send("同意")
    other_modes.server.restart()
    other_modes.telegram.wait_until(lambda: "2/21" in anna.user.texts[-1])
    assert "3/21" in anna.say("同意")[0]


@pytest.mark.slow
def test_an_unreachable_telegram_keeps_nobody_else_waiting(open_house: OpenHouse) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    house = open_house(webhook=False, LAUREL_TELEGRAM_API_BASE=nobody)
    assert "Laurel" in house.web().say("你好")[0]
    assert "Laurel" in wechat(house).say("你好")[0]
    assert "Laurel" in house.door("console", "anna").say("你好")[0]


def post(house: House, path: str, body: bytes, **headers: str) -> tuple[int, str]:
    """Posts anything: status and body of the answer."""
    given = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(f"{house.server.url}{path}", data=body, headers=given)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


SECRET = "X-Telegram-Bot-Api-Secret-Token"


@pytest.mark.parametrize(
    ("body", "secret", "status"),
    [
        (json.dumps(UPDATE).encode(), "", 403),
        (json.dumps(UPDATE).encode(), "wrong", 403),
        (json.dumps(UPDATE).encode()[:40], WEBHOOK_SECRET, 400),
        (b"<xml/>", WEBHOOK_SECRET, 400),
        (b"\xff\xfe", WEBHOOK_SECRET, 400),
        (b"[]", WEBHOOK_SECRET, 400),
        (json.dumps({"text": HUGE}).encode(), WEBHOOK_SECRET, 413),
        (json.dumps({"update_id": 5, "message": {"chat": 7}}).encode(), WEBHOOK_SECRET, 200),
    ],
    ids=["unsigned", "wrongly signed", "cut", "xml", "no text", "list", "huge", "nonsense"],
)
def test_a_bad_telegram_body_is_refused_with_a_code(body: bytes, secret: str, status: int, house: House) -> None:
    answered, text = post(house, "/telegram", body, **({SECRET: secret} if secret else {}))
    assert answered == status
    if status != 200:
        assert len(json.loads(text)["error"]["reference"]) > 3


def test_a_replayed_telegram_update_is_one_turn(house: House) -> None:
    anna = telegram(house)
    anna.say("/apply tr50")
    update = {
        "update_id": 800_000_001,
        "message": {
            "message_id": house.telegram.api.next_message_id(),
            "date": 1,
            "text": "同意",
            "chat": anna.user.described(),
            "from": {"id": anna.user.id, "is_bot": False, "first_name": "Anna", "language_code": "zh-hans"},
        },
    }
    for _ in range(3):
        assert post(house, "/telegram", json.dumps(update).encode(), **{SECRET: WEBHOOK_SECRET})[0] == 200
    assert "2/21" in anna.user.texts[-1]
    assert sum("2/21" in text for text in anna.user.texts) == 1


def test_in_a_group_questions_are_answered_and_forms_refused(house: House) -> None:
    anna = telegram(house)
    anna.say("你好")
    group = house.telegram.group(-1_000_000_000_000 - anna.user.id)
    before = len(anna.user.texts)
    for number, (text, answer) in enumerate(
        [
            ("/ask@laurel_test_bot TR50 报名要钱吗", "无需任何费用"),
            ("@laurel_test_bot TR50 申请次数有限制吗", "不受限制"),
            ("/apply@laurel_test_bot tr50", "请在与我的单独对话里进行"),
            ("/status@laurel_test_bot", "请在与我的单独对话里进行"),
            ("/forget@laurel_test_bot", "请在与我的单独对话里进行"),
        ],
        1,
    ):
        anna.user.send(text, group=group)
        assert answer in group.wait_for(number)[-1].text
    anna.user.send("大家好，今晚吃什么", group=group)
    house.telegram.wait_until(lambda: house.telegram.waiting == 0)
    assert len(group.texts) == 5
    assert len(anna.user.texts) == before


def test_stickers_voice_and_location_are_answered_and_the_prompt_stays(house: House) -> None:
    anna, bert = telegram(house), wechat(house)
    anna.say("/apply tr50")
    count = len(anna.user.texts)
    contents = [
        {"sticker": {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1}},
        {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}},
        {"location": {"latitude": 1.0, "longitude": 2.0}},
        {"document": {"file_id": "a", "file_unique_id": "b", "file_name": "a.pdf"}},
    ]
    for content in contents:
        anna._after(lambda content=content: anna.user.send_content(**content))
    answers = anna.user.texts[count:]
    *unread, file = answers
    assert [text[:9] for text in unread[::2]] == ["我只读得懂文字。刚"] * 3
    assert [text[:4] for text in unread[1::2]] == ["1/21"] * 3
    assert (file[:9], "1/21" in file) == ("这一步要的不是文件", True)
    assert "2/21" in anna.say("同意")[0]
    bert.say("/apply tr50")
    for answer in (bert.user.send_voice(), bert.user.send_location()):
        assert "我只读得懂文字" in (answer or "")
    assert "要的不是文件" in (bert.user.send_image() or "")
    assert "2/21" in bert.say("同意")[0]


def test_an_old_button_does_nothing(house: House) -> None:
    anna = telegram(house)
    anna.say("/apply tr50")
    first = anna.user.sent[-1]
    anna.say("同意")
    seen = anna._after(lambda: anna.user.press_token(first.tokens[0], on=first.id))
    assert "这个按钮属于之前的一步" in seen[0]
    assert "3/21" in anna.say("同意")[0]


def test_two_messages_at_once_are_two_turns_in_order(house: House) -> None:
    anna = telegram(house)
    anna.say("/apply tr50")
    count = len(anna.user.texts)
    anna.user.send("同意")
    anna._after(lambda: anna.user.send("同意"))
    answers = anna.user.texts[count:]
    assert answers[0].startswith("2/21")
    # The second was sent before its question was seen: it is not taken for an answer to what nobody had read.
    assert any("没有记作它的答案" in text for text in answers[1:])
    assert not any(text.startswith("3/21") for text in answers)


def test_the_same_wechat_message_three_times_at_once_is_one_turn(house: House) -> None:
    anna = wechat(house)
    anna.say("/apply tr50")
    replies = anna.user.send_three_times_at_once("同意")
    assert replies[0] is not None
    assert "2/21" in replies[0]
    assert replies == [replies[0]] * 3
    assert "3/21" in anna.say("同意")[0]


def test_without_push_rights_the_rest_waits_behind_more(house: House) -> None:
    anna = wechat(house)
    office = house.staff()
    anna.say("TR50 颁奖典礼在哪家酒店举行")
    number = anna.say("转人工")[0].partition("第 ")[2].partition(" ")[0]
    anna.say("/apply tr50")
    anna.say("同意")
    anna.say("同意")
    anna.say("1")
    office.say(f"/reply {number} 场地定下后会公布。")
    held = "SELECT count(*) FROM messages WHERE state = 'held' AND chat = ?"
    house.until(lambda: house.server.query(held, anna.user.openid) == [(1,)])
    first = anna.user.send("示例智能科技有限公司") or ""
    assert "5/21" in first
    assert "还有 1 条，回复“更多”查看" in first
    assert "场地定下后会公布" in (anna.user.send("更多") or "")
    assert "没有更多内容" in (anna.user.send("更多") or "")
    assert "公司名称（英文）：未填" in "\n".join(anna.say("核对"))
    assert anna.user.pushed == []


def test_the_wechat_address_is_checked(house: House, other_modes: House) -> None:
    for one in (house, other_modes):
        assert one.wechat.check_address("5837479310267492104") == (200, "5837479310267492104")
        assert one.wechat.get_raw({"echostr": "1"})[0] == 403


def test_bad_wechat_requests_are_refused(house: House, other_modes: House) -> None:
    forge = house.wechat.forge
    refused = [forge.unsigned(), forge.wrongly_signed(), forge.stale(), forge.cut(), forge.huge(), forge.not_xml()]
    assert [house.wechat.post_raw(*request)[0] for request in refused] == [403, 403, 403, 400, 413, 400]
    assert house.wechat.post_raw(*forge.with_entities())[0] == 400
    strict = other_modes.wechat.forge
    refused = [strict.body_swapped(), strict.plain(), strict.of_other_account()]
    assert [other_modes.wechat.post_raw(*request)[0] for request in refused] == [403, 403, 403]


def test_a_replayed_wechat_request_is_no_second_turn(other_modes: House) -> None:
    anna = wechat(other_modes)
    anna.say("/apply tr50")
    anna.say("同意")
    before = other_modes.server.query("SELECT count(*) FROM events")
    assert other_modes.wechat.post_raw(*other_modes.wechat.forge.replayed())[0] == 200
    assert other_modes.server.query("SELECT count(*) FROM events") == before
    assert "3/21" in anna.say("同意")[0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"id": "a", "te', 400),
        (b"<xml/>", 400),
        (b"[1]", 400),
        (json.dumps({"id": "a", "text": HUGE}).encode(), 413),
    ],
    ids=["cut", "xml", "list", "huge"],
)
def test_a_bad_body_of_the_page_is_refused(body: bytes, status: int, house: House) -> None:
    assert post(house, "/chat/messages", body)[0] in {status, 401}


def test_a_text_of_a_hundred_kilobytes_is_answered_everywhere(house: House) -> None:
    text = "报名要钱吗" * 7_000
    assert "太长" in house.door("console", "anna").say(text)[0]
    assert "太长" in telegram(house).say(text)[0]
    status, body = house.web().try_say(text)
    assert (status, "太" in body) in {(200, True), (413, True)}


def test_nothing_of_a_forgotten_person_is_left_in_the_database(house: House) -> None:
    anna = telegram(house)
    anna.say("/apply tr50")
    for text in ("同意", "同意", "1", "暗号智能科技有限公司"):
        anna.say(text)
    anna.say("暗号在哪里举行")
    anna.say("/handover 暗号在哪家酒店")
    assert marks(house) > 0
    anna.say("/forget")
    anna.press("确认删除")
    house.server.query("PRAGMA wal_checkpoint(TRUNCATE)")
    house.server.query("VACUUM")
    assert marks(house) == 0


def marks(house: House) -> int:
    """How often the secret word stands in the files of the database, as it is or as JSON writes it."""
    files = [path.read_bytes() for path in house.server.folder.glob("laurel.db*")]
    words = ["暗号".encode(), json.dumps("暗号").strip('"').encode()]
    return sum(content.count(word) for content in files for word in words)


def test_logs_hold_no_text_and_no_token(house: House) -> None:
    log = house.server.log()
    assert [word for word in ("示例智能", "zhang@example", "暗号", house.telegram.token) if word in log] == []
