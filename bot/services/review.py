"""Staff and applications: find, list, look at, move, settle rivals. Drafts are nobody's but the applicant's."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.flows import outline, receipts
from bot.flows.lifecycle import DECISIONS, STANDING, Actor, State, allowed_moves, may_move
from bot.flows.walk import Cursor
from bot.services.claims import release_claims
from bot.services.recipients import Recipient, find_recipient
from knowledge.form import Form
from storage import records
from storage.records import Version
from storage.unit_of_work import UnitOfWork

Application = records.Application  # named here for handlers, which know no storage

PAGE = 8
_LONGEST_NAME = 100  # a database refuses patterns of any length
NEEDS_REASON = frozenset({State.RETURNED, State.INELIGIBLE})
_UNSEEN = frozenset({State.DRAFT})


@dataclass(frozen=True, slots=True)
class Found:
    """Applications that a text names. `mistyped`: it is a receipt whose check character does not fit."""

    applications: tuple[Application, ...] = ()
    mistyped: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of applications, counted from 1, newest first as the storage gives them."""

    applications: tuple[Application, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A past change of state: when, by whom (the person's number, None: Laurel itself), why."""

    state: str
    moved_at: datetime
    by: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """What staff see of an application. `latest` is the last submitted version, `rivals` others in the same name."""

    application: Application
    latest: Version | None
    versions: int
    steps: tuple[Step, ...]
    channels: tuple[str, ...]
    rivals: tuple[Application, ...]
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What staff ask of an application that they return: a comment for each field, and a due time of its own."""

    comments: Mapping[str, str] = field(default_factory=dict)
    due: datetime | None = None


NOTHING_ASKED = Asked()


@dataclass(frozen=True, slots=True)
class Moved:
    """An application that has changed its state, as it was before, and who is to be told."""

    application: Application
    state: str
    reason: str
    told: Recipient
    asked: Asked = NOTHING_ASKED


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision noted, told to nobody until it is published; "" where it was taken back."""

    application: Application
    decision: str


@dataclass(frozen=True, slots=True)
class Settled:
    """One of several submissions in the same name stands now; the others are superseded."""

    kept: Application
    kept_by: Recipient
    superseded: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class MoveRefused:
    """Why nothing was changed: same, not_allowed, needs_reason, takes_no_reason, not_contested, past_due, needs_due.

    `state` is what stands in the way, `allowed` are the states that are open.
    """

    why: str
    state: str = ""
    allowed: tuple[str, ...] = ()


def find_applications(*, uow: UnitOfWork, text: str, limit: int = PAGE) -> Found:
    """The applications of a receipt, of an earlier version too, or of a part of the entrant's name."""
    if receipts.looks_like_receipt(text):
        if not receipts.check_receipt(text):
            return Found(mistyped=True)
        found = uow.applications.by_receipt(receipts.normalise_receipt(text))
        return Found((found,) if found is not None and found.state not in _UNSEEN else ())
    found_many = uow.applications.search(text.strip()[:_LONGEST_NAME], limit=limit)
    return Found(tuple(found for found in found_many if found.state not in _UNSEEN))


def list_applications(*, uow: UnitOfWork, programme: str | None, state: str | None, page: int) -> Listed:
    """A page of the applications, of one programme or state where given."""
    rows = uow.applications.page(programme=programme, state=state, limit=PAGE + 1, offset=(page - 1) * PAGE)
    return Listed(tuple(rows[:PAGE]), page, len(rows) > PAGE)


def show_application(*, uow: UnitOfWork, application: Application) -> Dossier:
    """All that staff may see of an application: what was submitted, never what is being changed."""
    versions = uow.applications.versions(application.id)
    moves = uow.applications.moves(application.id)
    return Dossier(
        application=application,
        latest=max(versions, key=lambda version: version.number, default=None),
        versions=len(versions),
        steps=tuple(Step(move.state, move.moved_at, move.actor_id, move.reason) for move in moves),
        channels=tuple(dict.fromkeys(found.channel for found in uow.identities.of_person(application.person_id))),
        rivals=_rivals(uow, application),
        moves=open_moves(application),
    )


def open_moves(application: Application) -> tuple[str, ...]:
    """The states that staff may ask for: moves that are told at once, and decisions that wait for publishing."""
    allowed = {
        *allowed_moves(application.state, Actor.STAFF),
        *allowed_moves(application.state, Actor.PUBLISH),
    }
    return tuple(state for state in State if state in allowed)


def move_application(
    *,
    uow: UnitOfWork,
    application_id: int,
    wanted: str,
    reason: str,
    actor_id: int,
    now: datetime,
    asked: Asked = NOTHING_ASKED,
    form: Form | None = None,
    closes_at: datetime | None = None,
) -> Moved | Decided | MoveRefused:
    """Moves an application. A decision stays pending until published; any other move is to be told at once.

    Asking for the state it already has takes a pending decision back. `asked` is what a returned one is to be changed
    in: those fields of the `form` are asked again, and nothing else. `closes_at` is when submissions close for its
    applicant: one that is returned after that needs a due time of its own.
    """
    application = uow.applications.lock(application_id)
    if wanted == application.state:
        if not application.decision:
            return MoveRefused("same", application.state, open_moves(application))
        uow.applications.update(application.id, now, decision="")
        return Decided(application, "")
    if wanted in DECISIONS and may_move(application.state, wanted, Actor.PUBLISH):
        return _decide(uow, application, wanted, reason, now)
    if not may_move(application.state, wanted, Actor.STAFF):
        return MoveRefused("not_allowed", application.state, open_moves(application))
    if asked != NOTHING_ASKED and wanted != State.RETURNED:
        return MoveRefused("takes_no_reason", wanted)
    if asked.due is not None and asked.due <= now:
        return MoveRefused("past_due", wanted)
    if wanted == State.RETURNED and asked.due is None and closes_at is not None and closes_at <= now:
        return MoveRefused("needs_due", wanted)
    if wanted in NEEDS_REASON and not reason and not asked.comments:
        return MoveRefused("needs_reason", wanted)
    moved = _move(uow, application, wanted, reason, actor_id, now)
    if wanted == State.RETURNED:
        _ask_again(uow, application, asked, form, now)
    return replace(moved, asked=asked)


def confirm_contested(*, uow: UnitOfWork, application_id: int, actor_id: int, now: datetime) -> Settled | MoveRefused:
    """Settles a contested submission: this one stands, the others in its name are superseded."""
    application = uow.applications.lock(application_id)
    rivals = _rivals(uow, application)
    if not rivals:
        return MoveRefused("not_contested", application.state)
    fixed = next((rival for rival in rivals if not may_move(rival.state, State.SUPERSEDED, Actor.STAFF)), None)
    if fixed is not None:
        return MoveRefused("not_allowed", fixed.state, open_moves(fixed))
    superseded = tuple(_move(uow, rival, State.SUPERSEDED, "", actor_id, now) for rival in rivals)
    uow.applications.update(application.id, now, contested_by=None)
    return Settled(application, find_recipient(uow=uow, person_id=application.person_id), superseded)


def _decide(
    uow: UnitOfWork, application: Application, wanted: str, reason: str, now: datetime
) -> Decided | MoveRefused:
    """Notes a decision. It takes no words of its own: what is published is one text for everybody of that state."""
    if reason:
        return MoveRefused("takes_no_reason", wanted)
    uow.applications.update(application.id, now, decision=wanted)
    return Decided(application, wanted)


def _move(uow: UnitOfWork, application: Application, wanted: str, reason: str, actor_id: int, now: datetime) -> Moved:
    changes = {"decision": ""}
    uow.applications.update(application.id, now, state=str(wanted), **changes)
    if wanted in {State.SUPERSEDED, State.WITHDRAWN, State.INELIGIBLE}:
        uow.applications.update(application.id, now, contested_by=None)
        release_claims(uow=uow, gone=application, now=now)
    uow.applications.add_move(application.id, str(wanted), actor_id, reason, now)
    return Moved(application, str(wanted), reason, find_recipient(uow=uow, person_id=application.person_id))


def _ask_again(uow: UnitOfWork, application: Application, asked: Asked, form: Form | None, now: datetime) -> None:
    """Keeps what is asked, and lets the dialog begin with the fields it is about."""
    due = asked.due.isoformat() if asked.due else None
    answers = uow.applications.answers(application.id)
    # What was left open when it was submitted was left open on purpose.
    known = {*answers, *asked.comments}
    passed_over = [one.key for one in outline.visible(form, answers) if one.key not in known] if form else []
    cursor = Cursor(unfit=list(asked.comments), remarks=dict(asked.comments), skipped=passed_over)
    returned = {"due": due, "comments": dict(asked.comments)} if asked != NOTHING_ASKED else {}
    uow.applications.update(application.id, now, returned=returned, cursor=cursor.stored())


def _rivals(uow: UnitOfWork, application: Application) -> tuple[Application, ...]:
    """Other people's standing applications in the same name that wait to be settled with this one.

    A third submission contests the second as the second contested the first: all that are linked belong together.
    """
    same = uow.applications.same_entrant(application.programme, application.year, application.entrant)
    standing = [found for found in same if found.state in STANDING]
    linked = {application.id}
    for _ in standing:
        linked |= {found.id for found in standing if found.contested_by in linked}
        linked |= {found.contested_by for found in standing if found.id in linked and found.contested_by is not None}
    return tuple(found for found in standing if found.id in linked and found.id != application.id)
