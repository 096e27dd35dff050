"""What goes over the wire between WeChat and a server: signatures, AES, XML.

Written from the platform's rules, not with the library that the adapter uses, so that the two check each other.
"""

import base64
import hashlib
import os
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers.expat import ExpatError

import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
TEXT_BYTES = 2048


class BadAnswerError(AssertionError):
    """The server's answer to a push is none that the platform takes: it would tell the user of a failure."""


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the platform's choice


def encrypt(text: str, app_id: str, aes_key: str) -> str:
    content = text.encode()
    plain = os.urandom(16) + struct.pack(">I", len(content)) + content + app_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(aes_key).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


def decrypt(encrypted: str, app_id: str, aes_key: str) -> str:
    decryptor = _cipher(aes_key).decryptor()
    padded = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
    if not 1 <= padded[-1] <= BLOCK:
        raise BadAnswerError("the padding is wrong")
    plain = padded[: -padded[-1]]
    length = struct.unpack(">I", plain[16:20])[0]
    if plain[20 + length :].decode() != app_id:
        raise BadAnswerError("encrypted for another account")
    return plain[20 : 20 + length].decode()


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def element(name: str, value: str | int) -> str:
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def document(fields: Mapping[str, str | int]) -> str:
    return "<xml>" + "".join(element(name, value) for name, value in fields.items()) + "</xml>"


class Request(NamedTuple):
    """A push as it is posted."""

    query: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Wire:
    """The settings that both ends share, as on the account's page of server configuration."""

    token: str
    app_id: str
    aes_key: str = ""
    account: str = "gh_laureltest"

    def push(self, xml: str, stamp: int) -> Request:
        """A genuine push of this XML, signed now."""
        nonce = secrets.token_hex(5)
        query = {"signature": signature(self.token, str(stamp), nonce), "timestamp": str(stamp), "nonce": nonce}
        if not self.aes_key:
            return Request(query, xml.encode())
        encrypted = encrypt(xml, self.app_id, self.aes_key)
        query |= {"encrypt_type": "aes", "msg_signature": signature(self.token, str(stamp), nonce, encrypted)}
        return Request(query, document({"ToUserName": self.account, "Encrypt": encrypted}).encode())

    def echo(self, echostr: str, stamp: int) -> dict[str, str]:
        """The query of the platform's check of the address."""
        nonce = secrets.token_hex(5)
        signed = signature(self.token, str(stamp), nonce)
        return {"signature": signed, "timestamp": str(stamp), "nonce": nonce, "echostr": echostr}

    def read_reply(self, body: str, openid: str) -> str | None:
        """The text of a passive reply; None for "success" or nothing. BadAnswerError: the user sees a failure."""
        if body in {"", "success"}:
            return None
        try:
            fields = dict(xmltodict.parse(self._opened(body), strip_whitespace=False)["xml"])
        except (ExpatError, KeyError, TypeError, ValueError) as error:
            raise BadAnswerError(f"no XML: {body[:200]!r}") from error
        self._check(fields, openid)
        return str(fields["Content"])

    def _opened(self, body: str) -> str:
        if not self.aes_key:
            return body
        outer = xmltodict.parse(body)["xml"]
        parts = outer.get("TimeStamp"), outer.get("Nonce"), outer.get("Encrypt")
        if not all(parts) or outer.get("MsgSignature") != signature(self.token, *parts):
            raise BadAnswerError("the encrypted reply is not signed")
        return decrypt(outer["Encrypt"], self.app_id, self.aes_key)

    def _check(self, fields: Mapping[str, str | None], openid: str) -> None:
        addressed = fields.get("ToUserName"), fields.get("FromUserName")
        if addressed != (openid, self.account):
            raise BadAnswerError(f"addressed wrongly: {addressed}")
        if fields.get("MsgType") != "text" or not (fields.get("CreateTime") or "").isdigit():
            raise BadAnswerError(f"not a text with a time: {fields.get('MsgType')} {fields.get('CreateTime')}")
        content = fields.get("Content") or ""
        if not content or len(content.encode()) > TEXT_BYTES:
            raise BadAnswerError(f"a text of {len(content.encode())} bytes")
