"""Applications of one person: begun, answered step by step, withdrawn, followed up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.flows import outline
from bot.flows.lifecycle import EDITABLE, STANDING, Actor, State, may_move
from bot.flows.scope import Scope
from bot.flows.shelves import SHELVES
from bot.flows.shown import Step
from bot.flows.values import Moment
from bot.flows.walk import RENEWED
from bot.services.claims import release_claims
from bot.services.programmes import current_deadline, edition_year
from knowledge.form import FieldType, Form, Stage
from knowledge.programme import Programme
from storage.records import Application
from storage.unit_of_work import UnitOfWork

TOLD, DONE = "told", "done"  # Application.official: the official route was told, the applicant has taken it
REFUSED = "claim refused"  # the reason of the move by which somebody refuses another's claim to their entrant


@dataclass(frozen=True, slots=True)
class Draft:
    """An application that is being filled in. `changed`: its answers were given to another version of the form.

    `new`: begun just now; `from_receipt`: it starts from the answers of that submission, consents left out;
    `renewed`: it was begun in another year, and what must be consented to was not all asked anew yet. `stage` is what
    is asked: later ones follow the submission.
    """

    application: Application
    answers: Mapping[str, Any]
    changed: bool = False
    new: bool = False
    from_receipt: str = ""
    renewed: bool = False
    stage: Stage = Stage.ENTRY


@dataclass(frozen=True, slots=True)
class Earlier:
    """A submission that a new application may start from, with its answers. `files`: there are attachments in it."""

    application: Application
    answers: Mapping[str, Any]
    files: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """An application as its owner sees it: what a draft lacks, and whether its entrant is claimed by somebody else."""

    application: Application
    missing: tuple[Any, ...] = ()
    contested: bool = False


def moment_of(programme: Programme, application: Application, now: datetime) -> Moment:
    """When an answer is given, as the form's rules need it."""
    return Moment(now.astimezone(programme.zone), application.year)


def is_on_time(
    *, uow: UnitOfWork, programme: Programme, person_id: int, now: datetime, application: Application | None = None
) -> bool:
    """Whether this person may submit now: strictly before the deadline of this application, or of the programme."""
    closes_at = personal_deadline(uow=uow, programme=programme, person_id=person_id, application=application)
    return closes_at is None or now < closes_at


def personal_deadline(
    *, uow: UnitOfWork, programme: Programme, person_id: int, application: Application | None = None
) -> datetime | None:
    """When submissions close for a person: the due time of an application that was returned, else as for everybody."""
    due = due_of(application) if application is not None else None
    return due or current_deadline(uow=uow, programme=programme, person_id=person_id)


def due_of(application: Application) -> datetime | None:
    """Until when staff want a returned application back; None where it was not returned or they named no time."""
    due = application.returned.get("due") if application.state == State.RETURNED else None
    return datetime.fromisoformat(due) if due else None


def find_draft(*, uow: UnitOfWork, programme: Programme, person_id: int) -> Application | None:
    """What the person is filling in for this programme, or None."""
    return uow.applications.draft_of(person_id, programme.id)


def find_open(*, uow: UnitOfWork, programme: Programme, person_id: int) -> list[Application]:
    """All that the person is filling in for this programme: what was returned to them first, then drafts."""
    return uow.applications.unfinished_of(person_id, programme.id)


def find_submitted(*, uow: UnitOfWork, programme: Programme, person_id: int, now: datetime) -> Application | None:
    """The person's latest standing submission of this edition, or None."""
    year = edition_year(programme, now)
    own = [found for found in uow.applications.of_person(person_id) if found.state in STANDING]
    mine = [found for found in own if found.programme == programme.id and found.year == year]
    return mine[-1] if mine else None


def find_earlier(*, uow: UnitOfWork, programme: Programme, person_id: int) -> Earlier | None:
    """The person's latest submission to this programme, of any year, that a new application may start from."""
    own = [one for one in uow.applications.of_person(person_id) if one.programme == programme.id and one.submitted_at]
    for application in sorted(own, key=lambda one: str(one.submitted_at), reverse=True):
        versions = uow.applications.versions(application.id)
        if versions and application.state != State.PURGED:
            answers = versions[-1].answers
            form = programme.form
            files = form is not None and any(
                field.key in answers for field in form.fields() if field.type is FieldType.FILE
            )
            return Earlier(application, answers, files)
    return None


