"""Staff's commands on applications: /find, /list, /move, /publish."""

from datetime import datetime
from functools import partial
from typing import Any

from bot.context import Services, Turn
from bot.errors import BotError, NotAllowedNow, NotFound, PrivateOnly, UsageError
from bot.flows.lifecycle import State
from bot.handlers import dossier, returning
from bot.handlers.arguments import (
    SHORTLIST_OR_FINAL,
    Mistyped,
    answer_to_prompt,
    fold_words,
    next_prompt,
    read_list,
    read_state,
    split_answers,
    split_receipt,
)
from bot.handlers.naming import find_programme, programme_name, programme_zone, state_name
from bot.handlers.verdicts import tell_decision, tell_kept, tell_move
from bot.messages import Choice, Reply
from bot.services import programmes, publication, review
from bot.services.review import Application

_CONFIRM = frozenset({"confirm", "confirmed", "确认", "认可"})
_YES = frozenset({"publish", "yes", "y", "ok", "confirm", "确认", "确认公布", "公布", "是", "好"})
_NO = frozenset({"cancel", "no", "n", "取消", "不", "否", "算了"})
_MOST_REASON_CHARS = 500


class ReasonNeeded(BotError):
    """A move that the applicant must be given a reason for. Values: state, usage."""

    template = "admin_review.reason_needed"


class ReasonTooLong(BotError):
    """A reason that is no message to an applicant any more. Values: count, limit."""

    template = "admin_review.reason_too_long"


class NoReasonTaken(BotError):
    """A decision with words of its own. Values: state."""

    template = "admin_review.no_reason_taken"


class DueInThePast(BotError):
    """A due time of a returned application that is over already."""

    template = "admin_review.due_in_the_past"


class DueNeeded(BotError):
    """An application is returned after the deadline, so that nothing could be handed in again. Values: receipt."""

    template = "admin_review.due_needed"


class NotContested(BotError):
    """A confirmation of a submission that nobody contests. Values: text."""

    template = "admin_review.not_contested"


def find(turn: Turn, services: Services) -> list[Reply]:
    """Shows the application of a receipt or of a company; "answers" after it shows what was submitted."""
    wanted, answers = split_answers(turn.text)
    if not wanted:
        raise UsageError(command="find", usage=turn.say("admin_review.usage_find").text)
    if answers and not turn.inbound.private:
        raise PrivateOnly
    found = review.find_applications(uow=services.uow, text=wanted)
    if found.mistyped:
        raise Mistyped(text=wanted)
    if not found.applications:
        raise NotFound(text=wanted[:60])
    if len(found.applications) > 1:
        several = found.applications
        choices = _items(turn, several, "")
        return [turn.say("admin_review.several", text=wanted[:60], choices=choices, about=_applicants(several))]
    shown = review.show_application(uow=services.uow, application=found.applications[0])
    return dossier.answers(turn, services, shown) if answers else [dossier.card(turn, services, shown)]


def list_(turn: Turn, services: Services) -> list[Reply]:
    """Lists applications, of a state or a programme where given, page by page."""
    state, page, rest = read_list(turn.text)
    if state == SHORTLIST_OR_FINAL:
        return [_which_result(turn, f"/list STATE {rest}")]
    if state == State.DRAFT:
        return [turn.say("admin_review.drafts_private")]
    programme = find_programme(services, rest, turn.locale).id if rest else None
    listed = review.list_applications(uow=services.uow, programme=programme, state=state or None, page=page)
    values: dict[str, Any] = {
        "state": state_name(state, turn.locale) if state else "",
        "programme": programme_name(services, programme, turn.locale) if programme else "",
        "page": page,
    }
    if not listed.applications:
        return [turn.say("admin_review.list_empty", **values)]
    again = " ".join(part for part in ("/list", state, programme or "") if part)
    choices = _items(turn, listed.applications, state)
    if listed.more:
        choices += (turn.option(f"{again} {page + 1}", "admin_review.button_next"),)
    return [turn.say("admin_review.list", choices=choices, about=_applicants(listed.applications), **values)]


