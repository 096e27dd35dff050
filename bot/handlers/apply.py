"""Applying: the form as a dialog, questions in the middle of it included."""

import re
from functools import partial
from typing import Any

from bot.context import Services, Turn
from bot.errors import PrivateOnly, UnknownProgramme
from bot.flows import engine, words
from bot.flows.shown import Review, Step
from bot.flows.values import Input, Problem
from bot.handlers import followup, form_link, form_texts, submitting
from bot.handlers.asides import answer_aside, reply_aside
from bot.handlers.form_dialog import FLOW, enter_dialog
from bot.handlers.form_saying import UPLOAD
from bot.handlers.paper_forms import read_paper
from bot.messages import Choice, Inbound, Reply
from bot.services import applications
from bot.services import followup as followups
from bot.services.applications import Draft, Earlier, moment_of
from bot.services.review import Application
from knowledge.form import Form, Stage
from knowledge.programme import Programme

# What may stand behind the programme in "/apply …": afresh, from the earlier application, from it with its files.
AGAIN, FROM, FROM_WITH_FILES = "again", "from", "files"
NOT_TAKEN_HERE = "not_here"  # the problem of a file that this process does not fetch
_NUMBER = re.compile(r"#[0-9]{1,9}")
_STARTS = frozenset({AGAIN, FROM, FROM_WITH_FILES})


def apply(turn: Turn, services: Services) -> list[Reply]:
    """Begins an application, or goes on where it was left."""
    if not turn.inbound.private:
        raise PrivateOnly
    named, _, last = turn.text.strip().rpartition(" ")
    start = last if last in _STARTS else ""
    number = int(last[1:]) if _NUMBER.fullmatch(last) else None
    programme = _programme(turn, services, named if start or number else turn.text.strip())
    if programme is None:
        known = services.library.programmes.values()
        choices = tuple(Choice(f"/apply {found.id}", found.name.get(turn.locale)) for found in known)
        return [turn.say("apply.which", choices=choices)]
    turn.state.programme = programme.id
    if programme.form is None:
        return [turn.say("apply.no_form", name=programme.name.get(turn.locale), routes=_routes(programme))]
    open_now = applications.find_open(uow=services.uow, programme=programme, person_id=turn.person.id)
    chosen = _chosen(turn, open_now, number)
    if chosen is None and open_now:
        return [_which_open(turn, programme, open_now)]
    if not applications.is_on_time(
        uow=services.uow, programme=programme, person_id=turn.person.id, now=turn.now, application=chosen
    ):
        return [_closed(turn, services, programme)]
    earlier = None
    if chosen is None and start != AGAIN:
        earlier = applications.find_earlier(uow=services.uow, programme=programme, person_id=turn.person.id)
    if earlier is not None and not start:
        return [_offer_start(turn, services, programme, earlier)]
    kept = chosen.id if chosen is not None else None
    return _begin(turn, services, programme, programme.form, kept, earlier, files=start == FROM_WITH_FILES)


def _chosen(turn: Turn, open_now: list[Application], number: int | None) -> Application | None:
    """The one that is named, else the one being filled in, else the only one."""
    wanted = number or (turn.state.data.get("application") if turn.state.flow == FLOW else None)
    named = next((one for one in open_now if one.id == wanted), None)
    return named or (open_now[0] if len(open_now) == 1 else None)


def _which_open(turn: Turn, programme: Programme, open_now: list[Application]) -> Reply:
    """Asks which of several is to be gone on with: what was returned waits beside a draft that was begun since."""
    choices = []
    for one in open_now:
        values = {"state": one.state, "title": one.title, "receipt": one.receipt}
        choices.append(turn.option(f"/apply {programme.id} #{one.id}", "apply.button_open", **values))
    return turn.say("apply.which_open", choices=tuple(choices))


def _offer_start(turn: Turn, services: Services, programme: Programme, earlier: Earlier) -> Reply:
    """Asks whether somebody who has applied before starts from that, or afresh."""
    kept = ((FROM, "button_from_bare"), (FROM_WITH_FILES, "button_from_files")) if earlier.files else ()
    starts = (*(kept or ((FROM, "button_from"),)), (AGAIN, "button_fresh"))
    choices = tuple(turn.option(f"/apply {programme.id} {word}", f"apply.{block}") for word, block in starts)
    standing = applications.find_submitted(
        uow=services.uow, programme=programme, person_id=turn.person.id, now=turn.now
    )
    if standing is None:
        before = earlier.application
        return turn.say("apply.earlier", year=before.year, title=before.title, receipt=before.receipt, choices=choices)
    status = turn.option("/status", "apply.button_status")
    policy = programme.resubmission
    return turn.say("apply.again", receipt=standing.receipt, policy=policy, choices=(*choices, status))


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
        told = answer_aside(turn, services, programme, held) if held else []
        return [*told, prompt(turn, services, programme, form, draft)]
    else:
        given = read_paper(turn, programme, form, draft) or _given(turn)
        aside = reply_aside(turn, services, opened, given, partial(prompt, turn, services, *opened))
        if aside is not None:
            return aside
    moment = moment_of(programme, draft.application, turn.now)
    step = engine.answer(form, draft.answers, draft.application.cursor, given, moment)
    return _take(turn, services, programme, form, draft, step, done=given.word == "done")


def prompt_again(turn: Turn, services: Services) -> list[Reply]:
    """The present prompt once more, after something else was answered in between; nothing where no form is open."""
    opened = _open(turn, services) if turn.state.flow == FLOW else None
    return [prompt(turn, services, *opened)] if opened is not None else []


