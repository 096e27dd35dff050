"""/broadcast: reports and steering of messages to many. A new one is the dialog of `broadcast_dialog`."""

from collections.abc import Callable

from bot import letters
from bot.context import Services, Turn
from bot.errors import UsageError
from bot.handlers.admin_remind import remind
from bot.handlers.arguments import fold_words
from bot.handlers.broadcast_dialog import begin, begin_for, continue_broadcast, prompt_again
from bot.messages import Choice, Reply
from bot.services import broadcasts
from bot.services.broadcasts import Report

__all__ = ["broadcast", "continue_broadcast", "prompt_again", "remind"]

_LIST = frozenset({"list", "recent", "列表", "最近", "最近的群发"})
_WORDS = {
    "pause": "pause",
    "暂停": "pause",
    "resume": "resume",
    "继续": "resume",
    "恢复": "resume",
    "cancel": "cancel",
    "取消": "cancel",
    "resend": "resend",
    "重发": "resend",
    "补发": "resend",
}
_STEER: dict[str, Callable[..., Report]] = {
    "pause": broadcasts.pause_broadcast,
    "resume": broadcasts.resume_broadcast,
    "cancel": broadcasts.cancel_broadcast,
    "resend": broadcasts.resend_unknown,
}


def broadcast(turn: Turn, services: Services) -> list[Reply]:
    """Begins a broadcast, for an audience that may be named at once; lists them; reports one; or steers one."""
    words = fold_words(turn.text).split()
    if not words:
        return begin(turn, services)
    if words[0] in _LIST:
        return _list(turn, services)
    if words[0].isdecimal():
        return _steer(turn, services, int(words[0]), " ".join(words[1:]))
    return begin_for(turn, services, turn.text)


def _list(turn: Turn, services: Services) -> list[Reply]:
    found = broadcasts.list_broadcasts(uow=services.uow)
    choices = tuple(
        Choice(f"/broadcast {one.broadcast.id}", turn.say("admin_broadcast.number", number=one.broadcast.id).text)
        for one in found
    )
    return [turn.say("admin_broadcast.list", reports=found, choices=choices)]


def _steer(turn: Turn, services: Services, number: int, word: str) -> list[Reply]:
    if not word:
        return [_report(turn, broadcasts.report_broadcast(uow=services.uow, number=number))]
    action = _WORDS.get(word)
    if action is None:
        raise UsageError(command="broadcast", usage=turn.say("admin_broadcast.usage").text)
    return [_report(turn, _STEER[action](uow=services.uow, number=number, now=turn.now))]


def _report(turn: Turn, found: Report) -> Reply:
    number = found.broadcast.id
    actions = [
        turn.option(f"/broadcast {number} {action}", "admin_broadcast.action", action=action)
        for action in found.actions
    ]
    if found.broadcast.state in {"queued", "running"}:
        actions.insert(0, turn.option(f"/broadcast {number}", "admin_broadcast.action", action="report"))
    return Reply(letters.report(found, turn.locale), tuple(actions))
