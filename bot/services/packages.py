"""Packages of papers: ordered in a turn by a key that says what to make, made when somebody is about to get them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.documents.filing import Filing
from bot.flows.lifecycle import STANDING, State
from bot.services.applications import DONE
from bot.services.followup import answers_with_later
from bot.services.programmes import current_deadline
from bot.services.submissions import is_official_here
from knowledge.programme import Programme
from storage.records import Application
from storage.unit_of_work import UnitOfWork

_WITH_PAPERS = STANDING | {State.RETURNED}
_KEY = re.compile(r"package:(\d{1,18}):(\d{1,9}):(zh|en):(\d{1,11})")


@dataclass(frozen=True, slots=True)
class Order:
    """A package to be made: of which version, in which language, asked for when (a whole second)."""

    application_id: int
    number: int
    locale: str
    asked_at: datetime

    @property
    def key(self) -> str:
        """The order as the key of an outgoing file."""
        return f"package:{self.application_id}:{self.number}:{self.locale}:{int(self.asked_at.timestamp())}"


@dataclass(frozen=True, slots=True)
class Ordered:
    """A package that was ordered, of which receipt. `official_done`: the applicant says that its route was taken."""

    order: Order
    programme: str
    receipt: str
    official_done: bool


def read_order(key: str) -> Order | None:
    """The order behind a file's key; None where the key names content."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    asked_at = datetime.fromtimestamp(int(found[4]), UTC)
    return Order(int(found[1]), int(found[2]), found[3], asked_at)


def list_submissions(*, uow: UnitOfWork, person_id: int) -> list[Application]:
    """The person's applications of which there is something to pack, oldest first."""
    return [one for one in uow.applications.of_person(person_id) if one.receipt and one.state in _WITH_PAPERS]


def order_package(
    *, uow: UnitOfWork, application_id: int, locale: str, now: datetime, person_id: int | None = None
) -> Ordered | None:
    """An order of the latest version's package. None where there is none, or it is not this person's.

    Without a person anybody's is ordered: that is for staff.
    """
    found = uow.applications.get(application_id)
    if found is None or found.state not in _WITH_PAPERS or person_id not in {None, found.person_id}:
        return None
    versions = uow.applications.versions(found.id)
    if not versions:
        return None
    latest = versions[-1]
    order = Order(found.id, latest.number, locale, now)
    return Ordered(order, found.programme, latest.receipt, found.official == DONE)


def find_filing(*, uow: UnitOfWork, programmes: Mapping[str, Programme], order: Order) -> Filing | None:
    """What the package of an order is made of. None where the submission is there no more."""
    found = uow.applications.get(order.application_id)
    programme = programmes.get(found.programme) if found is not None else None
    if found is None or found.state == State.PURGED or programme is None or programme.form is None:
        return None
    versions = uow.applications.versions(found.id)
    version = next((one for one in versions if one.number == order.number), None)
    if version is None:
        return None
    closes_at = current_deadline(uow=uow, programme=programme, person_id=found.person_id)
    # What came back stamped belongs to the version that was submitted last.
    latest = version.id == versions[-1].id
    answers = answers_with_later(uow=uow, form=programme.form, version=version) if latest else version.answers
    return Filing(
        programme=programme,
        form=programme.form,
        answers=answers,
        receipt=version.receipt,
        number=version.number,
        form_version=version.form_version,
        submitted_at=version.submitted_at,
        made_at=order.asked_at,
        locale=order.locale,
        closes_at=closes_at,
        # The stricter reading is one of the guide's sentence: a date that staff gave stands for itself.
        remind_at=programme.deadline.remind_at if closes_at == programme.deadline.closes_at else None,
        official_here=is_official_here(programme),
        official_done=found.official == DONE,
    )
