"""What stands behind the form page: its links, and the transactions of what is read and entered there."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.context import Clock, Library
from bot.flows.entries import Change
from bot.links import Expired, Invalid, read, sign
from bot.messages import Inbound, Kind, Outgoing
from bot.services import form_page
from bot.services.form_page import Changed, Holder, Page
from storage.database import Storage
from storage.errors import AlreadyHandled
from storage.files import FileStore
from storage.unit_of_work import UnitOfWork

LINK_LIFETIME = timedelta(hours=24)
_LINK, _SESSION = "form-link", "form-session"
_SESSION_LIFETIME = timedelta(hours=24)  # since it was last used
_NONCE_BYTES = 6


class FormLinks:
    """Addresses of the form page. `base` is this server's address; `outside`: everybody reaches it under that."""

    lifetime = LINK_LIFETIME

    def __init__(self, secret: bytes, base: str, *, outside: bool) -> None:
        self.outside = outside
        self._base = base.rstrip("/")
        self._secret = secret

    def listens_at(self, address: str) -> None:
        """Where the server really listens: links lead there where no other address was set."""
        if not self.outside:
            self._base = address

    def page_url(self, application_id: int, person_id: int, now: datetime) -> str:
        """A link to an application, for this person alone and for the first browser that opens it."""
        payload = f"{application_id}.{person_id}.{secrets.token_hex(_NONCE_BYTES)}"
        return f"{self._base}/form/{sign(self._secret, _LINK, payload, now + self.lifetime)}"

    def read(self, token: str, now: datetime) -> Holder | Expired | Invalid:
        """Whom a link is for, and to what."""
        found = read(self._secret, _LINK, token, now)
        return _holder(found) if isinstance(found, str) else found

    def sign_session(self, holder: Holder, browser: str, now: datetime) -> str:
        """A session of a browser with an application."""
        payload = f"{holder.application}.{holder.person}.{browser}"
        return sign(self._secret, _SESSION, payload, now + _SESSION_LIFETIME)

    def read_session(self, token: str, now: datetime) -> tuple[Holder, str] | None:
        """The session's holder and browser; None for one that is over or none of ours."""
        found = read(self._secret, _SESSION, token, now)
        return (_holder(found), found.rpartition(".")[2]) if isinstance(found, str) else None


def _holder(payload: str) -> Holder:
    application, person, _ = payload.split(".")
    return Holder(int(application), int(person))


@dataclass(frozen=True, slots=True)
class Spoken:
    """What came of an event that the page sent to its person's chat: the messages there, and an error's reference."""

    messages: tuple[Outgoing, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class FormDesk:
    """Reads and enters on storage threads. `handle` is what every door gives its events to; `channels` are on here."""

    storage: Storage = field(repr=False)
    library: Library
    files: FileStore = field(repr=False)
    clock: Clock
    links: FormLinks
    handle: Callable[[Inbound], Awaitable[Any]] = field(repr=False)
    channels: Collection[str]

    async def is_own_link(self, token: str, browser: str) -> bool:
        """Whether a link is still free, or was taken by this browser."""
        return await self.storage.run(partial(_is_own_link, link=_digest(token), browser=browser))

    async def take_link(self, token: str, browser: str) -> bool:
        """Binds a link to the first browser that takes it. False for every other one."""
        work = partial(_take_link, link=_digest(token), browser=browser, now=self.clock())
        try:
            return await self.storage.run(work)
        except AlreadyHandled:
            return await self.storage.run(work)

    async def open(self, holder: Holder, locale: str = "") -> Page | None:
        """What the page shows in a language (empty: the person's); None where the holder has nothing (any more)."""
        programmes, now = self.library.programmes, self.clock()
        work = partial(form_page.open_page, programmes=programmes, holder=holder, now=now, locale=locale)
        return await self.storage.run(lambda uow: work(uow=uow))

    async def enter(self, holder: Holder, changes: Sequence[Change], locale: str = "") -> Changed | None:
        """Makes changes in one transaction; None where nothing can be entered (any more). Raises KeyError."""
        known: dict[str, Any] = {"programmes": self.library.programmes, "now": self.clock(), "locale": locale}
        work = partial(form_page.enter_changes, holder=holder, changes=changes, **known)
        return await self.storage.run(lambda uow: work(uow=uow))

    async def speak(self, holder: Holder, word: str, event: str) -> Spoken | None:
        """Says a word of /page in the person's chat, as its own event; None where none of theirs is on here.

        `event` is this saying's own name: said again under it, it is answered and done once.
        """
        wanted: dict[str, Any] = {"person_id": holder.person, "channels": self.channels}
        found = await self.storage.run(lambda uow: form_page.find_chat(uow=uow, **wanted))
        if found is None:
            return None
        address, sender = found
        inbound = Inbound(
            channel=address.channel,
            event=_digest(f"{holder.application}:{holder.person}:{word}:{event}"),
            chat=address.chat,
            sender=sender,
            kind=Kind.PRESS,
            pressed=f"/page {word} {holder.application}",
            aside=True,
        )
        handled = await self.handle(inbound)
        return Spoken(tuple(handled.messages), handled.reference)

    def path(self, key: str) -> Path:
        """The content of a file that was taken in. Raises NoSuchFile."""
        return self.files.path(key)


def _is_own_link(uow: UnitOfWork, *, link: str, browser: str) -> bool:
    return form_page.is_own_link(uow=uow, link=link, browser=browser)


def _take_link(uow: UnitOfWork, *, link: str, browser: str, now: datetime) -> bool:
    return form_page.take_link(uow=uow, link=link, browser=browser, now=now)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
