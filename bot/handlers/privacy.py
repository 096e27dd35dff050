"""What is kept of a person and why, and erasing it."""

from bot.context import Services, Turn
from bot.errors import PrivateOnly
from bot.messages import Reply
from bot.services import applications
from knowledge.text import fold

FLOW = "forget"
_YES = frozenset({"yes", "确认删除", "确认", "删除", "erase everything", "delete"})


def privacy(turn: Turn, _services: Services) -> list[Reply]:
    """The privacy notice."""
    return [turn.say("privacy.notice")]


def forget(turn: Turn, _services: Services) -> list[Reply]:
    """Asks whether everything is to be erased."""
    if not turn.inbound.private:
        raise PrivateOnly
    turn.state.enter("forget")
    choices = (turn.option("yes", "privacy.button_yes"), turn.option("no", "privacy.button_no"))
    return [turn.say("privacy.sure", choices=choices)]


def confirm_forget(turn: Turn, services: Services) -> list[Reply]:
    """Erases everything, or nothing."""
    said = fold(turn.choice if turn.choice is not None else turn.text)
    turn.state.leave()
    if said not in _YES:
        return [turn.say("privacy.kept")]
    turn.state.programme, turn.state.history = "", ()
    applications.erase_person(uow=services.uow, person_id=turn.person.id, now=turn.now)
    return [turn.say("privacy.forgotten")]
