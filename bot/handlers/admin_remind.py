"""/remind: reminders before a deadline, for those who have not finished."""

import re
from datetime import timedelta

from bot.context import Services, Turn
from bot.errors import UsageError
from bot.handlers.arguments import short_words
from bot.handlers.naming import find_programme, programme_name, programme_zone
from bot.messages import Choice, Reply
from bot.services import reminders

_UNITS = {
    "d": timedelta(days=1),
    "天": timedelta(days=1),
    "日": timedelta(days=1),
    "h": timedelta(hours=1),
    "小": timedelta(hours=1),
    "时": timedelta(hours=1),
    "w": timedelta(weeks=1),
    "周": timedelta(weeks=1),
}
_OFFSET = re.compile(
    r"(?P<what>.*?)\s*(?:提前)?\s*(?P<number>\d{1,4})\s*(?P<unit>d|h|w|天|日|小时|时|周)(?:ays?|ours?|eeks?)?(?:前)?"
)
_REMOVE = re.compile(
    r"(?:(?:remove|delete|删除|取消)\s*#?(?P<after>\d{1,9})|#?(?P<before>\d{1,9})\s*(?:remove|delete|删除|取消))"
)


def remind(turn: Turn, services: Services) -> list[Reply]:
    """Lists the reminders, sets one ("PROGRAMME 3d", "3天", "12h"), or removes one."""
    text = short_words(turn.text).casefold()
    if not text or text in {"list", "列表"}:
        return _list(turn, services)
    if removal := _REMOVE.fullmatch(text):
        return _remove(turn, services, int(removal["after"] or removal["before"]))
    offset = _OFFSET.fullmatch(text)
    if offset is None or not offset["what"]:
        raise UsageError(command="remind", usage=turn.say("reminders.usage").text)
    return _add(turn, services, offset["what"], int(offset["number"]) * _UNITS[offset["unit"][0]])


def _list(turn: Turn, services: Services) -> list[Reply]:
    found = reminders.list_reminders(uow=services.uow, programmes=services.library.programmes, now=turn.now)
    shown = [
        {
            "number": one.number,
            "programme": programme_name(services, one.programme, turn.locale),
            "before": _offset(turn, one.before),
            "planned": one,
            "zone": programme_zone(services, one.programme),
        }
        for one in found
    ]
    choices = tuple(_removal(turn, one.number) for one in found)
    return [turn.say("reminders.list", reminders=shown, usage=turn.say("reminders.usage").text, choices=choices)]


def _add(turn: Turn, services: Services, name: str, before: timedelta) -> list[Reply]:
    programme = find_programme(services, name, turn.locale)
    made = reminders.add_reminder(
        uow=services.uow, programme=programme, before=before, author_id=turn.person.id, now=turn.now
    )
    preview = reminders.preview_reminder(uow=services.uow, programme=programme, before=before, now=turn.now)
    return [
        turn.say(
            "reminders.added",
            programme=programme.name.get(turn.locale),
            before=_offset(turn, before),
            preview=preview,
            zone=programme.zone,
            choices=(_removal(turn, made.number),),
        )
    ]


def _remove(turn: Turn, services: Services, number: int) -> list[Reply]:
    removed = reminders.remove_reminder(uow=services.uow, number=number)
    name = programme_name(services, removed.programme, turn.locale)
    before = _offset(turn, timedelta(seconds=removed.before_seconds))
    return [turn.say("reminders.removed", programme=name, before=before)]


def _removal(turn: Turn, number: int) -> Choice:
    return Choice(f"/remind remove {number}", turn.say("reminders.remove", number=number).text)


def _offset(turn: Turn, before: timedelta) -> str:
    return turn.say("reminders.offset", days=before.days, hours=before.seconds // 3600).text
