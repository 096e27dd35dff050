"""Applying: the form as a dialog, questions in the middle of it included."""

from bot.context import Services, Turn
from bot.errors import PrivateOnly, UnknownProgramme
from bot.flows import engine, words
from bot.flows.questions import is_courtesy, is_short, looks_like_question
from bot.flows.shown import Step
from bot.flows.values import Input
from bot.handlers import faq, form_texts, submitting
from bot.messages import Choice, Reply
from bot.services import applications, programmes
from bot.services.applications import Draft, moment_of
from knowledge.form import Field, FieldType, Form
from knowledge.programme import Programme
from knowledge.text import count

FLOW = "apply"
AGAIN = "again"
_FREE_TEXT = frozenset({FieldType.TEXT, FieldType.LONGTEXT})
_COURTESY = "smalltalk"
_LONGEST_COURTESY = 8  # 字


def apply(turn: Turn, services: Services) -> list[Reply]:
    """Begins an application, or goes on where it was left."""
    if not turn.inbound.private:
        raise PrivateOnly
    named, _, last = turn.text.strip().rpartition(" ")
    again = last == AGAIN
    programme = _programme(turn, services, named if again else turn.text.strip())
    if programme is None:
        known = services.library.programmes.values()
        choices = tuple(Choice(f"/apply {found.id}", found.name.get(turn.locale)) for found in known)
        return [turn.say("apply.which", choices=choices)]
    turn.state.programme = programme.id
    if programme.form is None:
        return [turn.say("apply.no_form", name=programme.name.get(turn.locale), routes=_routes(programme))]
    if not applications.is_on_time(uow=services.uow, programme=programme, person_id=turn.person.id, now=turn.now):
        return [_closed(turn, services, programme)]
    if not again:
        earlier = _earlier(turn, services, programme)
        if earlier is not None:
            return [earlier]
    return _begin(turn, services, programme, programme.form)


def _earlier(turn: Turn, services: Services, programme: Programme) -> Reply | None:
    """Asks whether somebody who has submitted, and has no draft open, means to apply once more."""
    uow, person = services.uow, turn.person.id
    if applications.find_draft(uow=uow, programme=programme, person_id=person) is not None:
        return None
    found = applications.find_submitted(uow=uow, programme=programme, person_id=person, now=turn.now)
    if found is None:
        return None
    choices = (
        turn.option(f"/apply {programme.id} {AGAIN}", "apply.button_again"),
        turn.option("/status", "apply.button_status"),
    )
    return turn.say("apply.again", receipt=found.receipt, policy=programme.resubmission, choices=choices)


def resume(turn: Turn, services: Services) -> list[Reply]:
    """Takes the next message of the dialog."""
    opened = _open(turn, services)
    if opened is None:
        turn.state.leave()
        return [turn.say("apply.gone")]
    programme, form, draft = opened
    if draft.changed:
        changed = _recheck(turn, services, programme, form, draft)
        if changed is not None:
            return changed
    held = turn.state.data.pop("held", None)
    if turn.choice is not None and turn.choice.startswith("corrects:"):
        return submitting.submit(turn, services, programme, form, draft, corrects=turn.choice == "corrects:yes")
    if turn.choice == "held:yes" and held is not None:
        given = Input(text=held)
    elif turn.choice is not None and turn.choice.startswith("held:"):
        return [prompt(turn, programme, form, draft)]
    else:
        given = words.read_choice(turn.choice) if turn.choice is not None else words.read_word(turn.text)
        aside = _digress(turn, services, programme, form, draft, given)
        if aside is not None:
            return aside
    moment = moment_of(programme, draft.application, turn.now)
    step = engine.answer(form, draft.answers, draft.application.cursor, given, moment)
    return _take(turn, services, programme, form, draft, step)


