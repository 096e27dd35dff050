"""Invitations to join the staff."""

from datetime import datetime

import sqlalchemy as sa

from storage.models import invitations
from storage.records import Invitation
from storage.rows import Repository, columns

_COLUMNS = columns(invitations, Invitation)


class Invitations(Repository):
    """Invitations, known by the hash of their token, each for one use."""

    def add(self, token_hash: str, role: str, expires_at: datetime | None, now: datetime) -> int:
        """A new invitation; its number."""
        values = {"token_hash": token_hash, "role": role, "expires_at": expires_at, "created_at": now}
        statement = sa.insert(invitations).values(values).returning(invitations.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def use(self, token_hash: str, person_id: int, now: datetime) -> Invitation | None:
        """Uses it up; None where it is unknown, used or expired."""
        fresh = sa.or_(invitations.c.expires_at.is_(None), invitations.c.expires_at > now)
        # The condition stands in the update itself, so that of two who try at once only one gets it.
        statement = sa.update(invitations).where(
            invitations.c.token_hash == token_hash, invitations.c.used_by.is_(None), fresh
        )
        return self._first(Invitation, statement.values(used_by=person_id, used_at=now).returning(*_COLUMNS))

    def open(self) -> list[Invitation]:
        """Those that nobody has used, expired or not, by number."""
        unused = sa.select(*_COLUMNS).where(invitations.c.used_by.is_(None))
        return self._all(Invitation, unused.order_by(invitations.c.id))

    def revoke_open(self, role: str) -> int:
        """Drops the unused ones for a role; how many."""
        return self._changed(sa.delete(invitations).where(invitations.c.used_by.is_(None), invitations.c.role == role))
