"""The way in: a link is taken by a button, not by merely fetching it, for chats fetch what is sent in them."""

import io

import segno
from aiohttp import web

from bot.links import Expired, Invalid
from bot.services.form_page import Holder
from bot.web.failures import Refusal
from bot.web.form_sessions import Sessions, new_browser
from bot.web.form_view import FormView
from bot.web.form_words import Words
from bot.web.languages import choose_locale, keep_choice
from bot.web.ports import FormDesk

_STATUS = {"expired": 410, "used": 403, "invalid": 404, "session": 401}


class FormLinks:
    """Opens links."""

    def __init__(self, desk: FormDesk, sessions: Sessions, view: FormView, public_url: str) -> None:
        self._desk = desk
        self._sessions = sessions
        self._view = view
        self._public_url = public_url

    def routes(self) -> list[web.RouteDef]:
        """The addresses of links."""
        link = r"/form/{token:[^/]*\.[^/]*}"
        return [
            web.get(f"{link}/code.svg", self.code),
            web.get(link, self.look),
            web.post(link, self.take),
            web.get(r"/form/{application:\d{1,9}}/phone.svg", self.phone),
        ]

    async def look(self, request: web.Request) -> web.Response:
        """What a link leads to. Binds nothing."""
        if (chosen := keep_choice(request)) is not None:
            return chosen
        token = request.match_info["token"]
        holder = self._read(token)
        if not isinstance(holder, Holder):
            return self.gone(request, holder)
        session = self._sessions.find(request, holder.application)
        browser = session.browser if session is not None else ""
        if not await self._desk.is_own_link(token, browser):
            return self.gone(request, "used")
        ui = Words(choose_locale(request))
        address = f"/form/{token}"
        return self._view.lone("form_open.html", ui, code=f"{address}/code.svg", switch=_switch(address, ui.locale))

    async def take(self, request: web.Request) -> web.Response:
        """Binds the link to this browser, and leads to the page: the link does not stay in the address bar."""
        self._sessions.check_origin(request)
        token = request.match_info["token"]
        holder = self._read(token)
        if not isinstance(holder, Holder):
            return self.gone(request, holder)
        session = self._sessions.find(request, holder.application)
        same = session is not None and session.holder == holder
        browser = session.browser if session is not None and same else new_browser()
        if not await self._desk.take_link(token, browser):
            return self.gone(request, "used")
        response = web.Response(status=303, headers={"Location": f"/form/{holder.application}"})
        response.headers["Cache-Control"] = "no-store"
        self._sessions.remember(request, response, holder, browser)
        return response

    async def code(self, request: web.Request) -> web.Response:
        """A link as a QR code."""
        token = request.match_info["token"]
        if not isinstance(self._read(token), Holder):
            raise Refusal(404, "not_found")
        return _drawn(f"{self._base(request)}/form/{token}")

    async def phone(self, request: web.Request) -> web.Response:
        """A new link to the same application as a QR code, for another device of the same person."""
        holder = self._sessions.get(request).holder
        url = self._desk.links.page_url(holder.application, holder.person, self._desk.clock())
        return _drawn(f"{self._base(request)}{url[url.index('/form/') :]}")

    def gone(self, request: web.Request, why: str) -> web.Response:
        """Why a link does not open, and how to get a new one."""
        ui = Words(choose_locale(request))
        return self._view.lone(
            "form_gone.html", ui, status=_STATUS[why], why=why, switch=_switch(request.path, ui.locale)
        )

    def _read(self, token: str) -> Holder | str:
        found = self._desk.links.read(token, self._desk.clock())
        if isinstance(found, Expired):
            return "expired"
        return "invalid" if isinstance(found, Invalid) else found

    def _base(self, request: web.Request) -> str:
        """The address under which this very request has reached us."""
        return self._public_url.rstrip("/") or f"{request.scheme}://{request.host}"


def _switch(address: str, locale: str) -> str:
    return f"{address}?locale={'en' if locale == 'zh' else 'zh'}"


def _drawn(address: str) -> web.Response:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=3, dark="#1f2b26", light="#ffffff")
    response = web.Response(body=drawn.getvalue(), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response
