"""Submissions while somebody else writes the same rows."""

from bot.flows import outline
from bot.services import publication, submissions
from bot.services.publication import Published
from bot.services.submissions import Submitted, Undecided
from storage.database import Storage
from storage.records import Application
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import FORM, NOW, make_person, make_programme, make_submission
from tests.fixtures.storage import run_rivals

LANTERN = make_programme()
NAME = "晨光科技有限公司"


def draft(uow: UnitOfWork, person_id: int) -> Application:
    """A complete draft in the one name."""
    made = uow.applications.create("lantern", 2026, person_id, FORM.version, NOW)
    uow.applications.save_answers(made.id, {"name": NAME}, NOW)
    return made


def submit(uow: UnitOfWork, application: Application, *, resubmission: str = "last_wins") -> object:
    return submissions.submit_application(
        uow=uow,
        programme=make_programme(resubmission=resubmission),
        form=FORM,
        application_id=application.id,
        person_id=application.person_id,
        now=NOW,
    )


def test_two_at_once_in_the_same_name_are_contested(storage: Storage) -> None:
    one, two = (storage.run_sync(lambda uow: draft(uow, make_person(uow).id)) for _ in range(2))
    first, second = run_rivals(storage, lambda uow: submit(uow, one), lambda uow: submit(uow, two))
    assert isinstance(first, Submitted)
    assert isinstance(second, Submitted)
    assert (first.contested, [found.id for found in second.contested]) == ((), [one.id])
    assert storage.run_sync(lambda uow: uow.applications.lock(one.id)).contested_by == two.id


def test_two_at_once_of_one_person_are_not_both_taken_where_they_are_to_say(storage: Storage) -> None:
    person = storage.run_sync(lambda uow: make_person(uow).id)
    one, two = (storage.run_sync(lambda uow: draft(uow, person)) for _ in range(2))
    first, second = run_rivals(
        storage, lambda uow: submit(uow, one, resubmission="ask"), lambda uow: submit(uow, two, resubmission="ask")
    )
    assert isinstance(first, Submitted)
    assert isinstance(second, Undecided)
    assert second.earlier.id == one.id
    assert storage.run_sync(lambda uow: uow.applications.next_number("lantern:2026")) == 2


def test_correction_beside_a_publication_leaves_the_published_decision(storage: Storage) -> None:
    def prepare(uow: UnitOfWork) -> tuple[Application, Application]:
        person = make_person(uow)
        earlier = make_submission(uow, person, title=NAME, state="in_review")
        entrant = outline.entrant_key(NAME)
        uow.applications.update(earlier.id, NOW, decision="shortlisted", entrant=entrant)
        uow.applications.next_number("lantern:2026")  # the receipt it has
        return earlier, draft(uow, person.id)

    earlier, correction = storage.run_sync(prepare)
    staff = storage.run_sync(lambda uow: make_person(uow, role="staff").id)
    digest = storage.run_sync(lambda uow: publication.preview_decisions(uow=uow, programme="lantern")).digest

    def publish(uow: UnitOfWork) -> object:
        return publication.publish_decisions(uow=uow, programme="lantern", digest=digest, actor_id=staff, now=NOW)

    published, submitted = run_rivals(storage, publish, lambda uow: submit(uow, correction))
    assert isinstance(published, tuple)
    assert [found.state for found in published if isinstance(found, Published)] == ["shortlisted"]
    assert isinstance(submitted, Submitted)
    assert submitted.superseded == ()
    assert storage.run_sync(lambda uow: uow.applications.lock(earlier.id)).state == "shortlisted"
