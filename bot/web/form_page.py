"""The form page: what it shows, and what is entered on it, one answer at a time or the whole page."""

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import structlog
from aiohttp import web

from bot.flows.entries import Change, Write
from bot.flows.shelves import slot_of
from bot.flows.values import Problem
from bot.render import render
from bot.services.form_page import Changed, Page, problem_of
from bot.web.bodies import read_object
from bot.web.failures import Refusal
from bot.web.form_entry import enter_change
from bot.web.form_files import FormFiles
from bot.web.form_links import FormLinks
from bot.web.form_posts import ANSWER_BYTES, Posted, read_answer, read_page, read_row
from bot.web.form_sessions import Session, Sessions
from bot.web.form_view import FormView, switch_address
from bot.web.form_words import Words
from bot.web.languages import choose_locale, chosen_locale, keep_choice
from bot.web.pages import Pages
from bot.web.ports import Edge, FormDesk

_ELSEWHERE = "changed_elsewhere"
_SAID = frozenset({"saved", "problems", "conflict", "gaps", "gone"})
_WORDS = {"submit": ("submit", "result_title"), "chat": ("back", "result_back_title")}
_EVENT = re.compile(r"[0-9a-f]{32}")

_log = structlog.get_logger("bot.web")


class FormPage:
    """Serves the page of an application."""

    def __init__(self, edge: Edge, desk: FormDesk, pages: Pages) -> None:
        self._desk = desk
        self._view = FormView(pages)
        self._sessions = Sessions(desk, edge.secret, edge.public_url)
        self._links = FormLinks(desk, self._sessions, self._view, edge.public_url)
        self._files = FormFiles(desk, edge.uploads, self._sessions, self._view)

    def routes(self) -> list[web.RouteDef]:
        """The page's addresses."""
        page = r"/form/{application:\d{1,9}}"
        return [
            web.get(page, self.show),
            web.post(page, self.post),
            web.post(f"{page}/answers", self.answer),
            web.post(f"{page}/rows", self.row),
            *self._links.routes(),
            *self._files.routes(page),
            web.get("/form/{token}", self.nothing),
            web.post("/form/{token}", self.nothing),
        ]

    async def nothing(self, request: web.Request) -> web.Response:
        """What is no link at all."""
        return self._links.gone(request, "invalid")

    async def show(self, request: web.Request) -> web.Response:
        """The page, and after a submission what was submitted."""
        if (chosen := keep_choice(request)) is not None:
            return chosen
        session = self._sessions.find(request, int(request.match_info["application"]))
        page = await self._desk.open(session.holder, chosen_locale(request)) if session is not None else None
        if session is None or page is None:
            return self._links.gone(request, "session")
        if page.sheet is None:
            response = self._done(session, page)
        else:
            said = request.query.get("said", "")
            text = Words(page.locale).say(f"said_{said}") if said in _SAID else ""
            response = self._shown(session, page, text)
        self._sessions.remember(request, response, session.holder, session.browser)
        return response

    async def answer(self, request: web.Request) -> web.Response:
        """One answer as JSON {field, row?, column?, value, seen}. Answers with what has changed on the page."""
        session = self._sessions.admit(request)
        change = read_answer(await _json(request))
        return await self._entered(request, session, change)

    async def row(self, request: web.Request) -> web.Response:
        """A row added or deleted, as JSON {field, do, row, seen?}. Answers with what has changed on the page."""
        session = self._sessions.admit(request)
        change = read_row(await _json(request))
        return await self._entered(request, session, change, whole=True)

    async def post(self, request: web.Request) -> web.Response:
        """The whole page as a form, saved, and what its button says beyond that."""
        self._sessions.check_origin(request)
        session = self._sessions.get(request)
        taken: list[Change] = []
        refused: list[str] = []

        async def take(key: str, name: str, stream: AsyncIterator[bytes]) -> None:
            try:
                found = await self._files.take(request, session, key, name, stream)
            except Refusal as refusal:
                if refusal.code != "form_not_asked":
                    raise
                found = render("web.error_form_not_asked", choose_locale(request))
            taken.append(found) if not isinstance(found, str) else refused.append(found)

        posted = await read_page(request, lambda token: self._sessions.check_token(session, token), take)
        return await self._save(request, session, posted, taken, refused)

    async def _save(
        self, request: web.Request, session: Session, posted: Posted, taken: list[Change], refused: list[str]
    ) -> web.Response:
        page = await self._desk.open(session.holder, chosen_locale(request))
        if page is None or page.sheet is None:
            return _see(session, "")
        asked = {entry.field.key for entry in page.sheet.entries() if entry.computed is None}
        changes = [one for one in (*posted.changes(), *taken) if one.field in asked]
        try:
            changed = await self._desk.enter(session.holder, changes, chosen_locale(request))
        except KeyError:
            return _see(session, "gone")
        if changed is None:
            return _see(session, "gone")
        if told := [*refused, *_not_kept(changed, changes)]:
            return self._shown(session, changed.after, "\n".join(told))
        problem = problem_of(changed)
        if posted.do in _WORDS and (posted.do == "chat" or problem is None):
            return await self._leave(session, changed.after, posted)
        said = "conflict" if problem is not None and problem.kind == _ELSEWHERE else "problems"
        place = _place(posted, changed, changes)
        return _see(session, said if problem is not None else "saved", place)

    async def _leave(self, session: Session, page: Page, posted: Posted) -> web.Response:
        """Submits, or goes back to the chat: both are said there, and shown here too."""
        word, heading = _WORDS[posted.do]
        if posted.do == "submit" and page.open.gaps:
            return _see(session, "gaps", "#t-submit")
        event = posted.event if _EVENT.fullmatch(posted.event) else uuid4().hex
        said = await self._desk.speak(session.holder, word, event)
        messages = [one.text for one in said.messages] if said is not None else []
        return self._view.lone(
            "form_done.html",
            Words(page.locale, page.programme.zone),
            switch=switch_address(session, page.locale),
            heading=heading,
            messages=messages,
            base=f"/form/{session.holder.application}",
        )

    async def _entered(
        self, request: web.Request, session: Session, change: Change, *, whole: bool = False
    ) -> web.Response:
        """What has changed by a change. `whole`: the block of its field is made anew, too."""
        changed = await enter_change(self._desk, request, session, change)
        edited = "" if whole else change.field
        body = self._view.changes(session, changed.before, changed.after, edited=edited)
        problem = problem_of(changed)
        status = 200
        if problem is not None and problem.kind == _ELSEWHERE:
            body["elsewhere"] = self._elsewhere(changed.after, change)
            body["blocks"][change.field] = self._view.block(session, changed.after, change.field)
            status = 409
        body["problem"] = _explained(problem, change, changed.after)
        response = web.json_response(body, status=status, headers={"Cache-Control": "no-store"})
        self._sessions.remember(request, response, session.holder, session.browser)
        return response

    def _elsewhere(self, page: Page, change: Change) -> str:
        """The choice between what was written here and elsewhere; of rows there is none, for they are counted anew."""
        if not isinstance(change, Write):
            return ""
        return self._view.elsewhere(page, slot_of(change.field, change.row, change.column))

    def _shown(self, session: Session, page: Page, said: str) -> web.Response:
        hours = int(self._desk.links.lifetime.total_seconds()) // 3600
        return self._view.page(session, page, event=uuid4().hex, said=said, hours=hours)

    def _done(self, session: Session, page: Page) -> web.Response:
        return self._view.lone(
            "form_done.html",
            Words(page.locale, page.programme.zone),
            switch=switch_address(session, page.locale),
            messages=None,
            title=page.programme.name.get(page.locale),
            receipt=page.application.receipt or "",
        )


