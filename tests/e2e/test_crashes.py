"""SIGKILL between commit and send: what was committed arrives once, and the platform's repeat adds nothing."""

from tests.e2e.conftest import House, OpenHouse
from tests.e2e.doors import TelegramDoor, WeChatDoor
from tests.standins.wechat import Failure

_UNSENT = "SELECT state FROM messages WHERE channel = ? AND state IN ('pending', 'sending')"


def telegram_door(house: House) -> TelegramDoor:
    door = house.door("telegram", "anna")
    assert isinstance(door, TelegramDoor)
    return door


def test_a_telegram_reply_that_was_committed_but_not_sent_arrives_once(open_house: OpenHouse) -> None:
    house = open_house()
    anna = telegram_door(house)
    anna.say("/apply tr50")
    before = len(anna.user.texts)
    house.telegram.fail_next("sendMessage", "hang")
    calls = len(house.telegram.calls("sendMessage"))
    anna.user.send("同意")
    house.telegram.wait_until(lambda: len(house.telegram.calls("sendMessage")) > calls)
    assert house.server.query(_UNSENT, "telegram") == [("sending",)]
    house.server.restart()
    anna.user.wait_for(before + 1)
    anna.say("同意")
    assert [text.split(" · ")[0] for text in anna.user.texts[before:]] == ["2/21", "3/21"]


def test_a_wechat_push_that_was_committed_but_not_sent_arrives_once(open_house: OpenHouse) -> None:
    house = open_house(push=True)
    anna = house.door("wechat", "anna")
    assert isinstance(anna, WeChatDoor)
    office = house.staff()
    anna.say("TR50 颁奖典礼在哪家酒店举行")
    anna.say("转人工")
    house.wechat.fail("send", Failure(hang=True))
    office.say("/reply 1 场地定下后会公布。")
    house.until(lambda: house.wechat.api.calls["send"] > 0)
    assert house.server.query(_UNSENT, "wechat") == [("sending",)]
    house.server.restart()
    assert "场地定下后会公布" in anna.user.wait_for_pushes(1)[0]
    house.until(lambda: house.server.query(_UNSENT, "wechat") == [])
    house.server.restart()
    anna.say("你好")
    assert sum("场地定下后会公布" in text for text in anna.user.pushed) == 1


def test_an_owner_is_invited_again_after_a_crash_until_there_is_one(open_house: OpenHouse) -> None:
    house = open_house()
    first = house.server.invitation
    house.server.restart()
    assert house.server.invitation
    assert first
    anna = house.web()
    assert "所有者" in "\n".join(anna.say(f"/join {house.server.invitation}"))
    house.server.invitation = ""
    house.server.restart()
    assert house.server.invitation == ""
