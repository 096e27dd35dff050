"""Who a visitor of the chat page is: a signed cookie that nobody can make or change without the secret."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta

from aiohttp import web

COOKIE = "laurel_visitor"
LIFETIME = timedelta(days=400)  # as long as browsers keep one; each visit begins it anew
_SHAPE = re.compile(r"(?P<id>[A-Za-z0-9_-]{24})\.(?P<signature>[A-Za-z0-9_-]{43})")
_ID_BYTES = 18


class Visitors:
    """Makes and reads visitors' cookies."""

    def __init__(self, secret: bytes, *, secure: bool) -> None:
        if not secret:
            raise ValueError("a cookie signed with an empty secret could be made by anybody")
        self._secret = secret
        self._secure = secure

    def known(self, request: web.BaseRequest) -> str | None:
        """The visitor's id; None without a cookie or with one that we did not sign."""
        found = _SHAPE.fullmatch(request.cookies.get(COOKIE, ""))
        if found is None or not hmac.compare_digest(found["signature"], self._sign("visitor", found["id"])):
            return None
        return found["id"]

    def new(self) -> str:
        """An id that nobody has."""
        return secrets.token_urlsafe(_ID_BYTES)

    def remember(self, response: web.StreamResponse, visitor: str) -> None:
        """Gives the browser the visitor's cookie."""
        response.set_cookie(
            COOKIE,
            f"{visitor}.{self._sign('visitor', visitor)}",
            max_age=int(LIFETIME.total_seconds()),
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )

    def mark(self, visitor: str) -> str:
        """A name for the visitor that the page's script may know; the id cannot be told from it."""
        return self._sign("page", visitor)[:12]

    def _sign(self, purpose: str, visitor: str) -> str:
        digest = hmac.digest(self._secret, f"{purpose}:{visitor}".encode(), hashlib.sha256)
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
