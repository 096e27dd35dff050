"""Updates by webhook: the secret in the header, and telling Telegram where to send."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import TelegramError

from bot.channels.base import Misconfigured, Refused
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.outcomes import outcome_of
from bot.channels.telegram.read import ALLOWED_UPDATES

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0

Problem = Callable[[str], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]

_log = structlog.get_logger(__name__)


def check_secret(header: str | None, secret: str) -> bool:
    """Whether X-Telegram-Bot-Api-Secret-Token carries our secret; in constant time. An empty secret fits nothing."""
    return bool(secret) and hmac.compare_digest((header or "").encode("utf-8", "replace"), secret.encode())


async def set_webhook(
    channel: TelegramChannel, url: str, secret: str, *, on_problem: Problem | None = None, sleep: Sleep = asyncio.sleep
) -> None:
    """Learns the bot's name and has updates sent to `url`, trying until it succeeds. To be run in the background.

    `on_problem` is told what no further try will mend (a wrong token, an address that Telegram refuses), and "" when it
    is mended.
    """
    pause, told = _FIRST_PAUSE, False
    while True:
        try:
            await channel.identify()
            await channel.call("setWebhook", url=url, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES))
        except TelegramError as error:
            _log.warning("telegram_webhook_not_set", reason=error.message)
            if on_problem is not None and not told and isinstance(outcome_of(error), Misconfigured | Refused):
                told = True
                await on_problem(error.message)
        else:
            _log.info("telegram_webhook_set")
            if on_problem is not None and told:
                await on_problem("")
            return
        await sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
