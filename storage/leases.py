"""Who does what only one process may do."""

from datetime import timedelta

import sqlalchemy as sa

from storage.models import leases
from storage.rows import Repository


class Leases(Repository):
    """Named leases, by the database's clock."""

    def acquire(self, name: str, owner: str, for_: timedelta) -> bool:
        """Takes or renews a lease; False while somebody else holds it."""
        now = self._clock()
        values = {"owner": owner, "until": now + for_}
        insert = self._upsert(leases).values(name=name, **values)
        free = sa.or_(leases.c.until <= now, leases.c.owner == owner)
        # One statement, so that of two processes at the same moment one gets a row back and the other none.
        statement = insert.on_conflict_do_update(index_elements=[leases.c.name], set_=values, where=free)
        return self._connection.execute(statement.returning(leases.c.name)).first() is not None

    def release(self, name: str, owner: str) -> None:
        """Lets go of one's own lease."""
        self._connection.execute(sa.delete(leases).where(leases.c.name == name, leases.c.owner == owner))

    def end_all(self) -> None:
        """Nobody holds anything any more: for the start of the only process there is."""
        self._connection.execute(sa.delete(leases))
