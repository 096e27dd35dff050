"""The port filled for WeChat: one short passive reply to an event, and pushes where the account may."""

from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime, timedelta

import aiohttp

from bot.channels.base import Limits, NotFetched, Outcome, Refused, Rights, WindowClosed
from bot.channels.text import clean
from bot.channels.wechat.api import TIMEOUT, WeChatApi
from bot.channels.wechat.media import WeChatMedia
from bot.channels.wechat.reading import CHANNEL
from bot.channels.wechat.sizes import MESSAGE_BYTES, measure
from bot.messages import IncomingFile, Outgoing

_WINDOW = timedelta(hours=48)
_PUSHES = 5
_RATE = 10.0


class WeChatChannel:
    """Customer-service messages of one account. Passive replies go out by the door, in the response to the event."""

    name = CHANNEL
    limits = Limits(text=MESSAGE_BYTES, measure=measure, buttons=False, replies=1, files="link")

    def __init__(
        self,
        app_id: str,
        secret: str,
        api_base: str,
        capabilities: Collection[str],
        clock: Callable[[], datetime],
        *,
        session: aiohttp.ClientSession | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        """`close` closes `session`.

        `capabilities` has "push" where the account may send customer-service messages, "media" where it may fetch what
        people send.
        """
        self.rights = Rights(push="push" in capabilities, window=_WINDOW, pushes=_PUSHES, rate=_RATE)
        self._api = WeChatApi(app_id, secret, api_base, clock, session=session, timeout=timeout)
        self._media = WeChatMedia(self._api) if "media" in capabilities else None

    async def send(self, message: Outgoing) -> Outcome:
        """Sends one message by itself. Raises nothing. Files are links in its text: the platform cannot send them."""
        if not self.rights.push:
            return WindowClosed("no push")
        text = clean(message.text).strip()
        if not text:
            return Refused("empty")
        if measure(text) > MESSAGE_BYTES:
            return Refused("too long")
        body = {"touser": message.address.chat, "msgtype": "text", "text": {"content": text}}
        return await self._api.send_custom_message(body)

    async def fetch(self, file: IncomingFile) -> AsyncIterator[bytes]:
        """The bytes of a picture or video that somebody sent. Raises NotFetched."""
        if self._media is None:
            raise NotFetched("not_here")
        async for chunk in self._media.fetch(file.handle):
            yield chunk

    async def close(self) -> None:
        """Lets go of connections."""
        await self._api.close()
