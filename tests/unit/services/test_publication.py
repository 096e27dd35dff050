from bot.services import publication, review
from storage.records import Application
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_submission


def decide(uow: UnitOfWork, application: Application, wanted: str) -> None:
    result = review.move_application(
        uow=uow, application_id=application.id, wanted=wanted, reason="", actor_id=application.person_id, now=NOW
    )
    assert isinstance(result, review.Decided)


def decided(uow: UnitOfWork) -> list[Application]:
    """Three decided applications, one undecided, and one decided of another programme."""
    made = [make_submission(uow, make_person(uow), number, state="in_review") for number in range(1, 5)]
    other = make_submission(uow, make_person(uow), 9, state="in_review", programme="kite", prefix="KITE")
    for application, wanted in zip(
        [*made[:3], other], ["shortlisted", "not_selected", "shortlisted", "selected"], strict=True
    ):
        decide(uow, application, wanted)
    return [*made, other]


def states(uow: UnitOfWork, applications: list[Application]) -> list[str]:
    return [uow.applications.lock(found.id).state for found in applications]


def test_preview_decisions_counts_and_changes_nothing(uow: UnitOfWork) -> None:
    made = decided(uow)
    preview = publication.preview_decisions(uow=uow, programme="lantern")
    assert preview.numbers == {"shortlisted": 2, "not_selected": 1}
    assert (preview.total, preview.passed_over) == (3, 0)
    assert states(uow, made) == ["in_review"] * 5


def test_publish_decisions_moves_all_of_the_programme_and_nothing_else(uow: UnitOfWork) -> None:
    made = decided(uow)
    member = make_person(uow, role="staff")
    digest = publication.preview_decisions(uow=uow, programme="lantern").digest
    published = publication.publish_decisions(uow=uow, programme="lantern", digest=digest, actor_id=member.id, now=NOW)
    assert published is not None
    assert [(found.told.person_id, found.state) for found in published] == [
        (made[0].person_id, "shortlisted"),
        (made[1].person_id, "not_selected"),
        (made[2].person_id, "shortlisted"),
    ]
    assert states(uow, made) == ["shortlisted", "not_selected", "shortlisted", "in_review", "in_review"]
    assert uow.applications.moves(made[0].id)[-1].actor_id == member.id
    assert publication.preview_decisions(uow=uow, programme="lantern").total == 0


def test_publish_decisions_that_changed_since_the_preview_does_nothing(uow: UnitOfWork) -> None:
    made = decided(uow)
    digest = publication.preview_decisions(uow=uow, programme="lantern").digest
    decide(uow, made[3], "selected")
    published = publication.publish_decisions(
        uow=uow, programme="lantern", digest=digest, actor_id=made[0].person_id, now=NOW
    )
    assert published is None
    assert states(uow, made) == ["in_review"] * 5
    assert publication.preview_decisions(uow=uow, programme="lantern").total == 4


def test_publish_decisions_passes_over_what_was_withdrawn_since(uow: UnitOfWork) -> None:
    made = decided(uow)
    uow.applications.update(made[0].id, NOW, state="withdrawn")
    preview = publication.preview_decisions(uow=uow, programme="lantern")
    assert (preview.total, preview.passed_over) == (2, 1)
    publication.publish_decisions(
        uow=uow, programme="lantern", digest=preview.digest, actor_id=made[0].person_id, now=NOW
    )
    assert states(uow, made)[:3] == ["withdrawn", "not_selected", "shortlisted"]
    assert uow.applications.pending_decisions("lantern") == []


def test_a_shortlisted_application_can_be_decided_and_published_again(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow), 1, state="shortlisted")
    decide(uow, application, "selected")
    digest = publication.preview_decisions(uow=uow, programme="lantern").digest
    publication.publish_decisions(uow=uow, programme="lantern", digest=digest, actor_id=application.person_id, now=NOW)
    assert states(uow, [application]) == ["selected"]
