"""What a visitor or a platform hears when a request is not served: a page or JSON, and a code that the log has too."""

import re

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.render import render
from bot.telemetry import new_reference
from bot.web.languages import choose_locale
from bot.web.pages import Pages

_CODES = {404: "not_found", 405: "method", 413: "too_large"}
_AGAIN_SECONDS = "2"
_TOKEN = re.compile(r"[A-Za-z0-9_-]*\.\d+\.[A-Za-z0-9_-]{43,}")  # as bot.links signs them

_log = structlog.get_logger("bot.web")


def told_path(request: web.BaseRequest) -> str:
    """A request's path as the log may hold it: whoever reads the log must not get in by a link that stands there."""
    return _TOKEN.sub("{token}", request.path)[:100]


class Refusal(Exception):
    """A request that is not served. `code` is a word for programs; the block error_<code> of web.j2 explains it."""

    def __init__(self, status: int, code: str, *, allow: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.allow = allow


def guard(pages: Pages, unavailable: tuple[type[Exception], ...]) -> Middleware:
    """Turns every failure of a handler into an answer. `unavailable` are errors that pass: 503."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            return _explain(request, pages, refusal)
        except web.HTTPException as error:
            code = _CODES.get(error.status, "malformed")
            return _explain(request, pages, Refusal(error.status, code, allow=error.headers.get("Allow", "")))
        except unavailable as error:
            return _explain(request, pages, Refusal(503, "busy"), cause=error)
        except Exception as error:  # noqa: BLE001 - the border: the visitor gets a code, the log gets the cause
            return _explain(request, pages, Refusal(500, "unexpected"), cause=error)

    return guarded


def _explain(request: web.Request, pages: Pages, refusal: Refusal, *, cause: Exception | None = None) -> web.Response:
    reference = new_reference()
    _tell_log(request, refusal, reference, cause)
    locale = choose_locale(request)
    text = render(f"web.error_{refusal.code}", locale)
    if "text/html" in request.headers.get("Accept", ""):
        response = pages.error(locale=locale, text=text, reference=reference, status=refusal.status)
    else:
        body = {"error": {"code": refusal.code, "text": text, "reference": reference}}
        response = web.json_response(body, status=refusal.status)
    response.headers["Cache-Control"] = "no-store"
    if refusal.allow:
        response.headers["Allow"] = refusal.allow
    if refusal.status in {429, 503}:
        response.headers["Retry-After"] = _AGAIN_SECONDS
    return response


def _tell_log(request: web.Request, refusal: Refusal, reference: str, cause: Exception | None) -> None:
    told = {"method": request.method, "path": told_path(request), "status": refusal.status, "reference": reference}
    if cause is None:
        _log.info("request_refused", code=refusal.code, **told)
    else:
        _log.error("request_failed", code=refusal.code, error=cause, **told)
