"""Which language a visitor reads: what they chose on the page, else what their browser prefers, else Chinese."""

from aiohttp import web

from bot.render import LOCALES

COOKIE = "laurel_locale"
_YEAR = 365 * 24 * 3600  # seconds


def chosen_locale(request: web.BaseRequest) -> str:
    """The language chosen on a page of ours; empty where none was."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LOCALES else ""


def choose_locale(request: web.BaseRequest) -> str:
    """The locale, "zh" or "en"."""
    return chosen_locale(request) or _preferred(request.headers.get("Accept-Language", ""))


def keep_choice(request: web.BaseRequest) -> web.Response | None:
    """Where the address chooses a language: the same page again, which from now on is in it. None where it does not."""
    if request.query.get("locale") not in LOCALES:
        return None
    response = web.Response(status=303, headers={"Location": request.path, "Cache-Control": "no-store"})
    response.set_cookie(COOKIE, request.query["locale"], max_age=_YEAR, path="/", samesite="Lax")
    return response


def _preferred(header: str) -> str:
    """The best of our languages in an Accept-Language header; of two that are equally good, the first."""
    best, best_weight = LOCALES[0], 0.0
    for part in header.split(",")[:20]:
        tag, _, parameter = part.strip().partition(";")
        locale, weight = tag.strip()[:2].lower(), _weight(parameter)
        if locale in LOCALES and weight > best_weight:
            best, best_weight = locale, weight
    return best


def _weight(parameter: str) -> float:
    text = parameter.strip().removeprefix("q=")
    if not text:
        return 1.0
    try:
        return float(text)
    except ValueError:
        return 0.0
