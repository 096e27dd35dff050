"""Telegram's raw updates become Inbounds. An update of the wrong shape is one error here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram.content import is_service, read_files
from bot.channels.text import clean
from bot.messages import Inbound, IncomingFile, Kind

CHANNEL = "telegram"
# What is asked of the Bot API: nothing else is read.
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
_WRONG_SHAPE = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
_GROUPS = frozenset({"group", "supergroup"})
_SLASHES = ("/", "／")
_ADDRESSED_COMMAND = re.compile(r"([/／][^\s@]+)@([A-Za-z0-9_]+)")
_START = re.compile(r"/start(?:\s+(\S+))?\s*", re.ASCII)

Update = Mapping[str, Any]


class Unreadable(Exception):
    """An update that is none of Telegram's as far as we know them. `event` is its id, empty where it has none."""

    def __init__(self, event: str, reason: str) -> None:
        super().__init__(reason)
        self.event = event


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account, as getMe says it. While `username` is "", mentions are not recognised."""

    id: int = 0
    username: str = ""


def read(update: Update, me: Me | None = None) -> Inbound | None:
    """Reads an update. None for what calls for nothing: edited messages, posts of channels, the talk of a group.

    Raises:
        Unreadable: The update has not the shape of the Bot API and never will: record it and acknowledge it.
    """
    event = _event(update)
    try:
        return _read(event, update, me or Me())
    except _WRONG_SHAPE as error:
        raise Unreadable(event, type(error).__name__) from None


def callback_id(update: Update) -> str | None:
    """The id by which a tap is to be answered (`TelegramChannel.answer_callback`); None for any other update."""
    query = update.get("callback_query")
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else None


def _event(update: Update) -> str:
    found = update.get("update_id") if isinstance(update, Mapping) else None
    if not isinstance(found, int) or isinstance(found, bool):
        raise Unreadable("", "no update_id")
    return str(found)


def _read(event: str, update: Update, me: Me) -> Inbound | None:
    if (message := update.get("message")) is not None:
        return _message(event, message, me)
    if (query := update.get("callback_query")) is not None:
        return _press(event, query)
    if (change := update.get("my_chat_member")) is not None:
        return _membership(event, change)
    return None


def _message(event: str, message: Update, me: Me) -> Inbound | None:
    private = _private(message["chat"])
    # sender_chat: a channel, or an administrator without a face, whose sender is an account that many share.
    if private is None or "from" not in message or "sender_chat" in message:
        return None
    if message["from"]["is_bot"] or is_service(message):
        return None
    said = _string(message.get("text", message.get("caption", "")))
    text = _without_name(said, me) if private else _said_to_bot(said, message, me)
    if text is None:
        return None
    files = read_files(message)
    kind, payload = _kind(text, message, files)
    if kind is Kind.OTHER and not private:
        return None
    return Inbound(
        CHANNEL,
        event,
        **_sender(message),
        kind=kind,
        text="" if kind is Kind.START else clean(text),
        payload=payload,
        files=files,
        private=private,
        order=_integer(message["message_id"]),
        sent_at=datetime.fromtimestamp(_integer(message["date"]), UTC),
    )


def _kind(text: str, message: Update, files: tuple[IncomingFile, ...]) -> tuple[Kind, str]:
    """The kind, and what a deep link carried."""
    if files:
        return Kind.FILE, ""
    if "text" not in message:
        return Kind.OTHER, ""
    if start := _START.fullmatch(text):
        return Kind.START, clean(start[1] or "")
    return Kind.TEXT, ""


def _said_to_bot(text: str, message: Update, me: Me) -> str | None:
    """What a group's message says to the bot: a command, an answer to a message of its, or a mention; else None."""
    if text.startswith(_SLASHES):
        command = _ADDRESSED_COMMAND.match(text)
        ours = command is None or not me.username or command[2].casefold() == me.username.casefold()
        return _without_name(text, me) if ours else None
    without = _without_name(text, me)
    author = message.get("reply_to_message", {}).get("from", {}).get("id")
    return without if without != text or (me.id and author == me.id) else None


def _without_name(text: str, me: Me) -> str:
    """Drops the bot's name from "/command@name rest", and wherever else it is mentioned."""
    if command := _ADDRESSED_COMMAND.match(text):
        return command[1] + text[command.end() :]
    if not me.username or "@" not in text:
        return text
    name = rf"(?<![A-Za-z0-9_@.])@{re.escape(me.username)}(?![A-Za-z0-9_])[，,：:]?"
    parts = re.split(name, text, flags=re.IGNORECASE)
    return text if len(parts) == 1 else " ".join(part.strip() for part in parts).strip()


def _press(event: str, query: Update) -> Inbound | None:
    """A tap. None for a button of a game, or of a message that was sent by way of another chat."""
    if "data" not in query or "message" not in query:
        return None
    private = _private(query["message"]["chat"])
    if private is None:
        return None
    who = {**query["message"], "from": query["from"]}
    return Inbound(CHANNEL, event, **_sender(who), kind=Kind.PRESS, pressed=_string(query["data"]), private=private)


def _membership(event: str, change: Update) -> Inbound | None:
    """Somebody blocks the bot. In groups this says nothing of the person who did it: None.

    Who lets it in again taps a button that sends /start as well, and need not be greeted twice.
    """
    if _string(change["new_chat_member"]["status"]) != "kicked" or not _private(change["chat"]):
        return None
    sent_at = datetime.fromtimestamp(_integer(change["date"]), UTC)
    return Inbound(CHANNEL, event, **_sender(change), kind=Kind.LEFT, sent_at=sent_at)


def _private(chat: Update) -> bool | None:
    """Whether a chat is private; None where nothing is read."""
    kind = _string(chat["type"])
    return True if kind == "private" else False if kind in _GROUPS else None


def _sender(message: Update) -> dict[str, Any]:
    """The fields of an Inbound that say where it comes from and who says it."""
    user = message["from"]
    language = user.get("language_code")
    names = (_string(user["first_name"]), _string(user.get("last_name", "")))
    return {
        "chat": str(_integer(message["chat"]["id"])),
        "sender": str(_integer(user["id"])),
        "name": clean(" ".join(filter(None, names))),
        "locale": None if language is None else "zh" if _string(language).startswith("zh") else "en",
    }


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value