def prompt_again(turn: Turn, services: Services) -> list[Reply]:
    """The present prompt once more, after something else was answered in between; nothing where no form is open."""
    opened = _open(turn, services) if turn.state.flow == FLOW else None
    return [prompt(turn, *opened)] if opened is not None else []


def prompt(turn: Turn, programme: Programme, form: Form, draft: Draft) -> Reply:
    """The present prompt of a draft."""
    moment = moment_of(programme, draft.application, turn.now)
    step = engine.begin(form, draft.answers, draft.application.cursor, moment)
    return form_texts.show(turn, step.show)


def _begin(turn: Turn, services: Services, programme: Programme, form: Form) -> list[Reply]:
    draft = applications.start_or_resume_application(
        uow=services.uow, programme=programme, form=form, person_id=turn.person.id, now=turn.now
    )
    moment = moment_of(programme, draft.application, turn.now)
    step = engine.begin(form, draft.answers, draft.application.cursor, moment, changed=draft.changed)
    applications.save_step(uow=services.uow, form=form, draft=draft, step=step, now=turn.now)
    asked_already = turn.state.flow == FLOW and turn.state.expects == _place(step)
    turn.state.enter("apply", application=draft.application.id, programme=programme.id)
    _expect(turn, step)
    closes_at = programmes.current_deadline(uow=services.uow, programme=programme, person_id=turn.person.id)
    greeting = turn.say(
        "apply.begin",
        name=programme.name.get(turn.locale),
        new=draft.new,
        from_receipt=draft.from_receipt,
        new_year=draft.application.year if draft.new_year else None,
        closes_at=closes_at,
        zone=programme.zone,
    )
    # Who says "apply" in the middle of it has interrupted the dialog, and its prompt is shown again by the turn.
    return [greeting] if asked_already else [greeting, form_texts.show_step(turn, step)]


def _take(turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft, step: Step) -> list[Reply]:
    applications.save_step(uow=services.uow, form=form, draft=draft, step=step, now=turn.now)
    if step.outcome == "submit":
        return submitting.submit(turn, services, programme, form, draft)
    if step.outcome == "discard":
        application = draft.application.id
        applications.discard_draft(uow=services.uow, application_id=application, person_id=turn.person.id, now=turn.now)
    if step.outcome:
        turn.state.leave()
        return [turn.say("apply.left" if step.outcome == "leave" else "apply.discarded")]
    _expect(turn, step)
    return [form_texts.show_step(turn, step)]


def _recheck(turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft) -> list[Reply] | None:
    """Shows what to answer now that the form has changed under the dialog; None where it still asks the same."""
    moment = moment_of(programme, draft.application, turn.now)
    step = engine.begin(form, draft.answers, draft.application.cursor, moment, changed=True)
    if not step.notes and _place(step) == turn.state.expects:
        return None
    return _take(turn, services, programme, form, draft, step)


def _expect(turn: Turn, step: Step) -> None:
    """Names what is waited for, so that what was sent before it was shown is not taken as its answer."""
    turn.state.expects = _place(step)


def _place(step: Step) -> str:
    return ".".join(str(step.cursor.get(key, "")) for key in ("at", "field", "row", "column"))


def _digress(
    turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft, given: Input
) -> list[Reply] | None:
    """Answers a question or a courtesy in the middle of the form; None where the message is an answer to the prompt."""
    if given.word or given.choice is not None or not is_short(given.text):
        return None
    moment = moment_of(programme, draft.application, turn.now)
    cursor = draft.application.cursor
    asked = engine.asked_field(form, draft.answers, cursor, moment)
    free = asked is not None and asked.type in _FREE_TEXT
    if not free and engine.reads_as(form, draft.answers, cursor, given, moment) is None:
        return None
    if not looks_like_question(given.text):
        return _courtesy(turn, services, programme, form, draft, given.text)
    if asked is not None and asked.type in _FREE_TEXT:
        return _maybe_question(turn, services, (programme, form, draft), asked, given.text)
    return [*_answer(turn, services, programme, given.text), prompt(turn, programme, form, draft)]


