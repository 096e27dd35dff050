"""Decisions of a programme, published together: nobody learns theirs before the others."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.flows.lifecycle import DECISIONS, Actor, State, may_move
from bot.services.recipients import Recipient, find_recipient
from storage.records import Application
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing would tell: how many of each decision. `digest` stands for just these applications and decisions.

    `passed_over`: pending decisions on applications that can no longer take them, such as withdrawn ones.
    """

    numbers: Mapping[str, int]
    passed_over: int
    digest: str

    @property
    def total(self) -> int:
        """How many applicants learn a decision."""
        return sum(self.numbers.values())


@dataclass(frozen=True, slots=True)
class Published:
    """An application whose decision is public now, and who is to be told."""

    application: Application
    state: str
    told: Recipient


def preview_decisions(*, uow: UnitOfWork, programme: str) -> Publication:
    """What `publish_decisions` would do now."""
    pending = uow.applications.pending_decisions(programme)
    ready = [found for found in pending if _is_ready(found)]
    counted = Counter(found.decision for found in ready)
    numbers = {str(state): counted[state] for state in State if state in DECISIONS and counted[state]}
    return Publication(numbers, len(pending) - len(ready), _digest(ready))


def publish_decisions(
    *, uow: UnitOfWork, programme: str, digest: str, actor_id: int, now: datetime
) -> tuple[Published, ...] | None:
    """Makes all pending decisions of a programme public. None, and nothing done, where they are not those previewed."""
    pending = [uow.applications.lock(found.id) for found in uow.applications.pending_decisions(programme)]
    ready = [found for found in pending if _is_ready(found)]
    if _digest(ready) != digest:
        return None
    for found in pending:
        uow.applications.update(found.id, now, decision="")
    return tuple(_publish(uow, found, actor_id, now) for found in ready)


def _publish(uow: UnitOfWork, application: Application, actor_id: int, now: datetime) -> Published:
    uow.applications.update(application.id, now, state=application.decision)
    uow.applications.add_move(application.id, application.decision, actor_id, "", now)
    return Published(application, application.decision, find_recipient(uow=uow, person_id=application.person_id))


def _is_ready(application: Application) -> bool:
    return bool(application.decision) and may_move(application.state, application.decision, Actor.PUBLISH)


def _digest(applications: list[Application]) -> str:
    pairs = sorted((found.id, found.decision) for found in applications)
    return hashlib.sha256(repr(pairs).encode()).hexdigest()[:16]
