"""Links to files of the store: signed, for a few days, and where it can be known for one reader alone."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot import links
from bot.channels.base import Contents
from bot.links import Expired, Invalid
from bot.messages import OutgoingFile
from bot.uploads.kinds import BY_ENDING, MEDIA_TYPES
from bot.uploads.names import clean_name, ending

# As long as the store keeps what no answer names.
LIFETIME = timedelta(days=7)
_PURPOSE = "file"
_NAME_BYTES = 90  # WeChat counts a link among the 2048 bytes of its message
_OTHER = "application/octet-stream"


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """The present instant, aware."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a link leads to. `name` is what it is to be saved as."""

    path: Path
    name: str
    media_type: str


class Downloads:
    """Makes links and follows them."""

    def __init__(self, secret: bytes, contents: Contents, clock: Clock, public_url: str = "") -> None:
        self._secret = secret
        self._contents = contents
        self._clock = clock
        self._public_url = public_url.rstrip("/")

    def address(self, file: OutgoingFile, reader: str = "") -> str:
        """The address on this server. A `reader` other than "" is the only one whom it is opened to."""
        payload = "\n".join((_digest(reader), _packed(file.key), _short(clean_name(file.name))))
        return f"/files/{links.sign(self._secret, _PURPOSE, payload, self._clock() + LIFETIME)}"

    def link(self, file: OutgoingFile) -> str:
        """A link for a message that is read elsewhere; "" where nobody outside knows how to reach this server."""
        return self._public_url and f"{self._public_url}{self.address(file)}"

    async def open(self, token: str, reader: str = "") -> Download | Expired | Invalid:
        """What a link leads to. Invalid also for another's link, and Expired where the file is gone.

        It takes seconds where the file is made only now, and raises what making it raises.
        """
        payload = links.read(self._secret, _PURPOSE, token, self._clock())
        if not isinstance(payload, str):
            return payload
        owner, key, name = payload.split("\n")
        if owner not in {"", _digest(reader)}:
            return Invalid()
        try:
            path = await self._contents.fetch(_unpacked(key))
        except LookupError:
            return Expired(payload)
        return Download(path, name, MEDIA_TYPES.get(BY_ENDING.get(ending(name), ""), _OTHER))


def _digest(reader: str) -> str:
    """Names a reader in a link, from which nobody learns who they are."""
    return hashlib.sha256(reader.encode()).hexdigest()[:16] if reader else ""


def _packed(key: str) -> str:
    """A key in few characters: a digest by its bytes; an order, which has colons, as it is."""
    return key if ":" in key else urlsafe_b64encode(bytes.fromhex(key)).decode().rstrip("=")


def _unpacked(packed: str) -> str:
    return packed if ":" in packed else urlsafe_b64decode(f"{packed}=").hex()


def _short(name: str) -> str:
    """The name in few bytes; its ending stays."""
    last = f".{ending(name)}" if ending(name) else ""
    stem = name[: len(name) - len(last)].encode()[: _NAME_BYTES - len(last)].decode("utf-8", "ignore")
    return f"{stem}{last}"