def _maybe_question(
    turn: Turn, services: Services, opened: tuple[Programme, Form, Draft], asked: Field, text: str
) -> list[Reply]:
    """What looks like a question where any text may be the answer: answered if the guide knows, else asked back."""
    turn.state.data["held"] = text
    answer = services.library.ask(
        text, programme=opened[0].id, history=turn.state.history, now=turn.now, notices=services.notices
    )
    if answer.status not in {"answered", "choices"}:
        label = asked.label.get(turn.locale)
        choices = (turn.option("held:yes", "apply.button_held_yes"), turn.option("held:no", "apply.button_held_no"))
        return [turn.say("apply.held", text=text, label=label, choices=choices)]
    shown = prompt(turn, *opened)
    keep = Choice("held:yes", turn.say("apply.button_held_yes").text, numbered=False)
    return [*_answer(turn, services, opened[0], text), Reply(shown.text, (*shown.choices, keep))]


def _answer(turn: Turn, services: Services, programme: Programme, text: str) -> list[Reply]:
    """Answers a question; within a form it is about the form's programme unless it names another."""
    turn.state.programme = programme.id
    replies = faq.answer_question(turn, services, text)
    turn.state.programme = programme.id
    return replies


def _courtesy(
    turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft, text: str
) -> list[Reply] | None:
    """Replies to a greeting or thanks; None where the text is none."""
    if count(text) > _LONGEST_COURTESY:
        return None
    answer = services.library.ask(text, programme=programme.id, now=turn.now, notices=services.notices)
    if answer.topic == _COURTESY:
        return [Reply(answer.text), prompt(turn, programme, form, draft)]
    return [turn.say("apply.courtesy"), prompt(turn, programme, form, draft)] if is_courtesy(text) else None


def _open(turn: Turn, services: Services) -> tuple[Programme, Form, Draft] | None:
    """The draft that the conversation is at."""
    programme = services.library.programmes.get(str(turn.state.data.get("programme", "")))
    if programme is None or programme.form is None:
        return None
    draft = applications.open_draft(
        uow=services.uow,
        programme=programme,
        form=programme.form,
        application_id=int(turn.state.data.get("application", 0)),
        person_id=turn.person.id,
        now=turn.now,
    )
    return (programme, programme.form, draft) if draft is not None else None


def _programme(turn: Turn, services: Services, text: str) -> Programme | None:
    """The programme meant: the one named, the one with a draft, the conversation's. None: to be asked."""
    known = services.library.programmes
    if text:
        found = services.library.find(text)
        if found is None:
            raise UnknownProgramme(text=text[:40], known=[one.name.get(turn.locale) for one in known.values()])
        return found
    drafts = [
        one
        for one in known.values()
        if applications.find_draft(uow=services.uow, programme=one, person_id=turn.person.id) is not None
    ]
    of_conversation = known.get(turn.state.programme)
    if of_conversation is not None and (of_conversation in drafts or not drafts):
        return of_conversation
    if len(drafts) == 1:
        return drafts[0]
    return next(iter(known.values())) if len(known) == 1 else None


def _routes(programme: Programme) -> list[dict[str, str]]:
    return [
        {"kind": route.kind, "target": route.target, "quote": route.quote.text if route.quote else ""}
        for route in programme.routes
    ]


def _closed(turn: Turn, services: Services, programme: Programme) -> Reply:
    closes_at = programmes.current_deadline(uow=services.uow, programme=programme, person_id=turn.person.id)
    quote = programme.deadline.quote
    return turn.say(
        "apply.closed",
        name=programme.name.get(turn.locale),
        closes_at=closes_at,
        zone=programme.zone,
        notice=programme.id in services.notices,
        quote=quote.text if quote else "",
        draft=applications.find_draft(uow=services.uow, programme=programme, person_id=turn.person.id) is not None,
    )
