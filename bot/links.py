"""Signed, expiring tokens for links: whoever holds one may do what it names, until it expires."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LONGEST = 2048  # characters of a token; browsers, proxies and WeChat take an address of that length
_SHAPE = re.compile(r"(?P<payload>[A-Za-z0-9_-]*)\.(?P<expires>\d{1,11})\.(?P<signature>[A-Za-z0-9_-]{43})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Expired:
    """A token of ours whose time is over, and what it named."""

    payload: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """No token of ours, or one for another purpose."""


def sign(secret: bytes, purpose: str, payload: str, expires: datetime) -> str:
    """A token of letters, digits, "-", "_" and ".". It is readable: `payload` must be no secret.

    Raises ValueError for an `expires` without zone, and where the token would be longer than `LONGEST`.
    """
    if expires.tzinfo is None:
        raise ValueError("an instant without zone")
    signed = f"{_encode(payload.encode())}.{(expires - _EPOCH) // timedelta(seconds=1)}"
    token = f"{signed}.{_signature(secret, purpose, signed)}"
    if len(token) > LONGEST:
        raise ValueError("too much for a link")
    return token


def read(secret: bytes, purpose: str, token: str, now: datetime) -> str | Expired | Invalid:
    """What was signed for this purpose. From `expires` on, to the second, it is Expired. Raises nothing."""
    found = _SHAPE.fullmatch(token) if token.isascii() and len(token) <= LONGEST else None
    if found is None:
        return Invalid()
    signed = f"{found['payload']}.{found['expires']}"
    if not hmac.compare_digest(found["signature"], _signature(secret, purpose, signed)):
        return Invalid()
    payload = _decode(found["payload"])
    return payload if now < _EPOCH + timedelta(seconds=int(found["expires"])) else Expired(payload)


def _signature(secret: bytes, purpose: str, signed: str) -> str:
    # The purpose is hashed by itself, so that no purpose and payload together look like another pair.
    key = hmac.digest(secret, b"link:" + purpose.encode(), hashlib.sha256)
    return _encode(hmac.digest(key, signed.encode(), hashlib.sha256))


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> str:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
