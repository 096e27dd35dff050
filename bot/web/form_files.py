"""Files of the form page: taken in as they come, shown to whoever may see the page, and taken away."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.flows.entries import Attach, Change, Detach
from bot.services.form_page import Holder, Page, judge_file, owns_file, problem_of
from bot.web.bodies import read_object
from bot.web.failures import Refusal
from bot.web.form_entry import enter_change
from bot.web.form_posts import chunks
from bot.web.form_sessions import Session, Sessions
from bot.web.form_view import FormView
from bot.web.form_words import Words
from bot.web.languages import chosen_locale
from bot.web.ports import FormDesk, Uploads

# Pictures are shown in the browser; whatever else somebody sent is saved to disk and never shown under our address.
_SHOWN = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
_POLICY = "default-src 'none'; sandbox"
_AT_ONCE = 3
_CHECK_BYTES = 4096
_NAME = 200


class FormFiles:
    """Serves the files of an application."""

    def __init__(self, desk: FormDesk, uploads: Uploads | None, sessions: Sessions, view: FormView) -> None:
        self._desk = desk
        self._uploads = uploads
        self._sessions = sessions
        self._view = view
        self._busy: dict[Holder, int] = {}

    def routes(self, page: str) -> list[web.RouteDef]:
        """The addresses below the page's."""
        return [
            web.post(f"{page}/files/{{field}}", self.upload),
            web.post(f"{page}/files/{{field}}/check", self.check),
            web.post(f"{page}/files/{{field}}/{{key}}/delete", self.delete),
            web.get(f"{page}/files/{{key}}", self.show),
        ]

    async def check(self, request: web.Request) -> web.Response:
        """Whether a file, as JSON {name, size}, would have room: said before it is sent, and again when it is here."""
        session = self._sessions.admit(request)
        data = await read_object(request, _CHECK_BYTES)
        name, size = data.get("name"), data.get("size")
        if not isinstance(name, str) or type(size) is not int or size < 0:
            raise Refusal(400, "malformed")
        text = await self._judge(request, session, request.match_info["field"], name, size)
        if not text:
            return web.json_response({}, headers={"Cache-Control": "no-store"})
        return web.json_response({"problem": text}, status=422, headers={"Cache-Control": "no-store"})

    async def upload(self, request: web.Request) -> web.Response:
        """One file as multipart. Answers with the field's files and whatever else has changed."""
        session = self._sessions.admit(request)
        if request.content_type != "multipart/form-data":
            raise Refusal(415, "malformed")
        if self._busy.get(session.holder, 0) >= _AT_ONCE:
            raise Refusal(429, "too_many")
        self._busy[session.holder] = self._busy.get(session.holder, 0) + 1
        try:
            taken = await self._receive(request, session)
        finally:
            self._busy[session.holder] -= 1
            if not self._busy[session.holder]:
                del self._busy[session.holder]
        if isinstance(taken, str):
            return web.json_response({"problem": taken}, status=422, headers={"Cache-Control": "no-store"})
        return await self._enter(request, session, taken)

    async def delete(self, request: web.Request) -> web.Response:
        """Takes a file away."""
        session = self._sessions.admit(request)
        return await self._enter(request, session, Detach(request.match_info["field"], request.match_info["key"]))

    async def show(self, request: web.Request) -> web.StreamResponse:
        """A file of this application's answers."""
        session = self._sessions.get(request)
        page = await self._desk.open(session.holder, chosen_locale(request))
        found = owns_file(page, request.match_info["key"]) if page is not None else None
        if found is None:
            raise Refusal(404, "not_found")
        try:
            path = self._desk.path(str(found["key"]))
        except LookupError:
            raise Refusal(404, "not_found") from None
        return web.FileResponse(path, headers=_headers(found))

    async def take(
        self, request: web.Request, session: Session, key: str, name: str, stream: AsyncIterator[bytes]
    ) -> Change | str:
        """A file on its way into a field: the change that adds it, or why it is not taken.

        Nothing of it is read where the page is not open, or the field takes no file or no more. Raises Refusal.
        """
        if self._uploads is None:
            raise Refusal(404, "not_found")
        if problem := await self._judge(request, session, key, name):
            return problem
        holder = session.holder
        found = await self._uploads.take_in(stream, name, person_id=holder.person, application_id=holder.application)
        if isinstance(found, Mapping):
            return Attach(key, found)
        page = await self._open(request, session)
        return Words(page.locale, page.programme.zone).refuse(found.kind, found.values)

    async def _judge(self, request: web.Request, session: Session, key: str, name: str, size: int | None = None) -> str:
        """Why a file will not be taken, of which so much is known; empty where it may. Raises Refusal."""
        page = await self._open(request, session)
        try:
            problem = judge_file(page, key, name[:_NAME], size)
        except KeyError:
            raise Refusal(404, "form_not_asked") from None
        return Words(page.locale, page.programme.zone).explain(problem) if problem is not None else ""

    async def _open(self, request: web.Request, session: Session) -> Page:
        """The page, on which something can be entered. Raises Refusal."""
        page = await self._desk.open(session.holder, chosen_locale(request))
        if page is None or page.sheet is None:
            raise Refusal(410, "form_closed")
        return page

    async def _receive(self, request: web.Request, session: Session) -> Change | str:
        try:
            reader = await request.multipart()
            part = await reader.next()
            if not isinstance(part, BodyPartReader) or part.name != "file" or not part.filename:
                raise Refusal(400, "malformed")
            return await self.take(request, session, request.match_info["field"], part.filename, chunks(part))
        except (ValueError, AssertionError, web.RequestPayloadError):
            raise Refusal(400, "cut") from None

    async def _enter(self, request: web.Request, session: Session, change: Change) -> web.Response:
        changed = await enter_change(self._desk, request, session, change)
        key = change.field
        ui = Words(changed.after.locale, changed.after.programme.zone)
        body: dict[str, Any] = self._view.changes(session, changed.before, changed.after, edited=key)
        body["files"] = {key: self._view.files(session, changed.after, key)}
        problem = problem_of(changed)
        body["problem"] = ui.explain(problem) if problem is not None else ""
        response = web.json_response(body, status=422 if problem else 200, headers={"Cache-Control": "no-store"})
        self._sessions.remember(request, response, session.holder, session.browser)
        return response


def _headers(found: Mapping[str, Any]) -> dict[str, str]:
    kind = str(found["kind"])
    shown = "inline" if kind in _SHOWN else "attachment"
    return {
        "Content-Type": _SHOWN.get(kind, "application/octet-stream"),
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(str(found['name']), safe='')}",
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "private, no-cache",
    }
