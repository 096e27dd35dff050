"""Where one's applications stand, what happens next, and what one may do: follow up, withdraw, confirm."""

from collections import Counter
from datetime import datetime

from bot.context import Services, Turn
from bot.errors import NotFound, PrivateOnly
from bot.flows.lifecycle import EDITABLE, STANDING, Actor, State, may_move
from bot.handlers.telling import event_digest
from bot.messages import Choice, Reply
from bot.render import render
from bot.services import applications, followup, notices
from bot.services.applications import DONE, Standing
from bot.services.review import Application
from bot.services.submissions import is_official_here
from knowledge.programme import Programme

_YES = "yes"
_TAG = 20  # characters of a title in a button
_LISTED = 8  # the latest applications; older ones are counted


def status(turn: Turn, services: Services) -> list[Reply]:
    """Lists one's applications; with an action and a number ("done 12") does that."""
    if not turn.inbound.private:
        raise PrivateOnly
    action, _, rest = turn.text.strip().partition(" ")
    number, _, confirmed = rest.strip().partition(" ")
    if action in _ACTIONS and number.isdecimal() and len(number) < 10:
        return _ACTIONS[action](turn, services, int(number), confirmed == _YES)
    return _list(turn, services)


def _list(turn: Turn, services: Services) -> list[Reply]:
    found = applications.list_standing(
        uow=services.uow, person_id=turn.person.id, programmes=services.library.programmes, now=turn.now
    )
    if not found:
        return [turn.say("status.none", choices=(turn.option("/apply", "status.button_apply"),))]
    shown = found[-_LISTED:]
    lines = [_line(turn, services, one) for one in shown]
    if len(found) > len(shown):
        lines.insert(0, turn.say("status.older", count=len(found) - len(shown)).text)
    begun = Counter(one.application.programme for one in shown if one.application.state in EDITABLE)
    choices = [
        choice for one in shown for choice in _choices(turn, services, one, alone=begun[one.application.programme] < 2)
    ]
    return [Reply("\n\n".join(lines), tuple(choices))]


def _line(turn: Turn, services: Services, one: Standing) -> str:
    application = one.application
    programme = services.library.programmes.get(application.programme)
    closes_at = _closes_at(turn, services, application)
    return turn.say(
        "status.line",
        name=programme.name.get(turn.locale) if programme else application.programme,
        title=application.title,
        receipt=application.receipt or "",
        state=application.state,
        editable=application.state in EDITABLE,
        missing=[label.get(turn.locale) for label in one.missing],
        remarks=_remarks(turn, programme, application),
        closes_at=closes_at,
        closed=_is_over(turn, closes_at),
        due=applications.due_of(application) is not None,
        papers=_papers(services, programme, application),
        zone=programme.zone if programme else None,
        unofficial=_is_unofficial(programme) and application.state in STANDING,
        official_done=application.official == DONE,
        routes=[(route.kind, route.target) for route in programme.routes] if programme else [],
        contested=one.contested,
    ).text


def _closes_at(turn: Turn, services: Services, application: Application) -> datetime | None:
    """Until when this one may be submitted; None where that is not announced."""
    programme = services.library.programmes.get(application.programme)
    if programme is None:
        return None
    return applications.personal_deadline(
        uow=services.uow, programme=programme, person_id=turn.person.id, application=application
    )


def _is_over(turn: Turn, closes_at: datetime | None) -> bool:
    return closes_at is not None and turn.now >= closes_at


def _papers(services: Services, programme: Programme | None, application: Application) -> tuple[int, int]:
    """How many of the papers that come back after the submission are here, of how many."""
    if programme is None or programme.form is None or application.state not in STANDING:
        return (0, 0)
    return followup.count_papers(uow=services.uow, form=programme.form, application=application)


def _remarks(turn: Turn, programme: Programme | None, application: Application) -> list[str]:
    """The fields that staff want changed and that were not answered since, by their labels."""
    form = programme.form if programme is not None else None
    remarks = application.cursor.get("remarks", {}) if application.state == State.RETURNED else {}
    return [one.label.get(turn.locale) for one in form.fields() if one.key in remarks] if form else []


