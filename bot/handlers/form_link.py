"""The way from the chat to the form page: a link that is for this person alone."""

from bot.context import Services, Turn
from bot.messages import Reply

_HOUR = 3600


def offer(turn: Turn, services: Services, application_id: int) -> list[Reply]:
    """The link to an application, or why there is none."""
    links = services.links
    here = services.rights.get(turn.inbound.channel)
    # A mailbox is read on this machine, or on the page that this very server shows.
    if links is None or not (links.outside or (here is not None and here.mailbox)):
        return [turn.say("form.no_page")]
    url = links.page_url(application_id, turn.person.id, turn.now)
    hours = int(links.lifetime.total_seconds()) // _HOUR
    return [turn.say("form.link", url=url, hours=hours, outside=links.outside)]
