from datetime import UTC, datetime, timedelta

import pytest

from bot.services import programmes
from bot.services.programmes import Caution
from bot.services.recipients import Recipient
from knowledge.programme import Deadline
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_programme, make_submission

LANTERN = make_programme()
GUIDES = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
REVIEW = datetime(2026, 12, 9, 16, 0, tzinfo=UTC)
SHORT_NOTICE = Caution("short_notice", "截止前一个月公布。")
SHORTENED = Caution("shortens_stage", "12月10日评审。", LANTERN.stages[0].name)


def cautions(uow: UnitOfWork, closes_at: datetime | None, now: datetime = NOW) -> tuple[Caution, ...]:
    return programmes.preview_deadline(uow=uow, programme=LANTERN, closes_at=closes_at, now=now).cautions


def test_current_deadline_is_the_guides_then_staffs_then_the_persons_own(uow: UnitOfWork) -> None:
    person, member = make_person(uow), make_person(uow, role="staff")
    assert programmes.current_deadline(uow=uow, programme=LANTERN, person_id=person.id) == GUIDES
    programmes.set_deadline(uow=uow, programme=LANTERN, closes_at=REVIEW, author_id=member.id, now=NOW)
    assert programmes.current_deadline(uow=uow, programme=LANTERN, person_id=person.id) == REVIEW
    later = REVIEW + timedelta(days=1)
    programmes.set_extension(
        uow=uow, programme=LANTERN, person_id=person.id, closes_at=later, author_id=member.id, now=NOW
    )
    assert programmes.current_deadline(uow=uow, programme=LANTERN, person_id=person.id) == later
    assert programmes.current_deadline(uow=uow, programme=LANTERN) == REVIEW


def test_set_extension_none_takes_it_back(uow: UnitOfWork) -> None:
    person, member = make_person(uow), make_person(uow, role="staff")
    for closes_at in (REVIEW, None):
        programmes.set_extension(
            uow=uow, programme=LANTERN, person_id=person.id, closes_at=closes_at, author_id=member.id, now=NOW
        )
    assert programmes.current_deadline(uow=uow, programme=LANTERN, person_id=person.id) == GUIDES


def test_set_deadline_none_is_not_announced(uow: UnitOfWork) -> None:
    member = make_person(uow, role="staff")
    change = programmes.set_deadline(uow=uow, programme=LANTERN, closes_at=None, author_id=member.id, now=NOW)
    assert (change.before, change.after, change.cautions) == (GUIDES, None, ())
    assert programmes.current_deadline(uow=uow, programme=LANTERN) is None


def test_set_deadline_tells_everybody_with_an_application_of_the_programme_once(uow: UnitOfWork) -> None:
    drafting, submitting, twice, elsewhere, gone, member = (make_person(uow, locale=None) for _ in range(6))
    uow.applications.create("lantern", 2026, drafting.id, "f1", NOW)
    make_submission(uow, submitting, 1, state="in_review")
    make_submission(uow, twice, 2)
    uow.applications.create("lantern", 2026, twice.id, "f1", NOW)
    make_submission(uow, elsewhere, 3, programme="kite", prefix="KITE")
    make_submission(uow, elsewhere, 4, year=2025)
    make_submission(uow, gone, 5, state="withdrawn")
    change = programmes.set_deadline(uow=uow, programme=LANTERN, closes_at=REVIEW, author_id=member.id, now=NOW)
    assert sorted(found.person_id for found in change.told) == sorted([drafting.id, submitting.id, twice.id])
    assert {found.locale for found in change.told} == {"zh"}


def test_set_extension_tells_that_person_alone(uow: UnitOfWork) -> None:
    person, other = make_person(uow, locale="en"), make_person(uow)
    make_submission(uow, other, 1)
    change = programmes.set_extension(
        uow=uow, programme=LANTERN, person_id=person.id, closes_at=REVIEW, author_id=other.id, now=NOW
    )
    assert change.told == (Recipient(person.id, "en"),)
    assert uow.deadlines.latest() == {}


@pytest.mark.parametrize(
    ("closes_at", "now", "expected"),
    [
        (datetime(2026, 12, 9, 16, 0, tzinfo=UTC), NOW, (SHORT_NOTICE,)),
        (datetime(2026, 12, 9, 16, 0, tzinfo=UTC), datetime(2026, 11, 9, 16, 0, tzinfo=UTC), ()),
        (datetime(2026, 12, 9, 16, 0, 1, tzinfo=UTC), datetime(2026, 11, 9, 16, 0, tzinfo=UTC), (SHORTENED,)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), NOW, (SHORTENED,)),
        (datetime(2026, 11, 25, tzinfo=UTC), NOW, (Caution("brought_forward"), SHORT_NOTICE)),
        (NOW, NOW, (Caution("past"), Caution("brought_forward"))),
        (None, NOW, ()),
    ],
)
def test_preview_deadline_says_what_to_consider(
    uow: UnitOfWork, closes_at: datetime | None, now: datetime, expected: tuple[Caution, ...]
) -> None:
    assert cautions(uow, closes_at, now) == expected


def test_preview_deadline_without_facts_and_stages_has_no_cautions(uow: UnitOfWork) -> None:
    bare = make_programme(facts={}, stages=(), deadline=Deadline(None))
    change = programmes.preview_deadline(uow=uow, programme=bare, closes_at=NOW + timedelta(hours=1), now=NOW)
    assert change.cautions == ()


def test_preview_deadline_of_one_person_breaks_no_promise_of_notice(uow: UnitOfWork) -> None:
    person = make_person(uow)
    change = programmes.preview_deadline(
        uow=uow, programme=LANTERN, closes_at=REVIEW + timedelta(hours=1), now=NOW, person_id=person.id
    )
    assert change.cautions == (SHORTENED,)


def test_preview_deadline_changes_nothing(uow: UnitOfWork) -> None:
    programmes.preview_deadline(uow=uow, programme=LANTERN, closes_at=REVIEW, now=NOW)
    assert uow.deadlines.latest() == {}


@pytest.mark.parametrize("number", [0, 99, 10**30])
def test_find_person_of_an_unknown_number_is_none(uow: UnitOfWork, number: int) -> None:
    assert programmes.find_person(uow=uow, person_id=number) is None
