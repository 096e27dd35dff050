"""What follows a submission: papers that come back signed and stamped, and the official route the applicant takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.flows import outline
from bot.flows.lifecycle import STANDING
from bot.flows.values import Answers, Moment
from bot.services.applications import DONE, TOLD, Draft, moment_of
from knowledge.form import Field, Form, Stage
from knowledge.programme import Programme
from storage.records import Application, Version
from storage.unit_of_work import UnitOfWork

LATER = (Stage.PACKAGING, Stage.DELIVERY)


@dataclass(frozen=True, slots=True)
class Completed:
    """A stage that was gone through, with all that is stored now.

    `following` is the submission at the next one; `open_routes` are the fields of routes not taken.
    """

    answers: Answers
    following: Draft | None
    open_routes: tuple[Field, ...] = ()


def asks_later(form: Form, answers: Answers) -> bool:
    """Whether anything is asked after the submission."""
    return any(outline.visible(form.at(stage), answers) for stage in LATER)


def asks_anything_later(form: Form) -> bool:
    """Whether the form has questions for after the submission, of whomever."""
    return any(field.at in LATER for field in form.fields())


def list_followups(
    *, uow: UnitOfWork, person_id: int, programmes: Mapping[str, Programme], now: datetime
) -> list[Application]:
    """The person's standing submissions of which something is still to do, oldest first."""
    found = []
    for application in uow.applications.of_person(person_id):
        programme = programmes.get(application.programme)
        if programme is None or programme.form is None or application.state not in STANDING:
            continue
        answers, moment = uow.applications.answers(application.id), moment_of(programme, application, now)
        if _open_stage(programme.form, answers, moment) or open_routes(programme.form, answers):
            found.append(application)
    return found


def open_followup(
    *,
    uow: UnitOfWork,
    programme: Programme,
    form: Form,
    application_id: int,
    person_id: int,
    now: datetime,
    stage: Stage | None = None,
) -> Draft | None:
    """A standing submission with what is asked of it at `stage`; None: at the first stage that lacks something.

    None where it is not this person's, or of another programme, stands no more, or nothing is ever asked of it after
    the submission.
    """
    found = uow.applications.get(application_id)
    if found is None or (found.person_id, found.programme) != (person_id, programme.id) or found.state not in STANDING:
        return None
    application = uow.applications.lock(application_id)
    answers = uow.applications.answers(application.id)
    asked = [one for one in LATER if outline.visible(form.at(one), answers)]
    if not asked or application.state not in STANDING:
        return None
    if stage not in asked:
        stage = _open_stage(form, answers, moment_of(programme, application, now)) or asked[-1]
    return Draft(application, answers, stage=stage)


def complete_stage(*, uow: UnitOfWork, form: Form, draft: Draft, now: datetime) -> Completed:
    """Ends a stage whose required fields are filled, and notes the official route as taken where that is said of all.

    `form` is the form at the draft's stage.
    """
    number = draft.application.id
    answers = uow.applications.answers(number)
    left = open_routes(form, answers)
    uow.applications.update(number, now, cursor={})
    if draft.stage is Stage.DELIVERY and any(field.taken for field in form.fields()):
        uow.applications.update(number, now, official=TOLD if left else DONE)
    later = LATER[LATER.index(draft.stage) + 1 :]
    following = next((one for one in later if outline.visible(form.at(one), answers)), None)
    if following is None:
        return Completed(answers, None, left)
    return Completed(answers, Draft(uow.applications.lock(number), answers, stage=following), left)


def open_routes(form: Form, answers: Answers) -> tuple[Field, ...]:
    """The delivery fields that do not say (yet) that their route was taken."""
    asked = [field for field in outline.visible(form.at(Stage.DELIVERY), answers) if field.taken]
    return tuple(field for field in asked if answers.get(field.key) not in field.taken)


def count_papers(*, uow: UnitOfWork, form: Form, application: Application) -> tuple[int, int]:
    """How many of the fields asked for when the printed papers come back are filled, and how many are asked."""
    answers = uow.applications.answers(application.id)
    asked = outline.visible(form.at(Stage.PACKAGING), answers)
    return sum(field.key in answers for field in asked), len(asked)


def answers_with_later(*, uow: UnitOfWork, form: Form, version: Version) -> dict[str, Any]:
    """The answers of the latest version together with what was given after it."""
    given = uow.applications.answers(version.application_id)
    later = {field.key for stage in LATER for field in outline.visible(form.at(stage), given)}
    return {**version.answers, **{key: value for key, value in given.items() if key in later}}


def _open_stage(form: Form, answers: Answers, moment: Moment) -> Stage | None:
    """The first stage that lacks a required answer, or was never asked about at all."""
    for stage in LATER:
        fields = outline.visible(form.at(stage), answers)
        if fields and (outline.gaps(form.at(stage), answers, moment) or not any(one.key in answers for one in fields)):
            return stage
    return None
