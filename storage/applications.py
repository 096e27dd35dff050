"""Applications: their drafts, versions and moves."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from storage.errors import NoSuchRow
from storage.models import answers, applications, counters, moves, versions
from storage.records import Application, Move, Version
from storage.rows import Repository, columns, fit, upsert

_COLUMNS = columns(applications, Application)
_SELECT = sa.select(*_COLUMNS)
_GET = _SELECT.where(applications.c.id == sa.bindparam("id"))
_LOCK = _GET.with_for_update()
_UPDATE = sa.update(applications).where(applications.c.id == sa.bindparam("own"))
_ANSWERS = (
    sa.select(answers.c.field, answers.c.value)
    .where(answers.c.application_id == sa.bindparam("application_id"))
    .order_by(answers.c.field)
)
_NO_ANSWER = sa.delete(answers).where(
    answers.c.application_id == sa.bindparam("application_id"), answers.c.field == sa.bindparam("field")
)
_VERSION = columns(versions, Version)
_CUT = ("entrant", "title")
_UNFINISHED = ("draft", "returned")
_REVIEWED = ("submitted", "in_review")
_WITHOUT_WEIGHT = ("draft", "superseded", "withdrawn", "purged")


@cache
def _answer(dialect: str) -> sa.Insert:
    insert = upsert(answers, dialect)
    change = {"value": insert.excluded.value, "updated_at": insert.excluded.updated_at}
    return insert.on_conflict_do_update(index_elements=["application_id", "field"], set_=change)


def _submitted(statement: sa.Select[Any], programme: str, state: str | None) -> sa.Select[Any]:
    own = statement.where(applications.c.programme == programme, applications.c.receipt.is_not(None))
    own = own.where(applications.c.state != "draft")
    return own if state is None else own.where(applications.c.state == state)


class Applications(Repository):
    """Applications. Drafts are nobody's but the applicant's: what staff search never gives them out."""

    def create(self, programme: str, year: int, person_id: int, form_version: str, now: datetime) -> Application:
        """A new draft."""
        values = {"programme": programme, "year": year, "person_id": person_id, "form_version": form_version}
        statement = sa.insert(applications).values(state="draft", cursor={}, created_at=now, updated_at=now, **values)
        return self._one(Application, statement.returning(*_COLUMNS))

    def get(self, application_id: int) -> Application | None:
        """The application of that number."""
        return self._first(Application, _GET, {"id": application_id})

    def lock(self, application_id: int) -> Application:
        """The application, nobody else's until the end of the transaction. Raises NoSuchRow."""
        found = self._first(Application, _LOCK, {"id": application_id})
        if found is None:
            raise NoSuchRow(f"application {application_id}")
        return found

    def unfinished_of(self, person_id: int, programme: str) -> list[Application]:
        """What they are working at: applications that were returned to them, then drafts, each the latest first."""
        own = _SELECT.where(applications.c.person_id == person_id, applications.c.programme == programme)
        unfinished = own.where(applications.c.state.in_(_UNFINISHED))
        return self._all(Application, unfinished.order_by(applications.c.state.desc(), applications.c.id.desc()))

    def draft_of(self, person_id: int, programme: str) -> Application | None:
        """The first of what they are working at."""
        return next(iter(self.unfinished_of(person_id, programme)), None)

    def of_person(self, person_id: int) -> list[Application]:
        """All their applications, by number."""
        return self._listed(_SELECT.where(applications.c.person_id == person_id))

    def by_receipt(self, receipt: str) -> Application | None:
        """The application with that receipt, of its latest version or an older one."""
        older = sa.select(versions.c.application_id).where(versions.c.receipt == receipt)
        return self._first(
            Application, _SELECT.where(sa.or_(applications.c.receipt == receipt, applications.c.id.in_(older)))
        )

    def search(self, text: str, limit: int = 10) -> list[Application]:
        """By a receipt or a part of the title, latest first."""
        wanted = text.strip()
        if not wanted:
            return []
        receipt = sa.select(versions.c.application_id).where(versions.c.receipt == wanted.upper())
        title = sa.func.lower(applications.c.title).contains(wanted.lower(), autoescape=True)
        fits = sa.or_(applications.c.receipt == wanted.upper(), applications.c.id.in_(receipt), title)
        return self._latest(_SELECT.where(fits, applications.c.state != "draft").limit(limit))

    def page(
        self, programme: str | None = None, state: str | None = None, limit: int = 20, offset: int = 0
    ) -> list[Application]:
        """A page of the applications of a programme in a state (None: any), the last submitted first."""
        found = _SELECT.where(applications.c.state != "draft")
        if programme is not None:
            found = found.where(applications.c.programme == programme)
        if state is not None:
            found = found.where(applications.c.state == state)
        return self._latest(found.limit(limit).offset(offset))

    def same_entrant(self, programme: str, year: int, entrant: str, *, lock: bool = False) -> list[Application]:
        """The applications that count in the same name: not drafts, superseded, withdrawn or purged ones.

        With `lock` they are nobody else's until the end of the transaction.
        """
        if not entrant:
            return []
        same = _SELECT.where(
            applications.c.programme == programme,
            applications.c.year == year,
            applications.c.entrant == fit(applications.c.entrant, entrant),
        )
        same = same.where(applications.c.state.not_in(_WITHOUT_WEIGHT))
        return self._listed(same.with_for_update() if lock else same)

    def submitted_after(self, programme: str, state: str | None, last_id: int, limit: int) -> list[Application]:
        """The next submissions of a programme in a state (None: any) behind that number, by number."""
        own = _submitted(_SELECT, programme, state).where(applications.c.id > last_id)
        return self._listed(own.limit(limit))

    def count_submitted(self, programme: str, state: str | None) -> int:
        """How many submissions of a programme are in a state (None: any)."""
        counted = sa.select(sa.func.count()).select_from(applications)
        return int(self._connection.execute(_submitted(counted, programme, state)).scalar_one())

    def contested_among(self, ids: Collection[int]) -> list[tuple[Application, Application]]:
        """Each application that another contests, with that other one, where either is among these."""
        either = sa.or_(applications.c.id.in_(ids), applications.c.contested_by.in_(ids))
        contested = self._listed(_SELECT.where(applications.c.contested_by.is_not(None), either))
        wanted = _SELECT.where(applications.c.id.in_({found.contested_by for found in contested}))
        others = {found.id: found for found in self._listed(wanted)}
        return [(found, others[found.contested_by]) for found in contested if found.contested_by in others]

    def latest_versions(self, ids: Collection[int]) -> dict[int, Version]:
        """What was submitted last of each of these applications, by its number."""
        later = versions.alias()
        newest = sa.select(sa.func.max(later.c.number)).where(later.c.application_id == versions.c.application_id)
        latest = sa.select(*_VERSION).where(versions.c.application_id.in_(ids))
        found = self._all(Version, latest.where(versions.c.number == newest.scalar_subquery()))
        return {version.application_id: version for version in found}

    def answers_of(self, ids: Collection[int], fields: Collection[str]) -> dict[int, dict[str, Any]]:
        """The answers of these fields alone, by application and field."""
        rows = self._connection.execute(
            sa.select(answers).where(answers.c.application_id.in_(ids), answers.c.field.in_(fields))
        )
        found: dict[int, dict[str, Any]] = {}
        for row in rows:
            found.setdefault(row.application_id, {})[row.field] = row.value
        return found

    def pending_decisions(self, programme: str) -> list[Application]:
        """Those with a decision that is not yet published."""
        return self._listed(_SELECT.where(applications.c.programme == programme, applications.c.decision != ""))

    def unfinished(self, programme: str, year: int) -> list[Application]:
        """Drafts and returned applications."""
        own = _SELECT.where(applications.c.programme == programme, applications.c.year == year)
        return self._listed(own.where(applications.c.state.in_(_UNFINISHED)))

    def undelivered(self, programme: str, year: int) -> list[Application]:
        """Submissions under review whose applicants have not said that they took the official route."""
        own = _SELECT.where(applications.c.programme == programme, applications.c.year == year)
        return self._listed(own.where(applications.c.state.in_(_REVIEWED), applications.c.official == "told"))

    def update(self, application_id: int, now: datetime, **values: Any) -> None:
        """Writes these columns."""
        cut = {name: fit(applications.c[name], values[name]) for name in _CUT if name in values}
        self._connection.execute(_UPDATE, {"own": application_id, "updated_at": now, **values, **cut})

    def answers(self, application_id: int) -> dict[str, Any]:
        """The answers, by field."""
        rows = self._connection.execute(_ANSWERS, {"application_id": application_id})
        return {row.field: row.value for row in rows}

    def save_answers(self, application_id: int, changes: Mapping[str, Any | None], now: datetime) -> None:
        """Writes answers, each over the one before; None deletes."""
        for field, value in changes.items():
            key = {"application_id": application_id, "field": field}
            if value is None:
                self._connection.execute(_NO_ANSWER, key)
            else:
                self._connection.execute(_answer(self._dialect), {**key, "value": value, "updated_at": now})

    def add_version(
        self, application_id: int, *, receipt: str, form_version: str, answers: Mapping[str, Any], now: datetime
    ) -> Version:
        """What is submitted now, under the application's next number; its receipt becomes the application's."""
        last = sa.select(sa.func.coalesce(sa.func.max(versions.c.number), 0))
        number = self._connection.execute(last.where(versions.c.application_id == application_id)).scalar_one() + 1
        values = {"application_id": application_id, "number": number, "receipt": receipt, "answers": dict(answers)}
        insert = sa.insert(versions).values(form_version=form_version, submitted_at=now, **values)
        version = self._one(Version, insert.returning(*_VERSION))
        self.update(application_id, now, receipt=receipt)
        return version

    def versions(self, application_id: int) -> list[Version]:
        """What was submitted, in order."""
        own = sa.select(*_VERSION).where(versions.c.application_id == application_id)
        return self._all(Version, own.order_by(versions.c.number))

    def add_move(self, application_id: int, state: str, actor_id: int | None, reason: str, now: datetime) -> None:
        """Notes a change of state and who made it."""
        values = {"application_id": application_id, "state": state, "actor_id": actor_id, "reason": reason}
        self._connection.execute(sa.insert(moves).values(moved_at=now, **values))

    def moves(self, application_id: int) -> list[Move]:
        """The changes of state, in order."""
        own = sa.select(*columns(moves, Move)).where(moves.c.application_id == application_id)
        return self._all(Move, own.order_by(moves.c.id))

    def lock_counter(self, name: str) -> None:
        """Makes a counter nobody else's until the end of the transaction, and takes no number."""
        self._count(name, 0)

    def next_number(self, name: str) -> int:
        """The next number of a counter, from 1: without gaps, because a rollback takes it back."""
        return self._count(name, 1)

    def _count(self, name: str, step: int) -> int:
        insert = self._upsert(counters).values(name=name, value=step)
        # The row stays locked until the commit: whoever wants the next number waits to see whether this one counts.
        update = insert.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + step})
        return int(self._connection.execute(update.returning(counters.c.value)).scalar_one())

    def _listed(self, statement: sa.Select[Any]) -> list[Application]:
        return self._all(Application, statement.order_by(applications.c.id))

    def _latest(self, statement: sa.Select[Any]) -> list[Application]:
        when = sa.func.coalesce(applications.c.submitted_at, applications.c.created_at)
        return self._all(Application, statement.order_by(when.desc(), applications.c.id.desc()))
