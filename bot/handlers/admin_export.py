"""Staff's command /export: the submissions of a programme as a spreadsheet."""

from bot.context import Services, Turn
from bot.errors import PrivateOnly
from bot.flows.lifecycle import State
from bot.handlers.arguments import SHORTLIST_OR_FINAL, split_state
from bot.handlers.naming import find_programme, state_name
from bot.messages import Choice, OutgoingFile, Reply
from bot.services import exports
from bot.services.exports import Order
from bot.uploads.kinds import MEDIA_TYPES
from knowledge.programme import Programme


def export(turn: Turn, services: Services) -> list[Reply]:
    """Gives the register of a programme's submissions, of one state where it is named; asks which programme."""
    if not turn.inbound.private:
        raise PrivateOnly
    state, rest = split_state(turn.text)
    if state == State.DRAFT:
        return [turn.say("admin_review.drafts_private")]
    known = list(services.library.programmes.values())
    if not rest and len(known) != 1:
        choices = tuple(Choice(f"/export {one.id} {state}".strip(), one.name.get(turn.locale)) for one in known)
        return [turn.say("admin_export.which", choices=choices)]
    programme = find_programme(services, rest, turn.locale) if rest else known[0]
    if state == SHORTLIST_OR_FINAL:
        return [_which_result(turn, programme)]
    return [_give(turn, services, programme, state)]


def _which_result(turn: Turn, programme: Programme) -> Reply:
    states = (State.SHORTLISTED, State.SELECTED)
    choices = tuple(Choice(f"/export {programme.id} {state}", state_name(state, turn.locale)) for state in states)
    return turn.say("admin_review.which_result", choices=choices)


def _give(turn: Turn, services: Services, programme: Programme, state: str) -> Reply:
    """A message whose file is made when it is handed over."""
    name = programme.name.get(turn.locale)
    chosen = state_name(state, turn.locale) if state else ""
    count = exports.count_submissions(uow=services.uow, programme=programme.id, state=state)
    if not count:
        return turn.say("admin_export.nothing", programme=name, state=chosen)
    order = Order(programme.id, state, turn.locale, turn.person.id, turn.now)
    day = turn.now.astimezone(programme.zone).date()
    file = OutgoingFile(
        order.key, f"{'-'.join(filter(None, (programme.id, state, f'{day}')))}.xlsx", MEDIA_TYPES["xlsx"]
    )
    return turn.say("admin_export.register", programme=name, state=chosen, count=count, files=(file,))
