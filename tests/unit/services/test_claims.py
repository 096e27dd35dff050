from datetime import timedelta

from bot.services import applications, review
from bot.services.claims import release_claims
from storage.records import Application
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_submission


def three(uow: UnitOfWork) -> tuple[Application, Application, Application]:
    """Three people's submissions in one name, each later one contesting the first."""
    made = [make_submission(uow, make_person(uow), i + 1, now=NOW + timedelta(hours=i)) for i in range(3)]
    for earlier in made[:2]:
        uow.applications.update(earlier.id, NOW, contested_by=made[2].id)
    return made[0], made[1], made[2]


def contested_by(uow: UnitOfWork, *found: Application) -> list[int | None]:
    return [uow.applications.lock(one.id).contested_by for one in found]


def test_when_the_last_of_three_goes_the_first_two_are_still_to_be_settled(uow: UnitOfWork) -> None:
    first, second, third = three(uow)
    applications.withdraw_application(uow=uow, application_id=third.id, person_id=third.person_id, now=NOW)
    assert contested_by(uow, first, second) == [second.id, None]


def test_when_staff_end_the_last_of_three_the_first_two_are_still_to_be_settled(uow: UnitOfWork) -> None:
    first, second, third = three(uow)
    member = make_person(uow, role="staff")
    review.move_application(
        uow=uow, application_id=third.id, wanted="ineligible", reason="重复", actor_id=member.id, now=NOW
    )
    assert contested_by(uow, first, second) == [second.id, None]


def test_who_was_contested_by_another_stays_so(uow: UnitOfWork) -> None:
    first, second, third = three(uow)
    uow.applications.update(second.id, NOW, state="withdrawn")
    release_claims(uow=uow, gone=second, now=NOW)
    assert contested_by(uow, first) == [third.id]
