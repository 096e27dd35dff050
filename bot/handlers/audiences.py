"""Audiences of broadcasts as staff name and read them."""

from bot.context import Services, Turn
from bot.flows.lifecycle import EDITABLE, State
from bot.handlers.arguments import fold_words, read_list
from bot.handlers.naming import find_programme, programme_name, state_name
from bot.services.broadcasts import Audience

STATES = tuple(state for state in State if state not in {State.PURGED, State.SUPERSEDED})
_EVERYONE = frozenset({"everyone", "all", "everybody", "全部", "所有人", "全体", "全部用户"})
_STAFF = frozenset({"staff", "工作人员", "人员"})
_UNFINISHED = frozenset({"unfinished", "drafts", "未完成", "未提交", "没有提交的人"})


def read_audience(turn: Turn, services: Services, text: str) -> Audience | None:
    """The audience that a text names, such as "staff", "PROGRAMME" or "PROGRAMME in_review"; None where it names none.

    Raises UnknownProgramme where only the programme is not understood.
    """
    said = fold_words(text)
    if said in _EVERYONE:
        return Audience(everyone=True)
    if said in _STAFF:
        return Audience(roles=("staff", "owner"))
    if said in _UNFINISHED:
        return unfinished()
    if found := services.library.find(text.strip()):
        return Audience(programmes=(found.id,))
    name, _, last = text.strip().rpartition(" ")
    if name and fold_words(last) in _UNFINISHED:
        return unfinished(find_programme(services, name, turn.locale).id)
    state, _, name = read_list(text)
    if state not in set(STATES) or not name:
        return None
    return Audience(programmes=(find_programme(services, name, turn.locale).id,), states=(state,))


def unfinished(*programmes: str) -> Audience:
    """Those with an application that is not submitted, of these programmes or of all."""
    return Audience(programmes=programmes, states=tuple(sorted(EDITABLE)))


def describe(turn: Turn, services: Services, audience: Audience) -> str:
    """The audience in words."""
    return turn.say(
        "admin_broadcast.audience",
        everyone=audience.everyone,
        staff=bool(audience.roles),
        programmes=[programme_name(services, one, turn.locale) for one in audience.programmes],
        states=[state_name(state, turn.locale) for state in audience.states],
    ).text
