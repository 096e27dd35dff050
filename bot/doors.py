"""The platforms' doors of a serving process: which are on, what they need to start, how they are.

A platform's SDK is imported when its channel is on, and only then.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog

from bot.channels.base import Channel, Contents
from bot.channels.console import ConsoleChannel
from bot.channels.webchat import WebChatChannel
from bot.context import Clock
from bot.messages import Inbound
from bot.render import LOCALES
from bot.settings import Settings
from bot.web.ports import TelegramDoor, WeChatDoor
from storage.database import Storage

if TYPE_CHECKING:
    from bot.channels.telegram.channel import TelegramChannel

log = structlog.get_logger()

Handle = Callable[[Inbound], Awaitable[object]]
# Longer than a fetch waits for updates: the lease is renewed before each.
_POLLER_LEASE = timedelta(seconds=90)
_POLLER = "telegram-poller"
_MENU_AGAIN = 60.0


class TelegramWebhook:
    """Telegram's webhook side, as the web's edge asks for it."""

    def __init__(self, channel: "TelegramChannel", secret: str) -> None:
        self._channel = channel
        self._secret = secret

    def check_secret(self, given: str | None) -> bool:
        """Whether the request's secret header is ours, compared in constant time."""
        from bot.channels.telegram.webhook import check_secret

        return check_secret(given, self._secret)

    def read(self, update: Mapping[str, Any]) -> Inbound | None:
        """The update as an event. Raises Unreadable."""
        return self._channel.read(update)

    async def acknowledge(self, update: Mapping[str, Any]) -> None:
        """Stops the spinner of a pressed button."""
        from bot.channels.telegram.read import callback_id

        if query := callback_id(update):
            await self._channel.answer_callback(query)


async def _tell_nobody(_channel: str, _reason: str) -> None:
    """For a process that has nobody to tell."""


@dataclass
class Doors:
    """The channels that are on, and the doors that lead to them.

    `tell(channel, reason)` is awaited when a channel stops for something that staff must mend, and with an empty reason
    when it is mended.
    """

    webchat: WebChatChannel
    channels: dict[str, Channel]
    telegram: "TelegramChannel | None" = None
    telegram_webhook: TelegramDoor | None = None
    wechat: WeChatDoor | None = None
    tell: Callable[[str, str], Awaitable[None]] = _tell_nobody
    _problems: dict[str, str] = field(default_factory=dict)

    def states(self) -> dict[str, str]:
        """How each channel is: "on", or what is wrong with it."""
        return {name: self._problems.get(name) or "on" for name in self.channels}

    async def report(self, channel: str, reason: str) -> None:
        """Notes what is wrong with a channel, and tells; an empty reason: it is mended."""
        if self._problems.get(channel, "") != reason:
            self._problems[channel] = reason
            await self.tell(channel, reason)

    async def run(self, handle: Handle, storage: Storage, settings: Settings, stop: asyncio.Event) -> None:
        """Fetches what must be fetched, until `stop`. An unreachable platform keeps nobody else waiting."""
        if self.telegram is None:
            return
        commands = asyncio.create_task(self._publish_commands(self.telegram))
        try:
            if self.telegram_webhook is not None:
                await self._webhook(self.telegram, settings, stop)
            else:
                await self._poll(self.telegram, handle, storage, stop)
        finally:
            commands.cancel()

    async def _webhook(self, channel: "TelegramChannel", settings: Settings, stop: asyncio.Event) -> None:
        from bot.channels.telegram.webhook import set_webhook

        url = f"{settings.public_url.rstrip('/')}/telegram"
        secret = settings.telegram_webhook_secret.get_secret_value()
        setting = asyncio.create_task(set_webhook(channel, url, secret, on_problem=self._telegram_problem))
        await stop.wait()
        setting.cancel()

    async def _poll(self, channel: "TelegramChannel", handle: Handle, storage: Storage, stop: asyncio.Event) -> None:
        from bot.channels.telegram.poller import Poller

        owner = uuid4().hex

        async def hand_on(inbound: Inbound) -> None:
            await handle(inbound)

        async def may_run() -> bool:
            return await storage.run(lambda uow: uow.leases.acquire(_POLLER, owner, _POLLER_LEASE))

        poller = Poller(channel, hand_on, on_problem=self._telegram_problem, may_run=may_run)
        try:
            await poller.run(stop)
        finally:
            await storage.run(lambda uow: uow.leases.release(_POLLER, owner))

    async def _publish_commands(self, channel: "TelegramChannel") -> None:
        from bot.menu import command_menu

        menu = {locale: command_menu(locale) for locale in LOCALES}
        while not await channel.publish_commands(menu):  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(_MENU_AGAIN)

    async def _telegram_problem(self, reason: str) -> None:
        await self.report("telegram", reason)


def open_doors(settings: Settings, clock: Clock, contents: Contents | None = None) -> Doors:
    """The doors that the settings open: the page and the terminal always, a platform when it has its token.

    `contents` is where the content of files lies that are to be sent.
    """
    web, console = WebChatChannel(), ConsoleChannel()
    doors = Doors(web, {web.name: web, console.name: console})
    if token := settings.telegram_token.get_secret_value():
        from bot.channels.telegram.channel import TelegramChannel

        channel = TelegramChannel(
            token,
            api_base=settings.telegram_api_base,
            proxy=settings.telegram_proxy,
            rate=settings.telegram_rate,
            contents=contents,
        )
        doors.telegram = channel
        doors.channels[channel.name] = channel
        if secret := settings.telegram_webhook_secret.get_secret_value():
            doors.telegram_webhook = TelegramWebhook(channel, secret)
    if settings.wechat_app_id:
        _open_wechat(doors, settings, clock)
    return doors


def _open_wechat(doors: Doors, settings: Settings, clock: Clock) -> None:
    from bot.channels.wechat.channel import WeChatChannel
    from bot.channels.wechat.door import WeChatDoor as Door

    secret = settings.wechat_app_secret.get_secret_value()
    channel = WeChatChannel(
        settings.wechat_app_id, secret, settings.wechat_api_base, settings.wechat_capabilities, clock
    )
    doors.channels[channel.name] = channel
    token, aes_key = settings.wechat_token.get_secret_value(), settings.wechat_aes_key.get_secret_value()
    doors.wechat = Door(token, settings.wechat_app_id, aes_key, clock)
