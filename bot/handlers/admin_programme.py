"""Staff's commands on a programme and on who runs it: /deadline, /invite, /staff."""

from datetime import datetime
from functools import partial
from typing import Any

from bot.context import Services, Turn
from bot.errors import BotError, NotFound, UsageError
from bot.handlers.arguments import answer_to_prompt, fold_words, next_prompt
from bot.handlers.deadline_arguments import Wanted, read_deadline
from bot.handlers.naming import programme_name, programme_zone
from bot.handlers.telling import tell
from bot.messages import Reply
from bot.render import render
from bot.services import programmes
from bot.services import staff as service
from bot.services.programmes import DeadlineChange
from bot.services.recipients import Recipient, find_recipient
from knowledge.programme import Programme

_YES = frozenset({"set", "yes", "y", "ok", "confirm", "确认", "确认设定", "是", "好"})
_NO = frozenset({"cancel", "no", "n", "取消", "不", "否", "算了"})
_ROLES = {
    "": "staff",
    "staff": "staff",
    "工作人员": "staff",
    "owner": "owner",
    "所有者": "owner",
}
_REMOVE = frozenset({"remove", "delete", "移除", "删除"})


class LastOwner(BotError):
    """The only owner was to be removed."""

    template = "admin_programme.last_owner"


def deadline(turn: Turn, services: Services) -> list[Reply]:
    """Shows a programme's deadline; with an instant or "none", asks before it is set and told."""
    if not turn.text.strip():
        raise UsageError(command="deadline", usage=turn.say("admin_programme.usage_deadline").text)
    wanted = read_deadline(turn, services)
    if not wanted.given:
        closes_at = programmes.current_deadline(uow=services.uow, programme=wanted.programme)
        return [_say(turn, "admin_programme.deadline", wanted.programme, closes_at=closes_at)]
    return [_preview(turn, services, wanted)]


def confirm_deadline(turn: Turn, services: Services) -> list[Reply]:
    """Sets the deadline that was previewed and tells those it concerns; asks again where it was changed in between."""
    data, said = turn.state.data, answer_to_prompt(turn)
    programme = services.library.programmes.get(str(data.get("programme", "")))
    if turn.person.role == "applicant":
        turn.state.leave()
        return [turn.say("errors.not_staff")]
    if said in _NO or programme is None:
        turn.state.leave()
        return [turn.say("admin_programme.deadline_cancelled")]
    wanted = Wanted(programme, _instant(data["after"]), data["person"], bool(data["whole_day"]))
    before = programmes.current_deadline(uow=services.uow, programme=programme, person_id=wanted.person_id)
    if said not in _YES or before != _instant(data["before"]):
        return [_preview(turn, services, wanted)]
    turn.state.leave()
    change = _set(turn, services, wanted)
    told = sum(_tell(turn, services, change, programme, person) for person in change.told)
    return [
        _say(turn, "admin_programme.deadline_set", programme, after=change.after, told=told, person=change.person_id)
    ]


def invite(turn: Turn, services: Services) -> list[Reply]:
    """Makes an invitation for staff, or for another owner: a text to pass on, good for one person."""
    role = _ROLES.get(fold_words(turn.text))
    if role is None:
        raise UsageError(command="invite", usage=turn.say("admin_programme.usage_invite").text)
    made = service.invite(uow=services.uow, role=role, now=turn.now)
    zone = programme_zone(services, "")
    return [
        turn.say("admin_programme.invited", role=role, expires=made.expires_at, zone=zone),
        turn.say("admin_programme.invitation", role=role, token=made.token, expires=made.expires_at, zone=zone),
    ]


def staff(turn: Turn, services: Services) -> list[Reply]:
    """Lists the staff; "remove" and a number makes one an applicant again."""
    words = fold_words(turn.text).split()
    if not words:
        listed = service.list_staff(uow=services.uow)
        members = [(person.id, person.name, person.role) for person in listed]
        about = tuple(person.id for person in listed)
        return [turn.say("admin_programme.staff", members=members, own=turn.person.id, about=about)]
    number = words[-1].lstrip("#")
    if len(words) != 2 or words[0] not in _REMOVE or not number.isdecimal():
        raise UsageError(command="staff", usage=turn.say("admin_programme.usage_staff").text)
    return [_remove(turn, services, int(number[:9]))]


def _remove(turn: Turn, services: Services, number: int) -> Reply:
    removed = service.remove_staff(uow=services.uow, person_id=number)
    if removed.refusal == "last_owner":
        raise LastOwner
    if removed.person is None:
        raise NotFound(text=f"#{number}")
    if number != turn.person.id:
        recipient = find_recipient(uow=services.uow, person_id=number)
        tell(turn, services, recipient, partial(render, "admin_programme.told_removed"), key=f"removed:{number}")
    return turn.say("admin_programme.removed", number=number, name=removed.person.name, about=(number,))


def _preview(turn: Turn, services: Services, wanted: Wanted) -> Reply:
    """What is to be set, what it was, and whom it tells; nothing to confirm where nothing would change."""
    programme, person = wanted.programme, wanted.person_id
    change = programmes.preview_deadline(
        uow=services.uow, programme=programme, closes_at=wanted.closes_at, now=turn.now, person_id=person
    )
    if change.before == change.after:
        turn.state.leave()
        return _say(turn, "admin_programme.deadline_same", programme, closes_at=change.after, person=person)
    stored = {"before": _text(change.before), "after": _text(change.after), "shown": next_prompt(turn)}
    turn.state.enter("deadline", programme=programme.id, person=person, whole_day=wanted.whole_day, **stored)
    cautions = [
        turn.say(
            f"admin_programme.caution_{caution.kind}",
            quote=caution.quote,
            stage=caution.stage.get(turn.locale) if caution.stage else "",
        ).text
        for caution in change.cautions
    ]
    choices = (
        turn.option("set", "admin_programme.button_set"),
        turn.option("cancel", "admin_programme.button_cancel"),
    )
    return turn.say(
        "admin_programme.deadline_preview",
        choices=choices,
        programme=programme.name.get(turn.locale),
        before=change.before,
        after=change.after,
        whole_day=wanted.whole_day,
        person=person,
        told=len(change.told),
        cautions=cautions,
        zone=programme.zone,
    )


def _set(turn: Turn, services: Services, wanted: Wanted) -> DeadlineChange:
    common: dict[str, Any] = {
        "uow": services.uow,
        "programme": wanted.programme,
        "closes_at": wanted.closes_at,
        "author_id": turn.person.id,
        "now": turn.now,
    }
    if wanted.person_id is None:
        return programmes.set_deadline(**common)
    return programmes.set_extension(person_id=wanted.person_id, **common)


def _tell(turn: Turn, services: Services, change: DeadlineChange, programme: Programme, recipient: Recipient) -> bool:
    def text_of(locale: str) -> str:
        name = programme_name(services, programme.id, locale)
        template = "admin_programme.told_deadline" if change.person_id is None else "admin_programme.told_extension"
        return render(template, locale, programme=name, before=change.before, after=change.after, zone=programme.zone)

    return tell(turn, services, recipient, text_of, key=f"deadline:{programme.id}")


def _say(turn: Turn, template: str, programme: Programme, **values: Any) -> Reply:
    return turn.say(template, programme=programme.name.get(turn.locale), zone=programme.zone, **values)


def _text(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
