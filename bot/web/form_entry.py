"""One change entered on the form page, or why it is not."""

from aiohttp import web

from bot.flows.entries import Change
from bot.services.form_page import Changed
from bot.web.failures import Refusal
from bot.web.form_sessions import Session
from bot.web.languages import chosen_locale
from bot.web.ports import FormDesk


async def enter_change(desk: FormDesk, request: web.Request, session: Session, change: Change) -> Changed:
    """Makes a change, shown in the language of the request. Raises Refusal for what is not asked (any more)."""
    try:
        changed = await desk.enter(session.holder, [change], chosen_locale(request))
    except KeyError:
        raise Refusal(404, "form_not_asked") from None
    if changed is None:
        raise Refusal(410, "form_closed")
    return changed
