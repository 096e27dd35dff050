"""Registers of submissions for staff: ordered in a turn by a key that says what to make, read page by page."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.documents.entry import Entry
from bot.flows.lifecycle import STANDING, State
from bot.services.followup import LATER
from knowledge.form import Form
from knowledge.programme import Programme
from storage.database import Storage
from storage.records import Application, Version
from storage.unit_of_work import UnitOfWork

_STAFF = frozenset({"staff", "owner"})
_KEY = re.compile(r"export:([a-z0-9][a-z0-9-]*):([a-z_]*):(zh|en):(\d{1,18}):(\d{1,11})")
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Order:
    """A register to be made: of which programme, in which state ("": any), for whom of the staff, asked for when."""

    programme: str
    state: str
    locale: str
    person_id: int
    asked_at: datetime

    @property
    def key(self) -> str:
        """The order as the key of an outgoing file."""
        asked = int(self.asked_at.timestamp())
        return f"export:{self.programme}:{self.state}:{self.locale}:{self.person_id}:{asked}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """An order that may be made now. What was made when fewer people were `forgotten` holds too much."""

    programme: Programme
    forgotten: int


def read_order(key: str) -> Order | None:
    """The order behind a file's key; None where the key names something else."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    return Order(found[1], found[2], found[3], int(found[4]), datetime.fromtimestamp(int(found[5]), UTC))


def count_submissions(*, uow: UnitOfWork, programme: str, state: str) -> int:
    """How many submissions a register would list."""
    return uow.applications.count_submitted(programme, state or None)


def allow_order(*, uow: UnitOfWork, programmes: Mapping[str, Programme], order: Order) -> Allowed | None:
    """Looks at an order when its file is handed over. None where whoever gave it is staff no more."""
    person = uow.persons.get(order.person_id)
    programme = programmes.get(order.programme)
    if person is None or person.role not in _STAFF or programme is None:
        return None
    return Allowed(programme, uow.applications.count_submitted(order.programme, str(State.PURGED)))


def read_entries(storage: Storage, programme: Programme, state: str) -> Iterator[Entry]:
    """The submissions in a state ("": any), by number.

    A short transaction a page: nobody waits until all of them are read. What is submitted meanwhile may be among them.
    """
    last = 0
    while page := storage.run_sync(partial(list_entries, programme=programme, state=state, last_id=last)):
        yield from page
        last = page[-1].id


def list_entries(uow: UnitOfWork, *, programme: Programme, state: str, last_id: int) -> list[Entry]:
    """The next page of submissions behind that number."""
    found = uow.applications.submitted_after(programme.id, state or None, last_id, _PAGE)
    ids = [one.id for one in found]
    form = programme.form or Form("")
    later = [field.key for field in form.order if field.at in LATER]
    versions = uow.applications.latest_versions(ids)
    given = uow.applications.answers_of(ids, later) if later else {}
    rivals = _rivals(uow, ids)
    return [_entry(one, versions.get(one.id), given.get(one.id, {}), tuple(rivals.get(one.id, ()))) for one in found]


def _entry(
    application: Application, version: Version | None, later: Mapping[str, Any], contested: tuple[str, ...]
) -> Entry:
    receipt = application.receipt or ""
    if version is None or application.state == State.PURGED:
        return Entry(application.id, receipt, application.state)
    return Entry(
        application.id,
        receipt,
        application.state,
        entrant=application.title,
        decision=application.decision,
        submitted_at=version.submitted_at,
        number=version.number,
        official=application.official,
        contested=contested,
        person_id=application.person_id,
        answers={**version.answers, **later},
    )


def _rivals(uow: UnitOfWork, ids: list[int]) -> dict[int, list[str]]:
    """The receipts of those that wait to be settled with each of these."""
    found: dict[int, list[str]] = {}
    for one, other in uow.applications.contested_among(ids):
        if one.state in STANDING and other.state in STANDING:
            found.setdefault(one.id, []).append(other.receipt or "")
            found.setdefault(other.id, []).append(one.receipt or "")
    return found