def start_or_resume_application(
    *,
    uow: UnitOfWork,
    programme: Programme,
    form: Form,
    person_id: int,
    now: datetime,
    earlier: Earlier | None = None,
    files: bool = False,
    application_id: int | None = None,
) -> Draft:
    """The person's draft: that of the number, else the first one; a new one where there is none.

    A new one starts from the answers of `earlier`; every consent is asked anew, and its files only come along where
    `files` asks for them.
    """
    open_now = find_open(uow=uow, programme=programme, person_id=person_id)
    found = next((one for one in open_now if application_id in (None, one.id)), None)
    if found is not None:
        return _resume(uow, programme, form, uow.applications.lock(found.id), now)
    application = uow.applications.create(programme.id, edition_year(programme, now), person_id, form.version, now)
    if earlier is None:
        return Draft(application, {}, new=True)
    given = earlier.answers
    answers = outline.starting_answers(form, given, files=files)
    # What was left open the last time was left open on purpose: it is not asked again, but can be edited.
    passed_over = [one.key for one in outline.visible(form, given) if one.key not in given]
    uow.applications.save_answers(application.id, answers, now)
    uow.applications.update(application.id, now, cursor={"skipped": passed_over})
    begun = uow.applications.lock(application.id)
    return Draft(begun, answers, changed=True, new=True, from_receipt=earlier.application.receipt or "")


def open_draft(
    *, uow: UnitOfWork, programme: Programme, form: Form, application_id: int, person_id: int, now: datetime
) -> Draft | None:
    """The draft of that number if it is this person's and still open; nobody else's until the transaction ends.

    The form page may be writing to it at this moment: answers, and where the dialog stands, are read after that.
    """
    found = _own(uow, application_id, person_id)
    if found is None or found.state not in EDITABLE:
        return None
    return _resume(uow, programme, form, found, now)


def save_step(*, uow: UnitOfWork, form: Form, draft: Draft, step: Step, now: datetime) -> None:
    """Stores what a step of the dialog changed: answers, and where it stands."""
    answers = {**draft.answers, **step.changes}
    filled = {key: value for key, value in answers.items() if value is not None}
    uow.applications.save_answers(draft.application.id, step.changes, now)
    named = title_of(form, draft.application, filled)
    uow.applications.update(draft.application.id, now, cursor=step.cursor, form_version=form.version, **named)


def title_of(form: Form, application: Application, answers: Mapping[str, Any]) -> dict[str, str]:
    """The column of an application's title, as its answers make it now.

    Empty where it was submitted once: it goes by its submitted name, until it is submitted again.
    """
    if application.state != State.DRAFT:
        return {}
    return {"title": outline.entrant_name(form.at(Stage.ENTRY), answers)}


def discard_draft(*, uow: UnitOfWork, application_id: int, person_id: int, now: datetime) -> bool:
    """Deletes a draft's answers for good. False where it is no draft of this person."""
    found = uow.applications.lock(application_id)
    if found.person_id != person_id or found.state != State.DRAFT:
        return False
    uow.applications.save_answers(application_id, dict.fromkeys(uow.applications.answers(application_id)), now)
    uow.applications.update(application_id, now, state=str(State.PURGED), cursor={}, title="", entrant="")
    uow.applications.add_move(application_id, str(State.PURGED), person_id, "", now)
    return True


def withdraw_application(*, uow: UnitOfWork, application_id: int, person_id: int, now: datetime) -> Application | None:
    """Withdraws a submission. None where it is not this person's or can no longer be withdrawn."""
    found = _own(uow, application_id, person_id)
    if found is None or not may_move(found.state, State.WITHDRAWN, Actor.APPLICANT):
        return None
    uow.applications.update(found.id, now, state=str(State.WITHDRAWN), decision="", contested_by=None)
    release_claims(uow=uow, gone=found, now=now)
    uow.applications.add_move(found.id, str(State.WITHDRAWN), person_id, "", now)
    return found


