"""Telegram as a channel: messages and files out by the Bot API."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.base import Contents, Later, Limits, Outcome, Refused, Rights, Sent, Unknown
from bot.channels.telegram.files import NoContent, NotReady, TelegramFiles, TooHeavy
from bot.channels.telegram.outcomes import outcome_of
from bot.channels.telegram.read import ALLOWED_UPDATES, CHANNEL, Me, Update, read
from bot.channels.telegram.request import AiohttpRequest, MalformedReply
from bot.messages import Choice, Inbound, IncomingFile, Outgoing

API_BASE = "https://api.telegram.org"
_TEXT_LIMIT = 4000  # Telegram takes 4096
_RATE = 25.0  # Telegram takes about 30
_ANSWER_TIMEOUT = 5.0
_AGAIN = 5.0  # seconds until a file that was not ready is asked for again
_LONGEST_DESCRIPTION = 256

_log = structlog.get_logger(__name__)


def utf16_units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


class TelegramChannel:
    """One bot. Connects at its first call, and again after `close`.

    Args:
        token: The bot's token; it appears in no log and no outcome.
        api_base: The Bot API's address, without "/bot".
        proxy: http://, https:// or socks5:// address for all calls; "" for none. The environment's is not looked at.
        connect_timeout: Seconds until a connection stands.
        read_timeout: Seconds to wait for an answer; then the fate of a message is unknown.
        rate: Messages a second to all chats together.
        contents: Where the content of files lies that are to be sent; without it they cannot be.
    """

    name = CHANNEL
    limits = Limits(_TEXT_LIMIT, utf16_units, files="apart")

    def __init__(
        self,
        token: str,
        *,
        api_base: str = API_BASE,
        proxy: str = "",
        connect_timeout: float = 5.0,
        read_timeout: float = 15.0,
        rate: float = _RATE,
        contents: Contents | None = None,
    ) -> None:
        self.rights = Rights(rate=rate, chat_interval=1.0)
        # At DEBUG, PTB logs texts and the address with the token.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        request = AiohttpRequest(proxy=proxy, connect_timeout=connect_timeout, read_timeout=read_timeout)
        self._request = request
        self._read_timeout = read_timeout
        self._bot = Bot(token, f"{api_base.rstrip('/')}/bot", request=request, get_updates_request=request)
        self._files = TelegramFiles(self.call, request, f"{api_base.rstrip('/')}/file/bot{token}", contents)
        number = token.partition(":")[0]
        self.me = Me(int(number) if number.isdecimal() else 0)

    def read(self, update: Update) -> Inbound | None:
        """Reads a raw update as this bot, which knows its own mentions: see `read.read`."""
        return read(update, self.me)

    async def send(self, message: Outgoing) -> Outcome:
        """Sends one message as plain text, one button a row, no link preview; behind the text its files."""
        try:
            result = await self.call("sendMessage", **_body(message)) if message.text.strip() else None
            for file in message.files:
                result = await self._files.send(message.address.chat, file)
            if result is None:
                return Refused("empty")
            number = result["message_id"]
            return Sent(order=int(number), external_id=str(number))
        except TelegramError as error:
            return outcome_of(error)
        except NoContent:
            return Refused("the file is gone")
        except TooHeavy:
            return Refused("the file is too large")
        except NotReady as error:
            return Later(_AGAIN, reason=f"file: {error}")
        except Exception as error:  # noqa: BLE001 - whatever it is, the message may have been sent
            _log.error("telegram_send_failed", message=message.id, error=type(error).__name__)
            return Unknown(type(error).__name__)

    def fetch(self, file: IncomingFile) -> AsyncIterator[bytes]:
        """The bytes of a file that somebody sent. Raises NotFetched."""
        return self._files.fetch(file)

    async def answer_callback(self, query: str) -> None:
        """Stops the wheel on a tapped button. Raises nothing: an answer that is late or lost harms nobody."""
        try:
            await self.call("answerCallbackQuery", read_timeout=_ANSWER_TIMEOUT, callback_query_id=query)
        except TelegramError as error:
            _log.info("telegram_answer_failed", error=type(error).__name__)

    async def identify(self) -> Me:
        """Learns the bot's name, once; mentions in groups are recognised from then on. Raises TelegramError."""
        if not self.me.username:
            found = await self.call("getMe")
            try:
                self.me = Me(int(found["id"]), str(found["username"]))
            except (LookupError, TypeError, ValueError):
                raise MalformedReply("getMe") from None
        return self.me

    async def updates(self, offset: int, timeout: int) -> list[Any]:  # noqa: ASYNC109 - the Bot API's own word
        """Waits up to `timeout` seconds for updates from `offset` on; confirms those before. Raises TelegramError."""
        found = await self.call(
            "getUpdates",
            read_timeout=timeout + self._read_timeout,
            offset=offset,
            timeout=timeout,
            allowed_updates=list(ALLOWED_UPDATES),
        )
        if not isinstance(found, list):
            raise MalformedReply("getUpdates")
        return found

    async def publish_commands(self, commands: Mapping[str, Sequence[tuple[str, str]]]) -> bool:
        """Fills the menu of commands: locale -> (word, description). False where Telegram did not take it.

        People whose client speaks another language see the menu of "en".
        """
        try:
            for locale, entries in commands.items():
                menu = [{"command": word, "description": text[:_LONGEST_DESCRIPTION]} for word, text in entries]
                await self.call("setMyCommands", commands=menu, language_code=locale)
                if locale == "en":
                    await self.call("setMyCommands", commands=menu)
        except TelegramError as error:
            _log.warning("telegram_commands_not_published", reason=error.message)
            return False
        return True

    async def call(self, method: str, *, read_timeout: float | None = None, **parameters: Any) -> Any:
        """Calls a method of the Bot API and returns its raw result.

        Raises:
            TelegramError: Of PTB or of `request`; MalformedReply for an answer without a result.
        """
        # Methods are case-insensitive; PTB warns of those that it has a function for, unless they are in lower case.
        seconds = self._read_timeout if read_timeout is None else read_timeout
        try:
            return await self._bot.do_api_request(method.lower(), parameters, read_timeout=seconds)
        except KeyError:
            raise MalformedReply("no result") from None

    async def close(self) -> None:
        """Lets go of connections."""
        await self._request.shutdown()


def _body(message: Outgoing) -> dict[str, Any]:
    """The parameters of sendMessage."""
    body: dict[str, Any] = {
        "chat_id": message.address.chat,
        "text": message.text,
        "link_preview_options": {"is_disabled": True},
    }
    if message.choices:
        body["reply_markup"] = {"inline_keyboard": [[_button(choice)] for choice in message.choices]}
    return body


def _button(choice: Choice) -> dict[str, str]:
    return {"text": choice.label, "callback_data": choice.value}
