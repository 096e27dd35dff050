from datetime import UTC, datetime

import pytest

from bot.channels.wechat.door import WeChatDoor
from tests.standins.wechat import AES_KEY, WeChatStandin

NOW = datetime(2024, 9, 1, 4, 0, tzinfo=UTC)


def clock() -> datetime:
    return NOW


@pytest.fixture(params=["", AES_KEY], ids=["plain", "aes"])
def platform(request: pytest.FixtureRequest) -> WeChatStandin:
    """Makes requests; not started."""
    return WeChatStandin(aes_key=request.param, clock=clock)


@pytest.fixture
def door(platform: WeChatStandin) -> WeChatDoor:
    wire = platform.wire
    return WeChatDoor(wire.token, wire.app_id, wire.aes_key, clock)
