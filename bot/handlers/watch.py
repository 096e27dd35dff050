"""Hearing of a programme's deadline without applying: /watch."""

from bot.context import Services, Turn
from bot.errors import PrivateOnly
from bot.handlers.naming import find_programme
from bot.messages import Choice, Reply
from bot.services import programmes
from knowledge.programme import Programme

OFF = frozenset({"off", "stop", "取消", "不再提醒"})


def watch(turn: Turn, services: Services) -> list[Reply]:
    """Tells the person from now on when the deadline is announced or moved; "off" after the name ends it."""
    if not turn.inbound.private:
        raise PrivateOnly
    words = turn.text.split()
    off = bool(words) and words[-1].lower() in OFF
    programme = _programme(turn, services, " ".join(words[:-1] if off else words))
    if programme is None:
        known = services.library.programmes.values()
        choices = tuple(Choice(f"/watch {one.id}", one.name.get(turn.locale)) for one in known)
        return [turn.say("watch.which", choices=choices)]
    turn.state.programme = programme.id
    name = programme.name.get(turn.locale)
    if off:
        gone = programmes.unwatch_deadline(uow=services.uow, programme=programme, person_id=turn.person.id)
        return [turn.say("watch.ended" if gone else "watch.none", name=name)]
    closes_at = programmes.watch_deadline(uow=services.uow, programme=programme, person_id=turn.person.id, now=turn.now)
    choices = (turn.option(f"/watch {programme.id} off", "watch.button_off"),)
    return [turn.say("watch.begun", name=name, closes_at=closes_at, zone=programme.zone, choices=choices)]


def offer(turn: Turn, services: Services, programme: Programme) -> tuple[Choice, ...]:
    """The button that subscribes, where no deadline is announced and the person has not asked for it yet."""
    if not turn.inbound.private or programmes.current_deadline(uow=services.uow, programme=programme) is not None:
        return ()
    if programmes.watches_deadline(uow=services.uow, programme=programme, person_id=turn.person.id):
        return ()
    return (turn.option(f"/watch {programme.id}", "watch.button_watch"),)


def _programme(turn: Turn, services: Services, text: str) -> Programme | None:
    """The programme named, else the conversation's, else the only one."""
    if text:
        return find_programme(services, text, turn.locale)
    known = services.library.programmes
    if turn.state.programme in known:
        return known[turn.state.programme]
    return next(iter(known.values())) if len(known) == 1 else None
