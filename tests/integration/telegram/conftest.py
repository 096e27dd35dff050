from collections.abc import AsyncIterator, Iterator

import pytest

from bot.channels.telegram import poller as poller_module
from bot.channels.telegram.channel import TelegramChannel
from tests.integration.telegram.polling import Desk
from tests.standins.telegram import TelegramStandin


@pytest.fixture
def standin() -> Iterator[TelegramStandin]:
    with TelegramStandin() as started:
        yield started


@pytest.fixture
async def channel(standin: TelegramStandin) -> AsyncIterator[TelegramChannel]:
    opened = TelegramChannel(standin.token, api_base=standin.base_url)
    yield opened
    await opened.close()


@pytest.fixture
async def desk() -> Desk:
    return Desk()


@pytest.fixture(autouse=True)
def _fetch_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller_module, "_SETTLE", 0.01)
