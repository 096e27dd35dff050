"""The door: greeting, help, language, joining the staff, and what is said when nothing else fits."""

from typing import TYPE_CHECKING

from bot.context import Services, Turn
from bot.messages import Choice, Reply
from bot.render import LOCALES
from bot.services import notices, people
from bot.services import staff as staff_service

if TYPE_CHECKING:
    from bot.handlers import Command

_INVITATION = "join-"
_NAMES = {"zh": "中文", "en": "English"}


def start(turn: Turn, services: Services) -> list[Reply]:
    """Greets, or follows the deep link that brought the person here."""
    if turn.text.startswith(_INVITATION):
        turn.text = turn.text.removeprefix(_INVITATION)
        return join(turn, services)
    programme = services.library.programmes.get(turn.text)
    if programme is not None:
        turn.state.programme = programme.id
    names = [found.name.get(turn.locale) for found in services.library.programmes.values()]
    choices = (
        turn.option("/programmes", "start.button_programmes"),
        turn.option("/apply", "start.button_apply"),
        turn.option("/help", "start.button_help"),
    )
    return [turn.say("start.welcome", names=names, choices=choices)]


def help_(turn: Turn, _services: Services) -> list[Reply]:
    """Lists the commands this person may use."""
    from bot.handlers import COMMANDS  # the table imports this module

    allowed = {"applicant": 0, "staff": 1, "owner": 2}[turn.person.role]
    listed = [command for command in COMMANDS.values() if command.listed]
    ranks = {"applicant": 0, "staff": 1, "owner": 2}
    own = [command for command in listed if ranks[command.role] == 0]
    staff = [command for command in listed if 0 < ranks[command.role] <= allowed]
    return [turn.say("start.help", own=_lines(turn, own), staff=_lines(turn, staff))]


def programmes(turn: Turn, services: Services) -> list[Reply]:
    """Lists the programmes, or makes one the conversation's."""
    if turn.text:
        found = services.library.find(turn.text)
        if found is not None:
            turn.state.programme = found.id
            return [turn.say("start.programme_chosen", name=found.name.get(turn.locale))]
    known = services.library.programmes.values()
    choices = tuple(Choice(f"/programmes {found.id}", found.name.get(turn.locale)) for found in known)
    return [turn.say("start.programmes", choices=choices, known=bool(known), text=turn.text)]


def language(turn: Turn, services: Services) -> list[Reply]:
    """Switches the language."""
    wanted = next((key for key in LOCALES if turn.text.casefold() in {key, _NAMES[key].casefold()}), None)
    if wanted is None:
        choices = tuple(Choice(f"/lang {key}", _NAMES[key]) for key in LOCALES)
        return [turn.say("start.language", choices=choices)]
    people.choose_language(uow=services.uow, person_id=turn.person.id, locale=wanted)
    turn.locale = wanted
    return [turn.say("start.language_chosen")]


def join(turn: Turn, services: Services) -> list[Reply]:
    """Takes an invitation to the staff."""
    role = staff_service.join(uow=services.uow, person_id=turn.person.id, token=turn.text, now=turn.now)
    return [turn.say("start.joined", role=role) if role else turn.say("start.invitation_spent")]


def more(turn: Turn, services: Services) -> list[Reply]:
    """Hands out the oldest message that waits.

    A list in it is what a number means from now on; in a form only the form's present prompt can be.
    """
    waiting = notices.take_waiting(uow=services.uow, address=turn.inbound.address, now=turn.now)
    if waiting is None:
        return [turn.say("start.no_more")]
    if waiting.means and (not turn.state.flow or waiting.prompt == turn.state.prompt):
        return [Reply(waiting.text, waiting.means, written=True, about=waiting.about)]
    return [Reply(waiting.text, turn.state.choices, written=True, about=(*waiting.about, *turn.state.about))]


def unreadable(turn: Turn, _services: Services) -> list[Reply]:
    """Answers a sticker, a voice message, a location."""
    return [turn.say("start.unreadable", under_way=bool(turn.state.flow))]


def empty(turn: Turn, _services: Services) -> list[Reply]:
    """Answers an empty message."""
    return [turn.say("start.empty")]


def unknown_command(turn: Turn, _services: Services) -> list[Reply]:
    """Answers a command that does not exist."""
    return [turn.say("start.unknown_command", text=turn.text[:40])]


def nothing_under_way(turn: Turn, _services: Services) -> list[Reply]:
    """Answers "back" or "cancel" where there is nothing to go back in."""
    return [turn.say("start.nothing_under_way")]


def old_button(turn: Turn, _services: Services) -> list[Reply]:
    """Answers a button of an earlier prompt. The present prompt and its buttons stay as they are."""
    return [turn.say("start.old_button", choices=turn.state.choices, about=turn.state.about)]


def out_of_range(turn: Turn, _services: Services) -> list[Reply]:
    """Answers a number that is none of the choices."""
    last = sum(choice.numbered for choice in turn.state.choices)
    return [turn.say("start.out_of_range", last=last, choices=turn.state.choices, about=turn.state.about)]


def untimely(turn: Turn, _services: Services) -> list[Reply]:
    """Says that a message sent before the present question was shown is not taken as its answer."""
    return [turn.say("start.untimely", text=turn.text[:30], choices=turn.state.choices, about=turn.state.about)]


def _lines(turn: Turn, commands: "list[Command]") -> list[str]:
    lines = []
    for command in commands:
        alias = next((f"（{word}）" for word in command.aliases if turn.locale == "zh"), "")
        lines.append(turn.say(f"start.help_{command.word}", word=f"/{command.word}{alias}").text)
    return lines
