from collections.abc import AsyncIterator, Iterator

import pytest

from bot.channels.telegram.channel import TelegramChannel
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
