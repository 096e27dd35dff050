"""Who works at a form page: a signed cookie for one application in one browser, and the token of its requests."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from aiohttp import web

from bot.services.form_page import Holder
from bot.web.failures import Refusal
from bot.web.origins import from_our_page
from bot.web.ports import FormDesk

SESSION_HEADER = "X-Form-Session"
_BROWSER_BYTES = 8


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that works at an application. `token` must come back with whatever changes something."""

    holder: Holder
    browser: str
    token: str = field(repr=False)


class Sessions:
    """Makes and reads the cookies of the form page."""

    def __init__(self, desk: FormDesk, secret: bytes, public_url: str) -> None:
        self._desk = desk
        self._secret = secret
        self._public_url = public_url

    def find(self, request: web.Request, application: int) -> Session | None:
        """The session of the request's browser with an application; None without one that is valid."""
        cookie = request.cookies.get(_name(application), "")
        found = self._desk.links.read_session(cookie, self._desk.clock()) if cookie else None
        if found is None or found[0].application != application:
            return None
        return Session(*found, self._token(*found))

    def get(self, request: web.Request) -> Session:
        """The session with the application in the address. Raises Refusal without one."""
        session = self.find(request, int(request.match_info["application"]))
        if session is None:
            raise Refusal(401, "form_session")
        return session

    def admit(self, request: web.Request) -> Session:
        """The session of a request that changes something, by its header. Raises Refusal for one of another page's."""
        self.check_origin(request)
        session = self.get(request)
        self.check_token(session, request.headers.get(SESSION_HEADER, ""))
        return session

    def check_origin(self, request: web.Request) -> None:
        """Raises Refusal where another site's page asks."""
        if not from_our_page(request, self._public_url):
            raise Refusal(403, "cross_origin")

    def check_token(self, session: Session, token: str) -> None:
        """Raises Refusal for a token that is not the session's."""
        if not hmac.compare_digest(token.encode(), session.token.encode()):
            raise Refusal(403, "cross_origin")

    def remember(self, request: web.Request, response: web.StreamResponse, holder: Holder, browser: str) -> None:
        """Gives the browser its cookie; each visit begins it anew."""
        response.set_cookie(
            _name(holder.application),
            self._desk.links.sign_session(holder, browser, self._desk.clock()),
            path="/form",
            httponly=True,
            samesite="Lax",
            secure=self._public_url.startswith("https://") or request.secure,
        )

    def _token(self, holder: Holder, browser: str) -> str:
        said = f"form-token:{holder.application}:{holder.person}:{browser}"
        return urlsafe_b64encode(hmac.digest(self._secret, said.encode(), hashlib.sha256)).rstrip(b"=").decode()


def new_browser() -> str:
    """A name for a browser that nobody has."""
    return secrets.token_hex(_BROWSER_BYTES)


def _name(application: int) -> str:
    return f"laurel_form_{application}"