def tell_official_done(
    *, uow: UnitOfWork, application_id: int, person_id: int, done: bool, now: datetime
) -> Application | None:
    """Notes whether the applicant has taken the official route. None where the application is not theirs."""
    found = _own(uow, application_id, person_id)
    if found is None or found.state not in STANDING:
        return None
    uow.applications.update(found.id, now, official=DONE if done else TOLD)
    return found


def settle_claim(
    *, uow: UnitOfWork, application_id: int, person_id: int, confirmed: bool, now: datetime
) -> tuple[Application, Application] | None:
    """The first person says whether another's submission in the same name replaces theirs.

    Confirmed, theirs is superseded; refused, both stand until staff decide. Gives theirs and the other one; None where
    nothing (any more) is to be settled, or the first one has gone too far in the review to be replaced.
    """
    mine = _own(uow, application_id, person_id)
    if mine is None or mine.contested_by is None or mine.state not in STANDING:
        return None
    other = uow.applications.get(mine.contested_by)
    if other is None or other.state not in STANDING:
        return None
    if confirmed and not may_move(mine.state, State.SUPERSEDED, Actor.APPLICANT):
        return None
    if confirmed:
        uow.applications.update(mine.id, now, state=str(State.SUPERSEDED), decision="", contested_by=None)
        uow.applications.add_move(mine.id, str(State.SUPERSEDED), person_id, other.receipt or "", now)
    else:
        uow.applications.add_move(mine.id, mine.state, person_id, REFUSED, now)
    return mine, other


def list_standing(
    *, uow: UnitOfWork, person_id: int, programmes: Mapping[str, Programme], now: datetime
) -> list[Standing]:
    """A person's applications, oldest first, without those that were erased."""
    found = []
    for application in uow.applications.of_person(person_id):
        if application.state == State.PURGED:
            continue
        missing: tuple[Any, ...] = ()
        programme = programmes.get(application.programme)
        if application.state in EDITABLE and programme is not None and programme.form is not None:
            answers = uow.applications.answers(application.id)
            gaps = outline.gaps(programme.form, answers, moment_of(programme, application, now))
            missing = tuple(gap.field.label for gap in gaps)
        found.append(Standing(application, missing, _is_claimed(uow, application)))
    return found


def erase_person(*, uow: UnitOfWork, person_id: int, now: datetime) -> None:
    """Erases all that a person gave."""
    uow.persons.forget(person_id, now)


def consents_of(form: Form) -> list[str]:
    """The keys of the consents of a form."""
    return [field.key for field in form.fields() if field.type is FieldType.CONSENT]


def _resume(uow: UnitOfWork, programme: Programme, form: Form, found: Application, now: datetime) -> Draft:
    answers = uow.applications.answers(found.id)
    year = edition_year(programme, now)
    if found.state == State.DRAFT and found.year != year:
        gone = {key: None for key in consents_of(form) if key in answers}
        uow.applications.save_answers(found.id, gone, now)
        # Where the dialog stood means nothing in another year; what was written and not finished is the person's.
        written = {name: found.cursor[name] for name in SHELVES if name in found.cursor}
        uow.applications.update(found.id, now, year=year, cursor={**written, RENEWED: True})
        kept = {key: value for key, value in answers.items() if key not in gone}
        fresh = uow.applications.lock(found.id)
        return Draft(fresh, kept, changed=True, renewed=True)
    renewed = bool(found.cursor.get(RENEWED)) and _lacks_consent(form, answers)
    return Draft(found, answers, changed=found.form_version != form.version, renewed=renewed)


def _lacks_consent(form: Form, answers: Mapping[str, Any]) -> bool:
    scope = Scope(form, answers)
    open_now = (field for field in outline.asked(scope) if field.type is FieldType.CONSENT and field.key not in scope)
    return any(outline.is_required(field, scope) for field in open_now)


def _own(uow: UnitOfWork, application_id: int, person_id: int) -> Application | None:
    found = uow.applications.get(application_id)
    if found is None or found.person_id != person_id:
        return None
    return uow.applications.lock(application_id)


def _is_claimed(uow: UnitOfWork, application: Application) -> bool:
    """Whether another's submission waits for this person's word."""
    if application.contested_by is None or application.state not in STANDING:
        return False
    other = uow.applications.get(application.contested_by)
    refused = any(move.reason == REFUSED for move in uow.applications.moves(application.id))
    return other is not None and other.state in STANDING and not refused
