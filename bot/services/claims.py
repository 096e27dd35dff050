"""Submissions of several people in one name: who contests whom, when one of them goes."""

from datetime import datetime

from bot.flows.lifecycle import STANDING
from storage.records import Application
from storage.unit_of_work import UnitOfWork


def release_claims(*, uow: UnitOfWork, gone: Application, now: datetime) -> None:
    """Whoever was contested by a submission that counts no more is contested by the latest other one, if there is any.

    `gone` has its new state already.
    """
    same = uow.applications.same_entrant(gone.programme, gone.year, gone.entrant)
    standing = [one for one in same if one.state in STANDING and one.id != gone.id]
    for found in standing:
        if found.contested_by == gone.id:
            later = [one.id for one in standing if one.person_id != found.person_id and _is_later(one, found)]
            uow.applications.update(found.id, now, contested_by=max(later, default=None))


def _is_later(one: Application, other: Application) -> bool:
    """Whether a submission came after another one."""
    return (one.submitted_at or one.created_at, one.id) > (other.submitted_at or other.created_at, other.id)
