"""The platform's requests: who signed them, what they say, and the passive reply in the same response."""

import hashlib
import hmac
import importlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.channels.text import clean, split
from bot.channels.wechat.reading import UNREADABLE, UnreadableMessage, WeChatInbound, parse_envelope, read_message
from bot.channels.wechat.sizes import MESSAGE_BYTES, measure
from bot.messages import Inbound, Outgoing

BODY_BYTES = 64 * 1024
_AES_KEY = re.compile("[A-Za-z0-9+/]{43}")
_STAMP = re.compile("[0-9]{1,12}")
_TOLERANCE = timedelta(minutes=10)


class RefusedRequest(Exception):
    """A request that is none of the platform's, or cannot be read. `status` is the HTTP status to answer.

    `reason` is one of too_large, unsigned, stale, other_mode, other_account, unreadable, and holds nothing of the
    request.
    """

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class WeChatDoor:
    """Takes the platform's requests for one account.

    With an AES key only encrypted messages are taken. Without one the signature does not cover the body, and the time
    stamp is all that keeps a leaked query string from forging messages for ever.
    """

    def __init__(self, token: str, app_id: str, aes_key: str, clock: Callable[[], datetime]) -> None:
        """Raises ValueError for an empty token or app id, and for an AES key that is not of 43 characters of Base64."""
        if not token.strip() or not app_id.strip():
            raise ValueError("the token and the app id must not be empty: anybody could forge messages")
        self._token = token
        self._app_id = app_id
        self._clock = clock
        importlib.import_module("wechatpy.replies")  # takes a while: not at the first message, which is due in 5 s
        self._crypto: Any = _crypto(token, aes_key, app_id) if aes_key else None

    def verify_echo(self, query: Mapping[str, str]) -> str:
        """What to answer, as text/plain, to the platform's check of the address. Raises RefusedRequest.

        Official accounts get the echo string in clear in every mode; where it comes encrypted its own signature counts.
        """
        echo = query.get("echostr", "")
        if self._crypto and "msg_signature" in query:
            self._check_time(query)
            return self._decrypt(query, echo)
        self._check_signature(query, "signature")
        self._check_time(query)
        return echo

    def open(self, query: Mapping[str, str], body: bytes) -> WeChatInbound | None:
        """Checks, decrypts and reads a message. None: an event that calls for nothing but "success".

        Raises:
            RefusedRequest: The request is not the platform's or cannot be read, whatever is wrong with it.
        """
        if len(body) > BODY_BYTES:
            raise RefusedRequest("too_large", 413)
        self._check_signature(query, "signature")
        self._check_time(query)
        return self._read(query, body)

    def reply(self, inbound: Inbound, messages: Sequence[Outgoing]) -> tuple[bytes, tuple[int, ...]]:
        """The passive reply to an event that `open` returned, as XML, and the ids of the messages that it carries.

        It carries the first message only. Without one, or without a text, both are empty: answer "success".
        """
        if not isinstance(inbound, WeChatInbound):
            raise TypeError("the event did not come by this door")
        text = clean(messages[0].text).strip() if messages else ""
        if not text:
            return b"", ()
        # Whoever wrote the text keeps to the limit. One over it would be shown to nobody: its beginning is worth more.
        text = split(text, MESSAGE_BYTES, measure)[0]
        return self._write(inbound, text).encode(), (messages[0].id,)

    def _read(self, query: Mapping[str, str], body: bytes) -> WeChatInbound | None:
        if (query.get("encrypt_type") == "aes") != (self._crypto is not None):
            raise RefusedRequest("other_mode", 403)
        try:
            xml = body.decode()
            return read_message(self._decrypt(query, parse_envelope(xml)) if self._crypto else xml)
        except (UnreadableMessage, UnicodeDecodeError):
            raise RefusedRequest("unreadable", 400) from None

    def _check_signature(self, query: Mapping[str, str], name: str, *more: str) -> None:
        signed = (self._token, query.get("timestamp", ""), query.get("nonce", ""), *more)
        expected = hashlib.sha1(b"".join(sorted(map(_bytes, signed)))).hexdigest()  # noqa: S324 - the platform's choice
        if not hmac.compare_digest(expected.encode(), _bytes(query.get(name, ""))):
            raise RefusedRequest("unsigned", 403)

    def _check_time(self, query: Mapping[str, str]) -> None:
        stamp = query.get("timestamp", "")
        if not _STAMP.fullmatch(stamp) or abs(self._clock().timestamp() - int(stamp)) > _TOLERANCE.total_seconds():
            raise RefusedRequest("stale", 403)

    def _decrypt(self, query: Mapping[str, str], encrypted: str) -> str:
        self._check_signature(query, "msg_signature", encrypted)
        from wechatpy.exceptions import InvalidAppIdException

        try:
            signed = query["msg_signature"], query["timestamp"], query.get("nonce", "")
            return str(self._crypto.decrypt_message({"Encrypt": encrypted}, *signed))
        except InvalidAppIdException:
            raise RefusedRequest("other_account", 403) from None
        except UNREADABLE:
            raise RefusedRequest("unreadable", 400) from None

    def _write(self, inbound: WeChatInbound, text: str) -> str:
        from wechatpy.replies import TextReply

        stamp = int(self._clock().timestamp())
        # A CDATA section ends at the first ]]>: it is cut in two there, which a parser joins again.
        content = text.replace("]]>", "]]]]><![CDATA[>")
        xml = TextReply(source=inbound.account, target=inbound.chat, content=content, time=stamp).render()
        if self._crypto is None:
            return str(xml)
        return str(self._crypto.encrypt_message(xml, secrets.token_hex(8), str(stamp)))


def _crypto(token: str, aes_key: str, app_id: str) -> Any:
    from wechatpy.crypto import WeChatCrypto

    if not _AES_KEY.fullmatch(aes_key):
        raise ValueError("the AES key must be the 43 letters and digits of EncodingAESKey")
    return WeChatCrypto(token, aes_key, app_id)


def _bytes(text: str) -> bytes:
    # A query may hold lone surrogates, which no encoding takes; no true signature has any.
    return text.encode("utf-8", "replace")