def move(turn: Turn, services: Services) -> list[Reply]:
    """Moves an application, or settles two in the same name; tells the applicant unless it is to be published."""
    receipt, rest = split_receipt(turn.text)
    word, reason = [*rest.split(None, 1), "", ""][:2]
    if receipt and fold_words(word) in _CONFIRM and not reason:
        return _settle(turn, services, need_application(services, receipt))
    state, reason = read_state(rest)
    if not receipt or not state:
        raise UsageError(command="move", usage=turn.say("admin_review.usage_move").text)
    if len(reason) > _MOST_REASON_CHARS:
        raise ReasonTooLong(count=len(reason), limit=_MOST_REASON_CHARS)
    if state == SHORTLIST_OR_FINAL:
        return [_which_result(turn, f"/move {receipt} STATE")]
    application = need_application(services, receipt)
    asked, programme = review.NOTHING_ASKED, services.library.programmes.get(application.programme)
    if state == State.RETURNED:
        reason, asked = returning.read_asked(turn, services, application, reason)
    result = review.move_application(
        uow=services.uow,
        application_id=application.id,
        wanted=state,
        reason=reason,
        actor_id=turn.person.id,
        now=turn.now,
        asked=asked,
        form=programme.form if programme else None,
        closes_at=_closes_at(services, application),
    )
    if isinstance(result, review.MoveRefused):
        raise _refusal(turn, application, result, state)
    if isinstance(result, review.Decided):
        return [_decided(turn, services, result)]
    return [_moved(turn, services, result)]


def publish(turn: Turn, services: Services) -> list[Reply]:
    """Shows how many decisions of each kind wait, and asks before they are told."""
    if not turn.text:
        known = services.library.programmes.values()
        choices = tuple(Choice(f"/publish {found.id}", found.name.get(turn.locale)) for found in known)
        return [turn.say("admin_review.publish_which", choices=choices)]
    return [_preview(turn, services, find_programme(services, turn.text, turn.locale).id)]


def confirm_publish(turn: Turn, services: Services) -> list[Reply]:
    """Publishes what was previewed; what was decided in between is shown first."""
    programme = str(turn.state.data.get("programme", ""))
    digest = str(turn.state.data.get("digest", ""))
    said = answer_to_prompt(turn)
    if turn.person.role == "applicant":
        turn.state.leave()
        return [turn.say("errors.not_staff")]
    if said in _NO:
        turn.state.leave()
        return [turn.say("admin_review.publish_cancelled")]
    if said not in _YES:
        return [_preview(turn, services, programme)]
    published = publication.publish_decisions(
        uow=services.uow, programme=programme, digest=digest, actor_id=turn.person.id, now=turn.now
    )
    if published is None:
        return [turn.say("admin_review.publish_changed"), _preview(turn, services, programme)]
    turn.state.leave()
    told = sum(tell_decision(turn, services, found) for found in published)
    name = programme_name(services, programme, turn.locale)
    return [turn.say("admin_review.published", programme=name, total=len(published), told=told)]


def need_application(services: Services, receipt: str) -> Application:
    """The application of a receipt. Raises NotFound."""
    found = review.find_applications(uow=services.uow, text=receipt).applications
    if not found:
        raise NotFound(text=receipt)
    return found[0]


def _items(turn: Turn, applications: tuple[Application, ...], state: str) -> tuple[Choice, ...]:
    """A choice for each; the state is written where the list is not of one state."""
    return tuple(
        turn.option(
            f"/find {found.receipt}",
            "admin_review.item",
            receipt=found.receipt,
            title=found.title[:20],
            state="" if state else state_name(found.state, turn.locale),
        )
        for found in applications
        if found.receipt
    )


def _applicants(applications: tuple[Application, ...]) -> tuple[int, ...]:
    return tuple(found.person_id for found in applications)


