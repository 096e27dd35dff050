"""WeChat's XML becomes an Inbound. Whatever is wrong with it, however late that shows, is one error here."""

import hashlib
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.parsers.expat import ExpatError

from bot.channels.text import clean
from bot.messages import Inbound, IncomingFile, Kind

CHANNEL = "wechat"
# What wechatpy, xmltodict and the cipher were seen to raise on bad input.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ExpatError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
# Nothing may stand before the root, so no document type and no entity of its own can be declared.
_ROOT = re.compile(r"\ufeff?\s*(<\?xml[^<>]*\?>)?\s*<xml[\s>]")
_OPENID = re.compile(r"[A-Za-z0-9_.@-]{1,128}")


class UnreadableMessage(Exception):
    """The XML is none of WeChat's."""


@dataclass(frozen=True, slots=True)
class WeChatInbound(Inbound):
    """An event with the account that it was sent to: a passive reply must name it."""

    account: str = ""


def parse_envelope(xml: str) -> str:
    """The encrypted part of an AES request's body. Raises UnreadableMessage."""
    import xmltodict

    try:
        return _string(xmltodict.parse(_checked(xml))["xml"]["Encrypt"])
    except UNREADABLE as error:
        raise UnreadableMessage(type(error).__name__) from None


def read_message(xml: str) -> WeChatInbound | None:
    """Reads a message or event; None for an event that calls for nothing. Raises UnreadableMessage."""
    from wechatpy.parser import parse_message

    try:
        return _receive(parse_message(_checked(xml)))
    except UNREADABLE as error:
        raise UnreadableMessage(type(error).__name__) from None


def _checked(xml: str) -> str:
    # Users can send control characters, and the platform passes them on in XML that no parser takes.
    xml = clean(xml)
    if not _ROOT.match(xml):
        raise ValueError("no message")
    return xml


def _receive(message: Any) -> WeChatInbound | None:
    person, account = _openid(message.source), _openid(message.target)
    sent_at = datetime.fromtimestamp(_integer(message.time), UTC)
    content = _content(message)
    if content is None:
        return None
    return WeChatInbound(
        channel=CHANNEL,
        event=_key(message, person),
        chat=person,
        sender=person,
        sent_at=sent_at,
        account=account,
        **content,
    )


def _content(message: Any) -> dict[str, Any] | None:
    """What an Inbound says beyond its address. None: an event that calls for nothing."""
    kind = _raw(message, "MsgType").lower()
    if kind == "event" or kind.startswith("device_"):
        read = _EVENTS.get(_raw(message, "Event").lower())
        return read(message) if read else None
    return _MESSAGES.get(kind, _other)(message)


def _key(message: Any, person: str) -> str:
    """Equal for the platform's repeats. Events have no id: a hash of their parts, so that no openid is kept in it."""
    if message.id:
        return str(_integer(message.id))
    parts = [_raw(message, name) for name in ("CreateTime", "MsgType", "Event", "EventKey", "Content")]
    return "event-" + hashlib.sha256("\n".join([person, *parts]).encode()).hexdigest()


def _raw(message: Any, element: str) -> str:
    return _string(message._data.get(element))  # noqa: SLF001 - an unknown message or event shows nothing of itself


def _openid(value: object) -> str:
    if not isinstance(value, str) or not _OPENID.fullmatch(value):
        raise ValueError("no openid")
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError("no number")
    return value


def _string(value: object) -> str:
    """An element's text: "" for one that is missing or empty. Refuses one that is repeated or has children."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _text(message: Any) -> dict[str, Any]:
    return {"kind": Kind.TEXT, "text": _string(message.content)}


def _image(message: Any) -> dict[str, Any]:
    return _media(message, "photo")


def _video(message: Any) -> dict[str, Any]:
    return _media(message, "video")


def _media(message: Any, name: str) -> dict[str, Any]:
    """A file by its media id. The platform compresses whatever is sent in a chat, unless told not to; nobody sees."""
    if not (handle := _string(message.media_id)):
        raise ValueError("no media id")
    return {"kind": Kind.FILE, "files": (IncomingFile(handle, name, recompressed=True),)}


def _start(_message: Any) -> dict[str, Any]:
    return {"kind": Kind.START}


def _scan(message: Any) -> dict[str, Any]:
    return {"kind": Kind.START, "payload": _string(message.scene_id)}


def _left(_message: Any) -> dict[str, Any]:
    return {"kind": Kind.LEFT}


def _click(message: Any) -> dict[str, Any] | None:
    key = _string(message.key)
    return {"kind": Kind.TEXT, "text": key} if key.startswith("/") else None


def _other(_message: Any) -> dict[str, Any]:
    return {"kind": Kind.OTHER}


_MESSAGES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "text": _text,
    "image": _image,
    "video": _video,
    "shortvideo": _video,
}
_EVENTS: dict[str, Callable[[Any], dict[str, Any] | None]] = {
    "subscribe": _start,
    "subscribe_scan": _scan,
    "subscribe_scan_product": _start,
    "scan": _scan,
    "unsubscribe": _left,
    "click": _click,
}
