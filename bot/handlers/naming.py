"""What programmes and states are called."""

from zoneinfo import ZoneInfo

from bot.context import Services
from bot.errors import UnknownProgramme
from bot.render import render
from knowledge.programme import Programme

_LONGEST = 200
_HOME = ZoneInfo("Asia/Shanghai")


def find_programme(services: Services, text: str, locale: str) -> Programme:
    """The programme that a text means. Raises UnknownProgramme."""
    found = services.library.find(text.strip()[:_LONGEST])
    if found is None:
        raise unknown_programme(services, text, locale)
    return found


def unknown_programme(services: Services, text: str, locale: str) -> UnknownProgramme:
    """The refusal of a text that means no programme, with the names that would."""
    known = [programme.name.get(locale) for programme in services.library.programmes.values()]
    return UnknownProgramme(text=text.strip()[:40], known=known)


def programme_name(services: Services, programme: str, locale: str) -> str:
    """The name of a programme; its id where its pack is gone."""
    found = services.library.programmes.get(programme)
    return found.name.get(locale) if found else programme


def programme_zone(services: Services, programme: str) -> ZoneInfo:
    """The zone that a programme's times are shown in."""
    found = services.library.programmes.get(programme)
    return found.zone if found else _HOME


def channel_name(channel: str, locale: str) -> str:
    """What a channel is called."""
    return render("admin_stats.channel", locale, channel=channel)


def state_name(state: str, locale: str) -> str:
    """What a state is called."""
    return render("admin_review.state", locale, state=str(state))