def _which_result(turn: Turn, command: str) -> Reply:
    choices = tuple(
        Choice(command.replace("STATE", state, 1).strip(), state_name(state, turn.locale))
        for state in (State.SHORTLISTED, State.SELECTED)
    )
    return turn.say("admin_review.which_result", choices=choices)


def _closes_at(services: Services, application: Application) -> datetime | None:
    """When submissions close for the applicant."""
    programme = services.library.programmes.get(application.programme)
    if programme is None:
        return None
    return programmes.current_deadline(uow=services.uow, programme=programme, person_id=application.person_id)


def _refusal(turn: Turn, application: Application, refused: review.MoveRefused, wanted: str) -> BotError:
    name = partial(state_name, locale=turn.locale)
    if refused.why == "needs_reason":
        usage = f"/move {application.receipt} {wanted}"
        return ReasonNeeded(state=name(wanted), usage=usage)
    if refused.why == "takes_no_reason":
        return NoReasonTaken(state=name(wanted))
    if refused.why == "past_due":
        return DueInThePast()
    if refused.why == "needs_due":
        return DueNeeded(receipt=application.receipt)
    if refused.why == "not_contested":
        return NotContested(text=application.receipt)
    return NotAllowedNow(state=name(refused.state), wanted=name(wanted), allowed=[name(s) for s in refused.allowed])


def _moved(turn: Turn, services: Services, moved: review.Moved) -> Reply:
    """Tells the applicant, and staff what was understood: a comment on no field of the form is part of the reason."""
    told = tell_move(turn, services, moved)
    return turn.say(
        "admin_review.moved",
        receipt=moved.application.receipt,
        state=state_name(moved.state, turn.locale),
        told=told,
        labels=[label for label, _ in returning.labelled(services, moved.application, moved.asked, turn.locale)],
        due=moved.asked.due,
        zone=programme_zone(services, moved.application.programme),
    )


def _decided(turn: Turn, services: Services, decided: review.Decided) -> Reply:
    receipt, programme = decided.application.receipt, decided.application.programme
    if not decided.decision:
        return turn.say("admin_review.undecided", receipt=receipt)
    choices = (turn.option(f"/publish {programme}", "admin_review.button_publish"),)
    name = programme_name(services, programme, turn.locale)
    state = state_name(decided.decision, turn.locale)
    return turn.say("admin_review.decided", choices=choices, receipt=receipt, state=state, programme=name)


def _settle(turn: Turn, services: Services, application: Application) -> list[Reply]:
    result = review.confirm_contested(
        uow=services.uow, application_id=application.id, actor_id=turn.person.id, now=turn.now
    )
    if isinstance(result, review.MoveRefused):
        raise _refusal(turn, application, result, State.SUPERSEDED)
    for superseded in result.superseded:
        tell_move(turn, services, superseded)
    tell_kept(turn, services, result)
    others = [found.application.receipt for found in result.superseded]
    return [turn.say("admin_review.settled", receipt=application.receipt, others=others)]


def _preview(turn: Turn, services: Services, programme: str) -> Reply:
    """What publishing would tell, with the question whether to; nothing to confirm where no decision waits."""
    waiting = publication.preview_decisions(uow=services.uow, programme=programme)
    name = programme_name(services, programme, turn.locale)
    if not waiting.total:
        turn.state.leave()
        return turn.say("admin_review.publish_nothing", programme=name)
    turn.state.enter("publish", programme=programme, digest=waiting.digest, shown=next_prompt(turn))
    numbers = [(state_name(state, turn.locale), number) for state, number in waiting.numbers.items()]
    choices = (
        turn.option("publish", "admin_review.button_confirm_publish"),
        turn.option("cancel", "admin_review.button_cancel"),
    )
    values: dict[str, Any] = {
        "programme": name,
        "numbers": numbers,
        "total": waiting.total,
        "passed_over": waiting.passed_over,
    }
    return turn.say("admin_review.publish_preview", choices=choices, **values)