def prompt(turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft) -> Reply:
    """The present prompt of a draft. What it shows is noted as seen."""
    moment = moment_of(programme, draft.application, turn.now)
    step = engine.begin(form, draft.answers, draft.application.cursor, moment)
    if step.changes or step.cursor != draft.application.cursor:
        applications.save_step(uow=services.uow, form=form, draft=draft, step=step, now=turn.now)
    turn.state.expects = step.place
    return form_texts.show_step(turn, step)


def _given(turn: Turn) -> Input:
    """What somebody gave: files, a tap, or a text."""
    if turn.inbound.files:
        return _files(turn.inbound)
    return words.read_choice(turn.choice) if turn.choice is not None else words.read_word(turn.text)


def _files(inbound: Inbound) -> Input:
    """The files of an event, as far as they could be taken in."""
    taken = [one for one in inbound.files if one.attachment is not None]
    refused = [one.problem for one in inbound.files if one.attachment is None and one.problem is not None]
    if not taken and not refused:
        refused = [(NOT_TAKEN_HERE, {})]
    return Input(
        files=tuple(dict(one.attachment or {}) for one in taken),
        refused=tuple(Problem(UPLOAD, {"kind": kind, "values": values}) for kind, values in refused),
        recompressed=frozenset(str((one.attachment or {})["key"]) for one in taken if one.recompressed),
    )


def _begin(
    turn: Turn,
    services: Services,
    programme: Programme,
    form: Form,
    application_id: int | None,
    earlier: Earlier | None,
    *,
    files: bool,
) -> list[Reply]:
    draft = applications.start_or_resume_application(
        uow=services.uow,
        programme=programme,
        form=form,
        person_id=turn.person.id,
        now=turn.now,
        earlier=earlier,
        files=files,
        application_id=application_id,
    )
    moment = moment_of(programme, draft.application, turn.now)
    step = engine.begin(form, draft.answers, draft.application.cursor, moment, changed=draft.changed)
    applications.save_step(uow=services.uow, form=form, draft=draft, step=step, now=turn.now)
    asked_already = turn.state.flow == FLOW and turn.state.expects == step.place
    enter_dialog(turn, programme, draft, step.place)
    closes_at = applications.personal_deadline(
        uow=services.uow, programme=programme, person_id=turn.person.id, application=draft.application
    )
    greeting = turn.say(
        "apply.begin",
        name=programme.name.get(turn.locale),
        new=draft.new,
        from_receipt=draft.from_receipt,
        renewed=turn.say("apply.renewed", year=draft.application.year).text if draft.renewed else "",
        closes_at=closes_at,
        zone=programme.zone,
    )
    # Who says "apply" in the middle of it has interrupted the dialog, and its prompt is shown again by the turn.
    return [greeting] if asked_already else [greeting, form_texts.show_step(turn, step)]


def _take(
    turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft, step: Step, *, done: bool = False
) -> list[Reply]:
    """Stores a step and says what follows. `done`: somebody has said that an answer is complete."""
    applications.save_step(uow=services.uow, form=form, draft=draft, step=step, now=turn.now)
    turn.state.expects = step.place
    answered = bool(step.changes) or done
    if draft.stage is not Stage.ENTRY and answered and isinstance(step.show, Review) and step.show.complete:
        # What follows the submission is short: its last answer ends it, and nothing is to be looked through.
        return followup.finish(turn, services, programme, form, draft)
    match step.outcome:
        case "submit" if draft.stage is Stage.ENTRY:
            return submitting.submit(turn, services, programme, form, draft)
        case "submit":
            return followup.finish(turn, services, programme, form, draft)
        case "page":
            return [*form_link.offer(turn, services, draft.application.id), form_texts.show_step(turn, step)]
        case "discard":
            return _discard(turn, services, draft)
        case "leave":
            turn.state.leave()
            return [turn.say("apply.left", later=draft.stage is not Stage.ENTRY)]
        case _:
            return [form_texts.show_step(turn, step)]


def _discard(turn: Turn, services: Services, draft: Draft) -> list[Reply]:
    """Deletes a draft. What was submitted is no draft any more, and stays."""
    application = draft.application.id
    gone = applications.discard_draft(
        uow=services.uow, application_id=application, person_id=turn.person.id, now=turn.now
    )
    turn.state.leave()
    return [turn.say("apply.discarded" if gone else "apply.kept")]


def _recheck(turn: Turn, services: Services, programme: Programme, form: Form, draft: Draft) -> list[Reply] | None:
    """Shows what to answer now that the form has changed under the dialog; None where it still asks the same."""
    moment = moment_of(programme, draft.application, turn.now)
    step = engine.begin(form, draft.answers, draft.application.cursor, moment, changed=True)
    if not step.notes and step.place == turn.state.expects:
        return None
    return _take(turn, services, programme, form, draft, step)


def _open(turn: Turn, services: Services) -> tuple[Programme, Form, Draft] | None:
    """The draft that the conversation is at, with the form as it is asked at its stage."""
    programme = services.library.programmes.get(str(turn.state.data.get("programme", "")))
    if programme is None or programme.form is None:
        return None
    number, stage = int(turn.state.data.get("application", 0)), Stage(turn.state.data.get("stage", Stage.ENTRY))
    values: dict[str, Any] = {"application_id": number, "person_id": turn.person.id, "now": turn.now}
    if stage is Stage.ENTRY:
        draft = applications.open_draft(uow=services.uow, programme=programme, form=programme.form, **values)
    else:
        draft = followups.open_followup(
            uow=services.uow, programme=programme, form=programme.form, stage=stage, **values
        )
    return (programme, programme.form.at(draft.stage), draft) if draft is not None else None


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
    closes_at = applications.personal_deadline(uow=services.uow, programme=programme, person_id=turn.person.id)
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
