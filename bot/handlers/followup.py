"""After the submission: signed and stamped papers come back, and official routes are reported as taken."""

from bot.context import Services, Turn
from bot.errors import NotFound, PrivateOnly
from bot.flows import engine, outline
from bot.flows.plain import as_text
from bot.flows.values import Answers
from bot.handlers import documents, form_texts
from bot.handlers.form_dialog import enter_dialog
from bot.handlers.telling import event_digest
from bot.messages import Choice, Reply
from bot.render import render
from bot.services import applications, followup, notices
from bot.services.applications import Draft, moment_of
from knowledge.form import FieldType, Form, Stage
from knowledge.programme import Programme


def follow_up(turn: Turn, services: Services) -> list[Reply]:
    """Goes on with what is to be done for a submission; asks which where there are several."""
    if not turn.inbound.private:
        raise PrivateOnly
    number = turn.text.strip()
    if number.isdecimal() and len(number) < 10:
        return _begin(turn, services, int(number))
    if number:
        raise NotFound(text=number[:40])
    found = followup.list_followups(
        uow=services.uow, person_id=turn.person.id, programmes=services.library.programmes, now=turn.now
    )
    if not found:
        return [turn.say("followup.nothing")]
    if len(found) == 1:
        return _begin(turn, services, found[0].id)
    choices = tuple(Choice(f"/followup {one.id}", f"{one.receipt} {one.title}".strip()[:40]) for one in found)
    return [turn.say("followup.which", choices=choices)]


def offer(turn: Turn, form: Form, answers: Answers, application_id: int) -> Choice:
    """The button that goes on with what follows a submission."""
    scans = bool(outline.visible(form.at(Stage.PACKAGING), answers))
    return turn.option(f"/followup {application_id}", "followup.button_scans" if scans else "followup.button_delivery")


def finish(turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft) -> list[Reply]:
    """Ends a stage: goes on to the next one, or says what is still open. Staff hear when all routes were taken."""
    done = followup.complete_stage(uow=services.uow, form=form, draft=draft, now=turn.now)
    number, receipt = draft.application.id, draft.application.receipt or ""
    if done.following is not None:
        # What comes next is to hand it all in: the set with the scans in it is there before that is asked about.
        package = documents.give_package(turn, services, number) if documents.goes_out_as_papers(programme) else []
        asked = _ask(turn, services, programme, form, done.following)
        return [turn.say("followup.packaged", receipt=receipt), *package, *asked]
    turn.state.leave()
    if done.open_routes:
        labels = [field.label.get(turn.locale) for field in done.open_routes]
        choices = (turn.option(f"/followup {number}", "followup.button_again"),)
        return [turn.say("followup.not_yet", labels=labels, receipt=receipt, choices=choices)]
    _tell_staff(turn, services, programme, form.at(Stage.DELIVERY), draft, done.answers)
    return [turn.say("followup.done", receipt=receipt)]


def _begin(turn: Turn, services: Services, number: int) -> list[Reply]:
    for programme in services.library.programmes.values():
        if programme.form is None:
            continue
        opened = followup.open_followup(
            uow=services.uow,
            programme=programme,
            form=programme.form,
            application_id=number,
            person_id=turn.person.id,
            now=turn.now,
        )
        if opened is not None:
            return _ask(turn, services, programme, programme.form, opened)
    return [turn.say("followup.nothing")]


def _ask(turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft) -> list[Reply]:
    """Says what the stage is about, and asks its first question. A route that was not taken is asked about again."""
    asked = form.at(draft.stage)
    again = [field.key for field in followup.open_routes(form, draft.answers) if field.key in draft.answers]
    cursor = draft.application.cursor or ({"unfit": again} if again and draft.stage is Stage.DELIVERY else {})
    step = engine.begin(asked, draft.answers, cursor, moment_of(programme, draft.application, turn.now))
    applications.save_step(uow=services.uow, form=asked, draft=draft, step=step, now=turn.now)
    turn.state.programme = programme.id
    enter_dialog(turn, programme, draft, step.place)
    heading = turn.say(
        f"followup.begin_{draft.stage}",
        receipt=draft.application.receipt or "",
        routes=[(route.kind, route.target) for route in programme.routes],
        computed=_computed(asked, draft.answers, turn.locale),
    )
    return [heading, form_texts.show_step(turn, step)]


def _computed(form: Form, answers: Answers, locale: str) -> list[tuple[str, str]]:
    """What the form makes of the answers for this stage, such as the subject of the mail: it is sent word for word."""
    here = [field for field in outline.applicable(form, answers) if field.at is form.stage]
    found = [field for field in here if field.type is FieldType.COMPUTED]
    return [(field.label.get(locale), outline.computed(form, answers, field, "zh")) for field in found]


def _tell_staff(
    turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft, answers: Answers
) -> None:
    given = [field for field in outline.visible(form, answers) if field.key in answers]

    def text_of(locale: str) -> str:
        return render(
            "followup.staff_done",
            locale,
            name=programme.name.get(locale),
            title=draft.application.title,
            receipt=draft.application.receipt,
            lines=[(field.label.get(locale), as_text(field, answers[field.key], locale)) for field in given],
        )

    key = f"followed:{draft.application.receipt}:{event_digest(turn)}"
    about = (draft.application.person_id,)
    notices.notify_staff(uow=services.uow, text_of=text_of, key=key, now=turn.now, about=about)
