"""Submitting: one transaction that writes an immutable version and its receipt, or says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.flows import outline
from bot.flows.lifecycle import EDITABLE, Actor, State, may_move
from bot.flows.receipts import make_receipt
from bot.flows.shown import Item
from bot.flows.values import Problem
from bot.services.applications import TOLD, moment_of, personal_deadline
from knowledge.form import Form, Stage
from knowledge.programme import Programme
from storage.records import Application, Version
from storage.unit_of_work import UnitOfWork

LATE = "late"  # the reason of the move that records a try after the deadline
OFFICIAL_HERE = "bot"  # the kind of route that makes Laurel itself the official one


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was submitted.

    `superseded` are the same person's earlier applications that it replaces; `contested` are other people's in the same
    name, which stand until they or staff confirm. `doubts` are warnings that staff may look at.
    """

    application: Application
    version: Version
    superseded: tuple[Application, ...] = ()
    contested: tuple[Application, ...] = ()
    doubts: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Late:
    """The deadline has passed: the draft stays, the try is recorded."""

    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Fields are missing or do not fit."""

    gaps: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """The applicant has to say whether this corrects an earlier submission or stands beside it."""

    earlier: Application


Submission = Submitted | Late | Incomplete | Undecided


def submit_application(
    *,
    uow: UnitOfWork,
    programme: Programme,
    form: Form,
    application_id: int,
    person_id: int,
    now: datetime,
    corrects: bool | None = None,
) -> Submission | None:
    """Submits a draft. `corrects` is the applicant's word where the programme asks for it.

    None where it is no open draft of this person.
    """
    found = uow.applications.get(application_id)
    if found is None or found.person_id != person_id:
        return None
    # One submission at a time: whoever submits in the same name at the same moment sees this one or is seen by it.
    uow.applications.lock_counter(_counter(programme, found))
    application = uow.applications.lock(application_id)
    if application.state not in EDITABLE:
        return None
    late = _late(uow, programme, application, now)
    if late is not None:
        return late
    answers = uow.applications.answers(application.id)
    items = outline.items(form, answers, moment_of(programme, application, now))
    if gaps := tuple(item for item in items if item.problem is not None):
        return Incomplete(gaps)
    entrant = outline.entrant_key(outline.entrant_name(form, answers))
    same = [one for one in _same(uow, application, entrant) if one.id != application.id]
    own = tuple(one for one in same if one.person_id == person_id)
    if programme.resubmission == "ask" and own and corrects is None:
        return Undecided(own[-1])
    replaces = programme.resubmission == "last_wins" or bool(corrects)
    submitted, version = _write(uow, programme, form, application, answers, now)
    superseded = tuple(_supersede(uow, one, submitted, now) for one in own if replaces and _can_yield(one))
    contested = tuple(
        _contest(uow, one, submitted, now) for one in same if one not in own and _contests(programme, one)
    )
    doubts = tuple(warning for item in items for warning in item.warnings)
    return Submitted(submitted, version, superseded, contested, doubts)


def _late(uow: UnitOfWork, programme: Programme, application: Application, now: datetime) -> Late | None:
    """Records a try after the deadline; None where it is on time."""
    closes_at = personal_deadline(
        uow=uow, programme=programme, person_id=application.person_id, application=application
    )
    if closes_at is None or now < closes_at:
        return None
    uow.applications.add_move(application.id, application.state, application.person_id, LATE, now)
    return Late(closes_at)


def _counter(programme: Programme, application: Application) -> str:
    return f"{programme.id}:{application.year}"


def _same(uow: UnitOfWork, application: Application, entrant: str) -> list[Application]:
    """Those in the same name, locked: what staff do with one meanwhile is seen here, or waits."""
    return uow.applications.same_entrant(application.programme, application.year, entrant, lock=True)


def _write(
    uow: UnitOfWork,
    programme: Programme,
    form: Form,
    application: Application,
    answers: Mapping[str, Any],
    now: datetime,
) -> tuple[Application, Version]:
    """Writes the version, its receipt and the new state. Answers of hidden fields stay in the draft alone."""
    # Scans and deliveries of an earlier version are not this one's: they are asked for anew.
    later = {field.key: None for field in form.fields() if field.at is not Stage.ENTRY and field.key in answers}
    uow.applications.save_answers(application.id, later, now)
    number = uow.applications.next_number(_counter(programme, application))
    prefix = programme.receipt or "".join(c for c in programme.id.upper() if c.isalnum())
    name = outline.entrant_name(form, answers)
    version = uow.applications.add_version(
        application.id,
        receipt=make_receipt(prefix, application.year, number),
        form_version=form.version,
        answers=outline.submitted_answers(form, answers),
        now=now,
    )
    uow.applications.update(
        application.id,
        now,
        state=str(State.SUBMITTED),
        title=name,
        entrant=outline.entrant_key(name),
        submitted_at=now,
        official="" if is_official_here(programme) else TOLD,
        cursor={},
        returned={},
        form_version=form.version,
    )
    uow.applications.add_move(application.id, str(State.SUBMITTED), application.person_id, "", now)
    return uow.applications.lock(application.id), version


def is_official_here(programme: Programme) -> bool:
    """Whether submitting here is the official submission."""
    return any(route.kind == OFFICIAL_HERE for route in programme.routes)


def _can_yield(application: Application) -> bool:
    return may_move(application.state, State.SUPERSEDED, Actor.APPLICANT)


def _contests(programme: Programme, application: Application) -> bool:
    """Whether a submission by another person puts this one in question: only where one of them can count."""
    return programme.resubmission == "last_wins" and _can_yield(application)


def _supersede(uow: UnitOfWork, earlier: Application, by: Application, now: datetime) -> Application:
    uow.applications.update(earlier.id, now, state=str(State.SUPERSEDED), decision="", contested_by=None)
    uow.applications.add_move(earlier.id, str(State.SUPERSEDED), by.person_id, by.receipt or "", now)
    return earlier


def _contest(uow: UnitOfWork, first: Application, by: Application, now: datetime) -> Application:
    uow.applications.update(first.id, now, contested_by=by.id)
    return first
