"""50 people, 3 of whom blocked the bot and 10 are outside WeChat's window: the report says what the preview said."""

import re

import pytest

from tests.e2e.conftest import House, OpenHouse
from tests.e2e.doors import Door, TelegramDoor, WebDoor, WeChatDoor, wait_for

TEXT = "材料请在周五前备好。"
_LINE = re.compile(r"^(Telegram|微信|网页|终端)：(?:已发 )?(\d+)", re.MULTILINE)


@pytest.mark.slow
def test_fifty_people_get_a_broadcast_whose_report_equals_its_preview(open_house: OpenHouse) -> None:
    house = open_house(push=True)
    telegram, wechat, web = _fifty(house)
    office = house.staff()
    office.say("/broadcast")
    office.press("全部用户")
    preview = office.say(TEXT)
    assert preview[0] == TEXT
    assert "Telegram：22 人，3 人联系不上" in preview[1]
    assert "微信：10 人，10 人要等下次来访" in preview[1]
    assert "网页：7 人" in preview[1]  # five people, the owner and the staff
    assert _reached(preview[1]) == {"Telegram": 22, "微信": 10, "网页": 7}
    assert "送达人数 39" in preview[1]
    assert office.press("先发给自己")[0] == TEXT
    assert "没有发出" in "\n".join(office.say("50"))
    assert "群发 1 开始了" in "\n".join(office.say("39"))
    wait_for(office, "群发 1：已发完")
    report = "\n".join(office.say("/broadcast 1"))
    assert _reached(report) == _reached(preview[1])
    assert "等待 10" in report
    assert [door.user.texts.count(TEXT) for door in telegram] == [0] * 3 + [1] * 22
    assert [door.user.pushed.count(TEXT) for door in wechat] == [0] * 10 + [1] * 10
    assert [door.listen().count(TEXT) for door in web] == [1] * 5
    for back in wechat[:2]:
        back.say("你好")  # within the window again, the held message follows
        wait_for(back, TEXT)


def _fifty(house: House) -> tuple[list[TelegramDoor], list[WeChatDoor], list[WebDoor]]:
    telegram = [door for _ in range(25) if isinstance(door := house.door("telegram", "t"), TelegramDoor)]
    wechat = [door for _ in range(20) if isinstance(door := house.door("wechat", "w"), WeChatDoor)]
    web = [house.web() for _ in range(5)]
    doors: list[Door] = [*telegram, *wechat, *web]
    for door in doors:
        door.say("/help")
    for blocked in telegram[:3]:
        blocked.user.block()
    house.telegram.wait_until(lambda: house.telegram.waiting == 0)
    for away in wechat[:10]:
        house.wechat.api.accounts[away.user.openid].grants.clear()
        _last_wrote(house, away, "-3 days")
    return telegram, wechat, web


def _last_wrote(house: House, door: WeChatDoor, ago: str) -> None:
    """Moves somebody's last message into the past."""
    moved = "UPDATE identities SET last_inbound_at = strftime('%Y-%m-%d %H:%M:%f000', last_inbound_at, ?)"
    house.server.query(f"{moved} WHERE external_id = ?", ago, door.user.openid)


def _reached(text: str) -> dict[str, int]:
    return {channel: int(number) for channel, number in _LINE.findall(text)}
