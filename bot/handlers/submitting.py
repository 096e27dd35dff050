"""What follows when a form is submitted: the receipt, a copy, what is still to do, and whom else it is told to."""

from functools import partial

from bot.context import Services, Turn
from bot.flows import engine
from bot.flows.shown import Step
from bot.flows.values import Input
from bot.handlers import documents, followup, form_texts
from bot.handlers.form_saying import show_value
from bot.messages import Reply
from bot.render import render
from bot.services import followup as followups
from bot.services import notices, submissions
from bot.services.applications import Draft, moment_of
from bot.services.recipients import find_recipient
from bot.services.submissions import Incomplete, Late, Submitted, Undecided
from knowledge.form import Form
from knowledge.programme import Programme


def submit(
    turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft, *, corrects: bool | None = None
) -> list[Reply]:
    """Submits the draft and tells everybody concerned."""
    result = submissions.submit_application(
        uow=services.uow,
        programme=programme,
        form=form,
        application_id=draft.application.id,
        person_id=turn.person.id,
        now=turn.now,
        corrects=corrects,
    )
    match result:
        case Submitted():
            turn.state.leave()
            _tell_staff(services, turn, programme, result)
            for first in result.contested:
                _tell_first(services, turn, programme, first.id, first.person_id, result)
            return _receipt(turn, services, programme, form, result)
        case Late():
            turn.state.leave()
            contacts = [contact.text for contact in programme.contacts if contact.public]
            return [
                turn.say("apply.late", closes_at=result.closes_at, now=turn.now, zone=programme.zone, contacts=contacts)
            ]
        case Undecided():
            choices = (
                turn.option("corrects:yes", "apply.button_corrects"),
                turn.option("corrects:no", "apply.button_adds"),
            )
            return [turn.say("apply.undecided", receipt=result.earlier.receipt, choices=choices)]
        case Incomplete():
            return [form_texts.show_step(turn, _review(programme, form, draft, turn))]
        case None:
            turn.state.leave()
            return [turn.say("apply.gone")]


def _review(programme: Programme, form: Form, draft: Draft, turn: Turn) -> Step:
    """The review, which names what is missing: the answers have changed since it was shown."""
    moment = moment_of(programme, draft.application, turn.now)
    return engine.answer(form, draft.answers, draft.application.cursor, Input(word="review"), moment)


def _receipt(turn: Turn, services: Services, programme: Programme, form: Form, result: Submitted) -> list[Reply]:
    routes = [] if submissions.is_official_here(programme) else [(one.kind, one.target) for one in programme.routes]
    number, receipt = result.application.id, result.version.receipt
    # What is mailed or posted goes out as papers; what is copied into a portal or stays here is read in the chat.
    papers = documents.goes_out_as_papers(programme)
    first = turn.say(
        "apply.submitted",
        name=programme.name.get(turn.locale),
        receipt=receipt,
        at=result.version.submitted_at,
        zone=programme.zone,
        official=submissions.is_official_here(programme),
        routes=routes,
        superseded=[one.receipt for one in result.superseded],
        contested=bool(result.contested),
        copy=not papers,
    )
    replies = [first, *(documents.give_package(turn, services, number) if papers else _copy(turn, form, result))]
    if not routes:
        return replies
    given = result.version.answers
    if followups.asks_later(form, given):
        choices = (documents.offer(turn, number), followup.offer(turn, form, given, number))
        return [*replies, turn.say("apply.official_next", routes=routes, choices=choices[papers:])]
    choices = (
        turn.option(f"/status done {number}", "apply.button_official_done"),
        turn.option(f"/status later {number}", "apply.button_official_later"),
    )
    return [*replies, turn.say("apply.official_next", routes=routes, choices=choices)]


def _copy(turn: Turn, form: Form, result: Submitted) -> list[Reply]:
    """The answers in the form's order, a reply a section, each answer under its label so that it can be copied."""
    replies = []
    for section in form.sections:
        given = [one for one in section.fields if one.key in result.version.answers]
        values = result.version.answers
        blocks = [(one.label.get(turn.locale), show_value(turn, one, values[one.key])) for one in given]
        if blocks:
            replies.append(turn.say("apply.copy", title=section.title.get(turn.locale), blocks=blocks))
    return replies


def _tell_staff(services: Services, turn: Turn, programme: Programme, result: Submitted) -> None:
    def text_of(locale: str) -> str:
        return render(
            "apply.staff_new",
            locale,
            name=programme.name.get(locale),
            title=result.application.title,
            receipt=result.version.receipt,
            doubts=len(result.doubts),
            contested=[one.receipt for one in result.contested],
            superseded=[one.receipt for one in result.superseded],
        )

    about = (result.application.person_id,)
    key = f"submitted:{result.version.receipt}"
    notices.notify_staff(uow=services.uow, text_of=text_of, key=key, now=turn.now, about=about)


def _tell_first(
    services: Services, turn: Turn, programme: Programme, number: int, person_id: int, result: Submitted
) -> None:
    """Tells whoever submitted first in the same name. Who the other is, is not said, but the name as they wrote it."""
    reader = find_recipient(uow=services.uow, person_id=person_id)
    say = partial(render, "apply.claimed", reader.locale)
    text = say(name=programme.name.get(reader.locale), title=result.application.title)
    key = f"claimed:{number}:{result.version.receipt}"
    about = (result.application.person_id,)
    notices.notify_person(uow=services.uow, person_id=person_id, text=text, key=key, now=turn.now, about=about)
