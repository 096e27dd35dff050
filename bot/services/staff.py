"""Who runs the programmes: invitations, joining, leaving."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.records import Person
from storage.unit_of_work import UnitOfWork

VALID_FOR = timedelta(days=7)
_TOKEN_BYTES = 16
_LONGEST_TOKEN = 64
_RANK = {"applicant": 0, "staff": 1, "owner": 2}


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as its maker passes it on: the token is shown this once, only its hash is kept."""

    token: str
    role: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Removed:
    """What came of removing a person: `refusal` is "", "unknown" (nobody on the staff has it) or "last_owner"."""

    person: Person | None = None
    refusal: str = ""


def invite(*, uow: UnitOfWork, role: str, now: datetime) -> Invited:
    """Makes an invitation to become "staff" or "owner" that works once, within `VALID_FOR`."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    expires_at = now + VALID_FOR
    uow.invitations.add(_digest(token), role, expires_at, now)
    return Invited(token, role, expires_at)


def ensure_owner_invitation(*, uow: UnitOfWork, now: datetime) -> str | None:
    """A token that makes its bearer the owner; earlier ones stop working. None where there is an owner already."""
    if uow.persons.has_owner():
        return None
    uow.invitations.revoke_open("owner")
    return invite(uow=uow, role="owner", now=now).token


def join(*, uow: UnitOfWork, person_id: int, token: str, now: datetime) -> str | None:
    """Uses an invitation and gives the role the person has then; None for one that is unknown, used or expired.

    Nobody loses rights by an invitation: a member of staff who opens one for staff keeps their role, and an owner's own
    invitation is not spent by trying it.
    """
    person = uow.persons.get(person_id)
    token = token.strip()
    if person is None or not 0 < len(token) <= _LONGEST_TOKEN:
        return None
    if person.role == "owner":
        return "owner"
    invitation = uow.invitations.use(_digest(token), person_id, now)
    if invitation is None:
        return None
    role = max(person.role, invitation.role, key=_RANK.__getitem__)
    uow.persons.set_role(person_id, role)
    return role


def list_staff(*, uow: UnitOfWork) -> list[Person]:
    """Owners first, then staff, each in the order they first wrote."""
    return sorted(uow.persons.staff(), key=lambda person: (-_RANK[person.role], person.id))


def remove_staff(*, uow: UnitOfWork, person_id: int) -> Removed:
    """Makes a member of staff an applicant again. The last owner stays: nobody could invite another."""
    members = {person.id: person for person in uow.persons.staff()}
    person = members.get(person_id)
    if person is None:
        return Removed(refusal="unknown")
    if person.role == "owner" and sum(member.role == "owner" for member in members.values()) == 1:
        return Removed(refusal="last_owner")
    uow.persons.set_role(person_id, "applicant")
    return Removed(person)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