def _choices(turn: Turn, services: Services, one: Standing, *, alone: bool) -> list[Choice]:
    """What may be done with an application. `alone`: no other one of its programme is being filled in."""
    application, number = one.application, one.application.id
    tag = f" · {application.receipt}" if application.receipt else ""
    choices = []
    if application.state in EDITABLE and not _is_over(turn, _closes_at(turn, services, application)):
        name = _name(turn, services, application) + ("" if alone else _told_apart(application))
        choices.append(_labelled(turn, f"/apply {application.programme} #{number}", "button_continue", name))
    if one.contested:
        choices.append(_labelled(turn, f"/status confirm {number}", "button_confirm", tag))
        choices.append(_labelled(turn, f"/status refuse {number}", "button_refuse", tag))
    programme = services.library.programmes.get(application.programme)
    if application.state in STANDING and _is_unofficial(programme) and application.official != DONE:
        asks = programme is not None and programme.form is not None and followup.asks_anything_later(programme.form)
        word, block = ("/followup", "button_followup") if asks else ("/status done", "button_done")
        choices.append(_labelled(turn, f"{word} {number}", block, tag))
    if application.state not in EDITABLE and may_move(application.state, State.WITHDRAWN, Actor.APPLICANT):
        choices.append(_labelled(turn, f"/status withdraw {number}", "button_withdraw", tag))
    return choices


def _labelled(turn: Turn, value: str, block: str, tag: str) -> Choice:
    return Choice(value, turn.say(f"status.{block}").text + tag)


def _name(turn: Turn, services: Services, application: Application) -> str:
    programme = services.library.programmes.get(application.programme)
    return f" · {programme.name.get(turn.locale)}" if programme else ""


def _told_apart(application: Application) -> str:
    """What tells an application from another one of its programme: a draft that was begun since has no receipt."""
    tag = application.receipt or application.title
    return f" · {tag[:_TAG]}" if tag else ""


def _is_unofficial(programme: Programme | None) -> bool:
    return programme is not None and bool(programme.routes) and not is_official_here(programme)


def _done(turn: Turn, services: Services, number: int, _confirmed: bool) -> list[Reply]:
    return _follow_up(turn, services, number, done=True)


def _later(turn: Turn, services: Services, number: int, _confirmed: bool) -> list[Reply]:
    return _follow_up(turn, services, number, done=False)


def _follow_up(turn: Turn, services: Services, number: int, *, done: bool) -> list[Reply]:
    found = applications.tell_official_done(
        uow=services.uow, application_id=number, person_id=turn.person.id, done=done, now=turn.now
    )
    if found is None:
        raise NotFound(text=str(number))
    programme = services.library.programmes.get(found.programme)
    routes = [(route.kind, route.target) for route in programme.routes] if programme else []
    return [turn.say("status.official_done" if done else "status.official_later", receipt=found.receipt, routes=routes)]


def _withdraw(turn: Turn, services: Services, number: int, confirmed: bool) -> list[Reply]:
    if not confirmed:
        choices = (
            turn.option(f"/status withdraw {number} {_YES}", "status.button_withdraw_yes"),
            turn.option("/status", "status.button_withdraw_no"),
        )
        return [turn.say("status.withdraw_sure", choices=choices)]
    found = applications.withdraw_application(
        uow=services.uow, application_id=number, person_id=turn.person.id, now=turn.now
    )
    if found is None:
        raise NotFound(text=str(number))
    _tell_staff(turn, services, "staff_withdrawn", found.receipt or "", found.title)
    return [turn.say("status.withdrawn", receipt=found.receipt)]


def _confirm(turn: Turn, services: Services, number: int, _confirmed: bool) -> list[Reply]:
    return _settle(turn, services, number, confirmed=True)


def _refuse(turn: Turn, services: Services, number: int, _confirmed: bool) -> list[Reply]:
    return _settle(turn, services, number, confirmed=False)


def _settle(turn: Turn, services: Services, number: int, *, confirmed: bool) -> list[Reply]:
    settled = applications.settle_claim(
        uow=services.uow, application_id=number, person_id=turn.person.id, confirmed=confirmed, now=turn.now
    )
    if settled is None:
        raise NotFound(text=str(number))
    mine, other = settled
    block = "claim_confirmed" if confirmed else "claim_refused"
    _tell_staff(turn, services, f"staff_{block}", mine.receipt or "", mine.title, other=other.receipt or "")
    return [turn.say(f"status.{block}", receipt=mine.receipt)]


def _tell_staff(turn: Turn, services: Services, block: str, receipt: str, title: str, **values: str) -> None:
    def text_of(locale: str) -> str:
        return render(f"status.{block}", locale, receipt=receipt, title=title, **values)

    key = f"{block}:{receipt}:{event_digest(turn)}"
    notices.notify_staff(uow=services.uow, text_of=text_of, key=key, now=turn.now, about=(turn.person.id,))


_ACTIONS = {
    "done": _done,
    "later": _later,
    "withdraw": _withdraw,
    "confirm": _confirm,
    "refuse": _refuse,
}