async def _json(request: web.Request) -> dict[str, object]:
    if request.content_type != "application/json":
        raise Refusal(415, "not_json")
    return await read_object(request, ANSWER_BYTES)


def _not_kept(changed: Changed, changes: list[Change]) -> list[str]:
    """Why files and rows were not taken: of texts the page itself tells it, for they are kept."""
    lost = [
        (change, entered.problem)
        for change, entered in zip(changes, changed.entered, strict=True)
        if entered.problem is not None and not isinstance(change, Write)
    ]
    return [_explained(problem, change, changed.after) for change, problem in lost]


def _explained(problem: Problem | None, change: Change, page: Page) -> str:
    ui = Words(page.locale, page.programme.zone)
    if problem is not None and problem.kind == _ELSEWHERE:
        return "" if isinstance(change, Write) else ui.say("rows_elsewhere")
    return ui.explain(problem) if problem is not None else ""


def _place(posted: Posted, changed: Changed, changes: list[Change]) -> str:
    """Where on the page to go on: at the first problem, else where a row was added, else where it was."""
    for change, entered in zip(changes, changed.entered, strict=True):
        if entered.problem is not None:
            return f"#f-{change.field}"
    verb, _, rest = posted.do.partition(":")
    return f"#f-{rest.split(':')[0]}" if verb in {"add", "delete", "detach", "drop"} else ""


def _see(session: Session, said: str, place: str = "") -> web.Response:
    query = f"?said={said}" if said else ""
    address = f"/form/{session.holder.application}{query}{place}"
    return web.Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
